import { assert, describe, it } from "@effect/vitest"
import * as Either from "effect/Either"
import * as PixiManifest from "../../src/manifest/PixiManifest.js"

const encode = (text: string) => new TextEncoder().encode(text)

const read = (bytes: Uint8Array, fileName: PixiManifest.FileName = "pixi.toml") =>
  PixiManifest.document({ bytes, fileName })

const problem = (bytes: Uint8Array) => Either.getOrThrow(Either.flip(read(bytes)))

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
  it("is a value or a problem, whatever of it is changed", () => {
    const random = makeRandom(7)
    let values = 0
    for (let round = 0; round < 10_000; round++) {
      const bytes = sample.slice(0, random() < 0.2 ? Math.floor(random() * sample.length) : undefined)
      for (let count = Math.floor(random() * 4); count >= 0; count--) {
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256)
      }
      for (const strict of [false, true]) {
        const decoded = PixiManifest.document({ bytes, fileName: "pyproject.toml" }, { strict })
        if (Either.isLeft(decoded)) assert.isNotEmpty(decoded.left.reason)
        else {
          values++
          for (const environment of Object.keys(decoded.right.environments)) {
            PixiManifest.environment(decoded.right, { environment, platform: "linux-64" })
          }
        }
      }
    }
    assert.isAbove(values, 200)
  })

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
    const document = Either.getOrThrow(read(encode(text)))
    assert.deepStrictEqual(
      Object.entries(document.defaultFeature.dependencies ?? {}),
      [["constructor", { version: "1" }], ["__proto__", { version: "2" }], ["toString", { version: "3" }]]
    )
    assert.deepStrictEqual(Object.keys(document.features), ["__proto__"])
    const environment = PixiManifest.environment(document, { environment: "constructor", platform: "linux-64" })
    assert.isTrue(Either.isLeft(environment))
    const withPlatform = Either.getOrThrow(
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

  it("that is not UTF-8 is a problem with its place", () => {
    assert.deepStrictEqual(problem(new Uint8Array([...encode("a = 1\nb = \"é"), 0xff, 0x22])), {
      reason: "it is not UTF-8",
      path: [],
      line: 2,
      column: 7
    })
    assert.include(problem(new Uint8Array([...encode("a = \"é"), 0xc3])), { line: 1, column: 7 })
  })

  it("that is nested deeply is a problem", () => {
    const brackets = (count: number) => `${"[".repeat(count)}${"]".repeat(count)}`
    const deep = [
      `${head}[tasks]\na = { cmd = ${brackets(100_000)} }`,
      `${head}x = ${"{ a = ".repeat(100_000)}1${" }".repeat(100_000)}`,
      `${head}[dependencies]\nx = ${"{ when = { all = [".repeat(300)}"y"${"] } }".repeat(300)}`,
      `${head}[${"a.".repeat(100_000)}a]`
    ]
    for (const text of deep) {
      const decoded = read(encode(text))
      if (Either.isLeft(decoded)) assert.isNotEmpty(decoded.left.reason)
    }
  })

  it("of ten megabytes is a value or a problem, in a time that does not grow with the square of its size", () => {
    const repeated = (count: number, line: (index: number) => string) =>
      encode(`${head}[dependencies]\n${Array.from({ length: count }, (_, index) => line(index)).join("\n")}\n`)
    const makers: ReadonlyArray<(count: number) => Uint8Array> = [
      (count) => repeated(count, (index) => `package-${index} = ">=1.${index},<2"`),
      (count) => repeated(count, (index) => `p${index} = { version = ${index} }`),
      (count) => repeated(count, (index) => `p${index} = { unknown-${index} = "x" }`),
      (count) => repeated(count, () => "# é a comment that says nothing at all"),
      (count) => encode(`${head}x = "${"\\u0041".repeat(count * 5)}"`),
      (count) => encode(`${head}authors = [${"\"a\", ".repeat(count * 5)}]`),
      (count) => encode(`${head}name = "${" ".repeat(count * 30)}`),
      (count) => encode(`${head}[tasks]\n${"a.".repeat(count * 10)}b = 1`)
    ]
    // In the time limit of the test: with the square of the size it would take hours.
    for (const make of makers) {
      const decoded = read(make(300_000))
      if (Either.isLeft(decoded)) assert.isNotEmpty(decoded.left.reason)
    }
  }, 120_000)
})
