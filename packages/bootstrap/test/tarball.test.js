// @ts-check
import { assert, describe, it } from "vitest"
import { entriesOf, filesProblems, importsProblems } from "../src/tarball.js"

/** @param {string} path */
const target = (path) => ({ types: `./dist/${path}.d.ts`, default: `./dist/${path}.js` })

const files = [
  ...["package.json", "README.md", "src/index.ts", "src/Pixi.ts", "src/internal/task.ts", "src/testing/Zip.ts"],
  ...["index", "Pixi", "internal/task", "testing/Zip"].flatMap((name) => [
    `dist/${name}.js`,
    `dist/${name}.js.map`,
    `dist/${name}.d.ts`,
    `dist/${name}.d.ts.map`
  ])
]

describe("the entries of a package", () => {
  const exports = { ".": target("index"), "./internal/*": null, "./*": target("*") }

  it("are what its exports name, and what a pattern finds", () => {
    assert.deepStrictEqual(entriesOf({ name: "@us/it", exports }, files), {
      entries: ["@us/it", "@us/it/Pixi", "@us/it/index", "@us/it/testing/Zip"],
      hidden: ["@us/it/internal/task"]
    })
  })

  it("are open without a pattern that closes them", () => {
    const { entries, hidden } = entriesOf({ name: "it", exports: { "./*": target("*") } }, files)
    assert.include(entries, "it/internal/task")
    assert.deepStrictEqual(hidden, [])
  })

  it("may be a single file of a directory", () => {
    const { entries } = entriesOf({ name: "it", exports: { "./zip": target("testing/Zip") } }, files)
    assert.deepStrictEqual(entries, ["it/zip"])
  })
})

describe("the files of the tarball", () => {
  it("are sources, what is compiled from them, and the two that say what it is", () => {
    assert.deepStrictEqual(filesProblems(files), [])
  })

  it.each([
    "src/Pixi.test.ts",
    "dist/Gone.js",
    "test/Pixi.test.ts",
    "dist/build.tsbuildinfo",
    "examples/main.ts",
    "a.tgz"
  ])(
    "are not %s",
    (file) => {
      assert.deepStrictEqual(filesProblems([...files, file]), [
        `${file} is in the tarball, and is neither a source nor compiled from one`
      ])
    }
  )

  it.each(["README.md", "package.json", "dist/index.js"])("are not without %s", (file) => {
    assert.deepStrictEqual(filesProblems(files.filter((other) => other !== file)), [`${file} is not in the tarball`])
  })
})

describe("imports", () => {
  const manifest = {
    name: "@us/it",
    dependencies: { "smol-toml": "1" },
    peerDependencies: { effect: "3", "@effect/platform": "1" }
  }

  it("are of what is declared, of Node and of the package itself", () => {
    const imports = [
      "./Zip.js",
      "../Pixi.js",
      "effect/Effect",
      "@effect/platform/Path",
      "smol-toml",
      "node:fs",
      "@us/it/Pixi"
    ]
    assert.deepStrictEqual(importsProblems(manifest, new Map([["dist/a.js", imports]])), [])
  })

  it.each(["@effect/vitest", "@effect/platform-node/NodeContext", "fast-check", "smol"])("are not of %s", (name) => {
    assert.deepStrictEqual(importsProblems(manifest, new Map([["dist/a.js", ["effect", name]]])), [
      `dist/a.js imports ${name}, which is neither a dependency nor a peer`
    ])
  })
})
