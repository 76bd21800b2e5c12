/**
 * An executable that answers by the first argument of each command.
 *
 * @module
 * @since 0.1.0
 */
import type { CommandExecutor } from "@effect/platform/CommandExecutor"
import type { PlatformError } from "@effect/platform/Error"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as MockExecutor from "./MockExecutor.js"

/**
 * The answers by the first argument. Other commands succeed and print nothing.
 *
 * @since 0.1.0
 * @category models
 */
export type Script = Readonly<
  Record<string, (argv: ReadonlyArray<string>) => Effect.Effect<MockExecutor.Reply, PlatformError>>
>

/**
 * An executor on which `--version` prints the given line.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (version: string, script: Script): Layer.Layer<MockExecutor.MockExecutor | CommandExecutor> =>
  MockExecutor.layer(({ argv }) => {
    const answer = script[argv[1] ?? ""]
    if (answer !== undefined) return answer(argv.slice(1))
    return Effect.succeed(argv[1] === "--version" ? { stdout: `${version}\n` } : {})
  })

/**
 * Always the same answer.
 *
 * @since 0.1.0
 * @category operations
 */
export const replies = (reply: MockExecutor.Reply) => () => Effect.succeed(reply)

/**
 * The arguments of all commands that ran, except `--version`.
 *
 * @since 0.1.0
 * @category operations
 */
export const commands = Effect.map(
  MockExecutor.MockExecutor,
  ({ invocations }) => invocations.map(({ argv }) => argv.slice(1)).filter(([command]) => command !== "--version")
)
