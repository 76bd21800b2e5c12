/** Runs a command line. */
import * as CliConfig from "@effect/cli/CliConfig"
import * as Command from "@effect/cli/Command"
import * as HelpDoc from "@effect/cli/HelpDoc"
import * as ValidationError from "@effect/cli/ValidationError"
import * as ConfigError from "effect/ConfigError"
import type * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import type * as Argv from "./Argv.js"
import * as Commands from "./Commands.js"
import { ConfigInvalid, UsageError } from "./Failure.js"
import * as Render from "./Render.js"
import { Report } from "./Report.js"
import * as View from "./View.js"

const parse = Command.run(Commands.commands, { name: "darb", version: "0.1.0" })

export const run = Effect.fnUntraced(function*({ args, problem }: Argv.Argv) {
  if (problem !== undefined) return yield* new UsageError({ message: problem })
  const report = yield* Report
  const console: Console.Console = {
    ...(yield* Effect.console),
    log: (text) => report.succeed(View.help, String(text)),
    // The caller reports errors.
    error: () => Effect.void
  }
  return yield* Effect.withConsole(parse(["node", "darb", ...args]), console)
}, (effect) =>
  effect.pipe(
    Effect.catchIf(ValidationError.isValidationError, ({ error }) =>
      new UsageError({ message: Render.uncolored(HelpDoc.toAnsiText(error)).trim() })),
    Effect.catchIf(ConfigError.isConfigError, (error) =>
      ConfigInvalid.of(error)),
    Effect.provide(CliConfig.layer({ isCaseSensitive: true, showBuiltIns: false }))
  ))
