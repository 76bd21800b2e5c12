import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Changes from "../src/Changes.js"

const located = (name: string, options: Partial<Changes.Entry> = {}): Changes.Entry => ({
  environment: "default",
  platform: "linux-64",
  kind: "conda",
  name,
  version: "1.0",
  build: "0",
  source: "https://conda.anaconda.org/conda-forge",
  ...options
})

const pypi = { kind: "pypi", build: null, source: "https://pypi.org/simple" } as const

const between = (before: ReadonlyArray<Changes.Entry>, after: ReadonlyArray<Changes.Entry>) =>
  Schema.encodeSync(Changes.Changes)(Changes.between(before, after))

const places = { environments: ["default"], platforms: ["linux-64"] }
const one = { version: "1.0", build: "0", source: "https://conda.anaconda.org/conda-forge" }

describe("Changes.between", () => {
  it.effect("names what was added, removed and changed", () =>
    Effect.sync(() => {
      assert.deepStrictEqual(
        between(
          [located("gone"), located("same"), located("newer")],
          [located("same"), located("newer", { version: "2.0", build: "1" }), located("new")]
        ),
        {
          added: [{ name: "new", kind: "conda", ...one, ...places }],
          removed: [{ name: "gone", kind: "conda", ...one, ...places }],
          changed: [{
            name: "newer",
            kind: "conda",
            before: one,
            after: { ...one, version: "2.0", build: "1" },
            ...places
          }]
        }
      )
    }))

  it("compares each of several versions at one place by itself", () => {
    const greet = (version: string) => located("greet", { ...pypi, version })
    const summary = (before: ReadonlyArray<string>, after: ReadonlyArray<string>) => {
      const changes = between(before.map(greet), after.map(greet))
      return [
        ...changes.removed.map(({ version }) => `-${version}`),
        ...changes.added.map(({ version }) => `+${version}`),
        ...changes.changed.map(({ after, before }) => `${before.version} -> ${after.version}`)
      ]
    }
    assert.deepStrictEqual(summary(["1.1", "2.0"], ["1.1", "2.0"]), [])
    assert.deepStrictEqual(summary(["1.1", "2.0"], ["2.0"]), ["-1.1"])
    assert.deepStrictEqual(summary(["2.0"], ["1.1", "2.0"]), ["+1.1"])
    assert.deepStrictEqual(summary(["1.1", "2.0"], ["1.0", "2.0"]), ["1.1 -> 1.0"])
    assert.deepStrictEqual(summary(["1.1", "2.0"], ["1.2", "2.1"]), ["1.1 -> 1.2", "2.0 -> 2.1"])
    assert.deepStrictEqual(summary(["1.1", "2.0"], ["2.1"]), ["-2.0", "1.1 -> 2.1"])
    assert.deepStrictEqual(summary(["1.1", "1.1"], ["1.1"]), ["-1.1"])
  })

  it.effect("a package that only its build or its source tells apart is changed", () =>
    Effect.sync(() => {
      const { added, changed, removed } = between(
        [located("a"), located("b"), located("c", { version: null })],
        [located("a", { build: "1" }), located("b", { source: "file:///srv/channel" }), located("c")]
      )
      assert.deepStrictEqual([added, removed], [[], []])
      assert.deepStrictEqual(changed.map(({ after, before, name }) => [name, before, after]), [
        ["a", one, { ...one, build: "1" }],
        ["b", one, { ...one, source: "file:///srv/channel" }],
        ["c", { ...one, version: null }, one]
      ])
    }))

  it.effect("a package that comes from PyPI instead is removed and added", () =>
    Effect.sync(() => {
      const { added, changed, removed } = between([located("click")], [located("click", pypi)])
      assert.deepStrictEqual(changed, [])
      assert.deepStrictEqual([...removed, ...added].map(({ kind }) => kind), ["conda", "pypi"])
    }))

  it.effect("what is the same on several platforms and in several environments is named once", () =>
    Effect.sync(() => {
      const everywhere = (name: string, options: Partial<Changes.Entry>) =>
        ["test", "default"].flatMap((environment) =>
          ["osx-arm64", "linux-64"].map((platform) => located(name, { environment, platform, ...options }))
        )
      const { added, changed, removed } = between(
        [...everywhere("old", {}), ...everywhere("newer", {})],
        [...everywhere("newer", { version: "2.0" }), ...everywhere("new", {})]
      )
      for (const changes of [added, changed, removed]) {
        assert.deepStrictEqual(
          changes.map(({ environments, platforms }) => ({ environments, platforms })),
          [{ environments: ["default", "test"], platforms: ["linux-64", "osx-arm64"] }]
        )
      }
    }))

  it.effect("what differs between platforms is named for each", () =>
    Effect.sync(() => {
      const { added, changed } = between(
        [located("newer"), located("newer", { platform: "win-64", version: "0.9" })],
        [
          located("newer", { version: "2.0" }),
          located("newer", { platform: "win-64", version: "2.0" }),
          located("new"),
          located("new", { platform: "win-64", build: "h1" })
        ]
      )
      assert.deepStrictEqual(added.map(({ build, platforms }) => [build, platforms]), [
        ["0", ["linux-64"]],
        ["h1", ["win-64"]]
      ])
      assert.deepStrictEqual(
        changed.map(({ before, platforms }) => [before.version, platforms]),
        [["0.9", ["win-64"]], ["1.0", ["linux-64"]]]
      )
    }))

  it.effect("what was there for one platform is added for another", () =>
    Effect.sync(() => {
      const { added, changed } = between([located("a")], [located("a"), located("a", { platform: "osx-arm64" })])
      assert.deepStrictEqual([added.map(({ platforms }) => platforms), changed], [[["osx-arm64"]], []])
    }))

  it.effect("each list is sorted by name", () =>
    Effect.sync(() => {
      const names = ["zlib", "_mutex", "a-b", "a", "ab", "a.b", "a1"]
      const sorted = ["_mutex", "a", "a-b", "a.b", "a1", "ab", "zlib"]
      const packages = names.map((name) => located(name))
      const newer = names.map((name) => located(name, { version: "2.0" }))
      assert.deepStrictEqual(between([], packages).added.map(({ name }) => name), sorted)
      assert.deepStrictEqual(between(packages, []).removed.map(({ name }) => name), sorted)
      assert.deepStrictEqual(between(packages, newer).changed.map(({ name }) => name), sorted)
    }))

  it.effect("several packages of one name at one place do not change by being compared", () =>
    Effect.sync(() => {
      const variants = [located("variant", { source: "windows" }), located("variant", { source: "linux" })]
      assert.isTrue(Changes.between(variants, variants).isEmpty)
      assert.isTrue(Changes.between(variants, [...variants].reverse()).isEmpty)
    }))

  it.effect("is empty for the same packages in any order, and for nothing", () =>
    Effect.sync(() => {
      const packages = [located("a"), located("b", pypi), located("a", { environment: "test" })]
      assert.isTrue(Changes.between([], []).isEmpty)
      assert.isTrue(Changes.between(packages, [...packages].reverse()).isEmpty)
      assert.isFalse(Changes.between(packages, []).isEmpty)
      assert.isFalse(Changes.between([], packages).isEmpty)
      assert.isFalse(Changes.between([located("a")], [located("a", { version: "2" })]).isEmpty)
    }))
})
