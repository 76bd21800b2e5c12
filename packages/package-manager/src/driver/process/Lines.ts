/**
 * Splits text that arrives in chunks into lines.
 *
 * @module
 * @since 0.1.0
 */

/** The maximum number of characters of a line. Longer lines come in pieces. */
const maxLength = 65_536

/** The end of a piece of a long line. Does not separate the two halves of a surrogate pair. */
const pieceEnd = (text: string, start: number): number => {
  const end = start + maxLength
  const last = text.charCodeAt(end - 1)
  return last >= 0xd800 && last <= 0xdbff ? end - 1 : end
}

/**
 * `make` gets a line without its end, and whether the next one continues it.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeSplitter = <A>(make: (line: string, continued: boolean) => A) => {
  let pending = ""

  /** The lines that a chunk completes. */
  const split = (text: string): Array<A> => {
    const pieces: Array<A> = []
    pending += text
    let start = 0
    for (;;) {
      const end = pending.indexOf("\n", start)
      const stop = end === -1 ? pending.length : end
      for (; stop - start > maxLength; start = pieceEnd(pending, start)) {
        pieces.push(make(pending.slice(start, pieceEnd(pending, start)), true))
      }
      if (end === -1) break
      pieces.push(make(pending.slice(start, pending[end - 1] === "\r" ? end - 1 : end), false))
      start = end + 1
    }
    pending = pending.slice(start)
    return pieces
  }

  /** The last line, if it has no line end. */
  const rest = (): Array<A> => pending === "" ? [] : [make(pending, false)]

  return { split, rest }
}
