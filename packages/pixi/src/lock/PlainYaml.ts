/** A fast reader of the YAML that pixi writes: block mappings and sequences of one-line scalars, in ASCII. */

const irregular = Symbol("irregular")

/** Scalars are strings or `null`. `undefined` means that the YAML library has to read the text. */
export const parse = (text: string): unknown => {
  if (/[^\n -~]/.test(text)) return undefined
  try {
    return new Reader(text).document()
  } catch (error) {
    if (error === irregular) return undefined
    throw error
  }
}

/** Levels of nesting: recursion has to end. */
const deepest = 32

class Reader {
  /** Where the unread part of the line begins in the text. */
  private at = 0
  /** Its column, or -1 after the last line. */
  private column = 0
  private depth = 0

  constructor(private readonly text: string) {}

  document(): unknown {
    this.line(0)
    if (this.column === -1) throw irregular
    const value = this.block()
    // A line that is left is indented too far, or not far enough.
    if (this.column !== -1) throw irregular
    return value
  }

  /** Goes to the first line from `start` on that is not blank. */
  private line(start: number): void {
    const { text } = this
    let at = start
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code === 10) start = at + 1
      else if (code !== 32) break
    }
    if (text.charCodeAt(at) === 35 || (at === start && text.startsWith("---", at))) throw irregular
    this.at = at
    this.column = at < text.length ? at - start : -1
  }

  private block(): unknown {
    if (++this.depth > deepest) throw irregular
    const value = this.isItem() ? this.sequence() : this.mapping()
    this.depth--
    return value
  }

  private isItem(): boolean {
    return this.text.charCodeAt(this.at) === 45 && this.text.charCodeAt(this.at + 1) === 32
  }

  private sequence(): ReadonlyArray<unknown> {
    const { column, text } = this
    const items: Array<unknown> = []
    while (this.column === column && this.isItem()) {
      this.at += 2
      this.column += 2
      const end = this.end()
      const first = text.charCodeAt(this.at)
      const isMapping = first !== 39 && first !== 34 && this.colon(end) !== -1
      items.push(isMapping ? this.mapping() : this.scalar(this.at, end))
      if (!isMapping) this.line(end)
    }
    return items
  }

  private mapping(): Readonly<Record<string, unknown>> {
    const { column } = this
    const entries: Record<string, unknown> = {}
    while (this.column === column && !this.isItem()) {
      const end = this.end()
      const colon = this.colon(end)
      if (colon === -1) throw irregular
      const key = this.scalar(this.at, colon)
      if (typeof key !== "string" || key === "__proto__" || Object.hasOwn(entries, key)) throw irregular
      if (colon + 1 < end) {
        entries[key] = this.scalar(colon + 2, end)
        this.line(end)
      } else {
        this.line(end)
        entries[key] = this.column > column || (this.column === column && this.isItem()) ? this.block() : null
      }
    }
    return entries
  }

  private end(): number {
    const end = this.text.indexOf("\n", this.at)
    return end === -1 ? this.text.length : end
  }

  /** The colon that ends a key of this line, or -1. */
  private colon(end: number): number {
    const { text } = this
    for (let at = this.at; at < end; at++) {
      if (text.charCodeAt(at) === 58 && (at + 1 === end || text.charCodeAt(at + 1) === 32)) return at
    }
    return -1
  }

  private scalar(start: number, end: number): string | null | ReadonlyArray<never> | Readonly<Record<string, never>> {
    const written = this.text.slice(start, end)
    if (/^(?:[\w./\\<=~(+^$;]|-[^ ])/.test(written) && !/ #|: |[ :]$/.test(written)) {
      return /^(?:null|Null|NULL|~)$/.test(written) ? null : written
    }
    const inner = written.slice(1, -1)
    const isQuotedBy = (mark: string) => written.length > 1 && written.startsWith(mark) && written.endsWith(mark)
    if (isQuotedBy("'") && !inner.replaceAll("''", "").includes("'")) return inner.replaceAll("''", "'")
    if (isQuotedBy("\"") && !/["\\]/.test(inner)) return inner
    if (written === "[]") return []
    if (written === "{}") return {}
    throw irregular
  }
}
