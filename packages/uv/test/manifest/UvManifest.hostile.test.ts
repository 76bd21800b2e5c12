import * as Pep508 from "@darb/python/Pep508"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { readFileSync } from "node:fs"
import * as UvLock from "../../src/lock/UvLock.js"
import * as UvManifest from "../../src/manifest/UvManifest.js"

const fixture = (name: string) => readFileSync(new URL(`../uv-locks/${name}`, import.meta.url))

/** The same numbers in every run. */
const makeRandom = (seed: number) => {
  let state = seed
  return (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor(state / 4_294_967_296 * below)
  }
}

const snippets = [
  "__proto__ = 1\n",
  "[",
  "]]",
  "{",
  "\"",
  "'''",
  "\0",
  "=",
  "1e999",
  "[tool.uv.sources]\n",
  "é",
  "\r",
  "x."
]

const mutated = (bytes: Uint8Array, random: (below: number) => number): Uint8Array => {
  const copy = Uint8Array.from(bytes)
  const at = random(copy.length)
  switch (random(4)) {
    case 0:
      copy[at] = random(256)
      return copy
    case 1:
      return copy.subarray(0, at)
    case 2: {
      const end = at + random(60)
      return Uint8Array.from([...copy.subarray(0, at), ...copy.subarray(end)])
    }
    default: {
      const snippet = new TextEncoder().encode(snippets[random(snippets.length)] ?? "")
      return Uint8Array.from([...copy.subarray(0, at), ...snippet, ...copy.subarray(at)])
    }
  }
}

const environment = Pep508.environmentOf("linux-64", "3.12.0")

const encode = (source: Uint8Array | string) => typeof source === "string" ? new TextEncoder().encode(source) : source

const tryLock = (source: Uint8Array | string) =>
  UvLock.decode(encode(source)).pipe(
    Effect.map((lock) => UvLock.applicable(lock, { environment, extras: "all", groups: "all" })),
    Effect.either
  )

const tryManifest = (source: Uint8Array | string) =>
  UvManifest.decode(encode(source)).pipe(
    Effect.map(({ value }) => UvManifest.requirements(value, { environment })),
    Effect.either
  )

