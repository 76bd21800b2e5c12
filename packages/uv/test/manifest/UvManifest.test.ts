import * as Pep508 from "@darb/python/Pep508"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { readFileSync } from "node:fs"
import * as UvManifest from "../../src/manifest/UvManifest.js"

const project = `[project]
name = "Demo_App"
version = "1.10"
requires-python = ">=3.11"
`

const encode = (text: string) => new TextEncoder().encode(text)

const manifestOf = (text: string) => Effect.runSync(UvManifest.decode(encode(text))).value

const written = ({ extras, name, specifier, url }: Pep508.Requirement) =>
  `${name}${extras.length === 0 ? "" : `[${extras.join()}]`}${specifier}${url === null ? "" : ` @ ${url}`}`

const lists = (map: ReadonlyMap<string, ReadonlyArray<Pep508.Requirement>>) =>
  [...map].map(([name, requirements]) => [name, ...requirements.map(written)])

describe("UvManifest.decode", () => {
  it("reads a project", () => {
    const manifest = manifestOf(`${project}
dependencies = ["NumPy[a]>=2; os_name == 'nt'", "b @ https://x.org/b.whl"]
dynamic = ["readme"]
[project.optional-dependencies]
My_Extra = ["c==1.10"]
[dependency-groups]
dev = ["d", { include-group = "Test.Unit" }]
test_unit = [{ include-group = "base" }, "e"]
base = ["f<2", "e"]
[build-system]
requires = ["uv_build"]
[tool.uv]
constraint-dependencies = ["g<3"]
override-dependencies = ["h==1", { package = { name = "x" }, dependencies = ["y"] }]
environments = "sys_platform == 'linux'"
required-environments = ["os_name == 'posix'"]
conflicts = [[{ extra = "my-extra" }, { group = "dev" }]]
compile-bytecode = true
[tool.uv.dependency-groups]
dev = { requires-python = ">=3.12" }
[tool.uv.workspace]
members = ["packages/*"]
exclude = ["packages/old"]
[[tool.uv.index]]
name = "torch"
url = "https://x.org/simple"
explicit = true
`)
    assert.deepStrictEqual(
      [manifest.name, manifest.version, manifest.requiresPython, manifest.isPackage, manifest.isManaged],
      ["demo-app", "1.10", ">=3.11", true, true]
    )
    assert.deepStrictEqual(manifest.dependencies.map(written), ["numpy[a]>=2", "b @ https://x.org/b.whl"])
    assert.deepStrictEqual(lists(manifest.optionalDependencies), [["my-extra", "c==1.10"]])
    assert.deepStrictEqual(lists(manifest.groups), [
      ["dev", "d", "f<2", "e", "e"],
      ["test-unit", "f<2", "e", "e"],
      ["base", "f<2", "e"]
    ])
    assert.deepStrictEqual(manifest.defaultGroups, ["dev"])
    assert.deepStrictEqual([...manifest.groupRequiresPython], [["dev", ">=3.12"]])
    assert.deepStrictEqual([...manifest.constraints, ...manifest.overrides].map(written), ["g<3", "h==1"])
    assert.deepStrictEqual(
      [...manifest.environments, ...manifest.requiredEnvironments].map(({ text }) => text),
      ["sys_platform == 'linux'", "os_name == 'posix'"]
    )
    assert.deepStrictEqual(manifest.conflicts, [[
      { extra: "my-extra" },
      { group: "dev" }
    ]])
    assert.deepStrictEqual(manifest.workspace, { members: ["packages/*"], exclude: ["packages/old"] })
    assert.deepStrictEqual(manifest.indexes, [
      { name: "torch", url: "https://x.org/simple", default: false, explicit: true, format: "simple" }
    ])
    assert.deepStrictEqual(manifest.settings, { "compile-bytecode": true })
  })

  it("reads sources in all forms", () => {
    const { sources } = manifestOf(`${project}
[tool.uv.sources]
A_a = { git = "git+https://x.org/a", tag = "v1", subdirectory = "b" }
b = { url = "https://x.org/b.zip", subdirectory = "c", extra = "d" }
c = { path = "../c", editable = true, group = "dev" }
d = { index = "torch" }
e = { workspace = true }
f = [
  { index = "one", marker = "sys_platform == 'linux'" },
  { index = "two", marker = "sys_platform != 'linux'" },
]
`)
    assert.deepStrictEqual(sources.get("a-a"), [{ git: "git+https://x.org/a", tag: "v1", subdirectory: "b" }])
    assert.deepStrictEqual(sources.get("b"), [{ url: "https://x.org/b.zip", subdirectory: "c", extra: "d" }])
    assert.deepStrictEqual(sources.get("c"), [{ path: "../c", editable: true, group: "dev" }])
    assert.deepStrictEqual(sources.get("d"), [{ index: "torch" }])
    assert.deepStrictEqual(sources.get("e"), [{ workspace: true }])
    assert.deepStrictEqual(
      sources.get("f")?.map((source) => [source.index, source.marker?.text]),
      [["one", "sys_platform == 'linux'"], ["two", "sys_platform != 'linux'"]]
    )
  })

  it("the groups that are installed by default", () => {
    const groups = "[dependency-groups]\na = []\nb = []\n"
    assert.deepStrictEqual(manifestOf(`${project}${groups}[tool.uv]\ndefault-groups = "all"`).defaultGroups, ["a", "b"])
    assert.deepStrictEqual(manifestOf(`${project}${groups}[tool.uv]\ndefault-groups = []`).defaultGroups, [])
    const old = manifestOf(`${project}[tool.uv]\ndev-dependencies = ["a>1"]`)
    assert.deepStrictEqual([lists(old.groups), old.defaultGroups], [[["dev", "a>1"]], ["dev"]])
  })

  it("without a project there is no name", () => {
    const manifest = manifestOf("[tool.other]\na = 1")
    assert.deepStrictEqual([manifest.name, manifest.mentionsUv], [null, false])
    assert.isTrue(manifestOf("[tool.uv.workspace]\nmembers = []").mentionsUv)
  })
})

