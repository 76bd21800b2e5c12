/**
 * Tests with `MockExecutor`: the real driver works on real files, and the test decides how each command runs. Use it for
 * what depends on commands. Commands take the time of `TestClock`; file operations take real time.
 */
import { Pixi } from "@darb/pixi"
import * as MockExecutor from "@darb/testing/MockExecutor"
import { FileSystem } from "@effect/platform"
import { NodeContext } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Clock, Deferred, Duration, Effect, Fiber, Layer, TestClock } from "effect"
import * as Workbench from "./Workbench.js"

const manifest = "[workspace]\nname = \"analysis\"\nchannels = [\"conda-forge\"]\nplatforms = [\"linux-64\"]\n"

/** Runs the application in an existing environment, with a pixi whose `add` is given. */
const onPixi = Effect.fnUntraced(function*<A, E>(
  add: Effect.Effect<MockExecutor.Reply>,
  use: (path: string) => Effect.Effect<A, E, Workbench.Workbench | MockExecutor.MockExecutor | FileSystem.FileSystem>
) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* fs.makeTempDirectoryScoped()
  yield* fs.writeFileString(`${path}/pixi.toml`, manifest)
  const executor = MockExecutor.layer(({ argv }) => {
    switch (argv[1]) {
      case "--version":
        return Effect.succeed({ stdout: "pixi 0.77.0\n" })
      case "add":
        return add
      default:
        return Effect.succeed({})
    }
  })
  return yield* Effect.provide(
    use(path),
    Workbench.layer({ limit: "5 minutes" }).pipe(
      Layer.provide(Pixi.layer()),
      Layer.provideMerge(executor)
    )
  )
}, Effect.provide(NodeContext.layer))

const prepare = (path: string) =>
  Effect.flatMap(Workbench.Workbench, (workbench) => workbench.prepare({ path, packages: ["numpy"] }))

/** Adjusts the clock until the effect has ended. */
const whileTimePasses = Effect.fnUntraced(function*<A, E, R>(effect: Effect.Effect<A, E, R>) {
  const fiber = yield* Effect.fork(effect)
  yield* Effect.repeat(TestClock.adjust("500 millis"), { until: () => fiber.unsafePoll() !== null })
  return yield* Fiber.join(fiber)
})

const refused = "Error:   × Request failed after 3 retries\n" +
  "  ├─▶ error sending request for url (http://127.0.0.1:9/chan/linux-64/repodata.json.zst)\n" +
  "  ├─▶ client error (Connect)\n  ├─▶ tcp connect error\n  ╰─▶ Connection refused (os error 111)\n"

describe("Workbench, with MockExecutor", () => {
  it.scoped("a command that hangs is ended at the time limit, and the manifest is restored", () =>
    Effect.gen(function*() {
      const started = yield* Deferred.make<void>()
      const hang = Effect.as(Deferred.succeed(started, undefined), { duration: Duration.infinity })
      yield* onPixi(hang, (path) =>
        Effect.gen(function*() {
          const fs = yield* FileSystem.FileSystem
          const executor = yield* MockExecutor.MockExecutor
          const preparing = yield* Effect.fork(Effect.flip(prepare(path)))
          yield* Deferred.await(started)
          yield* fs.writeFileString(`${path}/pixi.toml`, "half written")

          yield* TestClock.adjust("299 seconds")
          assert.strictEqual(executor.running(), 1)
          yield* TestClock.adjust("1 second")
          const error = yield* Fiber.join(preparing)
          assert.deepStrictEqual(error, new Workbench.TryLater({ reason: `${path} was not ready in time` }))
          assert.strictEqual(executor.running(), 0)
          assert.deepStrictEqual(executor.signals, ["SIGTERM"])
          assert.strictEqual(yield* fs.readFileString(`${path}/pixi.toml`), manifest)
        }))
    }))

  it.scoped("a network failure is retried", () => {
    let attempts = 0
    const add = Effect.sync((): MockExecutor.Reply => ++attempts < 3 ? { exitCode: 1, stderr: refused } : {})
    return onPixi(add, (path) =>
      Effect.gen(function*() {
        assert.deepStrictEqual(yield* whileTimePasses(prepare(path)), { made: false, added: [] })
        assert.strictEqual(attempts, 3)
        assert.isAtLeast(yield* Clock.currentTimeMillis, 3_000)
      }))
  })
})
