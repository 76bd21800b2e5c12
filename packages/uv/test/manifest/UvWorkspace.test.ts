import { directoryWith } from "@darb/laws/TestDirectory"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as FileSystem from "@effect/platform/FileSystem"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { isMember, members as expand } from "../../src/manifest/UvWorkspace.js"

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

  it.scoped("has the directories that its globs name, and no hidden ones", () =>
    Effect.gen(function*() {
      const root = yield* directoryWith(
        Object.fromEntries(["p/a", "p/b", "p/.c", "q/r/z", "q/z", "x"].map((name) => [`${name}/pyproject.toml`, ""]))
      )
      yield* Effect.flatMap(FileSystem.FileSystem, (fs) => fs.symlink("..", `${root}/q/up`))
      const found = (members: ReadonlyArray<string>, exclude: ReadonlyArray<string> = []) =>
        Effect.map(expand(root, { members, exclude }), (found) =>
          found.map((name) => name.slice(root.length + 1).replace("/pyproject.toml", "")))
      assert.deepStrictEqual(yield* found(["p/*", "./x/", "p/a", "."]), ["p/a", "p/b", "x"])
      assert.deepStrictEqual(yield* found(["q/**/z"]), ["q/z", "q/r/z"])
      assert.deepStrictEqual(yield* found(["p/[ab]"], ["p/a"]), ["p/b"])
    }).pipe(Effect.provide(NodeContext.layer)))

  it.effect("is none where a manifest has no workspace, or cannot be read", () =>
    Effect.gen(function*() {
      const encode = (text: string) => new TextEncoder().encode(text)
      assert.isFalse(yield* isMember(encode("[project]\nname = \"a\"\nversion = \"1\"\n"), "a"))
      assert.isFalse(yield* isMember(encode("[["), "a"))
    }))
})
