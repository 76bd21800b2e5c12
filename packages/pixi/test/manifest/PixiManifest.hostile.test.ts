import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as PixiManifest from "../../src/manifest/PixiManifest.js"

const encode = (text: string) => new TextEncoder().encode(text)

const read = (bytes: Uint8Array, fileName: PixiManifest.FileName = "pixi.toml") =>
  PixiManifest.document({ bytes, fileName })

const problem = (bytes: Uint8Array) => Effect.flip(read(bytes))

const head = "[workspace]\nchannels = []\n"

const sample = encode(`# a comment
[project]
name = "é"
requires-python = ">=3.10"
dependencies = ["requests[socks]>=2 ; python_version < '3.12'"]
[dependency-groups]
test = ["pytest", { include-group = "lint" }]
lint = ["ruff"]
[tool.pixi.workspace]
name = "é"
channels = ["a", { channel = "b", priority = 1 }]
platforms = ["linux-64", { name = "gpu", platform = "linux-64", cuda = "12" }]
preview = ["pixi-build"]
[tool.pixi.dependencies]
numpy = { version = ">=2", when = { all = ["python >=3", { package = "x", version = "1.*" }] } }
local = { path = ".", package = { build = { backend = { name = "b", version = "*" } } } }
[tool.pixi.tasks]
a = [{ task = "b", args = ["c"] }]
b = { cmd = ["x", "y"], depends-on = ["c"], args = [{ arg = "z", default = "1", choices = ["1"] }] }
[tool.pixi.environments]
e = { features = ["test"], solve-group = "s" }
f = ["lint"]
[tool.pixi.target.unix.activation]
env = { A = "b" }
`)

const makeRandom = (seed: number) => () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
  return seed / 2 ** 32
}

