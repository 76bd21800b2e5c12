import { assert, describe, it } from "@effect/vitest"
import * as Either from "effect/Either"
import * as Memory from "../../src/memory/Memory.js"
import * as MemorySolver from "../../src/memory/MemorySolver.js"
import * as MemorySpec from "../../src/memory/MemorySpec.js"

const solve = (
  packages: ReadonlyArray<MemorySolver.MemoryPackage>,
  specs: ReadonlyArray<string>,
  preferred: Readonly<Record<string, string>> = {}
) => {
  const index = Either.getOrThrow(MemorySolver.index(packages))
  return MemorySolver.solve(
    index,
    specs.map((spec) => Either.getOrThrow(MemorySpec.parse(spec))),
    new Map(Object.entries(preferred))
  ).pipe(Either.map((chosen) => chosen.map(({ name, version }) => `${name} ${version}`)))
}

const pack = (name: string, version: string, ...depends: ReadonlyArray<string>) => ({ name, version, depends })

describe("what is chosen", () => {
  const chosen: ReadonlyArray<
    readonly [
      what: string,
      specs: ReadonlyArray<string>,
      preferred: Readonly<Record<string, string>>,
      expected: ReadonlyArray<string>
    ]
  > = [
    ["nothing", [], {}, []],
    ["the newest", ["greet"], {}, ["greet 2.0"]],
    ["what a spec admits", ["greet>=1,<2"], {}, ["greet 1.1"]],
    ["exactly what is asked for", ["greet==1"], {}, ["greet 1.0"]],
    ["dependencies", ["app"], {}, ["app 2.0", "greet 2.0", "libleaf 0.2.0"]],
    ["an older one where the newest does not go", ["app", "greet==1.0"], {}, ["app 1.0", "greet 1.0", "libleaf 0.2.0"]],
    ["what is preferred", ["app==1.0"], { libleaf: "0.1.0", greet: "1.0" }, ["app 1.0", "greet 1.0", "libleaf 0.1.0"]],
    ["what is not preferred, where it must be", ["app==2.0"], { greet: "1.0" }, [
      ...["app 2.0", "greet 2.0", "libleaf 0.2.0"]
    ]],
    ["what is preferred and is not there", ["greet"], { greet: "7" }, ["greet 2.0"]]
  ]
  it.each(chosen)("%s", (_, specs, preferred, expected) => {
    assert.deepStrictEqual(solve(Memory.examples, specs, preferred), Either.right([...expected]))
  })

  it("numbers of a version count as numbers, and what comes before a release is older", () => {
    const packages = ["1.9", "1.10", "2.0rc1", "1.10.post1"].map((version) => pack("a", version))
    assert.deepStrictEqual(solve(packages, ["a<2"]), Either.right(["a 1.10.post1"]))
    assert.deepStrictEqual(solve([...packages, pack("a", "2")], ["a"]), Either.right(["a 2"]))
  })

  it("the last choice that led nowhere is taken back, however far it is", () => {
    const packages = [
      ...[pack("a", "2", "b"), pack("a", "1", "b", "c==1")],
      ...[pack("b", "2", "d==2"), pack("b", "1", "d==1"), pack("d", "2", "c==1"), pack("d", "1", "c==2")],
      ...[pack("c", "1"), pack("c", "2"), pack("e", "1", "c==2")]
    ]
    assert.deepStrictEqual(solve(packages, ["a", "e"]), Either.right(["a 2", "b 1", "c 2", "d 1", "e 1"]))
    assert.deepStrictEqual(solve(packages, ["e", "a"]), solve(packages, ["a", "e"]))
  })

  it("packages that need each other", () => {
    assert.deepStrictEqual(
      solve([pack("a", "1", "b"), pack("b", "2", "a>=2"), pack("b", "1", "a<2")], ["a"]),
      Either.right(["a 1", "b 1"])
    )
  })

  it("a thousand packages in a row", () => {
    const packages = Array.from({ length: 1000 }, (_, at) => pack(`p${at}`, "1", ...at > 0 ? [`p${at - 1}`] : []))
    assert.strictEqual(Either.getOrThrow(solve(packages, ["p999"])).length, 1000)
  })
})

describe("why there is no solution", () => {
  const unsolvable: ReadonlyArray<readonly [specs: ReadonlyArray<string>, explanation: string]> = [
    [["greet>=9"], "the manifest needs greet>=9, but there is only greet 2.0, 1.1, 1.0"],
    [["orphan"], "orphan 1.0 needs nowhere>=1, but there is no package nowhere"],
    [["app==2.0", "greet==1.0"], "the manifest needs greet==1.0, and"],
    [["app==2.0", "greet<2"], "app 2.0 needs greet>=2"]
  ]
  it.each(unsolvable)("%j", (specs, explanation) => {
    const reason = Either.getOrThrow(Either.flip(solve(Memory.examples, specs)))
    if (specs.length === 1) assert.strictEqual(reason, explanation)
    else assert.match(reason, /app 2\.0 needs greet>=2, which greet 1\.\d is not/)
  })

  it("a search that would not end is given up", () => {
    const versions = Array.from({ length: 30 }, (_, at) => `${at}`)
    const names = Array.from({ length: 30 }, (_, at) => `p${at}`)
    const packages = [
      ...names.flatMap((name) => versions.map((version) => pack(name, version))),
      pack("z", "1", "nowhere")
    ]
    assert.match(Either.getOrThrow(Either.flip(solve(packages, [...names, "z"]))), /gave up/)
  })
})

describe("what cannot be chosen from", () => {
  const wrong: ReadonlyArray<readonly [pack: MemorySolver.MemoryPackage, reason: RegExp]> = [
    [pack("greet", "one"), /package greet one: it is not a version/],
    [pack("gr eet", "1"), /package gr eet 1: /],
    [pack("greet==1", "1"), /its name is a spec/],
    [pack("app", "1", "greet >> 1"), /package app 1: its dependency greet >> 1: /]
  ]
  it.each(wrong)("%j", (given, reason) => {
    assert.match(Either.getOrThrow(Either.flip(MemorySolver.index([given]))), reason)
  })
  it("a version that is there twice", () => {
    const packages = [pack("greet", "1"), pack("Greet", "1.0")]
    assert.match(Either.getOrThrow(Either.flip(MemorySolver.index(packages))), /listed twice/)
  })
})
