/** Runs a command on Node. */
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as ConfigError from "effect/ConfigError"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as App from "./App.js"
import type * as Argv from "./Argv.js"
import * as Failure from "./Failure.js"
import * as JsonReport from "./JsonReport.js"
import * as Operations from "./Operations.js"
import { Report } from "./Report.js"
import * as TextReport from "./TextReport.js"

/** What a command does. */
export const program = (call: Argv.Call) => {
  const app = App.layer(call.shared)
  const { command } = call
  return Effect.catchIf(
    command === "story"
      ? Effect.flatMap(
        Effect.promise(() => import("./Story.js")),
        ({ sandbox, tell }) => Effect.provide(tell, Layer.provideMerge(app, sandbox))
      )
      : Effect.provide(Operations.perform({ ...call, command }), app),
    ConfigError.isConfigError,
    (error) => Failure.ConfigInvalid.of(error)
  )
}

/** Runs a command, and sets the exit code of the process. `signal` returns the first one that arrived. */
export const run = (call: Argv.Call, signal: () => NodeJS.Signals | undefined): void =>
  program(call).pipe(
    Effect.onError((cause) => Effect.flatMap(Report, ({ fail }) => fail(cause))),
    Effect.provide(
      (call.shared.json ? JsonReport.layer : TextReport.layer).pipe(Layer.provideMerge(NodeContext.layer))
    ),
    NodeRuntime.runMain({
      disableErrorReporting: true,
      // It would print to standard output, beside the logger of the report.
      disablePrettyLogger: true,
      teardown: (exit, onExit) => onExit(Failure.exitCode(exit, signal()))
    })
  )
