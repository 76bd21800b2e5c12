import { assert, describe, it } from "@effect/vitest"
import * as Either from "effect/Either"
import * as PixiListOutput from "../../src/operation/PixiListOutput.js"

type KnownOf = (item: PixiListOutput.Identity) => PixiListOutput.Known

const unknown: KnownOf = () => ({})

const list = (items: ReadonlyArray<object>, knownOf: KnownOf = unknown) =>
  Either.getOrThrow(PixiListOutput.decode(JSON.stringify(items), knownOf)).map((item) => ({ ...item }))

const greet = { name: "greet", version: "2.0", build: "0", size_bytes: 471, kind: "conda" }

describe("PixiListOutput", () => {
  it("reads what 0.15.2 prints, with the source from the lock file", () => {
    assert.deepStrictEqual(
      list([{ ...greet, source: "greet-2.0-0.conda", is_explicit: true }], () => ({ source: "file:///c" })),
      [{
        name: "greet",
        version: "2.0",
        kind: "conda",
        build: "0",
        source: "file:///c",
        direct: true,
        size: 471,
        installed: null
      }]
    )
  })

  it("reads the channel, with and without its slash", () => {
    assert.strictEqual(list([{ ...greet, source: "https://c/x/" }])[0]?.source, "https://c/x")
    assert.strictEqual(list([{ ...greet, source: "https://c/x" }])[0]?.source, "https://c/x")
  })

  it("knows what is direct where 0.62 and 0.63 do not say it", () => {
    assert.deepStrictEqual(
      list([{ ...greet, requested_spec: "*" }, { ...greet, name: "other", requested_spec: null }]).map((item) =>
        item.direct
      ),
      [true, false]
    )
  })

  it("reads packages of PyPI, and what has no version", () => {
    const items = list([
      { name: "x", version: null, build: null, size_bytes: null, kind: "pypi", source: null, index_url: "https://i/" },
      greet
    ])
    assert.deepStrictEqual(items.map(({ kind, name, source, version }) => [name, version, kind, source]), [
      ["greet", "2.0", "conda", null],
      ["x", null, "pypi", "https://i"]
    ])
  })

  it("normalizes the names of Python packages, also to find their sources", () => {
    const [dotted, under] = list(
      [{ name: "my_pkg", version: "1.0", kind: "pypi" }, { name: "Dotted.Name", version: "1.0", kind: "pypi" }],
      ({ name }) => ({ source: `https://i/${name}` })
    )
    assert.deepInclude(dotted, { name: "dotted-name", source: "https://i/dotted-name" })
    assert.deepInclude(under, { name: "my-pkg", source: "https://i/my-pkg" })
    assert.strictEqual(list([{ ...greet, name: "my_pkg" }])[0]?.name, "my_pkg")
  })

  it("nothing is an empty list", () => {
    assert.deepStrictEqual(Either.getOrThrow(PixiListOutput.decode("", unknown)), [])
    assert.deepStrictEqual(Either.getOrThrow(PixiListOutput.decode("\n", unknown)), [])
    assert.deepStrictEqual(list([]), [])
    assert.isTrue(
      PixiListOutput.isEmpty("Error:   × ✘ No packages found in 'default' environment for 'linux-64' platform.\n")
    )
    assert.isFalse(PixiListOutput.isEmpty("Error:   × unknown environment 'x'\n"))
  })

  it.each([
    ["half JSON", "[{\"name\":\"greet\",\"vers"],
    ["text", "Package  Version"],
    ["another shape", "{\"packages\":[]}"],
    ["another kind", JSON.stringify([{ ...greet, kind: "npm" }])],
    ["a number as version", JSON.stringify([{ ...greet, version: 1.1 }])],
    ["no name", JSON.stringify([{ ...greet, name: undefined }])]
  ])("says what is wrong with %s", (_, text) => {
    const decoded = PixiListOutput.decode(text, unknown)
    assert.isTrue(Either.isLeft(decoded))
    if (Either.isLeft(decoded)) assert.match(decoded.left, /^the list of packages: ./)
  })
})
