import * as Output from "@darb/package-manager/Output"
import { PackageManager } from "@darb/package-manager/PackageManager"
import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import * as Memory from "../../src/memory/Memory.js"

const path = "/work/env"

const versions = (items: ReadonlyArray<{ readonly name: string; readonly version: string | null }>) =>
  Object.fromEntries(items.map(({ name, version }) => [name, version]))

/** A manager with one environment. */
const made = Effect.fnUntraced(function*(options?: Memory.MemoryOptions) {
  const manager = yield* Memory.make({ environments: [{ path, packages: [] }], ...options })
  const state = Effect.all([manager.getManifest({ path }), manager.list({ path }), manager.status({ path })])
  return { manager, state }
})

describe("an application that is tested", () => {
  it.effect("makes, changes, lists and reads an environment", () =>
    Effect.gen(function*() {
      const packageManager = yield* PackageManager
      const manifest = yield* packageManager.init({ path, name: "the environment" })
      assert.deepInclude({ ...manifest }, { file: "/work/env/memory", name: "the environment", packages: {} })
      assert.deepStrictEqual(yield* packageManager.list({ path }), [])

      const added = yield* packageManager.install({ path, packages: ["app==1.0"] })
      assert.deepStrictEqual(versions(added.added), { app: "1.0", greet: "1.1", libleaf: "0.2.0" })
      assert.deepInclude({ ...added.status }, { lock: "present", prefix: "matches" })
      assert.deepStrictEqual(
        (yield* packageManager.list({ path })).map(({ direct, kind, name }) => [name, kind, direct]),
        [["app", "conda", true], ["greet", "conda", false], ["libleaf", "conda", false]]
      )
      const { bytes, packages } = yield* packageManager.getManifest({ path: "/work/./x/../env/" })
      assert.deepStrictEqual(packages, { app: "==1.0" })
      assert.deepStrictEqual(JSON.parse(new TextDecoder().decode(bytes)), { name: "the environment", packages })

      const changed = yield* packageManager.install({ path, packages: ["app"] })
      assert.isTrue(changed.isEmpty)
      const removed = yield* packageManager.remove({ path, packages: ["App"] })
      assert.deepStrictEqual(Object.keys(versions(removed.removed)), ["app", "greet", "libleaf"])
      assert.strictEqual(yield* packageManager.version, "1.0.0")
    }).pipe(Effect.provide(Memory.layerMemory())))

  it.effect("has packages and environments of its own", () =>
    Effect.gen(function*() {
      const packageManager = yield* PackageManager
      const { pypiPackages } = yield* packageManager.getManifest({ path: "there" })
      assert.deepStrictEqual(pypiPackages, { numpy: ">=2" })
      yield* packageManager.init({ path: "new", python: "3.12" })
      assert.deepStrictEqual(versions(yield* packageManager.list({ path: "new" })), { python: "3.12.4" })
      const { added } = yield* packageManager.install({ path: "there" })
      assert.deepStrictEqual(added.map(({ kind, name }) => [name, kind]), [["numpy", "pypi"]])
    }).pipe(Effect.provide(Memory.layer({
      packages: [
        { name: "numpy", version: "2.1" },
        { name: "python", version: "3.12.4" },
        { name: "python", version: "3.13.0" }
      ],
      environments: [{ path: "./there", packages: ["numpy>=2"] }],
      kind: "pypi"
    }))))

  it.effect("what is locked stays until an update", () =>
    Effect.gen(function*() {
      const { manager } = yield* made()
      yield* manager.install({ path, packages: ["libleaf==0.1.0"] })
      yield* manager.install({ path, packages: ["app==1.0"] })
      yield* manager.remove({ path, packages: ["libleaf"] })
      assert.deepStrictEqual(versions(yield* manager.list({ path })), { app: "1.0", greet: "1.1", libleaf: "0.1.0" })
      const one = yield* manager.update({ path, packages: ["greet"] })
      assert.isTrue(one.isEmpty)
      const { changed } = yield* manager.update({ path })
      assert.deepStrictEqual(changed.map(({ after, before, name }) => [name, before.version, after.version]), [
        ["libleaf", "0.1.0", "0.2.0"]
      ])
    }))
})

