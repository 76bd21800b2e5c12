/**
 * Reads that part of YAML which pixi writes: block mappings and sequences of scalars that stand on one line, in ASCII,
 * without comments. What it gives is what the YAML library gives (`null`, and otherwise text, for scalars); where it is
 * not sure that it would, it gives nothing.
 */

import {
  backslash,
  dash,
  decline,
  doubleQuote,
  irregular,
  Lines,
  newline,
  nulls,
  quote,
  space,
  starts
} from "./PixiLockLines.js"
import { Fields, type Item, type Node, References, referenceTypes } from "./PixiLockNode.js"

export interface Scanned<A> {
  readonly document: { readonly [key: string]: Node }
  /** What was made of the items of `packages`, which `document` has not. */
  readonly items: ReadonlyArray<A>
}

/** Makes something of each package; where `make` gives `undefined`, there is no result. */
export const scan = <A>(text: string, make: (item: Item) => A | undefined): Scanned<A> | undefined => {
  // So that each line has an end to stop at.
  if (!text.endsWith("\n")) return undefined
  try {
    const scanner = new Scanner(text, make)
    const document = scanner.document()
    return scanner.ended ? { document, items: scanner.items } : undefined
  } catch (error) {
    if (error === irregular) return undefined
    throw error
  }
}

/** Levels of nesting. */
const deepest = 16

class Scanner<A> extends Lines {
  readonly items: Array<A> = []
  /** Whether values are made, or only looked at. */
  private keeping = true
  private readonly stack: Array<Node> = []
  private top = 0
  private readonly fields = new Fields()
  /** The key of the top level that the line is below. */
  private part = ""

  constructor(text: string, private readonly make: (item: Item) => A | undefined) {
    super(text)
  }

  document(): { readonly [key: string]: Node } {
    return this.start === this.line ? this.mapping(0, 0) : decline()
  }

  /** The mapping whose first key is at the start of the line, and whose others are below it. */
  private mapping(indent: number, depth: number): { readonly [key: string]: Node } {
    if (depth > deepest) decline()
    const node: { [key: string]: Node } = {}
    do {
      const { name } = this.key()
      if (node[name] !== undefined) decline()
      if (depth === 0) this.part = name
      node[name] = this.value(indent, depth)
    } while (this.goesOn(indent, false))
    return node
  }

  /** An item of `packages`. */
  private item(indent: number): A {
    const { fields } = this
    const { length } = this.items
    fields.clear()
    do {
      const key = this.key()
      if (key.item === length) decline()
      key.item = length
      if (key.field !== undefined) fields[key.field] = this.value(indent, 2)
      else {
        this.keeping = false
        this.value(indent, 2)
        this.keeping = true
      }
    } while (this.goesOn(indent, false))
    return this.make(fields) ?? decline()
  }

  private sequence(indent: number, depth: number): ReadonlyArray<Node> | References {
    if (depth > deepest) decline()
    if (depth === 4 && this.part === "environments") {
      const references = this.references(indent)
      if (references !== undefined) return references
    }
    const { bytes, stack, top: bottom } = this
    do {
      const from = this.start + 2
      if (bytes[from - 1] !== space) decline()
      const isMapping = this.isKeyAt(from)
      if (isMapping) this.start = from
      if (depth === 1 && this.part === "packages") this.items.push(isMapping ? this.item(indent + 2) : decline())
      else {
        const node = isMapping ? this.mapping(indent + 2, depth + 1) : this.scalar(from)
        if (this.keeping) stack[this.top++] = node
      }
    } while (this.goesOn(indent, true))
    const nodes = stack.slice(bottom, this.top)
    this.top = bottom
    return nodes
  }

  /** The sequence, if nothing in it is more than `- conda: https://…`; otherwise the line is what it was before. */
  private references(indent: number): References | undefined {
    const { bytes } = this
    const place = this.base + this.line
    const spans: Array<number> = []
    do {
      const from = this.start + 2
      if (bytes[from - 1] !== space || !this.isKeyAt(from)) return this.back(place)
      this.start = from
      const type = referenceTypes.indexOf(this.key().name)
      const value = this.start + 2
      if (type < 0 || bytes[value - 1] !== space || starts[bytes[value] ?? 0] !== 1) return this.back(place)
      const to = this.endOfPlain(value)
      if (to - value <= 4) return this.back(place)
      spans.push(type, this.base + value, this.base + to)
      this.next(to + 1)
      if (!this.ended && this.start - this.line > indent) return this.back(place)
    } while (this.goesOn(indent, true))
    return new References(this.text, spans)
  }

  /** Whether the line has another key, or item, of what has that indent. */
  private goesOn(indent: number, withDash: boolean): boolean {
    if (this.ended) return false
    const inner = this.start - this.line
    // A line that is further in would go on with the scalar above it.
    if (inner > indent) decline()
    return inner === indent && (this.bytes[this.start] === dash) === withDash
  }

  /** What is after the colon at `start`. */
  private value(indent: number, depth: number): Node {
    const { bytes, start } = this
    if (bytes[start + 1] === space) return this.scalar(start + 2)
    if (bytes[start + 1] !== newline) decline()
    this.next(start + 2)
    if (this.ended) return null
    const inner = this.start - this.line
    if (bytes[this.start] === dash && inner >= indent) return this.sequence(inner, depth + 1)
    return inner > indent ? this.mapping(inner, depth + 1) : null
  }

  private scalar(from: number): Node {
    const { bytes, text } = this
    const first = bytes[from] ?? 0
    if (first === quote || first === doubleQuote) return this.quoted(from, first)
    if (first === 0x5b || first === 0x7b) {
      if (bytes[from + 1] !== first + 2 || bytes[from + 2] !== newline) decline()
      this.next(from + 3)
      return first === 0x5b ? [] : {}
    }
    const to = this.endOfPlain(from)
    const value = this.keeping ? text.slice(this.base + from, this.base + to) : null
    this.next(to + 1)
    return value !== null && value.length <= 4 && nulls.has(value) ? null : value
  }

  private quoted(from: number, mark: number): Node {
    const { bytes, text } = this
    let at = from + 1
    let escaped = false
    for (; bytes[at] !== mark || (mark === quote && bytes[at + 1] === quote); at++) {
      const byte = bytes[at] ?? 0
      if (byte < space || byte > 0x7e || (byte === backslash && mark === doubleQuote)) decline()
      if (byte === quote && mark === quote) {
        escaped = true
        at++
      }
    }
    if (bytes[at + 1] !== newline) decline()
    const value = this.keeping ? text.slice(this.base + from + 1, this.base + at) : null
    this.next(at + 2)
    return value !== null && escaped ? value.replaceAll("''", "'") : value
  }
}
