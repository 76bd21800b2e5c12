/**
 * Finds a failing value, and a smaller one that still fails.
 *
 * @module
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"

/**
 * The failing value, with its error.
 *
 * @since 0.1.0
 * @category models
 */
export interface Counterexample<A, E> {
  readonly value: A
  readonly error: E
  /** The number of the value that failed first, counted from 1. */
  readonly run: number
  /** How often it was shrunk. */
  readonly shrinks: number
}

/**
 * Tries the values in order. When one fails it tries smaller ones, until none of them fails or `attempts` are used up.
 * Shrinking must terminate: every value of `smaller` has to be simpler.
 *
 * @since 0.1.0
 * @category operations
 */
export const counterexample = Effect.fnUntraced(function*<A, E, R>(
  values: ReadonlyArray<A>,
  smaller: (value: A) => Iterable<A>,
  attempts: number,
  check: (value: A) => Effect.Effect<void, E, R>
) {
  const tried = (value: A) => Effect.either(check(value))
  for (const [at, first] of values.entries()) {
    const failed = yield* tried(first)
    if (failed._tag === "Right") continue
    let found: Counterexample<A, E> = { value: first, error: failed.left, run: at + 1, shrinks: 0 }
    let candidates = smaller(first)[Symbol.iterator]()
    for (let attempt = 0; attempt < attempts; attempt++) {
      const next = candidates.next()
      if (next.done === true) break
      const again = yield* tried(next.value)
      if (again._tag === "Right") continue
      found = { ...found, value: next.value, error: again.left, shrinks: found.shrinks + 1 }
      candidates = smaller(next.value)[Symbol.iterator]()
    }
    return found
  }
  return undefined
})
