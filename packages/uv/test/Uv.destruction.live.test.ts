import { describeEach } from "@darb/laws/LiveSuite"
import { directoryWith, filesOf } from "@darb/laws/TestDirectory"
import * as Output from "@darb/package-manager/Output"
import * as FileSystem from "@effect/platform/FileSystem"
import { assert, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
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

  it.scopedLive(
    "clean and destroy refuse while a program runs",
    live(() =>
      Effect.gen(function*() {
        const root = yield* directoryWith({})
        const packageManager = yield* fresh(executable, { root })
        const fs = yield* FileSystem.FileSystem
        yield* packageManager.init({ path: "env" })
        yield* packageManager.install({ path: "env" })
        const started = yield* Deferred.make<void>()
        const running = yield* Effect.fork(Output.observe(
          packageManager.run({ path: "env", command: ["sh", "-c", "echo on; sleep 1000"] }),
          (event) => event._tag === "Output" ? Deferred.succeed(started, undefined) : Effect.void
        ))
        yield* Deferred.await(started)
        for (const operation of ["clean", "destroy"] as const) {
          const error = yield* Effect.flip(packageManager[operation]({ path: "env" }))
          assert.strictEqual(error._tag, "EnvironmentBusy")
          assert.strictEqual(
            error.message,
            `${root}/env is in use by run: end the program that runs in it first, or wait until it has ended`
          )
        }
        assert.isTrue(yield* fs.exists(`${root}/env/.venv/pyvenv.cfg`))
        yield* Fiber.interrupt(running)
        yield* packageManager.destroy({ path: "env" })
        assert.deepStrictEqual(yield* fs.readDirectory(root), [])
      })
    ),
    120_000
  )
})
