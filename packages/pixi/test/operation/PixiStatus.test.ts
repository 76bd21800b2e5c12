import type { Identity } from "@darb/package-manager/Status"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as PixiLock from "../../src/lock/PixiLock.js"
import * as PixiManifest from "../../src/manifest/PixiManifest.js"
import type { Lock } from "../../src/operation/PixiFiles.js"
import { type StatusInput, statusOf } from "../../src/operation/PixiStatus.js"

const document = (text: string) =>
  Effect.runSync(PixiManifest.document({ bytes: new TextEncoder().encode(text), fileName: "pixi.toml" }))

const lockOf = (text: string): Lock => ({ text, ...Effect.runSync(PixiLock.read(text)) })

const url = "https://c/noarch"

/** Packages by environment and platform: conda's as NAME-VERSION, Python's with `pypi:` before that. */
const lockText = (
  environments: Readonly<Record<string, Readonly<Record<string, ReadonlyArray<string>>>>>,
  more = ""
) => {
  const all = new Set(Object.values(environments).flatMap((platforms) => Object.values(platforms).flat()))
  const place = (found: string) =>
    found.startsWith("pypi:") ? `pypi: https://p/${found.slice(5)}-py3-none-any.whl` : `conda: ${url}/${found}-0.conda`
  return [
    "version: 6",
    "environments:",
    ...Object.entries(environments).flatMap(([environment, platforms]) => [
      `  ${environment}:`,
      "    channels:",
      "    - url: https://c/",
      "    packages:",
      ...Object.entries(platforms).flatMap(([platform, packages]) => [
        `      ${platform}:`,
        ...packages.map((found) => `      - ${place(found)}`)
      ])
    ]),
    "packages:",
    ...[...all].flatMap((found) => {
      const [, name = "", version = ""] = /^(?:pypi:)?(.*)-([^-]*)$/.exec(found) ?? []
      return [`- ${place(found)}`, ...(found.startsWith("pypi:") ? [`  name: ${name}`, `  version: '${version}'`] : [])]
    }),
    more
  ].join("\n")
}

const conda = (name: string, version: string): Identity => ({ kind: "conda", name, version, build: "0" })
const pypi = (name: string, version: string): Identity => ({ kind: "pypi", name, version, build: null })

const head = (platforms = "\"linux-64\", \"osx-arm64\"") =>
  `[workspace]\nname = "x"\nchannels = ["https://c"]\nplatforms = [${platforms}]\n`

const statusFor = (manifest: string, lock: string | undefined, more: Partial<StatusInput> = {}) => {
  const { different, environment, lock: state, missing, prefix, unexpected, unlocked } = statusOf({
    directory: "/e",
    document: document(manifest),
    environment: "default",
    subdir: "linux-64",
    lock: lock === undefined ? undefined : lockOf(lock),
    installed: undefined,
    ...more
  })
  assert.strictEqual(environment, "/e")
  return { lock: state, prefix, unlocked, missing, different: different.map(({ name }) => name), unexpected }
}

const matches: ReturnType<typeof statusFor> = {
  lock: "present",
  prefix: "matches",
  unlocked: [],
  missing: [],
  different: [],
  unexpected: []
}

