import { describeEach } from "@darb/laws/LiveSuite"
import * as FileSystem from "@effect/platform/FileSystem"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { execFileSync } from "node:child_process"
import { edit, live, made } from "./liveFixtures.js"

/** The examples have no scripts, so that the one of `activate` stands for them. */
const activated = (path: string) =>
  execFileSync("sh", ["-c", ". .venv/bin/activate && python -c 'import sys; print(sys.prefix)'"], {
    cwd: path,
    encoding: "utf8"
  }).trim()

describeEach(process.env, "DARB_TEST_UV", (executable) => {
  it.scopedLive(
    "a prefix that was moved is not right, and an installation makes it so",
    live(() =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const { packageManager, path, root } = yield* made(executable)
        yield* packageManager.install({ path, packages: ["greet==1.0"] })
        assert.strictEqual((yield* packageManager.status({ path })).prefix, "matches")
        const moved = { path: `${root}/moved` }
        yield* fs.rename(path, moved.path)
        const status = yield* packageManager.status(moved)
        assert.deepStrictEqual([status.lock, status.prefix, status.missing], ["present", "absent", ["greet"]])
        const changes = yield* packageManager.install(moved)
        assert.isTrue(changes.isEmpty)
        assert.strictEqual(changes.status?.prefix, "matches")
        assert.strictEqual(activated(moved.path), `${moved.path}/.venv`)
        assert.deepStrictEqual((yield* packageManager.list(moved)).map(({ installed }) => installed), ["1.0"])
      })
    ),
    60_000
  )

  it.scopedLive.each<[string, string]>([
    ["bin/python", "a link to nothing"],
    ["bin", "gone"],
    ["pyvenv.cfg", "gone, with its Python"]
  ])(
    "a prefix whose %s is %s is not right, and uv replaces it or is refused",
    ([name, what]) =>
      live(() =>
        Effect.gen(function*() {
          const fs = yield* FileSystem.FileSystem
          const { packageManager, path } = yield* made(executable)
          yield* packageManager.install({ path, packages: ["greet==1.0"] })
          yield* fs.remove(`${path}/.venv/${name}`, { recursive: true })
          if (name === "bin/python") yield* fs.symlink("/no/where/python3", `${path}/.venv/${name}`)
          if (what.endsWith("its Python")) yield* fs.remove(`${path}/.venv/bin`, { recursive: true })
          assert.strictEqual((yield* packageManager.status({ path })).prefix, "absent")
          const result = yield* Effect.either(packageManager.install({ path }))
          if (name === "pyvenv.cfg") {
            assert.strictEqual(result._tag === "Left" ? result.left._tag : undefined, "StorageFailed")
          } else {
            assert.strictEqual(result._tag === "Right" ? result.right.status?.prefix : undefined, "matches")
          }
        })
      )(),
    60_000
  )

  it.scopedLive(
    "a prefix for another Python than the manifest's is not right",
    live(() =>
      Effect.gen(function*() {
        const { packageManager, path } = yield* made(executable)
        yield* packageManager.install({ path, packages: ["greet==1.0"] })
        const found = execFileSync(`${path}/.venv/bin/python`, [
          "-c",
          "import sys; print('%d.%d' % sys.version_info[:2])"
        ], {
          encoding: "utf8"
        }).trim()
        yield* edit(`${path}/pyproject.toml`, /requires-python = .*/, `requires-python = ">=3.9,!=${found}.*"`)
        assert.strictEqual((yield* packageManager.status({ path })).prefix, "absent")
        const result = yield* Effect.either(packageManager.install({ path }))
        // This machine may have no other Python that works.
        if (result._tag === "Right") assert.strictEqual(result.right.status?.prefix, "matches")
      })
    ),
    60_000
  )
})
