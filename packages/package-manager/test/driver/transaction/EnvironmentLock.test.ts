import { directoryWith, filesOf } from "@darb/laws/TestDirectory"
import * as NodeContext from "@effect/platform-node/NodeContext"
import { SystemError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Events from "../../../src/driver/Events.js"
import { makeEnvironmentLock } from "../../../src/driver/transaction/EnvironmentLock.js"
import * as Output from "../../../src/Output.js"

const setting = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const lock = yield* makeEnvironmentLock({ waitLimit: "1 hour" })
  const environment = yield* directoryWith({ mine: "x" })
  const run = <A, E, R>(effect: Effect.Effect<A, E, R>, operation = "install") =>
    lock.exclusively({ operation, environment }, Effect.void, () => effect)
  return { environment, fs, lock, run }
})

describe("environmentLock", () => {
  it.scopedLive("has a directory of its own while something runs, which git ignores, and leaves nothing", () =>
    Effect.gen(function*() {
      const { environment, run } = yield* setting
      const during = yield* run(filesOf(environment))
      const names = Object.keys(during).map((name) => name.replace(/owner-\w{8}$/, "owner")).sort()
      assert.deepStrictEqual(names, [".darb", ".darb/.gitignore", ".darb/lock", ".darb/owner", "mine"])
      assert.strictEqual(during[".darb/.gitignore"], "*\n")
      const [, owner = ""] = Object.entries(during).find(([name]) => name.startsWith(".darb/owner-")) ?? []
      assert.strictEqual(JSON.parse(owner).operation, "install")
      assert.deepStrictEqual(yield* filesOf(environment), { mine: "x" })
      assert.isTrue(Exit.isFailure(yield* Effect.exit(run(Effect.fail("no")))))
      assert.deepStrictEqual(yield* filesOf(environment), { mine: "x" })
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scopedLive("is not impressed by what a program that died has left", () =>
    Effect.gen(function*() {
      const { environment, fs, run } = yield* setting
      yield* fs.makeDirectory(`${environment}/.darb`)
      yield* fs.writeFileString(`${environment}/.darb/lock`, "half a hol")
      for (const directory of [".darb-aB3xYz/done", ".darb/.darb-0aZzzz", ".darb/copy-0"]) {
        yield* fs.makeDirectory(`${environment}/${directory}`, { recursive: true })
        yield* fs.writeFileString(`${environment}/${directory}/pixi.toml`, "[proj")
      }
      assert.strictEqual(yield* run(Effect.succeed(1)), 1)
      assert.deepStrictEqual(yield* filesOf(environment), { mine: "x" })
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scopedLive("leaves nothing where the disk is full", () =>
    Effect.gen(function*() {
      const { environment, fs } = yield* setting
      const full = new SystemError({
        reason: "Unknown",
        module: "FileSystem",
        method: "writeFile",
        pathOrDescriptor: ""
      })
      const lock = yield* Effect.provideService(makeEnvironmentLock({ waitLimit: "1 hour" }), FileSystem.FileSystem, {
        ...fs,
        writeFileString: () => Effect.fail(full)
      })
      const exit = yield* Effect.exit(
        lock.exclusively({ operation: "install", environment }, Effect.void, () => Effect.die("it runs"))
      )
      assert.deepStrictEqual(exit, Exit.fail(full))
      assert.deepStrictEqual(yield* filesOf(environment), { mine: "x" })
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scopedLive("keeps what is still to be undone", () =>
    Effect.gen(function*() {
      const { environment, fs, run } = yield* setting
      yield* run(fs.writeFileString(`${environment}/.darb/journal`, "x"))
      assert.strictEqual((yield* filesOf(environment))[".darb/journal"], "x")
      yield* run(fs.remove(`${environment}/.darb/journal`))
      assert.deepStrictEqual(yield* filesOf(environment), { mine: "x" })
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scopedLive("who waits says for whom, and can be interrupted", () =>
    Effect.gen(function*() {
      const { lock, environment, run } = yield* setting
      const entered = yield* Deferred.make<void>()
      const first = yield* Effect.fork(
        run(Effect.andThen(Deferred.succeed(entered, undefined), Effect.never), "update")
      )
      yield* Deferred.await(entered)
      const seen = yield* Deferred.make<Output.Event>()
      const second = yield* Effect.fork(
        run(Effect.void, "remove").pipe(
          Output.observe((event) => Effect.asVoid(Deferred.succeed(seen, event))),
          Events.within({ operation: "remove", environment, marker: "m" })
        )
      )
      const event = yield* Deferred.await(seen)
      assert.deepInclude({ ...event }, { _tag: "Waiting", operation: "remove", environment, id: "m" })
      assert.strictEqual(event._tag === "Waiting" ? event.holder?.operation : undefined, "update")
      // Somebody is at work.
      yield* lock.ifIdle({ operation: "list", environment }, Effect.die("it runs"))
      yield* Fiber.interrupt(second)
      yield* Fiber.interrupt(first)
      let ran = false
      yield* lock.ifIdle({ operation: "list", environment }, Effect.sync(() => ran = true))
      assert.isTrue(ran)
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scopedLive("what must be checked first is checked before anything is written", () =>
    Effect.gen(function*() {
      const { environment, lock } = yield* setting
      const exit = yield* Effect.exit(
        lock.exclusively({ operation: "install", environment }, Effect.fail("no"), () => Effect.void)
      )
      assert.deepStrictEqual(exit, Exit.fail("no"))
      assert.deepStrictEqual(yield* filesOf(environment), { mine: "x" })
    }).pipe(Effect.provide(NodeContext.layer)))
})
