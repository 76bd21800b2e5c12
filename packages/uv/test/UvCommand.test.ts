import { assert, describe, it } from "@effect/vitest"
import * as UvCommand from "../src/UvCommand.js"

const at = ["--directory", "/p"]

describe("UvCommand", () => {
  it("init makes the manifest only, and never touches a parent's", () => {
    assert.deepStrictEqual(UvCommand.init("/p", { name: "demo", python: ">=3.11" }), [
      ...["init", ...at, "--bare", "--no-workspace", "--name=demo", "--python=>=3.11"]
    ])
    assert.deepStrictEqual(UvCommand.init("/p", { name: "demo" }), [
      ...["init", ...at, "--bare", "--no-workspace", "--name=demo"]
    ])
  })

  it("specs and names come after --", () => {
    assert.deepStrictEqual(UvCommand.add("/p", { specs: ["greet", "app==1.0"] }), [
      "add",
      ...at,
      "--",
      "greet",
      "app==1.0"
    ])
    assert.deepStrictEqual(UvCommand.remove("/p", { names: ["greet"] }), ["remove", ...at, "--", "greet"])
  })

  it("a place is a group or an extra", () => {
    assert.deepStrictEqual(
      UvCommand.add("/p", { specs: ["a"], group: "dev", indexes: ["x=u", "v"], noInstall: true }),
      [
        ...["add", ...at, "--no-sync", "--index=x=u", "--index=v", "--group=dev", "--", "a"]
      ]
    )
    assert.deepStrictEqual(UvCommand.remove("/p", { names: ["a"], extra: "plot", noInstall: true }), [
      ...["remove", ...at, "--no-sync", "--optional=plot", "--", "a"]
    ])
  })

  it("sync installs what is default, and what is chosen besides", () => {
    assert.deepStrictEqual(UvCommand.sync("/p"), ["sync", ...at])
    assert.deepStrictEqual(UvCommand.sync("/p", { locked: true, groups: ["a", "b"], extras: ["c"] }), [
      ...["sync", ...at, "--locked", "--group=a", "--group=b", "--extra=c"]
    ])
    assert.deepStrictEqual(UvCommand.sync("/p", { frozen: true }), ["sync", ...at, "--frozen"])
    assert.deepStrictEqual(UvCommand.sync("/p", { inexact: true }), ["sync", ...at, "--inexact"])
  })

  it("update is of all packages, or of those that are named", () => {
    assert.deepStrictEqual(UvCommand.update("/p", []), ["sync", ...at, "--upgrade"])
    assert.deepStrictEqual(UvCommand.update("/p", ["a", "b"], { groups: ["g"] }), [
      ...["sync", ...at, "--group=g", "--upgrade-package=a", "--upgrade-package=b"]
    ])
    assert.deepStrictEqual(UvCommand.updateLock("/p", []), ["lock", ...at, "--upgrade"])
    assert.deepStrictEqual(UvCommand.updateLock("/p", ["a"]), ["lock", ...at, "--upgrade-package=a"])
    assert.deepStrictEqual(UvCommand.lock("/p", { locked: true }), ["lock", ...at, "--locked"])
  })
})
