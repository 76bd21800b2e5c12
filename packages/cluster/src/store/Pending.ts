/**
 * Collects what is to be written, and writes many at once.
 *
 * @module
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"

/** How many may wait while the database is away. What comes then is lost. */
const capacity = 20_000

/** How many are written at once. */
const batchSize = 500

/** Returns a function that adds one. `write` is tried again until it succeeds; what is left is written when the scope closes. */
export const make = Effect.fnUntraced(function*<A, E>(write: (batch: ReadonlyArray<A>) => Effect.Effect<void, E>) {
  const pending: Array<A> = []
  const isPending = Effect.unsafeMakeLatch(false)

  const drain = Effect.gen(function*() {
    while (pending.length > 0) {
      const batch = pending.slice(0, batchSize)
      yield* Effect.retry(write(batch), Schedule.spaced("1 second"))
      pending.splice(0, batch.length)
    }
    isPending.unsafeClose()
  })

  // After the fiber below has ended.
  yield* Effect.addFinalizer(() => Effect.ignore(Effect.timeoutOption(drain, "5 seconds")))
  yield* isPending.await.pipe(
    // Others are written with the first one.
    Effect.andThen(Effect.delay(drain, "100 millis")),
    Effect.forever,
    Effect.withTracerEnabled(false),
    Effect.forkScoped
  )

  return (one: A): void => {
    if (pending.length < capacity) pending.push(one)
    isPending.unsafeOpen()
  }
})
