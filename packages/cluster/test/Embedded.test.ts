import * as OperationErrors from "@darb/package-manager/OperationErrors"
import * as Output from "@darb/package-manager/Output"
import * as Memory from "@darb/testing/Memory"
import * as NodeContext from "@effect/platform-node/NodeContext"
import { assert, describe, it } from "@effect/vitest"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { rmSync } from "node:fs"
import { join } from "node:path"
import * as JobsOptions from "../src/Jobs.js"
import { embedded, until } from "./fixtures.js"
import { directory } from "./processes/Directory.js"
import { environments, eventually, installed, notes, runner } from "./processes/Started.js"
import * as Witness from "./processes/Witness.js"

const path = "/memory/a"
const slow = { duration: "300 millis", environments: [{ path, packages: [] }] } as const

describe("jobs", () => {
  it.scopedLive("have events, a result and a state", () =>
    Effect.gen(function*() {
      const memory = yield* Memory.make({ environments: [{ path, packages: [] }] })
      const { jobs } = yield* embedded(memory, "/memory")
      const id = yield* jobs.submit({ operation: "install", options: { path: "a", packages: ["greet==1.0"] } })
      const all = Chunk.toReadonlyArray(yield* Stream.runCollect(jobs.attach(id)))
      const last = all.at(-1)
      assert.isTrue(last?._tag === "End" && Exit.isSuccess(last.exit))
      const events = all.flatMap((element) => element._tag === "Event" ? [element] : [])
      assert.deepStrictEqual(events.map(({ cursor }) => cursor), [0, 1, 2])
      const attempt = events[0]?.event.id ?? ""
      assert.isTrue(attempt.startsWith(`${id}.`))
      assert.deepStrictEqual(events.map(({ event }) => event.id), [attempt, attempt, attempt])
      // From a cursor on.
      const rest = Chunk.toReadonlyArray(yield* Stream.runCollect(jobs.attach(id, { from: 2 })))
      assert.deepStrictEqual(rest.map((element) => element._tag === "Event" ? element.cursor : "end"), [2, "end"])
      const result = yield* jobs.result(id)
      assert.isTrue(result.operation === "install" && !result.value.isEmpty)
      const known = yield* Effect.delay(jobs.list(), "400 millis")
      assert.deepInclude(known[0], { id, operation: "install", environment: "a", state: "succeeded", attempts: 1 })
    }))

  it.scopedLive("of two clusters can have the same id, and end only their own processes", () =>
    Effect.gen(function*() {
      const attempts = Effect.gen(function*() {
        const { jobs } = yield* embedded(yield* Memory.make({ environments: [{ path, packages: [] }] }), "/memory")
        const id = yield* jobs.submit({ operation: "install", options: { path } }, { key: "k" })
        const all = Chunk.toReadonlyArray(yield* Stream.runCollect(jobs.attach(id)))
        // All processes have it in a variable.
        return { id, attempts: all.flatMap((element) => element._tag === "Event" ? [element.event.id] : []) }
      })
      const [one, other] = yield* Effect.all([attempts, attempts])
      assert.strictEqual(one.id, other.id)
      assert.isNotEmpty(one.attempts)
      assert.notInclude(other.attempts, one.attempts[0])
    }))

  it.scopedLive("with the same key are the same job", () =>
    Effect.gen(function*() {
      const memory = yield* Memory.make({ environments: [{ path, packages: [] }] })
      const { jobs, manager } = yield* embedded(memory, "/memory")
      const change = { operation: "install", options: { path, packages: ["greet==1.0"] } } as const
      const [one, two] = yield* Effect.all([jobs.submit(change, { key: "k" }), jobs.submit(change, { key: "k" })])
      assert.strictEqual(one, two)
      yield* jobs.result(one)
      yield* manager.remove({ path, packages: ["greet"] })
      yield* jobs.submit(change, { key: "k" })
      assert.deepStrictEqual(yield* manager.list({ path }), [])
      const refused = yield* Effect.flip(jobs.submit(change, { key: "not a key" }))
      assert.strictEqual(refused._tag, "InvalidOption")
    }))

  it.scopedLive("that are cancelled are rolled back, or never start", () =>
    Effect.gen(function*() {
      const { jobs, manager } = yield* embedded(yield* Memory.make({ ...slow, duration: "1 minute" }), "/memory")
      const install = (name: string) => jobs.submit({ operation: "install", options: { path, packages: [name] } })
      const [running, queued] = [yield* install("greet"), yield* install("app")]
      yield* until(jobs.get(running), ({ state }) => state === "running")
      assert.strictEqual(yield* jobs.cancel(queued), "queued")
      // Before its turn.
      assert.deepInclude(yield* jobs.get(queued), { state: "cancelled", endedAt: null })
      const listed = yield* until(jobs.list({ state: "cancelled" }), ({ length }) => length > 0)
      assert.deepStrictEqual(listed.map(({ id }) => id), [queued])
      assert.deepStrictEqual(yield* jobs.counts, { queued: 0, running: 1 })
      assert.strictEqual(yield* jobs.cancel(running), "running")
      assert.deepInclude(yield* jobs.get(running), { state: "cancelled", failure: null })
      for (const id of [running, queued]) {
        assert.strictEqual((yield* Effect.flip(jobs.result(id)))._tag, "JobCancelled")
        assert.strictEqual(yield* jobs.cancel(id), "ended")
      }
      assert.deepStrictEqual((yield* manager.getManifest({ path })).packages, {})
    }))

  it.scopedLive("that do not exist are typed errors", () =>
    Effect.gen(function*() {
      const { jobs } = yield* embedded(yield* Memory.make(), "/memory")
      const id = (yield* jobs.submit({ operation: "clean", options: { path: "none" } })).replace(/.$/, "x") as never
      for (const effect of [jobs.result(id), jobs.cancel(id), Stream.runDrain(jobs.attach(id))]) {
        assert.strictEqual(
          (yield* Effect.flip(effect as Effect.Effect<unknown, { readonly _tag: string }>))._tag,
          "JobNotFound"
        )
      }
      const outside = yield* Effect.flip(jobs.submit({ operation: "clean", options: { path: "/elsewhere" } }))
      assert.match(outside.message, /outside \/memory, the directory of all environments/)
    }))

  it.scopedLive("fail as their operation does", () =>
    Effect.gen(function*() {
      const { jobs, manager } = yield* embedded(yield* Memory.make(slow), "/memory")
      const error = yield* Effect.flip(manager.install({ path, packages: ["nothing-like-that"] }))
      assert.isTrue(Schema.is(OperationErrors.InstallError)(error))
      assert.strictEqual(error._tag, "PackageNotFound")
      const id = yield* jobs.submit({ operation: "remove", options: { path, packages: ["greet"] } })
      assert.strictEqual((yield* Effect.flip(jobs.result(id)))._tag, "DependencyNotFound")
    }))

  it.scopedLive("with a defect are not tried again, and the next one runs", () =>
    Effect.gen(function*() {
      const memory = yield* Memory.make({ environments: [{ path, packages: [] }] })
      let tried = 0
      const broken = {
        ...memory,
        update: () => Effect.sync(() => void tried++).pipe(Effect.andThen(Effect.dieMessage("a bug")))
      }
      const { jobs, manager } = yield* embedded(broken, "/memory")
      const id = yield* jobs.submit({ operation: "update", options: { path } })
      const error = yield* Effect.flip(jobs.result(id))
      assert.match(error.message, /ended with a defect: .*a bug/)
      yield* manager.install({ path, packages: ["greet"] })
      assert.strictEqual(tried, 1)
    }))
})

