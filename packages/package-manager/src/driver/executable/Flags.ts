/**
 * Writes the flags of a command line. Pure.
 *
 * @module
 * @since 0.1.0
 */

/**
 * The value of a flag: `true` for one without a value, an array for one that is repeated. Absent if `false` or
 * `undefined`.
 *
 * @since 0.1.0
 * @category models
 */
export type Flag = boolean | string | ReadonlyArray<string> | undefined

/**
 * `{ locked: true, group: "dev", extra: ["a", "b"] }` is `--locked --group=dev --extra=a --extra=b`; `false` and
 * `undefined` write nothing. A value follows `=`, so that the executable never takes it for a flag.
 *
 * @since 0.1.0
 * @category operations
 */
export const flags = (values: Readonly<Record<string, Flag>>): ReadonlyArray<string> =>
  Object.entries(values).flatMap(([name, value = false]) => {
    if (typeof value === "boolean") return value ? [`--${name}`] : []
    return (typeof value === "string" ? [value] : value).map((each) => `--${name}=${each}`)
  })
