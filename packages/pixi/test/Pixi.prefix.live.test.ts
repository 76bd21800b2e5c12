import { describeEach } from "@darb/laws/LiveSuite"
import { directoryWith, filesOf } from "@darb/laws/TestDirectory"
import type { PackageManagerError } from "@darb/package-manager/PackageManagerError"
import * as CondaChannel from "@darb/testing/CondaChannel"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as FileSystem from "@effect/platform/FileSystem"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as PixiVersion from "../src/PixiVersion.js"
import { platform } from "./fixtures.js"
import { fresh, versionOf } from "./liveFixtures.js"

/** An environment of a manager with a home of its own. */
const made = Effect.fnUntraced(function*(executable: string) {
  const fs = yield* FileSystem.FileSystem
  const root = yield* directoryWith({})
  const { home, packageManager } = yield* fresh(executable, { limit: "60 seconds" })
  yield* fs.makeDirectory(`${home}/pixi`)
  const channel = yield* CondaChannel.make(CondaChannel.examples)
  const path = `${root}/env`
  yield* packageManager.init({ path, channels: [channel.url], platforms: [platform] })
  return { fs, home, packageManager, path, root, version: yield* versionOf(packageManager) }
})

const fails = <A, R>(effect: Effect.Effect<A, PackageManagerError, R>) =>
  Effect.map(Effect.flip(effect), (error) => ({ ...error }))

const live = <A, E>(effect: () => Effect.Effect<A, E, NodeContext.NodeContext | Scope.Scope>) => () =>
  effect().pipe(Effect.provide(NodeContext.layer))

