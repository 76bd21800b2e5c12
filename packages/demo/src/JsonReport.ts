/** Reports to programs: one JSON document on standard output, one event per line on standard error. */
import * as Output from "@darb/package-manager/Output"
import * as Terminal from "@effect/platform/Terminal"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Inspectable from "effect/Inspectable"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Schema from "effect/Schema"
import * as Failure from "./Failure.js"
import { Report } from "./Report.js"
import * as View from "./View.js"

/** The version of the format of documents and events. It changes when a program that reads them has to. */
const format = 1

const encodeEvent = (event: Output.Event) => {
  const { _tag, ...fields } = Schema.encodeSync(Output.Event)(event)
  return { _tag, ...fields }
}

const make = Effect.gen(function*() {
  const terminal = yield* Terminal.Terminal
  const console = yield* Effect.console
  let printed = false
  let remark: string | undefined

  const print = (document: object) =>
    Effect.suspend(() => {
      if (printed) return Effect.void
      printed = true
      // The reader may have closed standard output.
      return Effect.ignore(terminal.display(`${JSON.stringify(document)}\n`))
    })

  const say = (event: object) => console.error(JSON.stringify(event))

  return Report.of({
    observe: (event) => say(encodeEvent(event)),
    tell: () => Effect.void,
    remark: (text) => Effect.sync(() => void (remark = text)),
    succeed: (view, value) => print({ format, ok: true, value: view.encode(value) }),
    fail: (cause) => {
      const failure = Failure.fromCause(cause, remark)
      const hint = failure._tag === "Interrupted" ? undefined : remark
      return print({ format, ok: false, error: View.failure.encode(failure), hint }).pipe(
        Effect.andThen(failure._tag === "Defect" ? say({ _tag: "Defect", cause: Cause.pretty(cause) }) : Effect.void)
      )
    }
  })
})

/** Log messages are events as well. */
const logger = Logger.make(({ logLevel, message }) =>
  JSON.stringify({
    _tag: "Log",
    level: logLevel.label,
    message: [message].flat().map((part) => Inspectable.toStringUnknown(part)).join(" ")
  })
)

export const layer: Layer.Layer<Report, never, Terminal.Terminal> = Layer.effect(Report, make).pipe(
  Layer.provideMerge(Logger.replace(Logger.defaultLogger, Logger.withConsoleError(logger)))
)