describe("hostile input", () => {
  it.effect("is a value or an error, whatever changes", () =>
    Effect.gen(function*() {
      const random = makeRandom(4)
      for (const name of ["workspace", "conflicts", "forks"]) {
        const [lock, manifest] = [fixture(`${name}/uv.lock`), fixture(`${name}/pyproject.toml`)]
        for (let count = 0; count < 300; count++) {
          const [changedLock, changedManifest] = [mutated(lock, random), mutated(manifest, random)]
          assert.isTrue(Either.isEither(yield* tryLock(changedLock)))
          assert.isTrue(Either.isEither(yield* tryManifest(changedManifest)))
          assert.isBoolean(yield* UvManifest.mentionsUv(changedManifest))
        }
      }
    }))

  it.effect("of any type is a value or an error", () =>
    Effect.gen(function*() {
      const values = [
        "1",
        "\"x\"",
        "[]",
        "[1]",
        "{}",
        "{ x = 1 }",
        "2024-01-01",
        "1.5",
        "inf",
        "true",
        "[[[]]]",
        "18446744073709551616"
      ]
      const keys = [
        "project",
        "project.name",
        "project.dependencies",
        "project.optional-dependencies",
        "dependency-groups",
        "dependency-groups.a",
        "tool",
        "tool.uv",
        "tool.uv.sources",
        "tool.uv.sources.a",
        "tool.uv.index",
        "tool.uv.conflicts",
        "tool.uv.workspace",
        "tool.uv.environments",
        "tool.uv.default-groups",
        "tool.uv.override-dependencies",
        "tool.uv.dependency-groups",
        "tool.uv.pip",
        "build-system",
        "__proto__",
        "project.__proto__",
        "tool.uv.sources.__proto__"
      ]
      for (const key of keys) {
        for (const value of values) assert.isTrue(Either.isEither(yield* tryManifest(`${key} = ${value}`)))
      }
      const lockKeys = [
        "revision",
        "conflicts",
        "options",
        "manifest",
        "manifest.members",
        "manifest.requirements",
        "resolution-markers",
        "package",
        "distribution",
        "__proto__"
      ]
      for (const key of lockKeys) {
        for (const value of values) {
          assert.isTrue(Either.isEither(yield* tryLock(`version = 1\nrequires-python = ""\n${key} = ${value}`)))
        }
      }
      for (
        const key of [
          "version",
          "source",
          "dependencies",
          "wheels",
          "sdist",
          "metadata",
          "dev-dependencies",
          "source.__proto__"
        ]
      ) {
        for (const value of values) {
          assert.isTrue(
            Either.isEither(
              yield* tryLock(`version = 1\nrequires-python = ""\n[[package]]\nname = "a"\n${key} = ${value}`)
            )
          )
        }
      }
      assert.strictEqual(Object.hasOwn(Object.prototype, "x"), false)
    }))

  it.effect("that is not text is an error", () =>
    Effect.gen(function*() {
      for (const bytes of [Uint8Array.of(0xff, 0xfe), Uint8Array.of(0x61, 0xc3), new Uint8Array(1_000)]) {
        assert.isTrue(Either.isLeft(yield* tryManifest(bytes)))
        assert.isTrue(Either.isLeft(yield* tryLock(bytes)))
      }
      assert.isTrue(Either.isLeft(yield* tryManifest(new Uint8Array(100_000_000))))
    }))

  it.effect("that is long, deep or tangled takes no longer than it is long", () =>
    Effect.gen(function*() {
      const chain = Array.from(
        { length: 20_000 },
        (_, index) => `g${index} = [{ include-group = "g${index + 1}" }, "a${index}"]`
      )
      const texts = [
        "a = " + "[".repeat(1_000_000),
        "a = " + "{ a = ".repeat(100_000),
        "a.".repeat(100_000) + "a = 1",
        `project.dependencies = ["${"a".repeat(1_000_000)}"]`,
        `project.dependencies = ["a${">=1,".repeat(200_000)}"]`,
        `project.dependencies = ["a; ${"(".repeat(500_000)}"]`,
        `project.dependencies = ["a; ${"os_name == 'nt' or ".repeat(50_000)}os_name == ''"]`,
        `project.dependencies = ["a @ ${" ".repeat(500_000)}x;"]`,
        `project.dependencies = ["a @ https://${" ;".repeat(100_000)}"]`,
        `project.requires-python = ">=${"1.".repeat(300_000)}1"`,
        `project.version = "1.0+${"a.".repeat(300_000)}"`,
        `tool.uv.workspace.members = ["${"[a".repeat(200_000)}"]`,
        "[tool.uv]\n" + Array.from({ length: 20_000 }, (_, index) => `key${index} = 1`).join("\n"),
        "[dependency-groups]\n" + chain.join("\n") + "\ng20000 = []",
        "[dependency-groups]\n" + chain.join("\n") + "\ng20000 = [{ include-group = \"g0\" }]"
      ]
      for (const text of texts) assert.isTrue(Either.isEither(yield* tryManifest(text)), text.slice(0, 60))
    }))

  it.effect("a lock of several megabytes is read at once", () =>
    Effect.gen(function*() {
      const count = 8_000
      const packages = Array.from({ length: count }, (_, index) =>
        `[[package]]
name = "package-${index}"
version = "1.10"
source = { registry = "https://pypi.org/simple" }
dependencies = [
    { name = "package-${(index + 1) % count}", marker = "sys_platform != 'win32' or extra == 'extra-4-demo-x'" },
    { name = "package-${(index * 7) % count}", extra = ["x"] },
]
wheels = [
    { url = "https://files.pythonhosted.org/packages/00/package_${index}-1.10-py3-none-any.whl", hash = "sha256:${
          "0".repeat(64)
        }", size = 1 },
]
[package.optional-dependencies]
x = [{ name = "package-${(index + 2) % count}" }]
`)
      const lock = `version = 1
requires-python = ">=3.11"
conflicts = [[{ package = "demo", extra = "x" }, { package = "demo", extra = "y" }]]
[[package]]
name = "demo"
version = "0.1.0"
source = { editable = "." }
dependencies = [{ name = "package-0" }]
${packages.join("\n")}`
      assert.isAbove(lock.length, 3_000_000)
      const found = yield* tryLock(lock)
      assert.strictEqual(Either.getOrThrow(found).length, count)
    }))
})
