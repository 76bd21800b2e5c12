/** Runs a command line on Node. */
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Argv from "./Argv.js"
import * as Cli from "./Cli.js"
import * as Failure from "./Failure.js"
import * as JsonReport from "./JsonReport.js"
import { Report } from "./Report.js"
import * as TextReport from "./TextReport.js"

/** Runs a command line, and sets the exit code of the process. */
export const main = (argv: ReadonlyArray<string>): void => {
  const commandLine = Argv.normalize(argv)
  const report = commandLine.json ? JsonReport.layer : TextReport.layer
  Cli.run(commandLine).pipe(
    Effect.onError((cause) => Effect.flatMap(Report, ({ fail }) => fail(cause))),
    Effect.provide(report.pipe(Layer.provideMerge(NodeContext.layer))),
    NodeRuntime.runMain({
      disableErrorReporting: true,
      // It would print to standard output, beside the logger of the report.
      disablePrettyLogger: true,
      teardown: (exit, onExit) => onExit(Failure.exitCode(exit))
    })
  )
}
