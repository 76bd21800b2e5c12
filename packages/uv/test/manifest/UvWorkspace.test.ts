import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { isMember } from "../../src/manifest/UvWorkspace.js"

const workspace = (members: ReadonlyArray<string>, exclude: ReadonlyArray<string> = []) =>
  new TextEncoder().encode(
    `[tool.uv.workspace]\nmembers = ${JSON.stringify(members)}\nexclude = ${JSON.stringify(exclude)}\n`
  )

const members = (globs: ReadonlyArray<string>, directories: ReadonlyArray<string>, exclude?: ReadonlyArray<string>) =>
  directories.filter((directory) => Effect.runSync(isMember(workspace(globs, exclude), directory)))

describe("the workspace of uv that a directory belongs to", () => {
  it("names its members by globs, whose stars do not go beyond a directory", () => {
    assert.deepStrictEqual(members(["packages/*"], ["packages/a", "packages/a/b", "packages", "other"]), ["packages/a"])
    assert.deepStrictEqual(members(["./a", "b/"], ["a", "b", "ab"]), ["a", "b"])
    assert.deepStrictEqual(members(["**"], ["a", "a/b"]), ["a", "a/b"])
    assert.deepStrictEqual(members(["a/**/z"], ["a/z", "a/b/c/z", "z"]), ["a/z", "a/b/c/z"])
    assert.deepStrictEqual(members(["p?[ab]", "q[!x]"], ["p1a", "p1c", "qx", "qy"]), ["p1a", "qy"])
  })

  it("a dot, a plus and round brackets are themselves", () => {
    assert.deepStrictEqual(members(["a.b", "c+", "(d)"], ["a.b", "aXb", "c+", "cc", "(d)", "d"]), ["a.b", "c+", "(d)"])
    // uv refuses these.
    assert.deepStrictEqual(members(["[", "[]", "[!]"], ["[", "a", "!"]), [])
    assert.deepStrictEqual(members(["[z-a]"], ["a", "z"]), [])
  })

  it("excludes what it names, also below", () => {
    assert.deepStrictEqual(members(["packages/*"], ["packages/a", "packages/ab", "packages/c"], ["packages/a*"]), [
      "packages/c"
    ])
  })

  it.effect("is none where a manifest has no workspace, or cannot be read", () =>
    Effect.gen(function*() {
      const encode = (text: string) => new TextEncoder().encode(text)
      assert.isFalse(yield* isMember(encode("[project]\nname = \"a\"\nversion = \"1\"\n"), "a"))
      assert.isFalse(yield* isMember(encode("[["), "a"))
    }))
})
