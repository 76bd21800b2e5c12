/** The most characters that are kept of a line: what is longer comes in pieces. */
const longest = 65_536

export interface Piece {
  readonly line: string
  readonly continued: boolean
}

/** Where a piece of a too long line ends: not between the two halves of a character. */
const pieceEnd = (text: string, start: number): number => {
  const end = start + longest
  const last = text.charCodeAt(end - 1)
  return last >= 0xd800 && last <= 0xdbff ? end - 1 : end
}

/** Splits text that comes in chunks into lines, without their ends. */
export const makeSplitter = () => {
  let pending = ""

  const split = (text: string): Array<Piece> => {
    const pieces: Array<Piece> = []
    const rest = pending + text
    let start = 0
    for (let end = rest.indexOf("\n"); end !== -1; end = rest.indexOf("\n", start)) {
      for (; end - start > longest; start = pieceEnd(rest, start)) {
        pieces.push({ line: rest.slice(start, pieceEnd(rest, start)), continued: true })
      }
      pieces.push({ line: rest.slice(start, rest[end - 1] === "\r" ? end - 1 : end), continued: false })
      start = end + 1
    }
    for (; rest.length - start > longest; start = pieceEnd(rest, start)) {
      pieces.push({ line: rest.slice(start, pieceEnd(rest, start)), continued: true })
    }
    pending = rest.slice(start)
    return pieces
  }

  /** The last line, if no line end followed it. */
  const rest = (): Array<Piece> => pending === "" ? [] : [{ line: pending, continued: false }]

  return { split, rest }
}
