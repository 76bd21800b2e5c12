import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import * as Table from "../../src/driver/Table.js"
import * as Toml from "../../src/driver/Toml.js"

const even = (text: string) =>
  Number(text) % 2 === 0 ? Either.right(Number(text)) : Either.left({ reason: "Expected an even number" })

const Server = Table.struct({
  hostName: Schema.String,
  port: Table.optional(Schema.Number),
  shardNumber: Table.optional(Table.parsed(even))
}, { shard: "shardNumber" })

const decode = Toml.decoder(
  Schema.Struct({
    servers: Table.optional(Table.record(Table.shorthand("hostName", Server))),
    tags: Table.optional(Table.array(Schema.String))
  }),
  { maxBytes: 1_000 }
)

const encode = (text: string) => new TextEncoder().encode(text)

const problems = (text: string) => Effect.flip(decode(encode(text)))

describe("a decoder of TOML", () => {
  it.effect("decodes kebab-case keys, aliases and short forms", () =>
    Effect.gen(function*() {
      const text = `[servers]
a = "x"
b = { host-name = "y", port = 1 }
c = { host-name = "z", shard = "4" }
`
      const { value } = yield* decode(encode(text))
      assert.deepStrictEqual({ ...value.servers }, {
        a: { hostName: "x" },
        b: { hostName: "y", port: 1 },
        c: { hostName: "z", shardNumber: 4 }
      })
    }))

  it.effect("keeps names of JavaScript's as data", () =>
    Effect.gen(function*() {
      const { value } = yield* decode(encode("[servers]\n__proto__ = \"x\"\nconstructor = \"y\"\n"))
      assert.deepStrictEqual(Object.entries(value.servers ?? {}), [
        ["__proto__", { hostName: "x" }],
        ["constructor", { hostName: "y" }]
      ])
    }))

  it.effect("fails with all problems in the order of the file", () =>
    Effect.gen(function*() {
      const all = yield* problems(`tags = ["a", 2]
[servers.b]
port = "1"
[servers]
a = 1.10
c = { host-name = "z", shard = "3" }
`)
      assert.deepStrictEqual(all.map(({ column, line, reason }) => [line, column, reason]), [
        [1, 14, "Expected string, actual 2"],
        [2, 1, "is missing"],
        [3, 1, "Expected number, actual \"1\""],
        [5, 1, "Expected string or table, actual 1.1"],
        [6, 24, "Expected an even number"]
      ])
      assert.deepInclude(all[3], {
        path: ["servers", "a"],
        expected: "string or table",
        hint: "Did you mean \"1.10\"?"
      })
      assert.strictEqual(Toml.format(all[0]), "tags.1: Expected string, actual 2")
    }))

  it.effect("finds unknown keys when it is asked to", () =>
    Effect.gen(function*() {
      const { value, warnings } = yield* decode(encode("tag = 1\n[servers.a]\nhost-name = \"x\"\nprot = 1\n"))
      assert.deepStrictEqual({ ...value.servers }, { a: { hostName: "x" } })
      assert.deepStrictEqual((yield* warnings).map(({ hint, path }) => [path.join("."), hint]), [
        ["tag", "Did you mean tags?"],
        ["servers.a.prot", "Did you mean port?"]
      ])
      const { warnings: none } = yield* decode(encode("tags = []"))
      assert.deepStrictEqual(yield* none, [])
    }))

  it.effect("fails for what is not TOML, not UTF-8 or too large", () =>
    Effect.gen(function*() {
      const [syntax] = yield* problems("tags = []\ntags = []\n")
      assert.deepInclude(syntax, { path: [], line: 2, column: 1 })
      const [encoding] = yield* Effect.flip(decode(new Uint8Array([...encode("a = \"é"), 0xff])))
      assert.deepInclude(encoding, { reason: "it is not UTF-8", line: 1, column: 7 })
      const [size] = yield* problems(`# ${"x".repeat(1_000)}`)
      assert.strictEqual(size.reason, "the file is larger than 1000 bytes")
    }))

  it.effect("shortens long values, and stops at a hundred problems", () =>
    Effect.gen(function*() {
      const [long] = yield* problems(`servers = "${"x".repeat(500)}"`)
      assert.isBelow(long.reason.length, 150)
      assert.strictEqual((yield* problems(`tags = [${"1, ".repeat(200)}]`)).length, 100)
    }))
})
