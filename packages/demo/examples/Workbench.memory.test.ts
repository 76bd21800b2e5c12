/**
 * Tests with `layerMemory`: a manager that behaves like the real ones, with packages that the test defines. Use it for what
 * depends on several operations, on versions or on waiting. Operations take the time of `TestClock`.
 */
import { PackageManager } from "@darb/package-manager"
import { layerMemory } from "@darb/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, TestClock } from "effect"
import * as Workbench from "./Workbench.js"

/** The application, where each change takes 4 minutes. */
const workbench = Workbench.layer().pipe(Layer.provideMerge(layerMemory({
  packages: [
    { name: "numpy", version: "1.26" },
    { name: "numpy", version: "2.1" },
    { name: "scipy", version: "1.14", depends: ["numpy>=1.23,<2.3"] },
    { name: "relic", version: "0.9", depends: ["numpy<2"] }
  ],
  environments: [{ path: "/there", packages: ["numpy==1.26"] }],
  duration: "4 minutes"
})))

const prepare = (path: string, packages: ReadonlyArray<string>, report?: Workbench.Request["report"]) =>
  Effect.flatMap(Workbench.Workbench, (workbench) => workbench.prepare({ path, packages, report }))

describe("Workbench, with layerMemory", () => {
  it.effect("installs in a new and in an existing environment", () =>
    Effect.gen(function*() {
      const preparing = yield* Effect.fork(Effect.all(
        [prepare("/new", ["scipy"]), prepare("/there", ["scipy"])],
        { concurrency: "unbounded" }
      ))
      yield* TestClock.adjust("8 minutes")
      assert.deepStrictEqual(yield* Fiber.join(preparing), [
        { made: true, added: ["numpy", "scipy"] },
        { made: false, added: ["numpy", "scipy"] }
      ])
      const { list } = yield* PackageManager
      const versions = Effect.map(list({ path: "/there" }), (packages) => packages.map(({ version }) => version))
      assert.deepStrictEqual(yield* versions, ["1.26", "1.14"])
    }).pipe(Effect.provide(workbench)))

  it.effect("refuses unsolvable packages with the reason", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(prepare("/there", ["relic", "numpy==2.1"]))
      assert.strictEqual(error._tag, "Refused")
      assert.include(
        error._tag === "Refused" ? error.reason : "",
        "relic 0.9 needs numpy<2, which numpy 2.1 is not"
      )
    }).pipe(Effect.provide(workbench)))

  it.effect("reports that it waits, gives up after 10 minutes, and changes nothing", () =>
    Effect.gen(function*() {
      const { install, list } = yield* PackageManager
      const others = yield* Effect.fork(
        Effect.forEach([1, 2, 3], () => install({ path: "/there" }), { concurrency: "unbounded" })
      )
      yield* TestClock.adjust("1 second")
      const lines: Array<string> = []
      const preparing = yield* prepare("/there", ["scipy"], (line) => Effect.sync(() => lines.push(line))).pipe(
        Effect.either,
        Effect.fork
      )
      yield* TestClock.adjust("12 minutes")
      assert.deepStrictEqual(lines, ["waiting for install"])
      const result = yield* Fiber.join(preparing)
      assert.strictEqual(result._tag === "Left" && result.left._tag, "TryLater")
      yield* Fiber.join(others)
      assert.deepStrictEqual((yield* list({ path: "/there" })).map(({ name }) => name), ["numpy"])
    }).pipe(Effect.provide(workbench)))
})
