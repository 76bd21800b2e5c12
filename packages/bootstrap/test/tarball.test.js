// @ts-check
import { assert, describe, it } from "vitest"
import { entriesOf, filesProblems, importsProblems, optionalFiles } from "../src/tarball.js"

/** @param {string} path */
const target = (path) => ({ types: `./dist/${path}.d.ts`, default: `./dist/${path}.js` })

const files = [
  ...["package.json", "README.md", "LICENSE", "CHANGELOG.md"],
  ...["index", "Pixi", "lock/PixiLock", "lock/PixiLockScan"].flatMap((name) => [
    `src/${name}.ts`,
    `dist/${name}.js`,
    `dist/${name}.js.map`,
    `dist/${name}.d.ts`,
    `dist/${name}.d.ts.map`
  ])
]

const exports = { ".": target("index"), "./Pixi": target("Pixi"), "./PixiLock": target("lock/PixiLock") }
const manifest = { name: "@us/it", exports }

describe("the entries of a package", () => {
  it("are what its exports name, and hide all else", () => {
    assert.deepStrictEqual(entriesOf(manifest, files), {
      entries: ["@us/it", "@us/it/Pixi", "@us/it/PixiLock"],
      hidden: ["@us/it/lock/PixiLockScan"]
    })
  })

  it("are all modules where a pattern names them", () => {
    const { entries, hidden } = entriesOf({ name: "it", exports: { ".": target("index"), "./*": target("*") } }, files)
    assert.deepStrictEqual(entries, ["it", "it/Pixi", "it/index", "it/lock/PixiLock", "it/lock/PixiLockScan"])
    assert.deepStrictEqual(hidden, [])
  })
})

describe("the files of the tarball", () => {
  it("are sources, what is compiled from them, and those that describe the package", () => {
    assert.deepStrictEqual(filesProblems(manifest, files), [])
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
      assert.deepStrictEqual(filesProblems(manifest, [...files, file]), [
        `@us/it: ${file} is in the tarball, but is neither a source nor compiled from one`
      ])
    }
  )

  it.each(["README.md", "package.json", "LICENSE", "CHANGELOG.md", "dist/index.js", "dist/lock/PixiLock.d.ts"])(
    "are not without %s",
    (file) => {
      assert.deepStrictEqual(filesProblems(manifest, files.filter((other) => other !== file)), [
        `@us/it: ${file} is not in the tarball`
      ])
    }
  )
})

describe("imports", () => {
  const declaring = {
    ...manifest,
    dependencies: { "smol-toml": "1" },
    peerDependencies: { effect: "3", "@effect/platform": "1", vitest: "3" },
    peerDependenciesMeta: { vitest: { optional: true } }
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
    assert.deepStrictEqual(importsProblems(declaring, new Map([["dist/a.js", imports]])), [])
  })

  it.each(["@effect/vitest", "@effect/platform-node/NodeContext", "fast-check", "smol"])("are not of %s", (name) => {
    assert.deepStrictEqual(importsProblems(declaring, new Map([["dist/a.js", ["effect", name]]])), [
      `@us/it: dist/a.js imports ${name}, which is neither a dependency nor a peer`
    ])
  })

  it("of optional peers make a module optional", () => {
    const imports = new Map([["dist/a.js", ["effect"]], ["dist/b.js", ["./a.js", "vitest/node"]]])
    assert.deepStrictEqual(optionalFiles(declaring, imports), ["dist/b.js"])
    assert.deepStrictEqual(optionalFiles(manifest, imports), [])
  })
})
