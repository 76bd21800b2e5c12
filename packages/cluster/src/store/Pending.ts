/**
 * Collects what is to be written, and writes many at once.
 *
 * @module
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Condition from "../Condition.js"

/** How many may wait, such as while the database is away. */
const capacity = 20_000

/** How many are written at once. */
const batchSize = 500

/**
 * What is to be written.
 *
 * @since 0.1.0
 * @category models
 */
export interface Pending<in A> {
  /** Adds one without waiting. If too many wait already, it is lost. */
  readonly add: (one: A) => void
  /** Adds one, and waits before that while too many wait. */
  readonly offer: (one: A) => Effect.Effect<void>
  /** Waits until what has been added is written. */
  readonly flushed: Effect.Effect<void>
}

/**
 * `write` is tried again until it succeeds. What is left is written when the scope closes.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.fnUntraced(function*<A, E>(write: (batch: ReadonlyArray<A>) => Effect.Effect<void, E>) {
  const waiting: Array<A> = []
  const condition = Condition.make()
  let added = 0
  let written = 0

  const drain = Effect.whileLoop({
    while: () => waiting.length > 0,
    body: () =>
      Effect.suspend(() => {
        const batch = waiting.slice(0, batchSize)
        // If the connection is lost in a transaction, that is a defect.
        return Effect.as(Effect.retry(Effect.sandbox(write(batch)), Schedule.spaced("1 second")), batch.length)
      }),
    step: (count) => {
      waiting.splice(0, count)
      written += count
      condition.notify()
    }
  })

  // After the fiber below has ended.
  yield* Effect.addFinalizer(() => Effect.ignore(Effect.timeoutOption(drain, "5 seconds")))
  yield* condition.until(() => waiting.length > 0).pipe(
    Effect.andThen(drain),
    // Others are written together.
    Effect.andThen(Effect.sleep("100 millis")),
    Effect.forever,
    Effect.withTracerEnabled(false),
    Effect.forkScoped
  )

  const hasRoom = () => waiting.length < capacity
  const push = (one: A) => {
    waiting.push(one)
    added++
    if (waiting.length === 1) condition.notify()
  }
  const offer = (one: A): Effect.Effect<void> =>
    Effect.suspend(() =>
      hasRoom()
        ? Effect.sync(() => push(one))
        : Effect.flatMap(condition.until(hasRoom), () => offer(one))
    )

  const pending: Pending<A> = {
    add: (one) => {
      if (hasRoom()) push(one)
    },
    offer,
    flushed: Effect.suspend(() => {
      const all = added
      return condition.until(() => written >= all)
    })
  }
  return pending
})