describe("what fails", () => {
  it.effect("says why, and changes nothing", () =>
    Effect.gen(function*() {
      const { manager, state } = yield* made()
      yield* manager.install({ path, packages: ["greet==1.0"] })
      const before = yield* state
      const cases = [
        [manager.install({ path, packages: ["nope", "never>=1"] }), {
          _tag: "PackageNotFound",
          packages: ["nope", "never"],
          platform: null
        }],
        [manager.install({ path, packages: ["app==2.0"] }), {
          _tag: "Unsolvable",
          explanation: "app 2.0 needs greet>=2, which greet 1.0 is not"
        }],
        [manager.install({ path, packages: ["gr eet"] }), { _tag: "InvalidSpec", spec: "gr eet" }],
        [manager.install({ path, packages: ["greet"], locked: true }), { _tag: "InvalidOption", option: "locked" }],
        [manager.install({ path, frozen: true, locked: true }), { _tag: "InvalidOption", option: "frozen" }],
        [manager.install({ path, group: "dev" }), { _tag: "UnsupportedOption", option: "group" }],
        [manager.remove({ path, packages: ["greet", "app"] }), { _tag: "DependencyNotFound", packages: ["app"] }],
        [manager.remove({ path, packages: [] }), { _tag: "InvalidOption", option: "packages" }],
        [manager.update({ path, packages: ["app"] }), { _tag: "DependencyNotFound", packages: ["app"] }],
        [manager.init({ path }), { _tag: "EnvironmentExists", manifest: "/work/env/memory" }],
        [manager.init({ path: "/work/other", name: " " }), { _tag: "InvalidOption", option: "name" }],
        [manager.init({ path: "/work/other", python: "3.12" }), { _tag: "UnsupportedOption", option: "python" }],
        [manager.list({ path: "" }), { _tag: "InvalidOption", option: "path" }],
        [manager.list({ path: "/work/other" }), { _tag: "EnvironmentNotFound", environment: "/work/other" }]
      ] as const
      for (const [operation, expected] of cases) {
        const error = yield* Effect.flip<unknown, { readonly _tag: string }, never>(operation)
        assert.deepInclude({ ...error }, expected)
      }
      assert.deepStrictEqual(yield* state, before)
    }))

  it.effect("a lock that does not fit is outdated", () =>
    Effect.gen(function*() {
      const manager = yield* Memory.make({
        environments: [
          { path: "none", packages: ["greet"] },
          { path: "old", packages: ["greet", "libleaf"], locked: { greet: "1.0" } },
          { path: "fits", packages: ["greet"], locked: { greet: "1.0" } }
        ]
      })
      for (const path of ["none", "old"]) {
        const error = yield* Effect.flip(manager.install({ path, locked: true }))
        assert.deepInclude({ ...error }, { _tag: "LockOutdated", file: `${path}/memory.lock` })
      }
      assert.strictEqual((yield* manager.status({ path: "old" })).lock, "outdated")
      assert.strictEqual((yield* Effect.flip(manager.install({ path: "none", frozen: true })))._tag, "LockOutdated")
      const frozen = yield* manager.install({ path: "old", frozen: true })
      assert.isTrue(frozen.isEmpty)
      const locked = yield* manager.install({ path: "fits", locked: true })
      assert.isTrue(locked.isEmpty)
      assert.deepStrictEqual(versions(yield* manager.list({ path: "fits" })), { greet: "1.0" })
      assert.strictEqual(locked.status?.prefix, "matches")
    }))

  it.effect("packages that are none make no manager", () =>
    Effect.gen(function*() {
      const exit = yield* Effect.exit(Memory.make({ packages: [{ name: "greet", version: "one" }] }))
      assert.isTrue(Exit.isFailure(exit) && Cause.isDie(exit.cause))
    }))
})

describe("what takes time", () => {
  const slow = made({ duration: "1 minute" })

  it.effect("has changed nothing before it has ended, and nothing when it was interrupted", () =>
    Effect.gen(function*() {
      const { manager, state } = yield* slow
      const before = yield* state
      const events: Array<Output.Event> = []
      const fiber = yield* Output.observe(
        manager.install({ path, packages: ["greet"] }),
        (event) => Effect.sync(() => events.push(event))
      ).pipe(Effect.fork)
      yield* TestClock.adjust("59 seconds")
      assert.deepStrictEqual(events.map((event) => event._tag === "Progress" && event.phase), ["solving"])
      assert.deepStrictEqual(yield* state, before)
      yield* Fiber.interrupt(fiber)
      assert.deepStrictEqual(yield* state, before)

      const again = yield* Effect.fork(manager.install({ path, packages: ["greet"] }))
      yield* TestClock.adjust("1 minute")
      yield* Fiber.join(again)
      assert.deepStrictEqual(versions(yield* manager.list({ path })), { greet: "2.0" })
    }))

  it.effect("is waited for in the order of arrival, and who gives up does not stop the others", () =>
    Effect.gen(function*() {
      const { manager } = yield* slow
      const order: Array<string> = []
      const waiting: Array<Output.Waiting> = []
      const install = (name: string) =>
        manager.install({ path, packages: [name] }).pipe(
          Effect.tap(() => Effect.sync(() => order.push(name))),
          Output.observe((event) => Effect.sync(() => event._tag === "Waiting" && waiting.push(event))),
          Effect.fork,
          Effect.tap(() => Effect.yieldNow())
        )
      yield* install("libleaf")
      const second = yield* install("app")
      yield* install("greet")
      assert.deepStrictEqual(waiting.map(({ holder, operation }) => [operation, holder]), [
        ["install", { operation: "install", since: 0 }],
        ["install", { operation: "install", since: 0 }]
      ])
      yield* Fiber.interrupt(second)
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(order, ["libleaf"])
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(order, ["libleaf", "greet"])
      assert.deepStrictEqual(versions(yield* manager.list({ path })), { greet: "2.0", libleaf: "0.2.0" })
    }))

  it.effect("does not make another environment wait", () =>
    Effect.gen(function*() {
      const { manager } = yield* slow
      const fibers = yield* Effect.fork(Effect.all([
        manager.install({ path, packages: ["greet"] }),
        manager.init({ path: `${path}/below` }),
        manager.init({ path: "/elsewhere" })
      ], { concurrency: "unbounded" }))
      yield* TestClock.adjust("1 minute")
      yield* Fiber.join(fibers)
      assert.deepStrictEqual(yield* manager.list({ path: "/elsewhere" }), [])
    }))

  it.effect("one environment is made by one of two", () =>
    Effect.gen(function*() {
      const { manager } = yield* slow
      const fiber = yield* Effect.fork(Effect.all([
        Effect.either(manager.init({ path: "/new", name: "a" })),
        Effect.either(manager.init({ path: "/new/.", name: "b" }))
      ], { concurrency: "unbounded" }))
      yield* TestClock.adjust("2 minutes")
      assert.deepStrictEqual((yield* Fiber.join(fiber)).map(({ _tag }) => _tag), ["Right", "Left"])
      assert.strictEqual((yield* manager.getManifest({ path: "/new" })).name, "a")
    }))
})
