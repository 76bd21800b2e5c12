/**
 * Decodes a file again only if it has changed, since a lock file of several megabytes takes longer than all else.
 *
 * @module
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import { isSame } from "./RegularFile.js"

/** Of how many files something is remembered. */
const most = 1000

/**
 * Returns what was decoded from the same bytes of a file, as long as nothing else needs the memory; otherwise decodes them.
 *
 * @since 0.1.0
 * @category combinators
 */
export const makeDecodeOnce = <A extends object>() => {
  const latest = new Map<string, WeakRef<A>>()
  const bytesOf = new WeakMap<A, Uint8Array>()

  const remember = (file: string, bytes: Uint8Array, value: A) => {
    if (latest.size >= most) latest.clear()
    latest.set(file, new WeakRef(value))
    bytesOf.set(value, bytes)
  }

  return <E, R>(file: string, bytes: Uint8Array, decode: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.suspend(() => {
      const known = latest.get(file)?.deref()
      const before = known && bytesOf.get(known)
      return known && before && isSame(before, bytes)
        ? Effect.succeed(known)
        : Effect.tap(decode, (value) => Effect.sync(() => remember(file, bytes, value)))
    })
}
