/**
 * A mutex that serves its callers in order of arrival. With `Effect.Semaphore`, a newcomer can overtake those that wait.
 *
 * @module
 * @since 0.1.0
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as FiberId from "effect/FiberId"
import { identity } from "effect/Function"

/**
 * A mutex whose waiters are served in order of arrival, and leave the queue if they are interrupted.
 *
 * @since 0.1.0
 * @category models
 */
export interface FairLock {
  /** Whether the lock is held. */
  readonly isHeld: () => boolean
  /** Runs an effect with the lock. If there is a turn to wait for, `wait` waits for it; if that fails, nothing runs. */
  readonly withLock: <A, E, R, E2 = never>(
    effect: Effect.Effect<A, E, R>,
    wait?: (turn: Effect.Effect<void>) => Effect.Effect<void, E2>
  ) => Effect.Effect<A, E | E2, R>
}

/**
 * Makes a lock that nobody holds.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (): FairLock => {
  let users = 0
  /** Ends when the last one in the queue has released the lock. */
  let last: Effect.Effect<void> = Effect.void

  return {
    isHeld: () => users > 0,
    withLock: (effect, wait = identity) =>
      Effect.uninterruptibleMask((restore) => {
        const turn = last
        const released = Deferred.unsafeMake<void>(FiberId.none)
        last = Deferred.await(released)
        const leave = (next: Effect.Effect<void>) =>
          Effect.sync(() => {
            users--
            Deferred.unsafeDone(released, next)
          })
        users++
        return (users === 1 ? Effect.void : restore(wait(turn))).pipe(
          // A caller that gives up waiting makes its successor wait for its predecessor.
          Effect.onError(() => leave(turn)),
          Effect.andThen(Effect.ensuring(restore(effect), leave(Effect.void)))
        )
      })
  }
}
