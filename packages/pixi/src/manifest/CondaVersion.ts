/**
 * The order of conda versions, as far as system requirements need it: numbers with dots between them.
 *
 * @module
 * @since 0.1.0
 */
import * as Order from "effect/Order"
import * as Predicate from "effect/Predicate"

/** Trailing zeros do not count. */
const numbersOf = (version: string): ReadonlyArray<number> => {
  const numbers = version.split(".").map((part) => Number.parseInt(part) || 0)
  return numbers.slice(0, numbers.findLastIndex((number) => number !== 0) + 1)
}

const order = Order.mapInput(Order.array(Order.number), numbersOf)

/**
 * Whether two versions are equal: trailing zeros do not count, so that `12` is `12.0`.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isSame = (a: string, b: string): boolean => order(a, b) === 0

/**
 * The first of the highest versions; `undefined` if there is no version.
 *
 * @since 0.1.0
 * @category operations
 */
export const highest = (versions: ReadonlyArray<string | undefined>): string | undefined => {
  const [first, ...others] = versions.filter(Predicate.isNotUndefined)
  return first === undefined ? undefined : others.reduce(Order.max(order), first)
}
