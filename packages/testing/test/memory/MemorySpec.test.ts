import { assert, describe, it } from "@effect/vitest"
import * as Either from "effect/Either"
import * as MemorySpec from "../../src/memory/MemorySpec.js"

const valid: ReadonlyArray<readonly [text: string, formatted: string, versions: string]> = [
  ["greet", "greet", "*"],
  ["Greet", "greet", "*"],
  [" greet ", "greet", "*"],
  ["greet *", "greet", "*"],
  ["greet==1.0", "greet==1.0", "==1.0"],
  ["greet >=1, <2", "greet>=1,<2", ">=1,<2"],
  ["greet==1.*", "greet==1.*", "==1.*"],
  ["greet~=1.0", "greet~=1.0", "~=1.0"],
  ["ruamel.yaml!=1", "ruamel.yaml!=1", "!=1"]
]

const refused: ReadonlyArray<readonly [text: string, reason: RegExp]> = [
  ["", /empty/],
  ["  ", /empty/],
  ["--help", /package name/],
  ["==1.0", /package name/],
  ["greet\n", /control character/],
  ["gr eet", /"eet"/],
  ["gr eet==", /"eet=="/],
  ["greet==", /operator/],
  ["greet>=1,", /missing/],
  ["greet=1.0", /"="/],
  ["greet===1.0", /===/],
  ["greet[extra]", /extra/],
  ["greet @ https://example.org", /@/]
]

describe("MemorySpec", () => {
  it.each(valid)("%j", (text, formatted, versions) => {
    const spec = Either.getOrThrow(MemorySpec.parse(text))
    assert.deepStrictEqual([MemorySpec.format(spec), MemorySpec.versions(spec)], [formatted, versions])
    assert.strictEqual(MemorySpec.isBare(spec), versions === "*")
  })

  it.each(refused)("%j", (text, reason) => {
    assert.match(Either.getOrThrow(Either.flip(MemorySpec.parse(text))), reason)
  })

  it("a package is named once, or twice alike", () => {
    assert.strictEqual(Either.getOrThrow(MemorySpec.parseAll(["greet>=1", "Greet >=1"])).length, 1)
    const { reason, spec } = Either.getOrThrow(Either.flip(MemorySpec.parseAll(["greet>=1", "app", "greet"])))
    assert.deepStrictEqual([spec, reason], ["greet", "\"greet>=1\" names the same package"])
  })
})
