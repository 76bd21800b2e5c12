import * as Output from "@darb/package-manager/Output"
import type { InstallOptions } from "@darb/package-manager/PackageManager"
import * as Memory from "@darb/testing/Memory"
import * as SqliteClient from "@effect/sql-sqlite-node/SqliteClient"
import * as SqlClient from "@effect/sql/SqlClient"
import { assert, describe, it } from "@effect/vitest"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { join } from "node:path"
import * as InMemory from "../src/InMemory.js"
import { Job, type JobId } from "../src/Job.js"
import { Jobs } from "../src/Jobs.js"
import * as StoredJobs from "../src/store/StoredJobs.js"
import { embedded, until } from "./fixtures.js"
import { directory } from "./processes/Directory.js"

const environments = ["a", "b"].map((name) => ({ path: `/memory/${name}`, packages: [] }))

const ids = (jobs: ReadonlyArray<Job>) => jobs.map(({ id }) => id.replace(/.*\./, ""))

/** What holds for each store. */
const check = Effect.fnUntraced(function*(jobs: Jobs["Type"], pause: Effect.Effect<void>) {
  const submit = (key: string, path: string, name: string) =>
    Effect.zipLeft(jobs.submit({ operation: "install", options: { path, packages: [name] } }, { key }), pause)
  const one = yield* jobs.submit({ operation: "install", options: { path: "a", packages: ["greet"] } }, { key: "one" })
  // At once.
  const known = yield* jobs.get(one)
  assert.deepInclude(known, { id: one, operation: "install", environment: "a", failure: null })
  assert.deepStrictEqual(known.change, { operation: "install", options: { path: "a", packages: ["greet"] } })
  yield* pause
  const two = yield* submit("two", "b", "greet")
  const three = yield* submit("three", "/memory/a", "nothing-like-that")
  yield* Effect.ignore(Effect.all([jobs.result(one), jobs.result(two), Effect.exit(jobs.result(three))]))

  const failed = yield* jobs.get(three)
  assert.strictEqual(failed.state, "failed")
  assert.deepInclude(failed.failure, { _tag: "PackageNotFound", operation: "install" })
  assert.match(failed.failure?.message ?? "", /nothing-like-that/)
  const encoded = JSON.stringify(yield* Schema.encode(Job)(failed))
  const decoded = yield* Schema.decode(Schema.parseJson(Job))(encoded)
  assert.strictEqual(JSON.stringify(yield* Schema.encode(Job)(decoded)), encoded)

  const all = yield* until(jobs.list(), (all) => all.length === 3 && all.every(({ endedAt }) => endedAt !== null))
  assert.deepStrictEqual(ids(all), ["three", "two", "one"])
  assert.deepStrictEqual(ids(yield* jobs.list({ path: "a" })), ["three", "one"])
  assert.deepStrictEqual(ids(yield* jobs.list({ path: "/memory/b", state: "succeeded" })), ["two"])
  assert.deepStrictEqual(ids(yield* jobs.list({ state: ["failed", "queued"] })), ["three"])
  assert.strictEqual((yield* jobs.list({ state: "failed" }))[0]?.failure?.message, failed.failure?.message)
  const first = yield* jobs.list({ limit: 2 })
  assert.deepStrictEqual(ids(first), ["three", "two"])
  const second = yield* jobs.list({ limit: 2, before: first.at(-1) })
  assert.deepStrictEqual(ids(second), ["one"])
  assert.deepStrictEqual(yield* jobs.list({ limit: 2, before: second.at(-1) }), [])
  assert.deepStrictEqual(yield* jobs.list({ path: "elsewhere" }), [])

  const outside = yield* Effect.flip(jobs.list({ path: "/elsewhere" }))
  assert.match(outside.message, /outside \/memory/)
  for (const limit of [0, 1.5, 1001]) {
    assert.strictEqual((yield* Effect.flip(jobs.list({ limit })))._tag, "InvalidOption")
  }
  const unknown = yield* Effect.flip(jobs.get(one.replace(/one$/, "none") as JobId))
  assert.strictEqual(unknown._tag, "JobNotFound")
})

describe("jobs are found and listed", () => {
  it.scopedLive("in a file", () =>
    Effect.gen(function*() {
      const { jobs } = yield* embedded(yield* Memory.make({ environments }), "/memory")
      yield* check(jobs, Effect.sleep("5 millis"))
    }))

  it.live("in memory", () =>
    Effect.gen(function*() {
      yield* check(yield* Jobs, Effect.sleep("5 millis"))
    }).pipe(Effect.provide(
      InMemory.layer({ environmentsRoot: "/memory" }).pipe(Layer.provide(Memory.layer({ environments })))
    )))
})

