/** Keeps the end of a text that comes in chunks. */
export const makeTail = (limit: number) => {
  let chunks: Array<string> = []
  let length = 0
  let cut = false

  const add = (text: string): void => {
    chunks.push(text)
    length += text.length
    // Twice the limit, so that cutting costs the same for each character however small the chunks are.
    if (length > 2 * limit) {
      const kept = chunks.join("").slice(-limit)
      chunks = [kept]
      length = kept.length
      cut = true
    }
  }

  return {
    add,
    get text(): string {
      return chunks.join("").slice(-limit)
    },
    get cut(): boolean {
      return cut || length > limit
    }
  }
}
