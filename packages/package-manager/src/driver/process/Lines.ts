/** Splits text that arrives in chunks into lines. */

/** The maximum number of characters of a line. Longer lines come in pieces. */
const maxLength = 65_536

/** A line, or a part of one that is too long. */
export interface Piece {
  readonly line: string
  readonly continued: boolean
}

/** The end of a piece of a long line. Does not separate the two halves of a surrogate pair. */
const pieceEnd = (text: string, start: number): number => {
  const end = start + maxLength
  const last = text.charCodeAt(end - 1)
  return last >= 0xd800 && last <= 0xdbff ? end - 1 : end
}

/**
 * Makes a splitter with a state. `split` returns the lines that a chunk completes, without `\n` and `\r\n`; `rest`
 * returns what is left at the end.
 */
export const makeSplitter = () => {
  let pending = ""

  /** The lines that a chunk completes. */
  const split = (text: string): Array<Piece> => {
    const pieces: Array<Piece> = []
    pending += text
    let start = 0
    for (;;) {
      const end = pending.indexOf("\n", start)
      const stop = end === -1 ? pending.length : end
      for (; stop - start > maxLength; start = pieceEnd(pending, start)) {
        pieces.push({ line: pending.slice(start, pieceEnd(pending, start)), continued: true })
      }
      if (end === -1) break
      pieces.push({ line: pending.slice(start, pending[end - 1] === "\r" ? end - 1 : end), continued: false })
      start = end + 1
    }
    pending = pending.slice(start)
    return pieces
  }

  /** The last line, if it has no line end. */
  const rest = (): Array<Piece> => pending === "" ? [] : [{ line: pending, continued: false }]

  return { split, rest }
}
