/** A lock that is handed from one to the next in the order in which they came. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as FiberId from "effect/FiberId"
import { identity } from "effect/Function"

export interface FairLock {
  /** Whether somebody holds it. */
  readonly isHeld: () => boolean
  /** `wait` waits for the turn, where there is one to wait for; when it does not succeed, the effect does not run. */
  readonly withLock: <A, E, R, E2 = never>(
    effect: Effect.Effect<A, E, R>,
    wait?: (turn: Effect.Effect<void>) => Effect.Effect<void, E2>
  ) => Effect.Effect<A, E | E2, R>
}

export const make = (): FairLock => {
  let held = false
  const queue: Array<Deferred.Deferred<void>> = []

  const release = Effect.sync(() => {
    const next = queue.shift()
    if (next === undefined) held = false
    else Deferred.unsafeDone(next, Effect.void)
  })

  /** Waits in the queue; only the waiting itself is interrupted. */
  const acquire = <E>(wait: (turn: Effect.Effect<void>) => Effect.Effect<void, E>) =>
    Effect.suspend(() => {
      if (!held) {
        held = true
        return Effect.void
      }
      const turn = Deferred.unsafeMake<void>(FiberId.none)
      queue.push(turn)
      return Effect.onError(wait(Deferred.await(turn)), () =>
        Effect.suspend(() => {
          const at = queue.indexOf(turn)
          // Its turn may have come just before it gave up.
          if (at === -1) return release
          queue.splice(at, 1)
          return Effect.void
        }))
    })

  return {
    isHeld: () => held,
    withLock: (effect, wait = identity) =>
      Effect.uninterruptibleMask((restore) =>
        Effect.andThen(acquire((turn) => restore(wait(turn))), Effect.ensuring(restore(effect), release))
      )
  }
}
