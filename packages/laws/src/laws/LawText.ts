/**
 * Formats values in the message of a broken law.
 *
 * @module
 * @since 0.1.0
 */

const sorted = (value: unknown): unknown => {
  if (typeof value !== "object" || value === null) return value
  if (Array.isArray(value)) return value.map(sorted)
  return Object.fromEntries(
    Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1).map(([key, field]) => [key, sorted(field)])
  )
}

/**
 * JSON with sorted keys.
 *
 * @since 0.1.0
 * @category encoding
 */
export const shown = (value: unknown): string => JSON.stringify(sorted(value)) ?? String(value)

/** The number of characters that are shown around the first difference. */
const most = 300

const around = (text: string, at: number): string => {
  const start = Math.max(0, at - most / 3)
  const end = start + most
  return JSON.stringify(`${start > 0 ? "…" : ""}${text.slice(start, end)}${end < text.length ? "…" : ""}`)
}

/**
 * The first difference between two sets of texts.
 *
 * @since 0.1.0
 * @category operations
 */
export const difference = (
  expected: Readonly<Record<string, string>>,
  found: Readonly<Record<string, string>>
): { readonly key: string; readonly expected: string; readonly found: string } | undefined => {
  const key = [...new Set([...Object.keys(expected), ...Object.keys(found)])].sort()
    .find((key) => expected[key] !== found[key])
  if (key === undefined) return undefined
  const [left, right] = [expected[key], found[key]]
  let at = 0
  while (left !== undefined && right !== undefined && at < left.length && left[at] === right[at]) at++
  const show = (text: string | undefined) => text === undefined ? "not there" : around(text, at)
  return { key, expected: show(left), found: show(right) }
}