describe("a caller that is interrupted", () => {
  it.scopedLive("cancels its job, unless it is detached", () =>
    Effect.gen(function*() {
      const { jobs, manager } = yield* embedded(yield* Memory.make(slow), "/memory")
      const install = (key: string, detached: boolean) =>
        JobsOptions.withOptions(manager.install({ path, packages: ["greet"] }), { key, detached })
      const fiber = yield* Effect.fork(install("one", false))
      yield* Effect.sleep("100 millis")
      yield* Fiber.interrupt(fiber)
      assert.deepStrictEqual((yield* manager.getManifest({ path })).packages, {})
      const detached = yield* Effect.fork(install("two", true))
      const [job] = yield* until(
        Effect.map(jobs.list(), (all) => all.filter(({ id }) => id.endsWith(".two"))),
        ({ length }) => length === 1
      )
      yield* Fiber.interrupt(detached)
      if (job !== undefined) yield* jobs.result(job.id)
      assert.deepStrictEqual(Object.keys((yield* manager.getManifest({ path })).packages), ["greet"])
    }))

  it.scopedLive("sees that its job waits for another one", () =>
    Effect.gen(function*() {
      const { jobs, manager } = yield* embedded(yield* Memory.make({ ...slow, duration: "2 seconds" }), "/memory")
      const id = yield* jobs.submit({ operation: "install", options: { path, packages: ["greet"] } })
      yield* until(jobs.get(id), ({ state }) => state === "running")
      const seen: Array<string> = []
      yield* Output.observe(
        manager.install({ path, packages: ["app"] }),
        (event) =>
          Effect.sync(() => seen.push(event._tag === "Waiting" ? `waits for ${event.holder?.operation}` : event._tag))
      )
      assert.deepStrictEqual(seen, ["waits for install", "Progress", "Progress", "Progress"])
    }))
})