describe("the status of an environment of pixi", () => {
  const manifest = `${head()}
[dependencies]
Greet = "*"
[pypi-dependencies]
My_Pkg = "*"
[target.osx-arm64.dependencies]
mac = "*"
[target.unix.dependencies]
nix = "*"
[feature.dev.dependencies]
linter = "*"
[environments]
dev = ["dev"]
bare = { features = ["dev"], no-default-feature = true }
`
  const lock = lockText({
    default: { "linux-64": ["greet-1.0", "nix-1", "pypi:my-pkg-2.0"], "osx-arm64": ["greet-1.0", "mac-1"] },
    dev: { "linux-64": ["greet-1.0", "nix-1", "linter-3", "pypi:my-pkg-2.0"] }
  })

  it("compares names however they are written", () => {
    const installed = [conda("greet", "1.0"), conda("nix", "1"), pypi("My.Pkg", "2.0.0")]
    assert.deepStrictEqual(statusFor(manifest, lock, { installed }), matches)
  })

  it("is of one environment on the platform of this machine", () => {
    const of = (environment: string, subdir: string) =>
      statusFor(manifest, lock, { environment, subdir, installed: [] })
    assert.deepStrictEqual(of("dev", "linux-64").missing, ["greet", "linter", "my-pkg", "nix"])
    const mac = of("default", "osx-arm64")
    assert.deepStrictEqual([mac.missing, mac.unlocked], [["greet", "mac"], ["my-pkg", "nix"]])
    const bare = of("bare", "linux-64")
    assert.deepStrictEqual([bare.lock, bare.unlocked, bare.missing], ["outdated", ["linter"], []])
  })

  it("on a machine that the manifest is not for asks for nothing", () => {
    assert.deepStrictEqual(statusFor(manifest, lock, { subdir: "win-64" }), matches)
  })

  it("without a lock file, or before anything was installed, is absent", () => {
    assert.deepStrictEqual(statusFor(manifest, undefined), { ...matches, lock: "absent", prefix: "absent" })
    assert.deepStrictEqual(statusFor(manifest, lock), {
      ...matches,
      prefix: "absent",
      missing: ["greet", "my-pkg", "nix"]
    })
  })

  it("of no packages matches without a directory", () => {
    const empty =
      "version: 6\nenvironments:\n  default:\n    channels:\n    - url: https://c/\n    packages: {}\npackages: []\n"
    assert.deepStrictEqual(statusFor(head(), empty), matches)
  })

  it("does not miss what is asked for under a condition only", () => {
    const conditional = `${head()}
[pypi-dependencies]
colorama = { version = "*", env-markers = "sys_platform == 'win32'" }
[dependencies]
maybe = { version = "*", when = "other" }
`
    assert.deepStrictEqual(statusFor(conditional, lockText({ default: { "linux-64": ["other-1"] } })).unlocked, [])
  })

  it("does not miss a Python package that comes as one of conda", () => {
    const wanted = `${head()}\n[pypi-dependencies]\ntorch = "*"\nNum_Py = "*"\nother = "*"\n`
    const locked = lockText(
      { default: { "linux-64": ["num-py-2.0", "pytorch-2.0"] } },
      "  purls:\n  - pkg:pypi/torch@2.0"
    )
    assert.deepStrictEqual(statusFor(wanted, locked).unlocked, ["other"])
    const alike = locked.replace("pkg:pypi/torch@", "pkg:pypi/torch-vision@")
    assert.deepStrictEqual(statusFor(wanted, alike).unlocked, ["other", "torch"])
  })

  it("knows platforms of a lock file by their subdirectory", () => {
    const named = `${
      head(
        `{ name = "mine", platform = "linux-64" , glibc = "2.20" }, { name = "gpu", platform = "linux-64", cuda = "12" }, "osx-arm64"`
      )
    }
[dependencies]
greet = "*"
[target.gpu.dependencies]
app = "*"
`
    const format7 = lockText({
      default: { "osx-arm64": ["greet-1.0"], p1: ["greet-1.0"], p2: ["greet-1.0", "app-1.0"] }
    })
      .replace(
        "version: 6",
        [
          "version: 7",
          "platforms:",
          "- name: osx-arm64",
          "- name: p1",
          "  subdir: linux-64",
          "- name: p2",
          "  subdir: linux-64"
        ].join("\n")
      )
    const greet = conda("greet", "1.0")
    assert.deepStrictEqual(statusFor(named, format7, { installed: [greet] }), matches)
    assert.deepStrictEqual(statusFor(named, format7, { installed: [greet, conda("app", "1.0")] }), matches)
    assert.deepStrictEqual(statusFor(named, format7, { installed: [] }).missing, ["greet"])
    assert.deepStrictEqual(statusFor(named, format7, { installed: [greet, conda("app", "2.0")] }).different, ["app"])
    assert.deepStrictEqual(statusFor(`${named}\n[host-dependencies]\ntool = "*"\n`, format7).unlocked, ["tool"])
  })
})
