import { ActivatedCommand, PackageManager } from "@darb/package-manager"
import { Command } from "@effect/platform"
import { Effect } from "effect"

/** Starts a process that the application manages itself, in the same activated environment. */
export const jupyter = Effect.gen(function*() {
  const packageManager = yield* PackageManager
  const activation = yield* packageManager.activation({ path: "./analysis" })
  const command = yield* ActivatedCommand.activate(Command.make("jupyter", "lab"), activation)
  return yield* Command.start(command)
})
