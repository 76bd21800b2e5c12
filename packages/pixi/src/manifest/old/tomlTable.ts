/** Tables of TOML, with their keys in the order of the file. */

/** Up to this size it is faster to look at each key than to keep an index. */
const small = 8

export type Origin = "inline" | "implicit" | "header" | "dotted"

/** A key of any name is data here, `__proto__` too, and not more. */
export class TomlTable {
  readonly keys: Array<string> = []
  readonly values: Array<unknown> = []
  private index: Map<string, number> | undefined = undefined

  constructor(
    /** How it came to be: that says where it may be extended. */
    public origin: Origin,
    /** The header below which it was made by dotted keys. */
    readonly section: number
  ) {}

  find(key: string): number {
    if (this.index !== undefined) return this.index.get(key) ?? -1
    for (let at = 0; at < this.keys.length; at++) if (this.keys[at] === key) return at
    return -1
  }

  get(key: string): unknown {
    const at = this.find(key)
    return at === -1 ? undefined : this.values[at]
  }

  has(key: string): boolean {
    return this.find(key) !== -1
  }

  /** Whether the key was not there yet. */
  add(key: string, value: unknown): boolean {
    if (this.find(key) !== -1) return false
    if (this.index !== undefined) this.index.set(key, this.keys.length)
    else if (this.keys.length === small) {
      this.index = new Map(this.keys.map((other, at) => [other, at]))
      this.index.set(key, small)
    }
    this.keys.push(key)
    this.values.push(value)
    return true
  }
}

/** The tables of another parser. Its depth is bounded by that parser's. */
export const fromObject = (object: object): TomlTable => {
  const table = new TomlTable("inline", 0)
  for (const [key, value] of Object.entries(object)) table.add(key, fromValue(value))
  return table
}

const fromValue = (value: unknown): unknown => {
  if (typeof value !== "object" || value === null || value instanceof Date) return value
  return Array.isArray(value) ? value.map(fromValue) : fromObject(value)
}