describe("a second process", () => {
  it.scopedLive("on the same file is refused", () =>
    Effect.gen(function*() {
      const memory = yield* Memory.make()
      const { filename } = yield* embedded(memory, "/memory")
      const error = yield* Effect.flip(embedded(memory, "/memory", filename))
      assert.strictEqual(error._tag, "DatabaseInUse")
    }))
})

it.scopedLive("a job of a new database is not taken for one of the database before", () =>
  Effect.gen(function*() {
    const base = yield* directory
    const root = join(base, "environments")
    const filename = join(base, "jobs.db")
    yield* environments(root, ["a"])
    const install = Effect.scoped(Effect.gen(function*() {
      const witness = yield* Effect.provide(Witness.make({ log: join(base, "log"), duration: 0 }), NodeContext.layer)
      const { jobs } = yield* embedded(witness, root, filename)
      const change = { operation: "install", options: { path: "a", packages: ["one"] } } as const
      yield* jobs.result(yield* jobs.submit(change, { key: "k" }))
    }))
    yield* install
    // Removes no results.
    yield* Effect.sync(() => ["", "-wal", "-shm"].forEach((end) => rmSync(filename + end, { force: true })))
    yield* install
    assert.deepStrictEqual(installed(root, "a"), ["one", "one"])
  }))

describe("a process that dies", () => {
  const setting = Effect.gen(function*() {
    const base = yield* directory
    const root = join(base, "environments")
    yield* environments(root, ["a", "b"])
    return { root, log: join(base, "log"), filename: join(base, "jobs.db"), duration: 1500 }
  })

  it.scopedLive("loses no job, and does none twice", () =>
    Effect.gen(function*() {
      const options = yield* setting
      const submit = ["a one", "a two", "b three"]
      const first = yield* runner({ ...options, submit })
      yield* eventually(() => notes(options.log).filter(({ what }) => what === "start").length === 2)
      yield* first.end("SIGKILL")
      assert.deepStrictEqual(installed(options.root, "a"), [])
      yield* runner({ ...options, submit })
      yield* eventually(() => installed(options.root, "a").length === 2 && installed(options.root, "b").length === 1)
      assert.deepStrictEqual(installed(options.root, "a"), ["one", "two"])
      assert.deepStrictEqual(notes(options.log).filter(({ what }) => what === "overlap"), [])
    }), 60_000)

  it.scopedLive("between commit and reply answers with what was committed", () =>
    Effect.gen(function*() {
      const options = { ...yield* setting, duration: 300 }
      // Killed at once after each commit.
      for (const name of ["one", "two", "three"]) {
        const submit = [`a ${name}`]
        const started = yield* runner({ ...options, submit })
        yield* eventually(() => notes(options.log).some(({ packages, what }) => what === "end" && packages[0] === name))
        yield* started.end("SIGKILL")
      }
      yield* runner({ ...options, submit: ["a last"] })
      // The file may be empty for a moment before that.
      yield* eventually(() => notes(options.log).some(({ packages, what }) => what === "end" && packages[0] === "last"))
      assert.deepStrictEqual(installed(options.root, "a"), ["one", "two", "three", "last"])
    }), 60_000)

  it.scopedLive("of SIGTERM finishes what it does, or hands it over", () =>
    Effect.gen(function*() {
      const options = yield* setting
      const first = yield* runner({ ...options, submit: ["a sleep-1000", "b sleep-60000"], stopTimeout: 2500 })
      yield* eventually(() => notes(options.log).filter(({ what }) => what === "start").length === 2)
      const stopping = Date.now()
      yield* first.end("SIGTERM")
      assert.isBelow(Date.now() - stopping, 6000)
      assert.deepStrictEqual(installed(options.root, "a"), ["sleep-1000"])
      assert.deepStrictEqual(installed(options.root, "b"), [])
      assert.isTrue(
        notes(options.log).some(({ environment, what }) => what === "interrupted" && environment.endsWith("b"))
      )
      yield* runner(options)
      yield* eventually(() =>
        notes(options.log).filter(({ environment, what }) => what === "start" && environment.endsWith("b")).length === 2
      )
    }), 60_000)
})
