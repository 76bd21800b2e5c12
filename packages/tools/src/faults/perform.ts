/** Performs one operation and prints its events as JSON: `node perform.js JSON`, with an `Assignment`. */
import * as Output from "@darb/package-manager/Output"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Driver from "./Driver.js"
import { perform } from "./Operation.js"
import type { Assignment } from "./OtherProgram.js"

const { driver, operation, options }: Assignment = JSON.parse(process.argv[2] ?? "")

const print = (value: unknown) => Effect.sync(() => process.stdout.write(`${JSON.stringify(value)}\n`))

Driver[driver].make(options).pipe(
  Effect.flatMap((packageManager) => perform(packageManager, operation)),
  Output.observe(print),
  Effect.sandbox,
  Effect.matchEffect({
    onFailure: (cause) => print(cause._tag === "Fail" ? { failed: cause.error._tag } : { defect: String(cause) }),
    onSuccess: () => print({ succeeded: true })
  }),
  Effect.provide(Layer.merge(NodeContext.layer, Logger.replace(Logger.defaultLogger, Logger.none))),
  NodeRuntime.runMain({ disablePrettyLogger: true })
)
