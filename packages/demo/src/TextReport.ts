/**
 * Reports to people. On a terminal everything goes to standard output, and the last line shows the command that runs.
 * Otherwise results go to standard output, and everything else to standard error.
 */
import type * as Output from "@darb/package-manager/Output"
import * as Terminal from "@effect/platform/Terminal"
import * as Cause from "effect/Cause"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Inspectable from "effect/Inspectable"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Predicate from "effect/Predicate"
import * as Failure from "./Failure.js"
import * as ProgressLine from "./ProgressLine.js"
import * as Render from "./Render.js"
import { Report } from "./Report.js"
import * as View from "./View.js"
import * as Wrap from "./Wrap.js"

const make = Effect.gen(function*() {
  const terminal = yield* Terminal.Terminal
  const console = yield* Effect.console
  const isTerminal = yield* terminal.isTTY
  const style = yield* styleOn(terminal)
  const progress = isTerminal ? yield* ProgressLine.make(terminal, style) : ProgressLine.none(terminal)
  const print = (text: string) => progress.print(Wrap.text(text, style.columns))
  const say = isTerminal ? (line: string) => print(style.faint(line)) : console.error

  let remark: string | undefined
  let shown = ""
  const observe = Effect.fnUntraced(function*(event: Output.Event) {
    if (event._tag === "Ended") yield* progress.stop
    const line = lineOf(event)
    if (line !== undefined) yield* say(line)
    if (event._tag === "Progress" && event.totals !== null && event.phase !== "done") {
      const done = Render.totals(event.totals)
      if (done !== shown) yield* progress.update(done)
      shown = done
    }
    if (event._tag === "Started") yield* progress.start(commandOf(event).split(" ", 2).join(" "))
  })

  return Report.of({
    observe,
    tell: (text) => print(text(style)),
    succeed: (view, value) => print(view.render(value, style)),
    remark: (text) => Effect.sync(() => void (remark = text)),
    fail: Effect.fnUntraced(function*(cause) {
      const failure = Failure.fromCause(cause, remark)
      yield* progress.stop
      if (failure._tag === "ProgramEnded") return
      const complain = (text: string) => console.error(Wrap.text(text, style.columns))
      if (failure._tag === "Interrupted") return yield* complain(`darb: ${failure.message}`)
      yield* complain(`darb: ${View.failure.render(failure, Render.plain)}`)
      if (failure._tag === "Defect") yield* console.error(Cause.pretty(cause))
      if (remark !== undefined) yield* complain(remark)
    })
  })
})

/** `FORCE_COLOR` wins over `NO_COLOR`, as in Node. */
const styleOn = Effect.fnUntraced(function*(terminal: Terminal.Terminal) {
  const isTerminal = yield* terminal.isTTY
  const columns = isTerminal ? (yield* terminal.columns) || 80 : Infinity
  const [force, no] = yield* Effect.forEach(
    ["FORCE_COLOR", "NO_COLOR"],
    (name) => Effect.orElseSucceed(Config.string(name), () => "")
  )
  const isColored = force ? !["0", "false"].includes(force) : isTerminal && !no
  return { ...isColored ? Render.colored : Render.plain, columns }
})

const logger = Logger.make(({ logLevel, message }) => {
  const parts = [message].flat().map((part) =>
    Predicate.isError(part) ? part.message : Inspectable.toStringUnknown(part)
  )
  return `darb: ${logLevel.label.toLowerCase()}: ${parts.join(": ")}`
})

export const layer: Layer.Layer<Report, never, Terminal.Terminal> = Layer.merge(
  Layer.scoped(Report, make),
  Logger.replace(Logger.defaultLogger, Logger.withConsoleError(logger))
)

/** The text of an event. The standard output of a manager is data for the library, so it is not shown. */
const lineOf = (event: Output.Event): string | undefined => {
  switch (event._tag) {
    case "Waiting":
      return `   waiting for ${
        event.holder === null ? "another operation" : event.holder.operation
      } on ${event.environment}`
    case "Started":
      return `   $ ${commandOf(event)}`
    case "Output":
      return event.stream === "stderr" || event.operation === "run" ? `     ${Render.printable(event.line)}` : undefined
    case "Bytes":
      return undefined
    case "Progress":
      return event.package === null || event.complete
        ? undefined
        : `     ${event.phase} ${event.package}${event.bytes === null ? "" : ` (${Render.bytes(event.bytes)})`}`
    case "Ended":
      return event.exitCode === 0 ? undefined : `     ${Render.ended(event)}`
    case "Restored":
      return `   restored: ${event.files.join(", ")}`
    case "NotRestored":
      return `   not restored: ${event.files.join(", ")}: ${event.reason}`
    case "StatusAfter":
      return `   afterwards: ${Render.standing(event.status)}`
    case "Unsearched":
      return "   processes may be left: they cannot be searched for on this platform"
    case "Dropped":
      return `     ${event.events} events dropped`
  }
}

/** The executable without its directory. */
const commandOf = ({ command: [executable = "", ...args] }: Output.Started): string =>
  [executable.replace(/.*[/\\]/, ""), ...args].map(Render.printable).join(" ")
