import { Output, PackageManager } from "@darb/package-manager"
import { Console, Effect } from "effect"

/** Runs a program for at most an hour. Then it is ended, with every process that it has started. */
export const train = Effect.gen(function*() {
  const packageManager = yield* PackageManager
  const { exitCode, signal } = yield* packageManager.run({ path: "./analysis", command: ["python", "train.py"] })
  return exitCode === 0 ? "trained" : `failed: ${exitCode ?? signal}`
}).pipe(
  Output.observe((event) => event._tag === "Output" ? Console.log(event.line) : Effect.void),
  Effect.timeout("1 hour")
)
