import { describeEach } from "@darb/testing/LiveSuite"
import { directoryWith, filesOf } from "@darb/testing/TestDirectory"
import * as FileSystem from "@effect/platform/FileSystem"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { fresh, live } from "./liveFixtures.js"

describeEach(process.env, "DARB_TEST_UV", (executable) => {
  it.scopedLive(
    "clean unlinks a linked prefix, keeps what is no virtual environment, and needs no manifest that can be read",
    live(() =>
      Effect.gen(function*() {
        const base = yield* directoryWith({ "root/x": "", "elsewhere/mine": "kept" })
        const root = `${base}/root`
        const packageManager = yield* fresh(executable, { root })
        const fs = yield* FileSystem.FileSystem
        const file = `${root}/env/pyproject.toml`
        yield* packageManager.init({ path: "env" })
        yield* packageManager.install({ path: "env" })
        const manifest = yield* fs.readFileString(file)
        yield* fs.writeFileString(file, "[proj")
        yield* packageManager.clean({ path: "env" })
        assert.deepStrictEqual(
          Object.keys(yield* filesOf(`${root}/env`)).filter((name) => name.startsWith(".venv")),
          []
        )
        yield* fs.writeFileString(file, manifest)

        yield* fs.symlink(`${base}/elsewhere`, `${root}/env/.venv`)
        yield* packageManager.clean({ path: "env" })
        assert.isFalse(yield* fs.exists(`${root}/env/.venv`))
        assert.deepStrictEqual(yield* filesOf(`${base}/elsewhere`), { mine: "kept" })

        yield* fs.makeDirectory(`${root}/env/.venv`)
        yield* fs.writeFileString(`${root}/env/.venv/mine`, "kept")
        const error = yield* Effect.flip(packageManager.clean({ path: "env" }))
        assert.strictEqual(error._tag, "InvalidOption")
        assert.include(error.message, "is not a virtual environment")
        assert.strictEqual(yield* fs.readFileString(`${root}/env/.venv/mine`), "kept")

        yield* fs.makeDirectory(`${root}/plain`)
        const plain = yield* Effect.flip(packageManager.clean({ path: "plain" }))
        assert.strictEqual(plain._tag, "EnvironmentNotFound")
        yield* fs.writeFileString(file, "[proj")
        yield* packageManager.destroy({ path: "env" })
        assert.deepStrictEqual(Object.keys(yield* filesOf(root)), ["plain", "x"])
      })
    ),
    120_000
  )
})
