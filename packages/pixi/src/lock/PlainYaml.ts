/**
 * A fast reader of the YAML that pixi writes: block mappings and sequences of one-line scalars, in ASCII.
 *
 * @module
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"

const irregular = Symbol("irregular")

/**
 * Scalars are strings or `null`. Of mappings that are items of sequences, keys that are not in `fields` can be left out.
 * The result is `undefined` if the text can have more in it: then only a YAML library can read it.
 *
 * @since 0.1.0
 * @category decoding
 */
export const parse = (text: string, fields: ReadonlySet<string>): unknown => {
  // The end of each line stops the loops below.
  if (!text.endsWith("\n")) return undefined
  // Bytes are faster to look at than the characters of a string.
  const bytes = new TextEncoder().encode(text)
  if (bytes.length !== text.length) return undefined
  try {
    return new Reader(text, bytes, fields).document()
  } catch (error) {
    if (error === irregular) return undefined
    throw error
  }
}

/** In characters: a longer text is read in parts. */
const part = 1_000_000

/**
 * Lets others run if a text is so large that it takes time. A yield would not let timers and sockets run.
 *
 * @since 0.1.0
 * @category operations
 */
export const pauseFor = (text: string): Effect.Effect<void> => text.length > part ? Effect.sleep(0) : Effect.void

/**
 * Parses a text whose last key is `packages`, a sequence, in parts, with a pause before each.
 *
 * @since 0.1.0
 * @category decoding
 */
export const parseInParts = Effect.fnUntraced(function*(
  text: string,
  fields: ReadonlySet<string>,
  pause: Effect.Effect<void>
) {
  const key = "\npackages:\n"
  const at = text.length > part ? text.indexOf(key) : -1
  if (at === -1) return parse(text, fields)
  const head = parse(text.slice(0, at + 1), fields)
  if (!Predicate.isReadonlyRecord(head) || "packages" in head) return undefined
  const packages: Array<unknown> = []
  for (let start = at + key.length, end = start; start < text.length; start = end) {
    yield* pause
    end = text.indexOf("\n- ", start + part) + 1 || text.length
    const items = parse(text.slice(start, end), fields)
    if (!Array.isArray(items)) return undefined
    for (const item of items) packages.push(item)
  }
  return { ...head, packages }
})

const tableOf = (characters: string): Uint8Array => {
  const table = new Uint8Array(256)
  for (const character of characters) table[character.charCodeAt(0)] = 1
  return table
}

const words = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_."
const isOfKey = tableOf(`${words}-`)
const isStart = tableOf(`${words}/\\<=~(+^$;`)
/** Characters that a plain scalar can contain wherever they are. */
const isPlain = tableOf(`${words} !"$%&'()*+,-/;<=>?@[\\]^\`{|}~`)

const nulls = new Set(["null", "Null", "NULL", "~"])

const [newline, space, hash, dash, colon] = [10, 32, 35, 45, 58]

/** Levels of nesting: recursion has to end. */
const deepest = 32

interface Key {
  readonly name: string
  /** One bit for a key that items leave out. Where the bits end, items keep it. */
  readonly bit: number
}

class Reader {
  /** Where the unread part of the line begins in the text, and in which column; -1 after the last line. */
  private at = 0
  private column = 0
  private depth = 0
  /** Keys by a hash of their characters: the few different ones are cut out of the text once. */
  private readonly keys = new Map<number, Key>()
  private bit = 1
  private isLeftOut = false

  constructor(
    private readonly text: string,
    private readonly bytes: Uint8Array,
    private readonly fields: ReadonlySet<string>
  ) {}

  document(): unknown {
    this.line(0)
    const value = this.column === -1 ? this.fail() : this.block()
    // A line that is left does not fit to the indentation of any other.
    return this.column === -1 ? value : this.fail()
  }

  private fail(): never {
    throw irregular
  }

  /** Goes to the first line from `start` on that is not blank. */
  private line(start: number): void {
    const { bytes } = this
    let at = start
    for (; bytes[at] === space || bytes[at] === newline; at++) if (bytes[at] === newline) start = at + 1
    this.at = at
    this.column = at < bytes.length ? at - start : -1
  }

