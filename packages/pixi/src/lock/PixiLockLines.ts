/** The lines of a lock file. */
import { isField, type Item } from "./PixiLockNode.js"

export const [newline, space, quote, doubleQuote, hash, dash, colon, backslash] = [10, 32, 39, 34, 35, 45, 58, 92]

const [unremarkable, needsLook, forbidden] = [0, 1, 2]

/** What to do about a character within a plain scalar. */
const within = new Uint8Array(256).fill(forbidden)
within.fill(unremarkable, 0x20, 0x7f)
within[newline] = within[colon] = within[hash] = needsLook

const classOf = (characters: string): Uint8Array => {
  const table = new Uint8Array(256)
  for (const character of characters) table[character.charCodeAt(0)] = 1
  return table
}

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
const keys = classOf(`${letters}0123456789_.-`)
export const starts = classOf(`${letters}0123456789_./\\<=~(+^$;`)

/** As YAML takes them for `null`; as a key they and `__proto__` are left to it. */
export const nulls = new Set(["null", "Null", "NULL", "~"])

/** Is thrown where the text is not as pixi writes it. */
export const irregular = Symbol("irregular")

export const decline = (): never => {
  throw irregular
}

export interface Key {
  readonly name: string
  readonly length: number
  readonly bytes: Uint8Array
  readonly field: keyof Item | undefined
  /** The last item that had it. */
  item: number
}

/** Bytes of the text that are looked at together; no line is longer. */
const windowSize = 64 * 1024

export class Lines {
  /** Whether there is no further line. */
  ended = false
  /** Where the current line begins in the window, and what is after its spaces. */
  protected line = 0
  protected start = 0
  /** What of the text is in the window: from `base`, and whole lines up to `limit` in the window. */
  protected base = 0
  private limit = 0
  protected readonly bytes: Uint8Array
  private readonly encoder = new TextEncoder()
  private readonly named = new Map<string, Key>()
  /** The same by some of their bytes, so that no text is made to find them. */
  private readonly known = new Map<number, Key>()

  constructor(protected readonly text: string) {
    this.bytes = new Uint8Array(Math.min(windowSize, text.length))
    this.next(0)
  }

  /** The key at the start of the line. There are few different ones: each is cut out of the text once. */
  protected key(): Key {
    const { base, bytes, known, start: from, text } = this
    let to = from
    while (keys[bytes[to] ?? 0] === 1) to++
    const length = to - from
    if (bytes[to] !== colon || bytes[from] === dash || length === 0 || length > 256) decline()
    this.start = to
    const place = ((bytes[from] ?? 0) << 16) | ((bytes[from + (length >> 1)] ?? 0) << 8) | (bytes[to - 1] ?? 0)
    const candidate = known.get(place)
    if (candidate !== undefined && candidate.length === length) {
      let at = 0
      while (at < length && candidate.bytes[at] === bytes[from + at]) at++
      if (at === length) return candidate
    }
    const name = text.slice(base + from, base + to)
    if (nulls.has(name) || name === "__proto__") decline()
    const key = this.named.get(name) ??
      { name, length, bytes: bytes.slice(from, to), field: isField(name) ? name : undefined, item: -1 }
    this.named.set(name, key)
    known.set(place, key)
    return key
  }

  protected next(line: number): void {
    const { bytes } = this
    if (line === this.limit) return this.fill(this.base + line)
    let at = line
    while (bytes[at] === space) at++
    this.line = line
    this.start = at
  }

  private fill(base: number): void {
    const { bytes, text } = this
    if (base === text.length) {
      this.ended = true
      return
    }
    const { read, written } = this.encoder.encodeInto(text.slice(base, base + bytes.length), bytes)
    // Otherwise there is more than ASCII.
    if (read !== written) decline()
    this.base = base
    this.limit = bytes.lastIndexOf(newline, written - 1) + 1
    if (this.limit === 0) decline()
    this.next(0)
  }

  protected isKeyAt(from: number): boolean {
    const { bytes } = this
    let at = from
    while (keys[bytes[at] ?? 0] === 1) at++
    return bytes[at] === colon && (bytes[at + 1] === space || bytes[at + 1] === newline)
  }

  protected endOfPlain(from: number): number {
    const { bytes } = this
    const first = bytes[from] ?? 0
    if (starts[first] !== 1 && (first !== dash || bytes[from + 1] === space || bytes[from + 1] === newline)) decline()
    let at = from + 1
    for (;; at++) {
      const byte = bytes[at] ?? 0
      if (within[byte] === unremarkable) continue
      if (byte === newline) break
      if (within[byte] === forbidden) decline()
      if (byte === colon ? bytes[at + 1] === space || bytes[at + 1] === newline : bytes[at - 1] === space) decline()
    }
    return bytes[at - 1] === space ? decline() : at
  }

  protected back(place: number): undefined {
    this.ended = false
    if (place >= this.base) this.next(place - this.base)
    else this.fill(place)
  }
}
