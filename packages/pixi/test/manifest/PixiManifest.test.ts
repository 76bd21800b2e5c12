import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as PixiManifest from "../../src/manifest/PixiManifest.js"

const decode = (text: string, fileName: PixiManifest.FileName = "pixi.toml") =>
  PixiManifest.decode({
    file: `/e/${fileName}`,
    fileName,
    directoryName: "e",
    bytes: new TextEncoder().encode(text)
  })

const decoded = (text: string, fileName?: PixiManifest.FileName) => Effect.runSync(decode(text, fileName))

const problem = (text: string) => Effect.flip(decode(text))

describe("PixiManifest", () => {
  it.each(["project", "workspace"])("reads [%s]", (table) => {
    const text = `[${table}]
name = "één"
channels = ["conda-forge", { channel = "file:///c", priority = 1 }]
platforms = ["linux-64", "osx-arm64"]
[dependencies]
python = "3.12.*"
numpy = { version = ">=2", build = "py*" }
pinned = "==1.10"
[pypi-dependencies]
requests = "*"
local = { path = ".", editable = true }
remote = { git = "https://example.org/x.git" }
`
    const manifest = decoded(text)
    assert.strictEqual(manifest.name, "één")
    assert.deepStrictEqual(manifest.channels, ["conda-forge", "file:///c"])
    assert.deepStrictEqual(manifest.platforms, ["linux-64", "osx-arm64"])
    assert.deepStrictEqual(manifest.packages, { python: "3.12.*", numpy: ">=2 py*", pinned: "==1.10" })
    assert.deepStrictEqual(manifest.pypiPackages, { requests: "*", local: ".", remote: "https://example.org/x.git" })
    assert.strictEqual(manifest.file, "/e/pixi.toml")
    assert.strictEqual(new TextDecoder().decode(manifest.bytes), text)
  })

  it("takes the directory's name where there is none", () => {
    assert.strictEqual(decoded("[workspace]\nchannels = []\n").name, "e")
  })

  it("takes the names of rich platforms", () => {
    const platforms =
      "[\"linux-64\", { name = \"gpu\", platform = \"linux-64\", cuda = \"12\" }, { platform = \"osx-64\" }]"
    assert.deepStrictEqual(decoded(`[workspace]\nchannels = []\nplatforms = ${platforms}\n`).platforms, [
      "linux-64",
      "gpu",
      "osx-64"
    ])
  })

  it("reads what it does not know of", () => {
    const text = "[workspace]\nchannels = []\nsoon = 1\n[tasks]\na = \"b\"\n[feature.x.dependencies]\ny = \"*\"\n"
    assert.deepStrictEqual(decoded(text).packages, {})
  })

  it("reads pyproject.toml, with what pixi takes from [project]", () => {
    const text = `[project]
name = "app"
requires-python = ">=3.11"
dependencies = ["requests[socks] >=2 ; sys_platform == 'linux'", "flask"]
[tool.pixi.workspace]
channels = ["conda-forge"]
platforms = ["linux-64"]
[tool.pixi.dependencies]
numpy = "*"
`
    const manifest = decoded(text, "pyproject.toml")
    assert.strictEqual(manifest.name, "app")
    assert.deepStrictEqual(manifest.packages, { python: ">=3.11", numpy: "*" })
    assert.deepStrictEqual(manifest.pypiPackages, { requests: ">=2", flask: "*" })
    assert.isTrue(PixiManifest.mentionsPixi(manifest.bytes))
  })

  it("knows a pyproject.toml that is not pixi's", () => {
    const mentions = (text: string) => PixiManifest.mentionsPixi(new TextEncoder().encode(text))
    assert.isFalse(mentions("[project]\nname = \"x\"\n[tool.uv]\n# [tool.pixi]\n"))
    assert.isFalse(mentions("[project\nname = \"x\"\n"))
    assert.isTrue(mentions("[tool.pixi.project]\nname = \"x\n"))
  })

  it.effect("says where TOML is not TOML", () =>
    Effect.gen(function*() {
      const { line, reason } = yield* problem("[project]\nname = \"x\nchannels = []\n")
      assert.strictEqual(line, 2)
      assert.isString(reason)
      assert.deepInclude(yield* problem("a = 1\na = 2\n"), { line: 2, column: 1 })
    }))

  it.effect("says which key has a wrong value, and where", () =>
    Effect.gen(function*() {
      assert.deepInclude(yield* problem("[project]\nname = 5\nchannels = []\n"), {
        reason: "project.name: Expected string, actual 5",
        line: 2,
        column: 1
      })
      assert.deepInclude(yield* problem("[project]\nchannels = []\n\n[dependencies]\n  \"x\" = 1.10\n"), {
        line: 5,
        column: 3
      })
      assert.deepInclude(yield* problem("[workspace]\nname = \"x\"\n"), {
        reason: "workspace.channels: is missing",
        line: 1,
        column: 1
      })
    }))

  it.effect("is not one without a table for the workspace", () =>
    Effect.gen(function*() {
      assert.match((yield* problem("[package]\nname = \"x\"\n")).reason, /\[workspace\]/)
      assert.match((yield* problem("")).reason, /\[workspace\]/)
    }))

  it.effect("is not larger than a megabyte", () =>
    Effect.gen(function*() {
      const text = "[workspace]\nchannels = []\n"
      const filled = (size: number) => text + "#".repeat(size - text.length)
      assert.deepStrictEqual(decoded(filled(1_000_000)).channels, [])
      // It is not parsed: the end of it is no TOML.
      const { path, reason } = yield* problem(filled(1_000_001).replace(/##$/, "\n="))
      assert.strictEqual(reason, "the file is larger than 1000000 bytes")
      assert.deepStrictEqual(path, [])
    }))

  it("is not misled by a name of JavaScript's", () => {
    const { packages } = decoded("[project]\nchannels = []\n[dependencies]\nconstructor = \"1\"\n__proto__ = \"2\"\n")
    assert.strictEqual(packages["constructor"], "1")
    assert.isFalse("2" in {} || Object.values(packages).includes("[object Object]"))
    assert.strictEqual(Object.getPrototypeOf({}), Object.prototype)
  })
})