  private block(): unknown {
    if (++this.depth > deepest) this.fail()
    const value = this.isItem() ? this.sequence() : this.mapping(this.key() ?? this.fail(), false)
    this.depth--
    return value
  }

  private isItem(): boolean {
    return this.bytes[this.at] === dash && this.bytes[this.at + 1] === space
  }

  private sequence(): ReadonlyArray<unknown> {
    const { column } = this
    const items: Array<unknown> = []
    while (this.column === column && this.isItem()) {
      this.at += 2
      this.column += 2
      const key = this.key()
      items.push(key === undefined ? this.scalar(this.at) : this.mapping(key, true))
    }
    return items
  }

  /** The mapping that begins with a key, of which `at` is the colon. */
  private mapping(key: Key, isItem: boolean): Readonly<Record<string, unknown>> {
    const { column, isLeftOut } = this
    const entries: Record<string, unknown> = {}
    let leftOut = 0
    while (true) {
      const { bit, name } = key
      // Also `__proto__` and the other names that all objects have.
      if ((leftOut & bit) !== 0 || name in entries) this.fail()
      if (isItem && bit !== 0) {
        leftOut |= bit
        this.isLeftOut = true
        this.value(column)
        this.isLeftOut = isLeftOut
      } else entries[name] = this.value(column)
      if (this.column !== column || this.isItem()) return entries
      key = this.key() ?? this.fail()
    }
  }

  /** The value of a key that begins in a column, after the colon. */
  private value(column: number): unknown {
    if (this.bytes[this.at + 1] === space) return this.scalar(this.at + 2)
    this.line(this.at + 1)
    return this.column > column || (this.column === column && this.isItem()) ? this.block() : null
  }

  /** The key at the start of the line, if there is one; then `at` becomes its colon. */
  private key(): Key | undefined {
    const { at, bytes, text } = this
    let end = at
    let hash = 0
    for (let code = bytes[at] ?? 0; isOfKey[code] === 1; code = bytes[++end] ?? 0) hash = (hash * 31 + code) | 0
    if (end === at || bytes[end] !== colon || (bytes[end + 1] !== space && bytes[end + 1] !== newline)) return undefined
    this.at = end
    const known = this.keys.get(hash)
    if (known !== undefined && known.name.length === end - at && text.startsWith(known.name, at)) return known
    const name = text.slice(at, end)
    if (nulls.has(name)) this.fail()
    const key = { name, bit: this.fields.has(name) ? 0 : this.bit }
    if (key.bit !== 0) this.bit <<= 1
    this.keys.set(hash, key)
    return key
  }

  /** The value that takes the rest of the line. */
  private scalar(start: number): unknown {
    const { bytes, text } = this
    const isBlank = (at: number) => bytes[at] === space || bytes[at] === newline
    if (isStart[bytes[start] ?? 0] !== 1 && (bytes[start] !== dash || isBlank(start + 1))) return this.enclosed(start)
    let end = start
    for (; bytes[end] !== newline; end++) {
      if (isPlain[bytes[end] ?? 0] === 1) continue
      if (bytes[end] === colon ? isBlank(end + 1) : bytes[end] !== hash || isBlank(end - 1)) this.fail()
    }
    if (isBlank(end - 1)) this.fail()
    this.line(end + 1)
    if (this.isLeftOut) return null
    const value = text.slice(start, end)
    return value.length <= 4 && nulls.has(value) ? null : value
  }

  private enclosed(start: number): unknown {
    const end = this.text.indexOf("\n", start)
    const written = this.text.slice(start, end)
    this.line(end + 1)
    if (written === "[]") return []
    if (written === "{}") return {}
    const value = written.slice(1, -1)
    if (written !== `'${value}'` && written !== `"${value}"`) this.fail()
    const isDouble = written.startsWith("\"")
    const rest = isDouble ? value : value.replaceAll("''", "")
    if ((isDouble ? /[^ -~]|["\\]/ : /[^ -~]|'/).test(rest)) this.fail()
    return isDouble ? value : value.replaceAll("''", "'")
  }
}
