import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FastCheck from "effect/FastCheck"
import * as Fiber from "effect/Fiber"
import * as Yaml from "js-yaml"
import { existsSync, readFileSync } from "node:fs"
import * as PixiLock from "../../src/lock/PixiLock.js"
import * as PlainYaml from "../../src/lock/PlainYaml.js"

const fixtures = [4, 5, 6, 7].map((format) =>
  readFileSync(new URL(`locks/format-${format}.lock`, import.meta.url), "utf8")
)

/** pixi writes no comments: with one, the text is left to the YAML library. */
const slowly = (text: string) => Effect.runSyncExit(PixiLock.read(`# slowly\n${text}`))

const outcome = (exit: Exit.Exit<PixiLock.PixiLock, PixiLock.PixiLockError>): unknown => {
  if (Exit.isSuccess(exit)) return exit.value
  // An error may show a value, without what PlainYaml leaves out.
  return exit.cause._tag === "Fail" ? exit.cause.error.reason.replace(/, actual \{[^]*$/, "") : exit.cause
}

const assertSame = (text: string) => {
  const exit = Effect.runSyncExit(PixiLock.read(text))
  if (Exit.isFailure(exit)) assert.strictEqual(exit.cause._tag, "Fail", text)
  assert.deepStrictEqual(outcome(exit), outcome(slowly(text)))
}

const failsafe = Yaml.FAILSAFE_SCHEMA.withTags(Yaml.nullCoreTag)

class Everything extends Set<string> {
  override has(): boolean {
    return true
  }
}

const fields = new Set(["conda", "pypi", "name", "depends", "a"])

const isRecord = (node: unknown): node is { readonly [key: string]: unknown } =>
  typeof node === "object" && node !== null && !Array.isArray(node)

/** What is left if items of sequences have only these keys. */
const kept = (node: unknown, isItem = false): unknown => {
  if (Array.isArray(node)) return node.map((item) => kept(item, true))
  if (!isRecord(node)) return node
  const entries = Object.entries(node).filter(([key]) => !isItem || fields.has(key))
  return Object.fromEntries(entries.map(([key, value]) => [key, kept(value)]))
}

/** Whether the text was read; then the YAML library must read the same. */
const assertRead = (text: string): boolean => {
  const read = PlainYaml.parse(text, new Everything())
  const partial = PlainYaml.parse(text, fields)
  assert.strictEqual(read === undefined, partial === undefined, text)
  if (read === undefined) return false
  const expected = Yaml.load(text, { schema: failsafe, maxAliases: 0 })
  assert.deepStrictEqual(read, expected, text)
  assert.deepStrictEqual(kept(partial), kept(expected), text)
  return true
}

const times = { numRuns: 3000 }

const values = [
  "a",
  "1.10",
  "null",
  "~",
  "~=3.9",
  "''",
  "'it''s'",
  "'open",
  "\"quoted\"",
  "\"\\n\"",
  "[]",
  "{}",
  "[a]",
  "{a: b}",
  "&a b",
  "*a",
  "!t a",
  "|",
  ">-",
  ">=3",
  "@a",
  "%a",
  "- a",
  "-a",
  "?a",
  "? a",
  "a: b",
  "a:b",
  "a:",
  "a #b",
  "a#b",
  "#b",
  "a ",
  " a",
  "a\tb",
  "é",
  "\u0007",
  "a\r",
  "https://h/a-1-0.conda",
  "./a",
  "<<",
  "=",
  "---",
  "...",
  ".",
  "a'b",
  "a\"b",
  "a, b",
  "a]",
  "`a`",
  ",a",
  "(a)"
]

const keys = [
  "a",
  "b",
  "packages",
  "environments",
  "conda",
  "pypi",
  "name",
  "depends",
  "license",
  "null",
  "~",
  "__proto__",
  "constructor",
  "<<",
  "1",
  "'a'",
  "a b",
  "-a",
  "a-b"
]

const line = FastCheck.tuple(
  FastCheck.integer({ min: 0, max: 6 }),
  FastCheck.constantFrom("", "", "", "- ", "- ", "-", "- - ", "-  "),
  FastCheck.option(FastCheck.constantFrom(...keys), { freq: 4 }),
  FastCheck.constantFrom(": ", ": ", ":", ":  ", " : "),
  FastCheck.option(FastCheck.constantFrom(...values), { freq: 3 })
).map(([indent, item, key, colon, value]) =>
  `${" ".repeat(indent)}${item}${key === null ? "" : `${key}${value === null ? ":" : colon}`}${value ?? ""}`
)

/** Lines that mostly fit to each other. */
const regular = FastCheck.array(
  FastCheck.tuple(
    FastCheck.constantFrom(0, 0, 1, 2, 3),
    FastCheck.constantFrom("", "", "- "),
    FastCheck.constantFrom("a", "b", "c", "packages", "environments", "conda", "depends"),
    FastCheck.option(FastCheck.constantFrom(...values), { freq: 1 })
  ),
  { maxLength: 12 }
).map((lines) =>
  lines.map(([indent, item, key, value]) =>
    `${"  ".repeat(indent)}${item}${key}:${value === null ? "" : ` ${value}`}\n`
  )
    .join("")
)

describe("PlainYaml.parse", () => {
  it("reads what pixi writes", () => {
    for (const text of fixtures) {
      assert.isTrue(assertRead(text))
      assertSame(text)
    }
  })

  it("gives for lines of any kind what the YAML library gives, or nothing", () => {
    FastCheck.assert(
      FastCheck.property(FastCheck.array(line, { maxLength: 8 }), (lines) => {
        assertRead(`${lines.join("\n")}\n`)
      }),
      times
    )
  })

  it("gives for lines that fit to each other what the YAML library gives, or nothing", () => {
    let taken = 0
    FastCheck.assert(
      FastCheck.property(regular, (text) => {
        if (assertRead(text)) taken++
      }),
      times
    )
    assert.isAbove(taken, 50)
  })

  it("gives for each value in each place what the YAML library gives, or nothing", () => {
    for (const value of values) {
      for (const key of keys) {
        for (
          const text of [
            `${key}: ${value}\n`,
            `a:\n  ${key}: ${value}\n`,
            `a:\n- ${value}\n- ${key}: ${value}\n`,
            `packages:\n- ${key}: ${value}\n  name: ${value}\n  depends:\n  - ${value}\n`,
            `environments:\n  a:\n    packages:\n      p:\n      - conda: ${value}\n      - ${key}: ${value}\n`,
            `environments:\n  a:\n    packages:\n      p:\n      - conda: ./a\n      - pypi: ${value}\n        name: b\n`
          ]
        ) assertRead(text)
      }
    }
  })

  it("reads values and keys of any length", () => {
    const text = `packages:\n${"- conda: https://h/c/noarch/a-1-0.conda\n  depends:\n  - b\n  - c >=1\n".repeat(5000)}`
    assert.isTrue(assertRead(text))
    assert.isTrue(assertRead(`packages:\n- conda: ${"a".repeat(1_000_000)}\n  name: '${"'".repeat(1_000_000)}'\n`))
    assert.isTrue(assertRead(`${"a".repeat(1_000_000)}: b\n`))
  })

  it("leaves duplicate keys to the YAML library, also of what items leave out", () => {
    const many = Array.from({ length: 100 }, (_, at) => `  k${at}: a\n`).join("")
    assert.isTrue(assertRead(`- name: a\n${many}- name: b\n${many}`))
    for (const key of ["name", "k0", "k30", "k31", "k32", "k99"]) {
      assert.isFalse(assertRead(`- name: a\n${many}  ${key}: b\n`))
      assert.isFalse(assertRead(`- name: a\n${many}  source:\n    ${key}: b\n    ${key}: c\n`))
      assert.isTrue(assertRead(`- name: a\n${many}  source:\n    ${key}: b\n  sources:\n  - ${key}: c\n    d: e\n`))
      assert.isFalse(assertRead(`- name: a\n${many}  sources:\n  - ${key}: c\n    d: e\n  ${key}: f\n`))
    }
  })

  it("leaves what has no end of a line, or is nested deeply", () => {
    for (const text of ["", "\n", "a: b", "a:", "a: b\n ", `${"- ".repeat(1000)}a\n`]) {
      assert.isFalse(assertRead(text))
    }
    const deep = Array.from({ length: 1000 }, (_, depth) => `${" ".repeat(depth)}a:\n`).join("")
    assert.isFalse(assertRead(deep))
  })
})

const edits = FastCheck.array(
  FastCheck.record({
    at: FastCheck.nat(),
    edit: FastCheck.constantFrom<(line: string) => ReadonlyArray<string>>(
      () => [],
      (line) => [line, line],
      (line) => [` ${line}`],
      (line) => [line.replace(/^ /, "")],
      (line) => [`${line} `],
      (line) => [`${line} # comment`],
      (line) => ["# comment", line],
      (line) => ["", line],
      (line) => [line.replace(/: (.*)/, ": '$1'")],
      (line) => [line.replace(/: (.*)/, ": \"$1\"")],
      (line) => [line.replace(/^( *)- (.*)/, "$1- '$2'")],
      (line) => [line.replace(/^( *)(\w+):/, "$1'$2':")],
      (line) => [line.replace(/: .*/, ": null")],
      (line) => [line.replace(/: .*/, ":")],
      (line) => [line.replace(/: .*/, ": [a, b]")],
      (line) => [line.replace(/: (.*)/, ":  $1")],
      (line) => [line.replace(/: (.*)/, ":\n          $1")],
      (line) => [line, "          more"],
      (line) => [`${line}\r`],
      (line) => [line.replace(/[a-z]/, "é")],
      (line) => [line.slice(0, line.length >> 1)],
      (line) => [line.replace("conda", "pypi")]
    )
  }),
  { minLength: 1, maxLength: 3 }
)

describe("PixiLock.read", () => {
  it("is the same by PlainYaml and by the YAML library, however the text was changed", () => {
    FastCheck.assert(
      FastCheck.property(FastCheck.constantFrom(...fixtures), edits, (text, edits) => {
        const changed = edits.reduce((lines, { at, edit }) => {
          const index = at % lines.length
          return lines.toSpliced(index, 1, ...edit(lines[index] ?? ""))
        }, text.split("\n"))
        assertSame(changed.join("\n"))
      }),
      { numRuns: 1500 }
    )
  })

  it("is the same when packages and references have another order", () => {
    FastCheck.assert(
      FastCheck.property(
        FastCheck.constantFrom(...fixtures),
        FastCheck.infiniteStream(FastCheck.nat()),
        (text, order) => {
          const [head = "", ...items] = text.split(/\n(?=- (?:conda|pypi|kind):)/)
          const shuffled = items.map((item) => ({ item: item.trimEnd(), at: order.next().value }))
            .sort((a, b) => Number(a.at) - Number(b.at))
            .map(({ item }) => item)
          const references = head.replace(
            /(?: {6}- .*\n)+/g,
            (lines) => lines.split("\n").reverse().slice(1).join("\n") + "\n"
          )
          assertSame(`${[references, ...shuffled].join("\n")}\n`)
        }
      ),
      { numRuns: 200 }
    )
  })
})

const corpus = new URL("../../../../../shared/corpus/", import.meta.url)
const present = existsSync(new URL("INDEX.tsv", corpus))

describe(`the corpus in ../shared/corpus${present ? "" : ", which is not here: passed over"}`, () => {
  it.skipIf(!present)("is the same by PlainYaml and by the YAML library", () => {
    const locks = readFileSync(new URL("INDEX.tsv", corpus), "utf8").split("\n").slice(1)
      .map((line) => line.split("\t"))
      .flatMap(([file = "", kind]) => kind === "pixi.lock" ? [file] : [])
    let taken = 0
    for (const file of locks) {
      const text = readFileSync(new URL(encodeURI(file), corpus), "utf8")
      assertSame(text)
      if (assertRead(text)) taken++
    }
    assert.isAbove(taken, locks.length * 0.8)
  }, 60_000)
})

describe("a text that is read in parts", () => {
  const head = "version: 6\nenvironments:\n  default:\n    packages: {}\n"
  const packages = Array.from(
    { length: 40_000 },
    (_, at) => `- conda: https://c/${at}\n  depends:\n  - a\n  - b >=${at}\n`
  )
  const text = `${head}packages:\n${packages.join("")}`

  it.live("is read as at once, while others run", () =>
    Effect.gen(function*() {
      let turns = 0
      const others = yield* Effect.fork(Effect.forever(Effect.andThen(Effect.sleep(0), Effect.sync(() => turns++))))
      assert.deepStrictEqual(
        yield* PlainYaml.parseInParts(text, fields, PlainYaml.pauseFor(text)),
        PlainYaml.parse(text, fields)
      )
      yield* Fiber.interrupt(others)
      assert.isAtLeast(turns, 2)
    }))

  it.live("is left to the YAML library if anything else is in it", () =>
    Effect.gen(function*() {
      for (const other of ["last: 1\n", "packages:\n- conda: x\n", "# comment\n", " - odd\n", "é"]) {
        assert.isUndefined(yield* PlainYaml.parseInParts(`${text}${other}`, fields, Effect.void), other)
      }
      assert.isUndefined(yield* PlainYaml.parseInParts(`packages: []\n${text}`, fields, Effect.void))
    }))
})
