/** What the scanner of TOML reads without knowing of tables: white space, keys, strings, numbers. */

/** What is thrown where the parser has to look. */
export const irregular = new Error("irregular")

const tab = 9
const lineFeed = 10
const carriageReturn = 13
const space = 32
export const quote = 34
const hash = 35
export const apostrophe = 39
export const dot = 46
const backslash = 92

const isBare = new Uint8Array(128)
for (const character of "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") {
  isBare[character.charCodeAt(0)] = 1
}

const escapes: ReadonlyMap<number, string> = new Map([
  [98, "\b"],
  [116, "\t"],
  [110, "\n"],
  [102, "\f"],
  [114, "\r"],
  [quote, "\""],
  [backslash, "\\"]
])

export class TomlCursor {
  protected at = 0

  constructor(protected readonly text: string) {}

  /** Passes over white space, comments and line ends. */
  protected blank() {
    const { text } = this
    for (;;) {
      const code = text.charCodeAt(this.at)
      if (code === space || code === tab || code === lineFeed) this.at++
      else if (code === hash) this.comment()
      else if (code === carriageReturn && text.charCodeAt(this.at + 1) === lineFeed) this.at += 2
      else return
    }
  }

  protected comment() {
    const { text } = this
    for (;;) {
      const code = text.charCodeAt(++this.at)
      if (code >= space && code !== 127 || code === tab) continue
      if (code === lineFeed || this.at >= text.length) return
      if (code === carriageReturn && text.charCodeAt(this.at + 1) === lineFeed) return
      throw irregular
    }
  }

  protected spaces() {
    for (
      let code = this.text.charCodeAt(this.at);
      code === space || code === tab;
      code = this.text.charCodeAt(++this.at)
    );
  }

  protected lineEnd() {
    this.spaces()
    const code = this.text.charCodeAt(this.at)
    if (code === hash) this.comment()
    else if (code !== lineFeed && code !== carriageReturn && this.at < this.text.length) throw irregular
  }

  /** A key with the spaces around it. */
  protected key(): string {
    const { text } = this
    this.spaces()
    const start = this.at
    const first = text.charCodeAt(start)
    let key: string
    if (first === quote || first === apostrophe) {
      if (text.charCodeAt(start + 1) === first && text.charCodeAt(start + 2) === first) throw irregular
      key = first === quote ? this.basic() : this.literal()
    } else {
      let code = first
      while (code < 128 && isBare[code] === 1) code = text.charCodeAt(++this.at)
      if (this.at === start) throw irregular
      key = text.slice(start, this.at)
    }
    this.spaces()
    return key
  }

  protected word<A>(length: number, value: A): A {
    this.at += length
    const code = this.text.charCodeAt(this.at)
    if (code < 128 && isBare[code] === 1) throw irregular
    return value
  }

  protected integer(): number {
    const start = this.at
    let value = 0
    for (let code = this.text.charCodeAt(start); code >= 48 && code <= 57; code = this.text.charCodeAt(++this.at)) {
      value = value * 10 + code - 48
    }
    const length = this.at - start
    if (length === 0 || length > 15 || (length > 1 && this.text.charCodeAt(start) === 48)) throw irregular
    const code = this.text.charCodeAt(this.at)
    if (code === dot || (code < 128 && isBare[code] === 1) || code === 58) throw irregular
    return value
  }

  protected basic(): string {
    const { text } = this
    let start = ++this.at
    let before = ""
    for (;; this.at++) {
      const code = text.charCodeAt(this.at)
      if (code === quote) break
      if (code === backslash) {
        const escaped = escapes.get(text.charCodeAt(this.at + 1))
        if (escaped === undefined) throw irregular
        before += text.slice(start, this.at) + escaped
        start = ++this.at + 1
      } else if (!(code >= space && code !== 127 || code === tab)) throw irregular
    }
    return before + text.slice(start, this.at++)
  }

  protected literal(): string {
    const { text } = this
    const start = ++this.at
    for (;; this.at++) {
      const code = text.charCodeAt(this.at)
      if (code === apostrophe) break
      if (!(code >= space && code !== 127 || code === tab)) throw irregular
    }
    return text.slice(start, this.at++)
  }

  /** A string between three quotes. */
  protected long(delimiter: number): string {
    const { text } = this
    this.at += 3
    if (text.charCodeAt(this.at) === carriageReturn) throw irregular
    if (text.charCodeAt(this.at) === lineFeed) this.at++
    let start = this.at
    let before = ""
    for (;; this.at++) {
      const code = text.charCodeAt(this.at)
      if (code === delimiter) {
        if (text.charCodeAt(this.at + 1) === delimiter && text.charCodeAt(this.at + 2) === delimiter) break
      } else if (code === backslash && delimiter === quote) {
        before += text.slice(start, this.at)
        const escaped = escapes.get(text.charCodeAt(this.at + 1))
        if (escaped === undefined) this.continuation()
        else {
          before += escaped
          this.at += 2
        }
        start = this.at--
      } else if (!(code >= space && code !== 127 || code === tab || code === lineFeed)) throw irregular
    }
    const value = before + text.slice(start, this.at)
    this.at += 3
    // Quotes that belong to the string may stand before those that close it.
    if (text.charCodeAt(this.at) === delimiter) throw irregular
    return value
  }

  /** From the backslash that ends a line to what comes after it, also if that is some lines below. */
  private continuation() {
    this.at++
    this.spaces()
    if (this.text.charCodeAt(this.at) !== lineFeed) throw irregular
    for (
      let code = lineFeed;
      code === space || code === tab || code === lineFeed;
      code = this.text.charCodeAt(this.at)
    ) this.at++
  }
}
