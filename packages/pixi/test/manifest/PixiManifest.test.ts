import { assert, describe, it } from "@effect/vitest"
import * as Either from "effect/Either"
import * as PixiManifest from "../../src/manifest/PixiManifest.js"

const decode = (text: string, fileName: PixiManifest.FileName = "pixi.toml") =>
  PixiManifest.decode({
    file: `/e/${fileName}`,
    fileName,
    directoryName: "e",
    bytes: new TextEncoder().encode(text)
  })

const decoded = (text: string, fileName?: PixiManifest.FileName) => Either.getOrThrow(decode(text, fileName))

const problem = (text: string, fileName?: PixiManifest.FileName) =>
  Either.getOrThrow(Either.flip(decode(text, fileName)))

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

  it("says where TOML is not TOML", () => {
    assert.deepInclude(problem("[project]\nname = \"x\nchannels = []\n"), { line: 2 })
    assert.isString(problem("[project]\nname = \"x\nchannels = []\n").reason)
    assert.deepInclude(problem("a = 1\na = 2\n"), { line: 2, column: 1 })
  })

  it("says which key has a wrong value, and where", () => {
    assert.deepInclude(problem("[project]\nname = 5\nchannels = []\n"), {
      reason: "project.name: Expected string, actual 5",
      line: 2,
      column: 1
    })
    assert.deepInclude(problem("[project]\nchannels = []\n\n[dependencies]\n  \"x\" = 1.10\n"), { line: 5, column: 3 })
    assert.deepInclude(problem("[workspace]\nname = \"x\"\n"), {
      reason: "workspace.channels: is missing",
      line: 1,
      column: 1
    })
  })

  it("is not one without a table for the workspace", () => {
    assert.match(problem("[package]\nname = \"x\"\n").reason, /\[workspace\]/)
    assert.match(problem("").reason, /\[workspace\]/)
  })

  it("is not misled by a name of JavaScript's", () => {
    const { packages } = decoded("[project]\nchannels = []\n[dependencies]\nconstructor = \"1\"\n__proto__ = \"2\"\n")
    assert.strictEqual(packages["constructor"], "1")
    assert.isFalse("2" in {} || Object.values(packages).includes("[object Object]"))
    assert.strictEqual(Object.getPrototypeOf({}), Object.prototype)
  })
})
