import { assert, describe, it } from "@effect/vitest"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import * as Toml from "smol-toml"
import { scan } from "../../src/manifest/old/tomlScan.js"
import { plain } from "../../src/manifest/old/tomlStruct.js"
import { fromObject, type TomlTable } from "../../src/manifest/old/tomlTable.js"

const shown = (table: TomlTable) => JSON.stringify(plain(table))

/** The scanner may give up; else it has to find what the parser finds. */
const check = (text: string): boolean => {
  const scanned = scan(text)
  if (scanned === undefined) return false
  let parsed: TomlTable
  try {
    parsed = fromObject(Toml.parse(text))
  } catch (error) {
    return assert.fail(`the parser refuses what was scanned: ${String(error)}\n${text}`)
  }
  if (shown(scanned) !== shown(parsed)) assert.strictEqual(shown(scanned), shown(parsed), text)
  return true
}

const sample = `# a comment
[workspace]
name = "é\\t\\"x\\"" # another
channels = [ "a", 'b', # c
  { channel = "c", priority = 1 }, ]
"quoted.key" = {}
platforms = []
[a.b]
c.d = true
c.e = [[1, 2], ["x"]]
'literal' = '''
two
lines'''
[a]
text = """
a "quoted" line \\
    that \\t goes \\

  on\\\\"""
x = { y.z = 1, y.w = { v = "u" } }
[tasks]
__proto__ = "p"
constructor = { cmd = ["c"] }
`

/** The same numbers each time. */
const makeRandom = (seed: number) => () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
  return seed / 2 ** 32
}

const mutants = (text: string, count: number, random: () => number) =>
  Array.from({ length: count }, () => {
    const at = Math.floor(random() * text.length)
    const other = Math.floor(random() * text.length)
    const pieces = [
      "\"",
      "'",
      "[",
      "]",
      "{",
      "}",
      "=",
      ".",
      ",",
      "#",
      "\n",
      "\\",
      "\r",
      "0",
      "\u0000",
      "é",
      " ",
      "_",
      "[["
    ]
    const piece = pieces[Math.floor(random() * pieces.length)] ?? ""
    const way = random()
    if (way < 0.3) return text.slice(0, at) + piece + text.slice(at)
    if (way < 0.6) return text.slice(0, at) + piece + text.slice(at + 1)
    if (way < 0.8) return text.slice(0, at) + text.slice(at + 1 + Math.floor(random() * 5))
    return text.slice(0, Math.max(at, other)) + text.slice(Math.min(at, other))
  })

describe("the scanner of TOML", () => {
  it("finds what the parser finds, or gives up", () => {
    assert.isTrue(check(sample))
    const random = makeRandom(1)
    const scanned = mutants(sample, 20_000, random).filter(check).length
    assert.isAbove(scanned, 2_000)
  })

  it("gives up on what is rare or wrong", () => {
    const texts = [
      ...["a = 2024-01-01", "a = 1.5", "a = 0x1", "a = 01", "a = +1", "a = 1_0", "a = \"\\u0041\"", "[[a]]", "a = inf"],
      ...[
        "a = 1\na = 2",
        "[a]\n[a]",
        "[a.b]\n[a]\nb.c = 1",
        "a.b = 1\n[a]",
        "a = {b = 1}\n[a.c]",
        "a = \"x",
        "a",
        "[a"
      ],
      ...[
        "a = 1 b = 2",
        "a = truex",
        "a = \"\"\"\\x41\"\"\"",
        "a = \"\n\"",
        "a = \"\u0001\"",
        "# \u0001",
        "a = [1 2]",
        "= 1"
      ]
    ]
    for (const text of texts) assert.isUndefined(scan(text), text)
  })

  const corpus = fileURLToPath(new URL("../../../../../shared/corpus/", import.meta.url))
  it.skipIf(!existsSync(corpus))("agrees with the parser on real files, and seldom gives up", () => {
    const files = readdirSync(corpus, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".toml"))
    const random = makeRandom(2)
    let scanned = 0
    for (const file of files) {
      const text = readFileSync(corpus + file, "utf8")
      if (check(text)) scanned++
      for (const mutant of mutants(text.slice(0, 4_000), 5, random)) check(mutant)
    }
    assert.isAbove(scanned / files.length, 0.8)
  })
})