describe("a hostile manifest", () => {
  it.effect("is a value or a problem, whatever of it is changed", () =>
    Effect.gen(function*() {
      const random = makeRandom(7)
      let values = 0
      for (let round = 0; round < 10_000; round++) {
        const bytes = sample.slice(0, random() < 0.2 ? Math.floor(random() * sample.length) : undefined)
        for (let count = Math.floor(random() * 4); count >= 0; count--) {
          bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256)
        }
        const decoded = yield* Effect.either(
          PixiManifest.document({ bytes, fileName: "pyproject.toml" }, {
            onExcessProperty: round % 2 === 0 ? "ignore" : "error"
          })
        )
        if (Either.isLeft(decoded)) assert.isNotEmpty(decoded.left.reason)
        else {
          values++
          for (const environment of Object.keys(decoded.right.environments)) {
            PixiManifest.environment(decoded.right, { environment, platform: "linux-64" })
          }
        }
      }
      assert.isAbove(values, 200)
    }), 60_000)

  it("keeps names of JavaScript's as data", () => {
    const text = `${head}[dependencies]
constructor = "1"
__proto__ = "2"
toString = { version = "3" }
[tasks]
__proto__ = "echo"
[feature.__proto__.dependencies]
x = "*"
[environments]
constructor = ["__proto__"]
[tool.__proto__]
polluted = true
`
    const document = Effect.runSync(read(encode(text)))
    assert.deepStrictEqual(
      Object.entries(document.defaultFeature.dependencies ?? {}),
      [["constructor", { version: "1" }], ["__proto__", { version: "2" }], ["toString", { version: "3" }]]
    )
    assert.deepStrictEqual(Object.keys(document.features), ["__proto__"])
    const environment = PixiManifest.environment(document, { environment: "constructor", platform: "linux-64" })
    assert.isTrue(Either.isLeft(environment))
    const withPlatform = Effect.runSync(
      read(encode(text.replace("channels", "platforms = [\"linux-64\"]\nchannels")))
    )
    const selected = Either.getOrThrow(
      PixiManifest.environment(withPlatform, { environment: "constructor", platform: "linux-64" })
    )
    assert.deepStrictEqual(
      Object.keys(selected.dependencies),
      ["x", "constructor", "__proto__", "tostring"].map((name) => name === "tostring" ? "toString" : name)
    )
    assert.deepStrictEqual(Object.entries(selected.tasks), [["__proto__", { command: "echo" }]])
    assert.isUndefined(({} as Record<string, unknown>)["polluted"])
    assert.isTrue(Either.isLeft(PixiManifest.environment(document, { environment: "toString", platform: "linux-64" })))
  })

  it.effect("that is not UTF-8 is a problem with its place", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* problem(new Uint8Array([...encode("a = 1\nb = \"é"), 0xff, 0x22])), {
        reason: "it is not UTF-8",
        path: [],
        line: 2,
        column: 7
      })
      assert.deepInclude(yield* problem(new Uint8Array([...encode("a = \"é"), 0xc3])), { line: 1, column: 7 })
    }))

  it.effect("that is nested deeply is a value or a problem", () =>
    Effect.gen(function*() {
      const brackets = (count: number) => `${"[".repeat(count)}${"]".repeat(count)}`
      const conditions = (count: number) =>
        Array.from({ length: count }, (_, depth) => `[[dependencies.x.when${".all".repeat(depth + 1)}]]`).join("\n")
      const deep = [
        `${head}[tasks]\na = { cmd = ${brackets(10_000)} }`,
        `${head}x = ${"{ a = ".repeat(10_000)}1${" }".repeat(10_000)}`,
        `${head}[dependencies]\nx = ${"{ when = { all = [".repeat(300)}"y"${"] } }".repeat(300)}`,
        `${head}[dependencies]\nx = { when = ${"{ all = [".repeat(400)}"y"${"] }".repeat(400)} }`,
        `${head}${conditions(300)}`,
        `${head}[tasks.x]\ncmd = { ${"a.".repeat(10_000)}a = 1 }`,
        `${head}[${"a.".repeat(10_000)}a]`
      ]
      for (const text of deep) {
        for (const onExcessProperty of ["ignore", "error"] as const) {
          const source = { bytes: encode(text), fileName: "pixi.toml" } as const
          for (const { reason } of yield* PixiManifest.problems(source, { onExcessProperty })) {
            assert.isNotEmpty(reason)
            assert.isBelow(reason.length, 50_000)
          }
        }
      }
    }), 60_000)

  it.effect(
    "of a megabyte is a value or a problem, in a time that does not grow with the square of its size",
    () =>
      Effect.gen(function*() {
        const filled = (start: string, line: (index: number) => string) => {
          const lines = [start]
          for (let length = start.length, index = 0; length < 980_000; index++) {
            length += lines[lines.push(line(index)) - 1]?.length ?? 0
          }
          return encode(lines.join(""))
        }
        const dependencies = `${head}[dependencies]\n`
        const pyproject = "[tool.pixi.workspace]\nchannels = []\n"
        const manifests = [
          filled(dependencies, (index) => `package-${index} = ">=1.${index},<2"\n`),
          filled(dependencies, (index) => `p${index} = { version = ${index} }\n`),
          filled(dependencies, (index) => `p${index} = { unknown-${index} = "x" }\n`),
          filled(dependencies, () => "# a comment that says nothing at all\n"),
          filled(`${head}x = "`, () => "\\u0041"),
          filled(`${head}authors = [`, () => "\"a\", "),
          filled(`${head}name = "`, () => "       "),
          filled(`${head}[tasks]\nx`, () => ".a"),
          filled(`${head}[environments]\n`, (index) => `e${index} = ["f"]\n`)
        ]
        const projects = [
          filled(
            `${pyproject}[dependency-groups]\n`,
            (index) => `g${index} = [{ include-group = "g${index + 1}" }, { include-group = "g${index + 1}" }]\n`
          ),
          filled(`${pyproject}[project]\nname = "x"\ndependencies = [`, (index) => `"a>${index}", `)
        ]
        const sources = [
          ...manifests.map((bytes) => ({ bytes, fileName: "pixi.toml" as const })),
          ...projects.map((bytes) => ({ bytes, fileName: "pyproject.toml" as const }))
        ]
        // With the square of the size they would take hours.
        for (const source of sources) {
          for (const { reason } of yield* PixiManifest.problems(source, { onExcessProperty: "error" })) {
            assert.isNotEmpty(reason)
          }
        }
      }),
    300_000
  )
})
