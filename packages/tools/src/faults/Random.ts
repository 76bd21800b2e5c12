/** Random numbers from a seed (mulberry32): the same seed gives the same numbers. */

export interface Random {
  /** At least 0 and less than 1. */
  readonly next: () => number
  /** An integer from 0 up to the limit, exclusive. */
  readonly below: (limit: number) => number
  /** An integer in a range, both ends inclusive. */
  readonly between: (from: number, to: number) => number
  readonly chance: (probability: number) => boolean
  readonly pick: <A>(items: ReadonlyArray<A>) => A
  readonly shuffled: <A>(items: ReadonlyArray<A>) => Array<A>
  readonly bytes: (size: number) => Buffer<ArrayBuffer>
}

export const make = (...seeds: ReadonlyArray<string | number>): Random => {
  let state = hash(seeds.join("/"))

  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let value = Math.imul(state ^ (state >>> 15), state | 1)
    value = (value + Math.imul(value ^ (value >>> 7), value | 61)) ^ value
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (limit: number) => Math.floor(next() * limit)

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
    shuffled: <A>(items: ReadonlyArray<A>) => {
      const rest = [...items]
      for (let last = rest.length - 1; last > 0; last--) {
        const at = below(last + 1)
        const [chosen, moved] = [rest[at], rest[last]] as [A, A]
        rest[last] = chosen
        rest[at] = moved
      }
      return rest
    },
    bytes: (size) => Buffer.from(Array.from({ length: size }, () => below(256)))
  }
}

const hash = (text: string): number => {
  let value = 0x811c9dc5
  for (const byte of Buffer.from(text)) value = Math.imul(value ^ byte, 0x01000193)
  return value >>> 0
}
