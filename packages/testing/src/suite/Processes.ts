/** Processes that tests look at. */
import * as Effect from "effect/Effect"

const node = globalThis as unknown as { readonly process: { readonly kill: (pid: number, signal: number) => void } }

/** Whether a process is there; one that has ended and was not waited for still is. */
export const isRunning = (pid: number): Effect.Effect<boolean> =>
  Effect.sync(() => node.process.kill(pid, 0)).pipe(
    Effect.as(true),
    Effect.catchAllDefect(() => Effect.succeed(false))
  )
