/**
 * Suggests the word that was meant.
 *
 * @module
 * @since 0.1.0
 */

/**
 * A hint such as `Did you mean tasks?` if one of the known words differs in a letter or two.
 *
 * @since 0.1.0
 * @category operations
 */
export const didYouMean = (word: string, known: ReadonlyArray<string>): string | undefined => {
  const [best] = known
    .map((candidate) => ({ candidate, distance: distance(word.replaceAll("_", "-"), candidate) }))
    .filter(({ distance }) => distance <= (word.length < 4 ? 1 : 2))
    .sort((a, b) => a.distance - b.distance)
  return best === undefined ? undefined : `Did you mean ${best.candidate}?`
}

/** How many letters to insert, delete or replace, if it may be few. */
const distance = (a: string, b: string): number => {
  if (Math.abs(a.length - b.length) > 2) return Number.POSITIVE_INFINITY
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...b].entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
