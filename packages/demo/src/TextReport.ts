/**
 * For people. On a terminal everything is on standard output, with a line at the end that moves while a process runs; else
 * standard output has the results and standard error has what is said on the way.
 */
import type * as Output from "@darb/package-manager/Output"
import * as Terminal from "@effect/platform/Terminal"
import * as Cause from "effect/Cause"
import * as Config from "effect/Config"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Failure from "./Failure.js"
import * as ProgressLine from "./ProgressLine.js"
import * as Render from "./Render.js"
import { Report } from "./Report.js"
import * as View from "./View.js"

const make = Effect.gen(function*() {
  const terminal = yield* Terminal.Terminal
  const isTerminal = yield* terminal.isTTY
  const noColor = yield* Effect.orElseSucceed(Config.string("NO_COLOR"), () => "")
  const style = isTerminal && noColor === "" ? Render.colored : Render.plain
  const progress = isTerminal ? yield* ProgressLine.make(terminal, style) : undefined

  const print = progress?.print ?? ((text: string) => Effect.ignore(terminal.display(`${text}\n`)))

  const observe: Output.Observe = (event) => {
    const line = lineOf(event)
    const said = line === undefined
      ? Effect.void
      : progress === undefined
      ? Console.error(line)
      : progress.print(style.faint(line))
    switch (event._tag) {
      case "Started":
        return Effect.andThen(said, progress?.start(commandOf(event)) ?? Effect.void)
      case "Ended":
        return Effect.andThen(progress?.stop ?? Effect.void, said)
      default:
        return said
    }
  }

  return Report.of({
    observe,
    tell: (text) => print(text(style)),
    succeed: (view, value) => print(view.render(value, style)),
    fail: Effect.fnUntraced(function*(cause) {
      const failure = Failure.fromCause(cause)
      yield* progress?.stop ?? Effect.void
      yield* Console.error(`darb: ${View.failure.render(failure, Render.plain)}`)
      if (Failure.isDefect(failure)) yield* Console.error(Cause.pretty(cause))
      if (failure._tag === "UsageError") yield* Console.error("darb --help tells more.")
    })
  })
})

export const layer: Layer.Layer<Report, never, Terminal.Terminal> = Layer.scoped(Report, make)

/** Standard output of a process is data that the library reads. */
const lineOf = (event: Output.Event): string | undefined => {
  switch (event._tag) {
    case "Waiting":
      return `  waits for another operation on ${event.environment}`
    case "Started":
      return `$ ${commandOf(event)}`
    case "Output":
      return event.stream === "stderr" ? `  ${Render.printable(event.line)}` : undefined
    case "Ended":
      return event.exitCode === 0 ? undefined : `  ended ${event.signal === null ? `with exit code ${event.exitCode}` : `by ${event.signal}`}`
    case "Restored":
      return `  put back as before: ${event.files.join(", ")}`
    case "Dropped":
      return `  ${event.lines} lines left out`
  }
}

const commandOf = ({ command }: Output.Started): string => command.map(Render.printable).join(" ")