it.scopedLive("a job whose process stops is queued, and runs again", () =>
  Effect.gen(function*() {
    const filename = join(yield* directory, "jobs.db")
    const memory = yield* Memory.make({ environments, duration: "1 minute" })
    const scope = yield* Scope.make()
    const { jobs } = yield* embedded(memory, "/memory", filename, { stopTimeout: 0 }).pipe(Scope.extend(scope))
    const id = yield* jobs.submit({ operation: "install", options: { path: "a", packages: ["greet"] } })
    yield* until(jobs.get(id), ({ attempts, state }) => state === "running" && attempts === 1)
    assert.deepStrictEqual(yield* jobs.counts, { queued: 0, running: 1 })
    yield* Scope.close(scope, Exit.void)

    const stopped = yield* Effect.flatMap(SqlClient.SqlClient, (sql) => {
      const { counts, get } = StoredJobs.make(sql)
      return Effect.all({ counts, job: Effect.flatten(get(id)) })
    }).pipe(Effect.provide(SqliteClient.layer({ filename })))
    assert.deepStrictEqual(stopped.counts, { queued: 1, running: 0 })
    assert.deepInclude(stopped.job, { state: "queued", attempts: 1, endedAt: null })

    const again = yield* embedded(memory, "/memory", filename, { stopTimeout: 0 })
    yield* until(again.jobs.get(id), ({ attempts, state }) => state === "running" && attempts === 2)
    yield* again.jobs.cancel(id)
    assert.deepInclude(yield* again.jobs.get(id), { state: "cancelled", failure: null })
  }))

it.scopedLive("a cancelled job whose reply was lost with its process does not run again", () =>
  Effect.gen(function*() {
    const filename = join(yield* directory, "jobs.db")
    const memory = yield* Memory.make({ environments, duration: "1 minute" })
    const id = yield* Effect.scoped(Effect.gen(function*() {
      const { jobs } = yield* embedded(memory, "/memory", filename)
      const id = yield* jobs.submit({ operation: "install", options: { path: "a", packages: ["greet"] } })
      yield* until(jobs.get(id), ({ attempts, state }) => state === "running" && attempts === 1)
      assert.strictEqual(yield* jobs.cancel(id), "running")
      return id
    }))
    yield* Effect.flatMap(SqlClient.SqlClient, (sql) =>
      Effect.all([
        sql`DELETE FROM cluster_replies`,
        sql`UPDATE cluster_messages SET processed = ${0}, last_reply_id = NULL, last_read = NULL`
      ])).pipe(Effect.provide(SqliteClient.layer({ filename })))
    const { jobs } = yield* embedded(memory, "/memory", filename)
    const error = yield* Effect.flip(jobs.result(id))
    assert.strictEqual(error._tag, "JobCancelled")
    assert.deepInclude(yield* jobs.get(id), { state: "cancelled", attempts: 1 })
  }))

it.scopedLive("a database of an earlier version is used", () =>
  Effect.gen(function*() {
    const filename = join(yield* directory, "jobs.db")
    yield* Effect.flatMap(
      SqlClient.SqlClient,
      (sql) =>
        sql`CREATE TABLE darb_jobs (id VARCHAR(255) PRIMARY KEY, operation TEXT NOT NULL, environment TEXT NOT NULL,
          submitted_at INTEGER NOT NULL, started_at INTEGER, ended_at INTEGER, outcome TEXT, attempts INTEGER NOT NULL,
          cancelled INTEGER NOT NULL)`
    ).pipe(Effect.provide(SqliteClient.layer({ filename })))
    const { jobs } = yield* embedded(yield* Memory.make({ environments }), "/memory", filename)
    const id = yield* jobs.submit({ operation: "install", options: { path: "a", packages: ["greet"] } })
    yield* jobs.result(id)
    yield* until(jobs.get(id), ({ attempts, state }) => state === "succeeded" && attempts === 1)
  }))

it.scopedLive("the events of a job are bounded, and a reader goes on at the first one that is left", () =>
  Effect.gen(function*() {
    const memory = yield* Memory.make({ environments })
    const noisy = {
      ...memory,
      install: (options: InstallOptions) =>
        Effect.gen(function*() {
          const observe = yield* Output.Observer
          for (let at = 0; at < 6000; at++) {
            const line = `line ${at}`
            const about = {
              id: "x",
              manager: "memory",
              operation: "install",
              environment: options.path,
              pid: 1
            } as const
            yield* observe(new Output.Output({ ...about, stream: "stdout", line, continued: false }))
          }
          return yield* memory.install(options)
        })
    }
    const { jobs } = yield* embedded(noisy, "/memory", undefined, { maxEvents: 2500 })
    const id = yield* jobs.submit({ operation: "install", options: { path: "a", packages: ["greet"] } })
    yield* jobs.result(id)
    // A reader may be as fast as the store: what is left is seen later.
    const seen = Chunk.size(yield* Stream.runCollect(jobs.attach(id)))
    assert.isAtMost(seen, 6004)
    const cursors = yield* until(
      Effect.map(
        Stream.runCollect(jobs.attach(id)),
        (elements) =>
          Chunk.toReadonlyArray(elements).flatMap((element) => element._tag === "Event" ? [element.cursor] : [])
      ),
      ({ length }) => length <= 2500 + 512
    )
    assert.isAtLeast(cursors.length, 2500)
    assert.deepStrictEqual(cursors, cursors.map((_, at) => (cursors[0] ?? 0) + at))
    assert.isAtLeast(cursors.at(-1) ?? 0, 6000)
  }))
