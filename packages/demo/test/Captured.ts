/** Runs the program and captures its output. */
import * as NodeContext from "@effect/platform-node/NodeContext"
import { QuitException, Terminal } from "@effect/platform/Terminal"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Failure from "../src/Failure.js"
import * as JsonReport from "../src/JsonReport.js"
import { Report } from "../src/Report.js"
import * as TextReport from "../src/TextReport.js"

export interface CapturedOptions {
  /** Whether standard output is a terminal, 60 columns wide. */
  readonly terminal?: boolean
  readonly environment?: Readonly<Record<string, string>>
}

const captured = (report: Layer.Layer<Report, never, Terminal>) =>
<A, E extends Failure.Failure>(
  program: Effect.Effect<A, E, Report | NodeContext.NodeContext>,
  { environment = {}, terminal = false }: CapturedOptions = {}
) =>
  Effect.gen(function*() {
    const out: Array<string> = []
    const err: Array<string> = []
    const console = {
      ...yield* Effect.console,
      error: (line: unknown) => Effect.sync(() => void err.push(`${line}\n`))
    }
    const screen = Terminal.of({
      columns: Effect.succeed(60),
      rows: Effect.succeed(20),
      isTTY: Effect.succeed(terminal),
      readInput: Effect.dieMessage("no input"),
      readLine: Effect.fail(new QuitException()),
      display: (text) => Effect.sync(() => void out.push(text))
    })
    const exit = yield* program.pipe(
      Effect.onError((cause) => Effect.flatMap(Report, ({ fail }) => fail(cause))),
      Effect.provide(report.pipe(Layer.provide(Layer.succeed(Terminal, screen)))),
      Effect.provide(NodeContext.layer),
      Effect.withConsole(console),
      Effect.withConfigProvider(ConfigProvider.fromMap(new Map(Object.entries(environment)))),
      Effect.exit
    )
    return { exitCode: Failure.exitCode(exit), stdout: out.join(""), stderr: err.join("") }
  })

export const json = captured(JsonReport.layer)

export const text = captured(TextReport.layer)
