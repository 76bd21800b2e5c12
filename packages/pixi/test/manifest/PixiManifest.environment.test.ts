import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as PixiManifest from "../../src/manifest/PixiManifest.js"

const select = (text: string, platform: string, environment?: string) =>
  PixiManifest.environment(
    Effect.runSync(PixiManifest.document({ bytes: new TextEncoder().encode(text), fileName: "pixi.toml" })),
    { environment, platform }
  )

const selected = (...args: Parameters<typeof select>) => Either.getOrThrow(select(...args))

const manifest = `[workspace]
channels = ["a", { channel = "z", priority = -1 }]
platforms = ["linux-64", "win-64"]
dependencies = { shared = { version = ">=1", channel = "x" } }
[workspace.pypi-options]
index-url = "https://base.org"
extra-index-urls = ["https://base.org/extra"]
[dependencies]
Shared = { workspace = true, build = "b*" }
python = "*"
[tasks]
t = "default"
[target.linux.tasks]
t = "linux"
[target."linux-*".tasks]
t = "glob"
[activation]
scripts = ["a"]
env = { A = "default", B = "default" }
[target.unix.activation]
scripts = ["unix"]
env = { A = "unix" }
[system-requirements]
cuda = "11.10"
[feature.f.activation]
env = { B = "f" }
scripts = ["f"]
[feature.f.tasks]
u = "f"
[feature.f.dependencies]
python = ">=3.9"
[feature.f.system-requirements]
cuda = "11.9"
linux = "5.10"
[feature.f.pypi-options]
index-url = "https://f.org"
extra-index-urls = ["https://f.org/extra"]
no-build = ["x"]
[feature.g]
solve-strategy = "lowest"
[environments]
e = { features = ["f", "g"], dependencies = { python = "<4" }, tasks = { t = "inline" }, solve-group = "s" }
s = { features = ["g"], solve-group = "s" }
`

describe("an environment of a manifest", () => {
  it("has what its features ask for, and what is its own", () => {
    const environment = selected(manifest, "linux-64", "e")
    assert.deepStrictEqual(environment.features, ["e", "f", "g", "default"])
    assert.deepStrictEqual(environment.solvedWith, ["e", "s"])
    assert.strictEqual(environment.solveStrategy, "lowest")
    assert.deepStrictEqual(environment.channels.map(({ channel }) => channel), ["a", "z"])
    assert.deepStrictEqual({ ...environment.dependencies }, {
      python: [{ version: "<4" }, { version: ">=3.9" }, { version: "*" }],
      Shared: [{ version: ">=1", channel: "x", build: "b*" }]
    })
    assert.deepStrictEqual({ ...environment.tasks }, { t: { command: "inline" }, u: { command: "f" } })
    assert.deepStrictEqual(environment.activation, { scripts: ["f", "unix"], env: { B: "f", A: "unix" } })
    assert.deepStrictEqual(environment.systemRequirements, { cuda: "11.10", linux: "5.10" })
    assert.deepStrictEqual(environment.pypiOptions, {
      indexUrl: "https://f.org",
      extraIndexUrls: ["https://f.org/extra", "https://base.org/extra"],
      noBuild: ["x"]
    })
  })

  it("is of a platform: the last target that fits wins", () => {
    assert.deepStrictEqual(selected(manifest, "linux-64").tasks["t"], { command: "glob" })
    const windows = selected(manifest, "win-64")
    assert.deepStrictEqual(windows.tasks["t"], { command: "default" })
    assert.deepStrictEqual(windows.activation, { scripts: ["a"], env: { A: "default", B: "default" } })
  })

  it("is for the platforms of all of its features, with what they ask of the system", () => {
    assert.deepStrictEqual(selected(manifest, "linux-64", "e").platforms.map(({ name }) => name), [
      "linux-64-cuda-11-10-linux-5-10",
      "win-64-cuda-11-10"
    ])
    const text = `[workspace]
channels = []
platforms = ["linux-64", { name = "gpu", platform = "linux-64", cuda = "12" }, "win-64"]
[target.gpu.dependencies]
cuda = "*"
[feature.gpu]
platforms = ["gpu"]
[feature.linux]
platforms = ["linux-64"]
[environments]
gpu = ["gpu"]
linux = ["linux"]
`
    const names = (environment?: string) =>
      selected(text, environment === undefined ? "win-64" : "linux-64", environment).platforms.map(({ name }) => name)
    assert.deepStrictEqual(names(), ["linux-64", "gpu", "win-64"])
    assert.deepStrictEqual(names("gpu"), ["gpu"])
    assert.deepStrictEqual(names("linux"), ["linux-64"])
    assert.deepStrictEqual(Object.keys(selected(text, "gpu").dependencies), ["cuda"])
    assert.deepStrictEqual(Object.keys(selected(text, "linux-64").dependencies), [])
  })

  it("is not there for another name or platform", () => {
    const reason = (...args: Parameters<typeof select>) => Either.getOrThrow(Either.flip(select(...args))).reason
    assert.include(reason(manifest, "linux-64", "x"), "x")
    assert.include(reason(manifest, "osx-64"), "osx-64")
    assert.include(reason("[package]\nname = \"p\"\n", "linux-64"), "package")
  })
})
