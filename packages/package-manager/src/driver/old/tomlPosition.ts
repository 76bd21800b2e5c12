/**
 * Where keys and values stand in a text of TOML that has been parsed: the parser does not say. Walks the text once, for
 * the paths that are asked for.
 */
import type { Path } from "./tomlDecoder.js"

export interface Position {
  /** Counted from 1. */
  readonly line: number
  readonly column: number
  /** The value as it is written, where the path is that of a value. */
  readonly written?: string | undefined
}

/** A key that is asked for, or one above it. */
class Node {
  readonly below = new Map<string | number, Node>()
  start: number | undefined = undefined
  value: readonly [start: number, end: number] | undefined = undefined
  /** How many tables an array of tables has. */
  count = 0

  note(start: number) {
    this.start ??= start
  }
}

/** The position of each path: of its key, or of the closest table above that is there. */
export const positionsOf = (text: string, paths: ReadonlyArray<Path>): ReadonlyArray<Position> => {
  const root = new Node()
  for (const path of paths) {
    let node = root
    for (const key of path) {
      const next = node.below.get(key) ?? new Node()
      node.below.set(key, next)
      node = next
    }
  }
  try {
    new Walk(text, root).document()
  } catch {
    // The parser took what this does not understand: what was found before is still right.
  }
  const places = paths.map((path) => {
    let [start, node]: [number, Node | undefined] = [0, root]
    for (const key of path) {
      node = node?.below.get(key)
      if (node?.start === undefined) return { start, value: undefined }
      start = node.start
    }
    return { start, value: node?.value }
  })
  const positions = lineColumns(text, places.map(({ start }) => start))
  return places.map(({ value }, index) => ({
    ...(positions[index] ?? { line: 1, column: 1 }),
    ...(value === undefined ? {} : { written: text.slice(...value) })
  }))
}

/** The lines and columns of offsets, in one pass. */
export const lineColumns = (text: string, offsets: ReadonlyArray<number>): ReadonlyArray<Position> => {
  const positions: Array<Position> = []
  let line = 1
  let start = 0
  for (const [index, offset] of [...offsets.entries()].sort(([, a], [, b]) => a - b)) {
    for (let next = text.indexOf("\n", start); next !== -1 && next < offset; next = text.indexOf("\n", start)) {
      line++
      start = next + 1
    }
    positions[index] = { line, column: offset - start + 1 }
  }
  return positions
}

const isSpace = (code: number) => code === 32 || code === 9 || code === 10 || code === 13
const bare = /[A-Za-z0-9_-]+/y
const ends = /[,\]}\n#]/g

class Walk {
  private at = 0

  constructor(private readonly text: string, private readonly root: Node) {}

  document() {
    let table: Node | undefined = this.root
    for (this.skip(); this.at < this.text.length; this.skip()) {
      if (this.text[this.at] === "[") table = this.header()
      else this.entry(table)
    }
  }

  /** Passes over white space, line ends and comments. */
  private skip() {
    for (; this.at < this.text.length; this.at++) {
      const code = this.text.charCodeAt(this.at)
      if (code === 35) {
        const end = this.text.indexOf("\n", this.at)
        this.at = end === -1 ? this.text.length - 1 : end
      } else if (!isSpace(code) && code !== 0xfeff) return
    }
  }

  private header(): Node | undefined {
    const start = this.at
    const isArray = this.text[this.at + 1] === "["
    this.at += isArray ? 2 : 1
    let node: Node | undefined = this.root
    const keys = this.keys()
    for (const [index, { key }] of keys.entries()) {
      node = node?.below.get(key)
      node?.note(start)
      if (node === undefined) continue
      if (isArray && index === keys.length - 1) node.count++
      if (node.count === 0) continue
      node = node.below.get(node.count - 1)
      node?.note(start)
    }
    this.skip()
    this.at += isArray ? 2 : 1
    return node
  }

  private entry(table: Node | undefined) {
    let node = table
    const keys = this.keys()
    for (const { key, start } of keys) {
      node = node?.below.get(key)
      node?.note(start)
    }
    this.skip()
    this.at++
    this.skip()
    const start = this.at
    this.value(node)
    if (node !== undefined) node.value ??= [start, this.at]
  }

  private keys() {
    const keys: Array<{ readonly key: string; readonly start: number }> = []
    do {
      if (keys.length > 0) this.at++
      this.skip()
      const start = this.at
      const quote = this.text[start]
      if (quote === "\"" || quote === "'") {
        this.string()
        keys.push({ key: unquoted(this.text.slice(start, this.at)), start })
      } else {
        bare.lastIndex = start
        if (bare.test(this.text)) this.at = bare.lastIndex
        if (this.at === start) throw new SyntaxError("not a key")
        keys.push({ key: this.text.slice(start, this.at), start })
      }
      this.skip()
    } while (this.text[this.at] === ".")
    return keys
  }

  private string() {
    const quote = this.text.charAt(this.at)
    const isLong = this.text.startsWith(quote.repeat(3), this.at)
    const closing = isLong ? quote.repeat(3) : quote
    this.at += closing.length
    while (this.at < this.text.length && !this.text.startsWith(closing, this.at)) {
      this.at += quote === "\"" && this.text[this.at] === "\\" ? 2 : 1
    }
    this.at += closing.length
    // Up to two quotes may stand before those that close.
    while (isLong && this.text[this.at] === quote) this.at++
  }

  private value(node: Node | undefined) {
    const first = this.text[this.at]
    if (first === "\"" || first === "'") this.string()
    else if (first === "[") this.array(node)
    else if (first === "{") this.inline(node)
    else {
      ends.lastIndex = this.at
      this.at = ends.exec(this.text)?.index ?? this.text.length
      while (isSpace(this.text.charCodeAt(this.at - 1))) this.at--
    }
  }

  private array(node: Node | undefined) {
    this.at++
    for (let index = 0;; index++) {
      this.skip()
      if (this.at >= this.text.length || this.text[this.at] === "]") break
      const start = this.at
      const item = node?.below.get(index)
      this.value(item)
      item?.note(start)
      if (item !== undefined) item.value ??= [start, this.at]
      this.skip()
      if (this.text[this.at] === ",") this.at++
      if (this.at === start) throw new SyntaxError("not an array")
    }
    this.at++
  }

  private inline(node: Node | undefined) {
    this.at++
    for (;;) {
      this.skip()
      if (this.at >= this.text.length || this.text[this.at] === "}") break
      this.entry(node)
      this.skip()
      if (this.text[this.at] === ",") this.at++
    }
    this.at++
  }
}

const unquoted = (written: string): string => {
  const inner = written.slice(1, -1)
  if (written.startsWith("'") || !inner.includes("\\")) return inner
  return inner.replace(
    /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2})|(.))/g,
    (whole, u, U, x, escaped) => {
      const hex: string | undefined = u ?? U ?? x
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16))
      return ({ b: "\b", t: "\t", n: "\n", f: "\f", r: "\r", e: "\u001b" } as Record<string, string>)[escaped] ??
        whole.slice(1)
    }
  )
}
