import { describeEach } from "@darb/laws/LiveSuite"
import { directoryWith, filesOf } from "@darb/laws/TestDirectory"
import type { PackageManagerError } from "@darb/package-manager/PackageManagerError"
import * as CondaChannel from "@darb/testing/CondaChannel"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as FileSystem from "@effect/platform/FileSystem"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"
import * as PixiVersion from "../src/PixiVersion.js"
import { platform } from "./fixtures.js"
import { fresh, versionOf } from "./liveFixtures.js"

/** Two environments of a manager with a home of its own, below its root. */
const made = Effect.fnUntraced(function*(executable: string) {
  const fs = yield* FileSystem.FileSystem
  const base = yield* directoryWith({ "root/x": "" })
  const root = `${base}/root`
  const { home, packageManager } = yield* fresh(executable, { root, limit: "60 seconds" })
  yield* fs.makeDirectory(`${home}/pixi`)
  const channel = yield* CondaChannel.make(CondaChannel.examples)
  for (const path of ["a", "b"]) {
    yield* packageManager.init({ path, name: "same", channels: [channel.url], platforms: [platform] })
  }
  return { base, fs, home, packageManager, root, version: yield* versionOf(packageManager) }
})

const live = <A, E>(effect: () => Effect.Effect<A, E, NodeContext.NodeContext | Scope.Scope>) => () =>
  effect().pipe(Effect.provide(NodeContext.layer))

const fails = <A, R>(effect: Effect.Effect<A, PackageManagerError, R>) => Effect.flip(effect)

describeEach(process.env, "DARB_TEST_PIXI", (executable) => {
  it.scopedLive(
    "clean and destroy remove the detached prefixes that name the manifest, and no others",
    live(() =>
      Effect.gen(function*() {
        const { base, fs, home, packageManager, root, version } = yield* made(executable)
        if (!PixiVersion.atLeast(version, "0.24.0")) return
        const detached = Effect.map(
          filesOf(`${base}/detached`),
          (files) => Object.keys(files).filter((name) => name.endsWith("conda-meta/pixi")).length
        )
        yield* packageManager.install({ path: "a", packages: ["greet==1.0"] })
        yield* fs.writeFileString(`${home}/pixi/config.toml`, `detached-environments = "${base}/detached"\n`)
        // The first one keeps its usual prefix, the second one gets a link.
        for (const path of ["a", "b"]) {
          yield* packageManager.install({ path, packages: ["greet==1.1"] })
        }
        assert.strictEqual(yield* detached, 2)
        assert.isTrue(yield* fs.exists(`${root}/a/.pixi/envs/default`))
        yield* packageManager.clean({ path: "a" })
        assert.isFalse(yield* fs.exists(`${root}/a/.pixi/envs`))
        assert.strictEqual(yield* detached, 1)
        assert.strictEqual((yield* packageManager.status({ path: "b" })).prefix, "matches")
        assert.strictEqual((yield* packageManager.status({ path: "a" })).prefix, "absent")
        assert.isTrue((yield* packageManager.install({ path: "a" })).isEmpty)
        assert.strictEqual(yield* detached, 2)
        yield* packageManager.destroy({ path: "b" })
        assert.strictEqual(yield* detached, 1)
        assert.strictEqual((yield* packageManager.status({ path: "a" })).prefix, "matches")
        yield* packageManager.destroy({ path: "a" })
        assert.deepStrictEqual([yield* detached, yield* filesOf(root)], [0, { x: "" }])
      })
    ),
    240_000
  )

  it.scopedLive(
    "clean unlinks a linked .pixi and keeps what is there, and is the remedy for a moved prefix",
    live(() =>
      Effect.gen(function*() {
        const { base, fs, packageManager, root } = yield* made(executable)
        yield* packageManager.install({ path: "a", packages: ["greet==1.0"] })
        yield* fs.rename(`${root}/a`, `${root}/moved`)
        const error = yield* fails(packageManager.install({ path: "moved" }))
        assert.strictEqual(error._tag, "StorageFailed")
        assert.include(error.message, "use clean and install again")
        yield* packageManager.clean({ path: "moved" })
        assert.strictEqual((yield* packageManager.install({ path: "moved" })).status?.prefix, "matches")

        yield* fs.makeDirectory(`${base}/elsewhere`)
        yield* fs.writeFileString(`${base}/elsewhere/mine`, "kept")
        yield* fs.symlink(`${base}/elsewhere`, `${root}/b/.pixi`)
        yield* packageManager.clean({ path: "b" })
        assert.deepStrictEqual(yield* filesOf(`${base}/elsewhere`), { mine: "kept" })
        assert.isFalse(yield* fs.exists(`${root}/b/.pixi`))
        yield* fs.makeDirectory(`${root}/plain`)
        assert.strictEqual((yield* fails(packageManager.clean({ path: "plain" })))._tag, "EnvironmentNotFound")
      })
    ),
    240_000
  )

  it.scopedLive(
    "clean and destroy refuse while a program runs, and need no manifest that can be read",
    live(() =>
      Effect.gen(function*() {
        const { fs, packageManager, root, version } = yield* made(executable)
        yield* packageManager.install({ path: "a", packages: ["greet==1.0"] })
        if (PixiVersion.atLeast(version, "0.30.0")) {
          const running = yield* Effect.fork(packageManager.run({ path: "a", command: ["sleep", "1000"] }))
          const started = Effect.map(fs.readDirectory(`${root}/a`), (names) =>
            names.some((name) => /^\.darb-run/.test(name)))
          yield* Effect.repeat(Effect.delay(started, "20 millis"), {
            until: (found) =>
              found
          })
          for (const operation of [packageManager.clean({ path: "a" }), packageManager.destroy({ path: "a" })]) {
            const error = yield* fails<void, never>(operation)
            assert.strictEqual(error._tag, "EnvironmentBusy")
            assert.strictEqual(
              error.message,
              `${root}/a is in use by run: end the program that runs in it first, or wait until it has ended`
            )
          }
          assert.isTrue(yield* fs.exists(`${root}/a/.pixi/envs/default`))
          yield* Fiber.interrupt(running)
        }
        for (const path of ["a", "b"]) yield* fs.writeFileString(`${root}/${path}/pixi.toml`, "[proj")
        yield* packageManager.clean({ path: "a" })
        assert.isFalse(yield* fs.exists(`${root}/a/.pixi`))
        // An unfinished journal that cannot be decoded.
        yield* fs.makeDirectory(`${root}/b/.darb`)
        yield* fs.writeFileString(`${root}/b/.darb/journal`, "{")
        const error = yield* fails(packageManager.destroy({ path: "b" }))
        assert.strictEqual(error._tag, "StorageFailed")
        assert.include(error.message, "remove the journal")
        assert.isTrue(yield* fs.exists(`${root}/b/pixi.toml`))
        yield* packageManager.destroy({ path: "a" })
        assert.isFalse(yield* fs.exists(`${root}/a`))
      })
    ),
    240_000
  )
})
