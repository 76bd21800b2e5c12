import { assert, describe, it } from "@effect/vitest"
import * as PixiCommand from "../src/PixiCommand.js"
import * as PixiVersion from "../src/PixiVersion.js"

const capabilities = (text: string) => {
  const version = PixiVersion.parse(`pixi ${text}`)
  const found = version && PixiVersion.capabilities(version)
  if (found === undefined) throw new Error(`${text} is not a version that is driven`)
  return found
}

const file = "/e/pixi.toml"
const options = { directory: "/e", channels: ["a", "file:///b"], platforms: ["linux-64", "osx-arm64"] }

describe("PixiCommand", () => {
  it("init", () => {
    const values = ["--channel=a", "--channel=file:///b", "--platform=linux-64", "--platform=osx-arm64", "--", "/e"]
    assert.deepStrictEqual(PixiCommand.init(capabilities("0.26.1"), options), ["init", ...values])
    assert.deepStrictEqual(PixiCommand.init(capabilities("0.27.0"), options), ["init", "--format=pixi", ...values])
  })

  it("what a caller gives comes after --, whatever it looks like", () => {
    assert.deepStrictEqual(PixiCommand.add(file, ["--help", "a"]), [
      "add",
      "--manifest-path",
      file,
      "--",
      "--help",
      "a"
    ])
    assert.deepStrictEqual(PixiCommand.remove(file, { pypi: false, names: ["-x"] }), [
      ...["remove", "--manifest-path", file, "--", "-x"]
    ])
    assert.deepStrictEqual(PixiCommand.remove(file, { pypi: true, names: ["x"] }), [
      ...["remove", "--manifest-path", file, "--pypi", "--", "x"]
    ])
    assert.deepStrictEqual(PixiCommand.update(file, ["-x"]), ["update", "--manifest-path", file, "--", "-x"])
    const wanted = { name: "-x", platform: "win-64" }
    assert.deepStrictEqual(PixiCommand.search(capabilities("0.15.2"), file, wanted), [
      ...["search", "--manifest-path", file, "--", "-x"]
    ])
    assert.deepStrictEqual(PixiCommand.search(capabilities("0.17.0"), file, wanted), [
      ...["search", "--manifest-path", file, "--platform=win-64", "--", "-x"]
    ])
  })

  it("update of everything", () => {
    assert.deepStrictEqual(PixiCommand.update(file, []), ["update", "--manifest-path", file])
  })

  it("install", () => {
    const command = ["install", "--manifest-path", file]
    assert.deepStrictEqual(PixiCommand.install(file), command)
    assert.deepStrictEqual(PixiCommand.install(file, { locked: false, frozen: false }), command)
    assert.deepStrictEqual(PixiCommand.install(file, { environment: "default" }), command)
    assert.deepStrictEqual(PixiCommand.install(file, { locked: true }), [...command, "--locked"])
    assert.deepStrictEqual(PixiCommand.install(file, { frozen: true, environment: "-x" }), [
      ...[...command, "--environment=-x", "--frozen"]
    ])
  })

  it("add and remove say where packages are by values that are never taken for flags", () => {
    const place = { feature: "--help", platforms: ["-p", "linux-64"] }
    const flags = ["--manifest-path", file, "--pypi", "--feature=--help", "--platform=-p", "--platform=linux-64"]
    assert.deepStrictEqual(PixiCommand.add(file, ["a"], { ...place, pypi: true, noInstall: true }), [
      ...["add", ...flags, "--no-install", "--", "a"]
    ])
    assert.deepStrictEqual(PixiCommand.remove(file, { ...place, pypi: true, names: ["a"], noInstall: true }), [
      ...["remove", ...flags, "--no-install", "--", "a"]
    ])
    const plain = { pypi: false, feature: undefined, platforms: [], noInstall: false }
    assert.deepStrictEqual(PixiCommand.add(file, ["a"], plain), ["add", "--manifest-path", file, "--", "a"])
  })

  it.each([
    ["0.15.2", "list"],
    ["0.40.3", "list"],
    ["0.41.0", "lock"],
    ["0.53.0", "lock", "--no-install"],
    ["0.77.0", "lock", "--no-install"]
  ])("the lock file alone is brought up to date in %s by %s, which may write it", (version, command = "", ...flags) => {
    assert.deepStrictEqual(PixiCommand.lock(capabilities(version), file), [command, "--manifest-path", file, ...flags])
  })

  it.each([
    ["0.15.2", "--frozen"],
    ["0.28.0", "--no-lockfile-update"],
    ["0.41.4", "--frozen"],
    ["0.77.0", "--frozen"]
  ])("list of %s keeps the lock file as it is by %s", (version, flag) => {
    const command = ["list", "--manifest-path", file, "--json", flag]
    assert.deepStrictEqual(PixiCommand.list(capabilities(version), file), command)
    assert.deepStrictEqual(PixiCommand.list(capabilities(version), file, { environment: "-e", platform: "osx-64" }), [
      ...[...command, "--environment=-e", "--platform=osx-64"]
    ])
  })

  it("neither activation nor a task locks or installs, and the arguments of a task are not those of pixi", () => {
    const unchanged = ["--frozen", "--no-install", "--environment=default"]
    assert.deepStrictEqual(PixiCommand.shellHook(file, "default"), [
      ...["shell-hook", "--manifest-path", file, "--json"],
      ...unchanged
    ])
    assert.deepStrictEqual(PixiCommand.run(file, { environment: "default", task: "-t", args: ["--locked"] }), [
      ...["run", "--manifest-path", file, "--quiet"],
      ...[...unchanged, "--", "-t", "--locked"]
    ])
    assert.deepStrictEqual(["0.29.0", "0.30.0"].map((version) => capabilities(version).activation), [false, true])
  })
})
