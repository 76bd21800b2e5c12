/** A lock that is handed from one to the next in the order in which they came. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as FiberId from "effect/FiberId"

export interface FairLock {
  /** Whether somebody holds it. */
  readonly isHeld: () => boolean
  readonly withLock: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
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
  const acquire = (waiting: (turn: Effect.Effect<void>) => Effect.Effect<void>) =>
    Effect.suspend(() => {
      if (!held) {
        held = true
        return Effect.void
      }
      const turn = Deferred.unsafeMake<void>(FiberId.none)
      queue.push(turn)
      return Effect.onInterrupt(waiting(Deferred.await(turn)), () =>
        Effect.suspend(() => {
          const at = queue.indexOf(turn)
          // Its turn may have come just before it was interrupted.
          if (at === -1) return release
          queue.splice(at, 1)
          return Effect.void
        }))
    })

  return {
    isHeld: () => held,
    withLock: (effect) =>
      Effect.uninterruptibleMask((restore) =>
        Effect.andThen(acquire(restore), Effect.ensuring(restore(effect), release))
      )
  }
}
