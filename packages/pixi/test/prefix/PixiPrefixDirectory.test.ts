import { directoryWith } from "@darb/laws/TestDirectory"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as FileSystem from "@effect/platform/FileSystem"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as PixiPrefix from "../../src/prefix/PixiPrefix.js"
import { makePrefixDirectory } from "../../src/prefix/PixiPrefixDirectory.js"

type Files = Readonly<Record<string, string>>

const to = (directory: string) => `detached-environments = ${JSON.stringify(directory)}\n`

/** A directory with files, in which `$ROOT` is its path. */
const rootWith = Effect.fnUntraced(function*(files: Files) {
  const root = yield* directoryWith({})
  const fs = yield* FileSystem.FileSystem
  for (const [name, text] of Object.entries(files)) {
    yield* fs.makeDirectory(`${root}/${name}`.replace(/\/[^/]*$/, ""), { recursive: true })
    yield* fs.writeFileString(`${root}/${name}`, text.replaceAll("$ROOT", root))
  }
  return root
})

const record = (workspace: string) => JSON.stringify({ manifest_path: `$ROOT/${workspace}/pixi.toml` })

/** Where the prefix of the workspace `w` is, relative to the directory. */
const find = Effect.fnUntraced(function*(files: Files, variables: Files = {}) {
  const root = yield* rootWith({ "w/pixi.toml": "", ...files })
  const given = Object.entries(variables).map(([name, value]) => [name, value.replaceAll("$ROOT", root)])
  const { find } = yield* makePrefixDirectory({ HOME: `${root}/home`, ...Object.fromEntries(given) })
  const found = yield* find({
    workspace: `${root}/w`,
    manifest: `${root}/w/pixi.toml`,
    name: "the-env",
    environment: "dev"
  })
  return found?.replace(`${root}/`, "")
})

const usual = "w/.pixi/envs/dev"
const other = { "a/the-env-1/envs/dev/conda-meta/pixi": record("v") }
const ours = { "a/the-env-2/envs/dev/conda-meta/pixi": record("w") }
const detached = "a/the-env-2/envs/dev"

describe("the prefix", () => {
  it.scopedLive.each<readonly [what: string, files: Files, expected: string | undefined, variables?: Files]>([
    ["is in .pixi", {}, usual],
    [
      "is in .pixi if it is not detached",
      { "home/.pixi/config.toml": "detached-environments = false\n", ...ours },
      usual
    ],
    ["is the one of this manifest", { "home/.pixi/config.toml": to("$ROOT/a"), ...other, ...ours }, detached],
    ["is not that of another manifest", {
      ...{ "home/.pixi/config.toml": to("$ROOT/a"), ...other },
      [`${usual}/conda-meta/pixi`]: record("w")
    }, undefined],
    ["is in .pixi if a version installed it that detaches none", {
      ...{ "home/.pixi/config.toml": to("$ROOT/a"), ...other },
      [`${usual}/conda-meta/a-1-0.json`]: "{}"
    }, usual],
    ["is where the workspace says first", {
      ...{ "home/.pixi/config.toml": to("$ROOT/b"), "w/.pixi/config.toml": to("$ROOT/a"), ...ours }
    }, detached],
    [
      "is where PIXI_HOME says before XDG_CONFIG_HOME",
      {
        ...{ "p/config.toml": to("$ROOT/a"), "x/pixi/config.toml": to("$ROOT/b"), ...ours }
      },
      detached,
      { PIXI_HOME: "$ROOT/p", XDG_CONFIG_HOME: "$ROOT/x" }
    ],
    ["is where ~ is", { "home/.config/pixi/config.toml": to("~/../a"), ...ours }, detached],
    [
      "is not relative",
      { "home/.pixi/config.toml": to("a"), "home/.config/pixi/config.toml": to("$ROOT/a"), ...ours },
      detached
    ],
    [
      "is elsewhere than a file says that is not TOML",
      { "home/.pixi/config.toml": `${to("$ROOT/a")}!`, ...ours },
      usual
    ],
    ["is in the cache", {
      "w/.pixi/config.toml": "detached-environments = true\n",
      "home/.cache/rattler/cache/envs/the-env-3/envs/dev/conda-meta/pixi": record("w")
    }, "home/.cache/rattler/cache/envs/the-env-3/envs/dev"],
    ["is in the directory of the configuration that is a cache", {
      "w/.pixi/config.toml": "detached-environments = true\n",
      "home/.pixi/config.toml": "[cache]\ndetached-environments = \"$ROOT/a\"\n",
      ...ours
    }, detached]
  ])("%s", ([, files, expected, variables]) =>
    Effect.gen(function*() {
      assert.strictEqual(yield* find(files, variables), expected)
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scopedLive("in the cache may be found only by the link to it", () =>
    Effect.gen(function*() {
      const root = yield* rootWith({
        "w/pixi.toml": "",
        "w/.pixi/config.toml": "detached-environments = true\n",
        "elsewhere/w-7/envs/default/conda-meta/pixi": record("w")
      })
      const fs = yield* FileSystem.FileSystem
      yield* fs.symlink(`${root}/elsewhere/w-7/envs`, `${root}/w/.pixi/envs`)
      const { find } = yield* makePrefixDirectory({})
      const place = { workspace: `${root}/w`, manifest: `${root}/w/pixi.toml`, name: "w", environment: "default" }
      assert.strictEqual(yield* find(place), `${root}/elsewhere/w-7/envs/default`)
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scopedLive("that was moved says where it was installed", () =>
    Effect.gen(function*() {
      const root = yield* rootWith({
        "new/conda-meta/pixi_env_prefix": "/gone/conda-meta",
        "old/prefix": "/gone\n",
        "here/conda-meta/pixi_env_prefix": "$ROOT/here/conda-meta",
        "copy/conda-meta/pixi_env_prefix": "$ROOT/here/conda-meta",
        // Left by an old version.
        "mended/prefix": "/gone",
        "mended/conda-meta/pixi_env_prefix": "$ROOT/mended/conda-meta",
        "package/prefix": "some text",
        "empty/conda-meta/pixi_env_prefix": ""
      })
      const { movedFrom } = yield* makePrefixDirectory({})
      const from = (name: string) => Effect.flatMap(PixiPrefix.open(`${root}/${name}`), movedFrom)
      assert.deepStrictEqual(
        yield* Effect.forEach(["new", "old", "here", "copy", "mended", "package", "empty"], from),
        ["/gone", "/gone", undefined, `${root}/here`, undefined, undefined, undefined]
      )
    }).pipe(Effect.provide(NodeContext.layer)))
})
