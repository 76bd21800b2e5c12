/**
 * Reads the TOML that people write, about twice as fast as the parser does: without dates, floats, rare escapes and
 * arrays of tables. It gives up on the rest, and on all that may be wrong, which is then left to the parser.
 */
import { apostrophe, dot, irregular, quote, TomlCursor } from "./tomlCursor.js"
import { TomlTable } from "./tomlTable.js"

/** `undefined` if it is not for this to judge. */
export const scan = (text: string): TomlTable | undefined => {
  try {
    return new Scanner(text).document()
  } catch (error) {
    if (error === irregular) return undefined
    throw error
  }
}

const comma = 44
const equals = 61
const openBracket = 91
const closeBracket = 93
const openBrace = 123
const closeBrace = 125

const maxDepth = 100

class Scanner extends TomlCursor {
  private section = 0
  private depth = 0
  private readonly root = new TomlTable("header", 0)

  document(): TomlTable {
    const { text } = this
    let table = this.root
    for (;;) {
      this.blank()
      if (this.at >= text.length) return this.root
      if (text.charCodeAt(this.at) === openBracket) table = this.header()
      else this.entry(table)
      this.lineEnd()
    }
  }

  private header(): TomlTable {
    if (this.text.charCodeAt(++this.at) === openBracket) throw irregular
    this.section++
    let table = this.root
    for (;;) {
      const key = this.key()
      const isLast = this.text.charCodeAt(this.at) !== dot
      const next = table.get(key)
      if (next === undefined) {
        const made = new TomlTable(isLast ? "header" : "implicit", this.section)
        table.add(key, made)
        table = made
      } else if (next instanceof TomlTable && (next.origin === "implicit" || (next.origin === "header" && !isLast))) {
        table = next
        if (isLast) table.origin = "header"
      } else throw irregular
      if (isLast) break
      this.at++
    }
    if (this.text.charCodeAt(this.at++) !== closeBracket) throw irregular
    return table
  }

  private entry(start: TomlTable) {
    let table = start
    let key = this.key()
    while (this.text.charCodeAt(this.at) === dot) {
      const next = table.get(key)
      if (next === undefined) {
        const made = new TomlTable("dotted", this.section)
        table.add(key, made)
        table = made
      } else if (next instanceof TomlTable && next.origin === "dotted" && next.section === this.section) table = next
      else throw irregular
      this.at++
      key = this.key()
    }
    if (this.text.charCodeAt(this.at) !== equals) throw irregular
    this.at++
    this.spaces()
    if (!table.add(key, this.value())) throw irregular
  }

  private value(): unknown {
    const { text } = this
    const code = text.charCodeAt(this.at)
    if (code === quote || code === apostrophe) {
      const isLong = text.charCodeAt(this.at + 1) === code && text.charCodeAt(this.at + 2) === code
      if (isLong) return this.long(code)
      return code === quote ? this.basic() : this.literal()
    }
    if (code === openBrace) return this.inline()
    if (code === openBracket) return this.array()
    if (text.startsWith("true", this.at)) return this.word(4, true)
    if (text.startsWith("false", this.at)) return this.word(5, false)
    return this.integer()
  }

  private array(): ReadonlyArray<unknown> {
    if (++this.depth > maxDepth) throw irregular
    const items: Array<unknown> = []
    this.at++
    for (;;) {
      this.blank()
      if (this.text.charCodeAt(this.at) === closeBracket) break
      items.push(this.value())
      this.blank()
      const code = this.text.charCodeAt(this.at)
      if (code === comma) this.at++
      else if (code !== closeBracket) throw irregular
    }
    this.at++
    this.depth--
    return items
  }

  private inline(): TomlTable {
    if (++this.depth > maxDepth) throw irregular
    const table = new TomlTable("inline", 0)
    // Dotted keys in it extend tables of its own only.
    const { section } = this
    this.section = -1
    this.at++
    for (;;) {
      this.blank()
      if (this.text.charCodeAt(this.at) === closeBrace) break
      this.entry(table)
      this.blank()
      const code = this.text.charCodeAt(this.at)
      if (code === comma) this.at++
      else if (code !== closeBrace) throw irregular
    }
    this.at++
    this.depth--
    this.section = section
    return table
  }
}
