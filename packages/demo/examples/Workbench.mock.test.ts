/**
 * Tests with `Layer.mock`: the test implements each operation. Use it for how an application reacts to results, errors and
 * events.
 */
import type { OperationErrors } from "@darb/package-manager"
import { Changes, Manifest, Output, PackageManager, PackageManagerError } from "@darb/package-manager"
import { Pixi } from "@darb/pixi"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, TestClock } from "effect"
import * as Workbench from "./Workbench.js"

const context = { manager: "mock", operation: "install", environment: "/analysis" } as const

const manifest = new Manifest.Manifest({
  file: "/analysis/pixi.toml",
  name: "analysis",
  packages: {},
  pypiPackages: {},
  channels: [],
  platforms: [],
  bytes: new Uint8Array()
})

const unchanged = new Changes.Changes({ added: [], removed: [], changed: [] })

/** The application with a manager that has only these operations. Any other one is a defect. */
const workbenchOn = (operations: Pick<PackageManager["Type"], "init" | "install">) =>
  Workbench.layer().pipe(
    Layer.provide(Layer.mock(PackageManager, { name: "mock", capabilities: Pixi.capabilities, ...operations }))
  )

const prepare = (report?: Workbench.Request["report"]) =>
  Effect.flatMap(
    Workbench.Workbench,
    (workbench) => workbench.prepare({ path: "/analysis", packages: ["numpy"], report })
  )

const exists = new PackageManagerError.EnvironmentExists({
  ...context,
  operation: "init",
  manifest: "/analysis/pixi.toml"
})

describe("Workbench, with Layer.mock", () => {
  it.effect("uses an existing environment", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* prepare(), { made: false, added: [] })
    }).pipe(Effect.provide(workbenchOn({
      init: () => Effect.fail(exists),
      install: () => Effect.succeed(unchanged)
    }))))

  it.effect("retries after 1 and 2 seconds, and then succeeds", () => {
    let attempts = 0
    return Effect.gen(function*() {
      const preparing = yield* Effect.fork(prepare())
      yield* TestClock.adjust("999 millis")
      assert.strictEqual(attempts, 1)
      yield* TestClock.adjust("1 millis")
      assert.strictEqual(attempts, 2)
      yield* TestClock.adjust("2 seconds")
      assert.deepStrictEqual(yield* Fiber.join(preparing), { made: true, added: [] })
      assert.strictEqual(attempts, 3)
    }).pipe(Effect.provide(workbenchOn({
      init: () => Effect.succeed(manifest),
      install: () =>
        Effect.suspend(() =>
          ++attempts < 3
            ? new PackageManagerError.NetworkUnavailable({ ...context, reason: "connection refused" })
            : Effect.succeed(unchanged)
        )
    })))
  })

  it.effect("gives up after the fourth attempt", () =>
    Effect.gen(function*() {
      const preparing = yield* Effect.fork(Effect.flip(prepare()))
      yield* TestClock.adjust("6999 millis")
      assert.isNull(preparing.unsafePoll())
      yield* TestClock.adjust("1 millis")
      assert.strictEqual((yield* Fiber.join(preparing))._tag, "TryLater")
    }).pipe(Effect.provide(workbenchOn({
      init: () => Effect.succeed(manifest),
      install: () => new PackageManagerError.NetworkUnavailable({ ...context, reason: "connection refused" })
    }))))

  it.effect("separates mistakes of the user from broken machines, and retries neither", () => {
    const cases: ReadonlyArray<readonly [OperationErrors.InstallError, string]> = [
      [new PackageManagerError.PackageNotFound({ ...context, packages: ["numpy"], platform: null }), "Refused"],
      [new PackageManagerError.Unsolvable({ ...context, explanation: "no numpy fits" }), "Refused"],
      [new PackageManagerError.StorageFailed({ ...context, file: null, reason: "the disk is full" }), "Broken"],
      [new PackageManagerError.ExecutableNotFound({ ...context, executable: "pixi", reason: "ENOENT" }), "Broken"]
    ]
    return Effect.forEach(cases, ([failure, expected]) =>
      Effect.gen(function*() {
        const error = yield* Effect.flip(prepare())
        assert.strictEqual(error._tag, expected)
        assert.strictEqual(error._tag === "Broken" ? error.message : error.reason, failure.message)
      }).pipe(
        Effect.provide(workbenchOn({ init: () => Effect.succeed(manifest), install: () => Effect.fail(failure) }))
      ))
  })

  it.effect("reports progress", () =>
    Effect.gen(function*() {
      const lines: Array<string> = []
      yield* prepare((line) => Effect.sync(() => lines.push(line)))
      assert.deepStrictEqual(lines, ["waiting for update", "solving", "downloading numpy"])
    }).pipe(Effect.provide(workbenchOn({
      init: () => Effect.succeed(manifest),
      install: Effect.fnUntraced(function*({ path }) {
        const say = yield* Output.Observer
        const about = { operation: "install", environment: path, id: "1" }
        yield* say(new Output.Waiting({ ...about, holder: { operation: "update", since: 0 } }))
        yield* say(new Output.Progress({ ...about, phase: "solving", package: null, bytes: null }))
        yield* say(
          new Output.Output({ ...about, pid: 1, stream: "stderr", line: "not for users", continued: false })
        )
        yield* say(new Output.Progress({ ...about, phase: "downloading", package: "numpy", bytes: null }))
        return unchanged
      })
    }))))
})
