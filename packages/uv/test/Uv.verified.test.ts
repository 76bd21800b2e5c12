import { directoryWith } from "@darb/laws/TestDirectory"
import { PackageManager } from "@darb/package-manager/PackageManager"
import * as MockExecutor from "@darb/testing/MockExecutor"
import * as Scripted from "@darb/testing/Scripted"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as FileSystem from "@effect/platform/FileSystem"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Uv from "../src/Uv.js"

/** Builds the layer on an executable that answers `--version`. */
const built = (version: string) =>
  Effect.map(PackageManager, ({ name }) => name).pipe(
    Effect.provide(Uv.layerVerified()),
    Effect.provide(Scripted.layer(version, {}))
  )

/** The error of the layer on a real file. */
const failure = (executable: string) => Effect.flip(Effect.scoped(Layer.build(Uv.layerVerified({ executable }))))

describe("a verified layer of uv", () => {
  it.effect("is built on a version that is supported", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* built("uv 0.13.9"), "uv")
    }).pipe(Effect.provide(NodeContext.layer)))

  it.effect("fails on a version that is too old, and on what is not uv", () =>
    Effect.gen(function*() {
      for (const [text, found] of [["uv 0.9.19", "0.9.19"], ["garbage", "garbage"]] as const) {
        assert.deepInclude({ ...yield* Effect.flip(built(text)) }, {
          _tag: "UnsupportedVersion",
          operation: "version",
          environment: "",
          found,
          required: "0.9.20"
        })
      }
    }).pipe(Effect.provide(NodeContext.layer)))

  it.effect("fails without an executable", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(Effect.scoped(Layer.build(Uv.layerVerified())))
      assert.strictEqual(error._tag, "ExecutableNotFound")
    }).pipe(
      Effect.provide(MockExecutor.layer(() => Effect.fail(MockExecutor.notFound("uv")))),
      Effect.provide(NodeContext.layer)
    ))

  it.scopedLive("fails on a file that is not there, that is not executable, and on a program that is too old", () =>
    Effect.gen(function*() {
      const directory = yield* directoryWith({
        "text": "x",
        "old": "#!/bin/sh\necho uv 0.9.19\n",
        "fails": "#!/bin/sh\nexit 3\n",
        "dies": "#!/bin/sh\nkill -KILL $$\n"
      })
      const fs = yield* FileSystem.FileSystem
      for (const name of ["old", "fails", "dies"]) yield* fs.chmod(`${directory}/${name}`, 0o755)
      const tags = yield* Effect.forEach(
        ["none", "text", "old", "fails", "dies"],
        (name) => Effect.map(failure(`${directory}/${name}`), ({ _tag }) => _tag)
      )
      assert.deepStrictEqual(tags, [
        "ExecutableNotFound",
        "ExecutableNotFound",
        "UnsupportedVersion",
        "UnsupportedVersion",
        "CommandKilled"
      ])
    }).pipe(Effect.provide(NodeContext.layer)))
})
