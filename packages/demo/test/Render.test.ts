import { Changes, LockedPackage } from "@darb/package-manager/Changes"
import { Manifest } from "@darb/package-manager/Manifest"
import { assert, describe, it } from "@effect/vitest"
import * as Render from "../src/Render.js"
import { changes, manifest, packages } from "./fixtures.js"

describe("Render", () => {
  it("packages are a table", () => {
    assert.strictEqual(
      Render.packages(packages, Render.plain),
      [
        "name   version  build  kind   asked for  source",
        "greet  1.0      0      conda  yes        https://example.org/channel",
        "leaf                   pypi"
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
      "nothing changed"
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
