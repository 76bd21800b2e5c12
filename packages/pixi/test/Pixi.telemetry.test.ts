import { directoryWith, settled } from "@darb/laws/TestDirectory"
import { PackageManager } from "@darb/package-manager/PackageManager"
import * as Telemetry from "@darb/package-manager/Telemetry"
import * as MockExecutor from "@darb/testing/MockExecutor"
import { replies } from "@darb/testing/Scripted"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Metric from "effect/Metric"
import * as TestClock from "effect/TestClock"
import { manifestText, scripted } from "./fixtures.js"

const read = <Type, In, Out>(metric: Metric.Metric<Type, In, Out>, operation: string) =>
  Effect.tagMetrics(Metric.value(metric), { manager: "pixi", operation })

const count = (operation: string, outcome: string) =>
  Effect.map(read(Metric.tagged(Telemetry.operations, "outcome", outcome), operation), (state) => Number(state.count))

const gauge = (metric: Metric.Metric.Gauge<number>) => Effect.map(read(metric, "install"), (state) => state.value)

describe("Telemetry", () => {
  it.scoped("counts operations by their outcome, what runs, and what waits", () =>
    Effect.gen(function*() {
      const path = yield* directoryWith({ "pixi.toml": manifestText("") })
      const packageManager = yield* PackageManager
      const before = yield* Effect.all({
        failed: count("remove", "DependencyNotFound"),
        installed: count("install", "success"),
        interrupted: count("install", "interrupt"),
        processes: gauge(Telemetry.processes),
        waiting: gauge(Telemetry.waiters)
      })
      yield* packageManager.install({ path })
      yield* Effect.flip(packageManager.remove({ path, packages: ["x"] }))
      const first = yield* Effect.fork(packageManager.install({ path, packages: ["a"] }))
      yield* settled(MockExecutor.MockExecutor, ({ running }) => running() === 1)
      const second = yield* Effect.fork(packageManager.install({ path, packages: ["b"] }))
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* gauge(Telemetry.processes), before.processes + 1)
      yield* settled(gauge(Telemetry.waiters), (waiting) => waiting === before.waiting + 1)
      yield* Fiber.interrupt(second)
      yield* Fiber.interrupt(first)

      assert.strictEqual(yield* count("install", "success"), before.installed + 1)
      assert.strictEqual(yield* count("remove", "DependencyNotFound"), before.failed + 1)
      assert.strictEqual(yield* count("install", "interrupt"), before.interrupted + 2)
      assert.strictEqual(yield* gauge(Telemetry.processes), before.processes)
      assert.strictEqual(yield* gauge(Telemetry.waiters), before.waiting)
    }).pipe(Effect.provide(scripted("0.77.0", { add: replies({ duration: "1 hour" }) }))))

  it.scoped("spans say what was done where", () =>
    Effect.gen(function*() {
      const path = yield* directoryWith({ "pixi.toml": manifestText("") })
      const packageManager = yield* PackageManager
      const spans: Array<{ readonly name: string; readonly attributes: Record<string, unknown> }> = []
      const tracer = yield* Effect.tracer
      const recording: typeof tracer = {
        ...tracer,
        span: (...args) => {
          const span = tracer.span(...args)
          const end = span.end.bind(span)
          span.end = (...rest) => {
            spans.push({ name: span.name, attributes: Object.fromEntries(span.attributes) })
            end(...rest)
          }
          return span
        }
      }
      yield* Effect.withTracer(packageManager.install({ path }), recording)
      const found = (name: string) => spans.filter((span) => span.name === name).map(({ attributes }) => attributes)
      assert.deepInclude(found("Pixi.install")[0], { manager: "pixi", operation: "install", environment: path })
      assert.deepStrictEqual(found("PackageManager.command").map(({ command, exitCode }) => [command, exitCode]), [
        ["--version", 0],
        ["install", 0]
      ])
    }).pipe(Effect.provide(scripted("0.77.0", {}))))
})