describe("UvManifest.mentionsUv", () => {
  it.effect("is for a table of uv, in a text that may be broken", () =>
    Effect.gen(function*() {
      for (
        const text of ["[tool.uv]", "[tool.uv.sources]", "[tool]\nuv.package = true", "[[tool . uv.index]]\nbroken"]
      ) {
        assert.isTrue(yield* UvManifest.mentionsUv(encode(text)), text)
      }
      for (const text of ["", "[tool.uvx]", "# [tool.uv]\nbroken", "[project]"]) {
        assert.isFalse(yield* UvManifest.mentionsUv(encode(text)), text)
      }
    }))
})

describe("UvManifest.requirements", () => {
  const manifest = manifestOf(readFileSync(new URL("../uv-locks/workspace/pyproject.toml", import.meta.url), "utf8"))

  it("is what is chosen, for a platform and Python", () => {
    const asked = (selection: UvManifest.Selection) =>
      UvManifest.requirements(manifest, selection).map(({ name }) => name)
    const environment = Pep508.environmentOf("linux-64", "3.12.0")
    assert.deepStrictEqual(asked({}), ["member-a", "mid", "oldpy", "archive-dep", "tool"])
    assert.deepStrictEqual(asked({ environment, groups: [] }), ["member-a", "mid", "archive-dep"])
  })

  it("becomes what all managers say", () => {
    const bytes = new Uint8Array([1])
    const common = UvManifest.toManifest(manifest, { file: "/srv/demo/pyproject.toml", directoryName: "demo", bytes })
    assert.deepStrictEqual({ ...common }, {
      file: "/srv/demo/pyproject.toml",
      name: "root",
      packages: {},
      pypiPackages: {
        "member-a": "*",
        mid: ">=1",
        oldpy: "*",
        "archive-dep": "archive_dep-1.0-py3-none-any.whl",
        tool: "*"
      },
      channels: [],
      platforms: [],
      bytes
    })
  })
})
