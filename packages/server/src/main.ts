/** Runs the server on Node until it gets a signal. */
import * as Embedded from "@darb/cluster/Embedded"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Cause from "effect/Cause"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Schema from "effect/Schema"
import * as App from "./App.js"
import * as CommandLine from "./CommandLine.js"

class UsageError extends Schema.TaggedError<UsageError>()("UsageError", { message: Schema.String }) {}

const serve = Effect.fnUntraced(function*(argv: ReadonlyArray<string>) {
  const options = yield* Either.mapLeft(
    CommandLine.parse(argv),
    (message) => new UsageError({ message: `${message}\n\n${CommandLine.help}` })
  )
  return yield* options === undefined ? Console.log(CommandLine.help) : Layer.launch(App.layer(options))
})

/** An error says what to do. A defect is shown with its stack. */
const report = (cause: Cause.Cause<unknown>) => {
  if (Cause.isInterruptedOnly(cause)) return Effect.void
  const message = cause._tag === "Fail" ? messageOf(cause.error) : Cause.pretty(cause)
  return Console.error(`darb-server: ${message}`)
}

const isInUse = Schema.is(Embedded.DatabaseInUse)

const messageOf = (error: unknown): string => {
  if (isInUse(error)) return "another server has the same root: stop it, or choose another directory with --root"
  if (!(error instanceof Error)) return String(error)
  const { cause, message } = error
  if (!(cause instanceof Error)) return message
  if (!("code" in cause) || cause.code !== "EADDRINUSE") return message || cause.message
  return "the port is in use: name another one with --port, or 0 for a free one"
}

export const main = (argv: ReadonlyArray<string>): void =>
  serve(argv).pipe(
    Effect.onError(report),
    Effect.provide(NodeContext.layer),
    // Standard output has the address only.
    Effect.provide(Logger.replace(Logger.defaultLogger, Logger.withConsoleError(Logger.logfmtLogger))),
    NodeRuntime.runMain({ disableErrorReporting: true, disablePrettyLogger: true })
  )
