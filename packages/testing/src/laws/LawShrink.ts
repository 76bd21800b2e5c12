/** Looks for a value with which something fails, and for the smallest such. */
import * as Effect from "effect/Effect"

/** The value that was found, with how it failed. */
export interface Counterexample<A, E> {
  readonly value: A
  readonly error: E
  /** Counted from 1: the value that failed first. */
  readonly run: number
  /** How often it was made smaller. */
  readonly shrinks: number
}

/**
 * Tries the values in turn, and when one fails those that are smaller than it, and so on: until none of them fails, or so
 * many `attempts` were made. Each value of `smaller` has to be nearer to an end.
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
