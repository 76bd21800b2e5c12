/**
 * Tries random values, and looks for the shortest one with which something fails. The properties of fast-check run promises;
 * here only its values are used, which are made and made smaller without any, so that what is tried stays an effect.
 */
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"

/** The values of another arbitrary, with what that needs to make them smaller. */
class WithContext<A> extends FastCheck.Arbitrary<FastCheck.Value<A>> {
  constructor(readonly inner: FastCheck.Arbitrary<A>) {
    super()
  }
  generate(random: FastCheck.Random, bias: number | undefined) {
    return new FastCheck.Value(this.inner.generate(random, bias), undefined)
  }
  canShrinkWithoutContext(_: unknown): _ is FastCheck.Value<A> {
    return false
  }
  shrink() {
    return FastCheck.Stream.nil<FastCheck.Value<FastCheck.Value<A>>>()
  }
}

/** What was found, the last time that it failed. */
export interface Counterexample<A, E> {
  readonly value: A
  readonly error: E
  /** Counted from 1: the value that failed first. */
  readonly run: number
  /** How often it was made smaller. */
  readonly shrinks: number
}

export interface ShrinkOptions {
  readonly seed: number
  /** How many values are tried. */
  readonly runs: number
  /** How many smaller values are tried at most. */
  readonly attempts: number
}

/** The smallest value that was found to fail, or `undefined`. The same seed tries the same values. */
export const counterexample = Effect.fnUntraced(function*<A, E, R>(
  arbitrary: FastCheck.Arbitrary<A>,
  options: ShrinkOptions,
  check: (value: A) => Effect.Effect<void, E, R>
) {
  const failure = (value: A) =>
    Effect.map(Effect.either(check(value)), (tried) => tried._tag === "Left" ? tried : undefined)
  const { attempts, runs, seed } = options
  for (const [at, generated] of FastCheck.sample(new WithContext(arbitrary), { seed, numRuns: runs }).entries()) {
    const failed = yield* failure(generated.value_)
    if (failed === undefined) continue
    let smallest = generated
    let error = failed.left
    let shrinks = 0
    let smaller = arbitrary.shrink(smallest.value_, smallest.context)
    for (let attempt = 0; attempt < attempts; attempt++) {
      const next = smaller.next()
      if (next.done === true) break
      const again = yield* failure(next.value.value_)
      if (again === undefined) continue
      smallest = next.value
      error = again.left
      shrinks++
      smaller = arbitrary.shrink(smallest.value_, smallest.context)
    }
    const found: Counterexample<A, E> = { value: smallest.value_, error, run: at + 1, shrinks }
    return found
  }
  return undefined
})