describeEach(process.env, "DARB_TEST_PIXI", (executable) => {
  it.scopedLive.each(
    [
      ["a directory", (root: string) => JSON.stringify(`${root}/detached`), "pixi/config.toml"],
      ["the cache", () => "true", "config/pixi/config.toml"]
    ] as const
  )("an environment that is detached to %s is read there", ([, value, file]) =>
    Effect.gen(function*() {
      const { fs, home, packageManager, path, root, version } = yield* made(executable)
      const state = Effect.gen(function*() {
        const { missing, prefix } = yield* packageManager.status({ path })
        const listed = yield* packageManager.list({ path })
        return [prefix, missing, listed.map(({ installed, name }) => [name, installed])]
      })
      yield* packageManager.install({ path, packages: ["greet==1.0"] })
      yield* fs.makeDirectory(`${home}/config/pixi`, { recursive: true })
      yield* fs.writeFileString(`${home}/${file}`, `detached-environments = ${value(root)}\n`)
      const detaches = PixiVersion.atLeast(version, "0.23.0")
      // What a failed operation leaves there does not count.
      assert.strictEqual((yield* fails(packageManager.install({ path, packages: ["broken"] })))._tag, "DownloadFailed")
      assert.deepStrictEqual(
        yield* state,
        detaches ? ["absent", ["greet"], [["greet", null]]] : ["matches", [], [["greet", "1.0"]]]
      )
      const { status } = yield* packageManager.install({ path, packages: ["greet==1.1"] })
      assert.deepStrictEqual([status?.prefix, status?.different], ["matches", []])
      assert.deepStrictEqual(yield* state, ["matches", [], [["greet", "1.1"]]])

      // pixi links to the prefix if nothing is in the usual place.
      yield* fs.remove(`${path}/.pixi`, { recursive: true })
      assert.deepStrictEqual((yield* state)[0], detaches ? "matches" : "absent")
      yield* packageManager.install({ path })
      assert.deepStrictEqual(yield* state, ["matches", [], [["greet", "1.1"]]])

      yield* fs.writeFileString(`${path}/.pixi/config.toml`, "detached-environments = false\n")
      assert.deepStrictEqual(yield* state, ["matches", [], [["greet", "1.1"]]])
      yield* fs.remove(`${path}/.pixi/config.toml`)

      // The copy of a workspace has a prefix of its own.
      yield* fs.rename(path, `${root}/moved`)
      const { prefix } = yield* packageManager.status({ path: `${root}/moved` })
      assert.strictEqual(prefix, "absent")
    }).pipe(Effect.provide(NodeContext.layer)), 240_000)

  it.scopedLive(
    "a moved prefix is not one, and is not used",
    live(() =>
      Effect.gen(function*() {
        const { fs, packageManager, path, root, version } = yield* made(executable)
        yield* packageManager.install({ path, packages: ["greet==1.0"] })
        const moved = `${root}/moved`
        yield* fs.rename(path, moved)
        const before = yield* filesOf(moved)
        const { lock, missing, prefix } = yield* packageManager.status({ path: moved })
        assert.deepStrictEqual([lock, prefix, missing], ["present", "absent", ["greet"]])
        assert.deepStrictEqual((yield* packageManager.list({ path: moved })).map(({ installed }) => installed), [null])
        for (
          const operation of [
            packageManager.install({ path: moved }),
            packageManager.install({ path: moved, frozen: true }),
            packageManager.install({ path: moved, packages: ["libleaf"] }),
            packageManager.update({ path: moved }),
            packageManager.remove({ path: moved, packages: ["greet"] })
          ]
        ) {
          const error = yield* fails<unknown, never>(operation)
          assert.deepInclude(error, { _tag: "StorageFailed", file: `${moved}/.pixi/envs/default` })
          assert.include(String(Object.values(error)), `${path}/.pixi/envs/default`)
        }
        assert.deepStrictEqual(yield* filesOf(moved), before)

        const addition = packageManager.install({ path: moved, packages: ["libleaf"], noInstall: true })
        if (PixiVersion.atLeast(version, "0.39.1")) assert.isFalse((yield* addition).isEmpty)
        else assert.deepInclude(yield* fails(addition), { _tag: "StorageFailed", file: `${moved}/.pixi` })

        // A link to the directory is not another place.
        yield* fs.symlink(moved, path)
        const linked = yield* packageManager.status({ path })
        assert.notInclude(linked.missing, "greet")
        yield* fs.remove(path)
        yield* fs.remove(`${moved}/.pixi`, { recursive: true })
        const { status } = yield* packageManager.install({ path: moved })
        assert.strictEqual(status?.prefix, "matches")
      })
    ),
    120_000
  )

  it.scopedLive.each(["", "/envs", "/envs/default", "/envs/default/conda-meta"])(
    "a file in the place of .pixi%s is named, and a link to nothing",
    (name) =>
      Effect.gen(function*() {
        const { fs, packageManager, path } = yield* made(executable)
        yield* packageManager.install({ path, packages: ["greet"], noInstall: true })
        yield* fs.remove(`${path}/.pixi`, { recursive: true, force: true })
        const file = `${path}/.pixi${name}`
        yield* fs.makeDirectory(file.replace(/\/[^/]*$/, ""), { recursive: true })
        yield* fs.writeFileString(file, "")
        const before = yield* filesOf(path)
        for (
          const operation of [
            packageManager.status({ path }),
            packageManager.install({ path }),
            packageManager.install({ path, packages: ["libleaf"] }),
            packageManager.remove({ path, packages: ["greet"] }),
            packageManager.update({ path })
          ]
        ) {
          const error = yield* fails<unknown, never>(operation)
          assert.strictEqual(error._tag, "StorageFailed")
          if (error._tag === "StorageFailed") assert.include(error.file, `${path}/.pixi`)
        }
        assert.deepStrictEqual((yield* packageManager.list({ path })).map(({ installed }) => installed), [null])
        assert.deepStrictEqual(yield* filesOf(path), before)
        if (name.endsWith("conda-meta")) return

        yield* fs.remove(file)
        yield* fs.symlink("/nowhere/at/all", file)
        assert.strictEqual((yield* packageManager.status({ path })).prefix, "absent")
        assert.deepInclude(yield* fails(packageManager.install({ path })), { _tag: "StorageFailed", file })
        assert.strictEqual(yield* fs.readLink(file), "/nowhere/at/all")
      }).pipe(Effect.provide(NodeContext.layer)),
    120_000
  )
})
