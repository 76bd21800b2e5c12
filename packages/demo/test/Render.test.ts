import { Changes, LockedPackage } from "@darb/package-manager/Changes"
import { Manifest } from "@darb/package-manager/Manifest"
import { Status } from "@darb/package-manager/Status"
import { assert, describe, it } from "@effect/vitest"
import * as Render from "../src/Render.js"
import * as View from "../src/View.js"
import { changes, environments, manifest, packages, status } from "./fixtures.js"

describe("Render", () => {
  it("packages are a table", () => {
    assert.strictEqual(
      Render.packages(packages, Render.plain),
      [
        "name   version  installed  build  kind   direct  source",
        "greet  1.0      yes        0      conda  yes     https://example.org/channel",
        "stem   2        1                 pypi",
        "leaf                              pypi"
      ].join("\n")
    )
    assert.strictEqual(Render.packages([], Render.plain), "no packages")
  })

  it("changes are colored by kind", () => {
    assert.strictEqual(
      Render.changes(changes, Render.colored),
      [
        "\u001b[32m+  greet    1.0 0           https://example.org/channel\u001b[39m",
        "\u001b[31m-  old      ?\u001b[39m",
        "\u001b[33m~  libleaf  0.1 0 -> 0.2 1  https://example.org/channel\u001b[39m"
      ].join("\n")
    )
    assert.strictEqual(
      Render.changes(new Changes({ added: [], removed: [], changed: [] }), Render.plain),
      "no changes"
    )
  })

  it("a manifest has a line for each value", () => {
    assert.strictEqual(
      Render.manifest(manifest, Render.plain),
      [
        "name       env",
        "file       /env/pixi.toml",
        "channels   conda-forge",
        "           https://example.org/channel",
        "platforms  linux-64",
        "packages   greet >=1"
      ].join("\n")
    )
  })

  it("a status names the differences", () => {
    assert.strictEqual(
      Render.status(status, Render.plain),
      [
        "environment  /env",
        "lock file    outdated",
        "prefix       differs",
        "not locked   new",
        "missing      leaf",
        "different    stem 1, locked 2",
        "unexpected   old",
        "             older"
      ].join("\n")
    )
  })

  it("a status fits one line", () => {
    const fine = { unlocked: [], missing: [], different: [], unexpected: [] }
    const standing = (lock: Status["lock"], prefix: Status["prefix"]) =>
      Render.standing(new Status({ environment: "/env", lock, prefix, ...fine }))
    assert.strictEqual(standing("present", "matches"), "the lock file is present, and the prefix matches it")
    assert.strictEqual(standing("absent", "absent"), "there is no lock file, and there is no prefix")
  })

  it("a dry run says that nothing was changed", () => {
    const none = new Changes({ added: [], removed: [], changed: [] })
    assert.strictEqual(
      View.dryRun.render(none, Render.plain),
      "no changes\nnothing was changed: this was a dry run"
    )
  })

  it("environments have a line each", () => {
    assert.strictEqual(
      Render.environments(environments, Render.plain),
      [
        "/envs/fine    fine  the lock file is outdated, and the prefix differs from it: 1 missing, 1 different, 2 unexpected",
        "/envs/broken        /envs/broken/pixi.toml: it is empty"
      ].join("\n")
    )
    assert.strictEqual(Render.environments([], Render.plain), "no environments")
  })

  it("a program ends with an exit code or by a signal", () => {
    assert.strictEqual(Render.ended({ exitCode: 3, signal: null }), "ended with exit code 3")
    assert.strictEqual(Render.ended({ exitCode: null, signal: "SIGTERM" }), "ended by SIGTERM")
  })

  it("a size is in the unit that fits", () => {
    assert.deepStrictEqual([0, 1, 1024, 1_000_000, 1_048_576, 2_600_000].map(Render.bytes), [
      "0 KiB",
      "1 KiB",
      "1 KiB",
      "977 KiB",
      "1.0 MiB",
      "2.5 MiB"
    ])
  })

  it("nothing that is shown moves the cursor", () => {
    const name = "a\u001b[2Jb\r\u0007c"
    const renamed = new Manifest({ ...manifest, name })
    assert.include(Render.manifest(renamed, Render.plain), "a[2Jbc")
    const added = new LockedPackage({ ...changes.added[0]!, name })
    assert.include(Render.changes(new Changes({ added: [added], removed: [], changed: [] }), Render.plain), "a[2Jbc")
    assert.include(Render.error({ _tag: "Bad", message: name }, Render.plain), "a[2Jbc")
  })

  it("a text is indented, its empty lines are not", () => {
    assert.strictEqual(Render.indented("a\n\n b"), "   a\n\n    b")
  })
})
