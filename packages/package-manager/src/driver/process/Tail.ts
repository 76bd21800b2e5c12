/**
 * Keeps a text that comes in chunks: all of it up to a limit, and from then on its end.
 *
 * `rest` is how much is kept of what is more than the limit: less, where the text is of no use unless it is whole.
 */
export const makeTail = (limit: number, rest = limit) => {
  let chunks: Array<string> = []
  let length = 0
  let cut = false

  const add = (text: string): void => {
    chunks.push(text)
    length += text.length
    // Twice what is kept, so that cutting costs the same for each character however small the chunks are.
    if (length <= (cut ? 2 * rest : Math.max(limit, 2 * rest))) return
    cut = true
    const kept = chunks.join("").slice(-rest)
    chunks = [kept]
    length = kept.length
  }

  return {
    add,
    get text(): string {
      return cut ? chunks.join("").slice(-rest) : chunks.join("").slice(-limit)
    },
    get cut(): boolean {
      return cut || length > limit
    }
  }
}
