import { ActivatedCommand, Output, PackageManager } from "@darb/package-manager"
import { Command } from "@effect/platform"
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

/** Starts a process that the application manages itself, in the same activated environment. */
export const jupyter = Effect.gen(function*() {
  const packageManager = yield* PackageManager
  const activation = yield* packageManager.activation({ path: "./analysis" })
  const command = yield* ActivatedCommand.activate(Command.make("jupyter", "lab"), activation)
  return yield* Command.start(command)
})
