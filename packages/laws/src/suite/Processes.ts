/**
 * Whether processes are running, for assertions about cancellation.
 *
 * @module
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"

const node = globalThis as unknown as { readonly process: { readonly kill: (pid: number, signal: number) => void } }

/**
 * Whether a process exists; a zombie still does.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isRunning = (pid: number): Effect.Effect<boolean> =>
  Effect.sync(() => node.process.kill(pid, 0)).pipe(
    Effect.as(true),
    Effect.catchAllDefect(() => Effect.succeed(false))
  )
