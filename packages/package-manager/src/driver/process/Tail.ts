/**
 * Collects a text that arrives in chunks, in bounded memory. The text is complete up to `limit` characters; after that only
 * its last `rest` characters are kept.
 *
 * @module
 * @since 0.1.0
 */
/**
 * Makes a collector. It holds at most about twice what it keeps, and the cost of a character does not depend on the
 * size of its chunk.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeTail = (limit: number, rest = limit) => {
  let chunks: Array<string> = []
  let length = 0
  let cut = false

  /** Appends a chunk. */
  const add = (text: string): void => {
    chunks.push(text)
    length += text.length
    // Cuts at twice the size that is kept, so that the cost per character does not depend on the size of the chunks.
    if (length <= (cut ? 2 * rest : Math.max(limit, 2 * rest))) return
    cut = true
    const kept = chunks.join("").slice(-rest)
    chunks = [kept]
    length = kept.length
  }

  return {
    add,
    get text(): string {
      return chunks.join("").slice(cut ? -rest : -limit)
    },
    get cut(): boolean {
      return cut || length > limit
    }
  }
}
