// @ts-check

/**
 * A small generator of random numbers (mulberry32): the same seed gives the same numbers.
 *
 * @typedef {object} Random
 * @property {() => number} next from 0 to 1, without 1
 * @property {(limit: number) => number} below a whole number from 0 to limit, without the limit
 * @property {(from: number, to: number) => number} between a whole number from one to the other
 * @property {(probability: number) => boolean} chance
 * @property {<A>(items: ReadonlyArray<A>) => A} pick
 * @property {<A>(items: ReadonlyArray<A>) => Array<A>} shuffled
 * @property {(size: number) => Buffer} bytes
 */

/** @param {string} text */
const hash = (text) => {
  let value = 0x811c9dc5
  for (const byte of Buffer.from(text)) value = Math.imul(value ^ byte, 0x01000193)
  return value >>> 0
}

/**
 * @param {...(string | number)} seeds
 * @returns {Random}
 */
export const random = (...seeds) => {
  let state = hash(seeds.join("/"))

  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let value = Math.imul(state ^ (state >>> 15), state | 1)
    value = (value + Math.imul(value ^ (value >>> 7), value | 61)) ^ value
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296
  }
  /** @param {number} limit */
  const below = (limit) => Math.floor(next() * limit)

  return {
    next,
    below,
    between: (from, to) => from + below(to - from + 1),
    chance: (probability) => next() < probability,
    pick: (items) => {
      const item = items[below(items.length)]
      if (item === undefined) throw new Error("there is nothing to pick from")
      return item
    },
    shuffled: (items) => {
      const rest = [...items]
      for (let last = rest.length - 1; last > 0; last--) {
        const at = below(last + 1)
        ;[rest[last], rest[at]] = [/** @type {any} */ (rest[at]), /** @type {any} */ (rest[last])]
      }
      return rest
    },
    bytes: (size) => Buffer.from(Array.from({ length: size }, () => below(256)))
  }
}
