/**
 * Looks at something once in an operation, since looking costs time.
 *
 * @module
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"

/**
 * Returns what the last call returned if it was of the same operation. Without a `marker`, each call looks again.
 *
 * @since 0.1.0
 * @category combinators
 */
export const oncePerOperation = <Input extends { readonly marker?: string | undefined }, A, E, R>(
  look: (input: Input) => Effect.Effect<A, E, R>
) => {
  let latest: { readonly marker: string; readonly value: A } | undefined
  return Effect.fnUntraced(function*(input: Input) {
    const { marker } = input
    if (latest !== undefined && latest.marker === marker) return latest.value
    const value = yield* look(input)
    if (marker !== undefined) latest = { marker, value }
    return value
  })
}
