import * as Memory from "@darb/testing/Memory"
import * as SqliteClient from "@effect/sql-sqlite-node/SqliteClient"
import * as SqlClient from "@effect/sql/SqlClient"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { embedded, until } from "./fixtures.js"

const path = "/memory/a"

it.scopedLive("a job that was announced but could not be stored is forgotten", () =>
  Effect.gen(function*() {
    const memory = yield* Memory.make({ environments: [{ path, packages: [] }] })
    const { filename, jobs } = yield* embedded(memory, "/memory", undefined, { retention: "500 millis" })
    const id = `default.${"0".repeat(32)}.none`
    yield* Effect.flatMap(
      SqlClient.SqlClient,
      (sql) =>
        sql`INSERT INTO darb_jobs (id, operation, environment, submitted_at, attempts, cancelled)
          VALUES (${id}, 'install', 'a', ${Date.now() - 3_600_000}, 0, 0)`
    ).pipe(Effect.provide(SqliteClient.layer({ filename })))
    assert.deepStrictEqual(yield* jobs.list(), [])
    yield* until(jobs.counts, ({ queued }) => queued === 0)
  }), 30_000)

it.scopedLive("what ended long ago is removed, and its id is unknown", () =>
  Effect.gen(function*() {
    const memory = yield* Memory.make({ environments: [{ path, packages: [] }] })
    const { filename, jobs } = yield* embedded(memory, "/memory", undefined, { retention: "500 millis" })
    const submit = jobs.submit({ operation: "install", options: { path, packages: ["greet"] } }, { key: "one" })
    const id = yield* submit
    yield* jobs.result(id)
    assert.deepStrictEqual(yield* jobs.counts, { queued: 0, running: 0 })
    yield* until(
      Effect.exit(jobs.result(id)),
      (exit) => Exit.isFailure(exit) && exit.cause._tag === "Fail" && exit.cause.error._tag === "JobNotFound"
    )
    assert.deepStrictEqual(yield* jobs.list(), [])
    // Its key can be used again.
    yield* jobs.result(yield* submit)
    const left = Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      return yield* sql<{ readonly number: number }>`SELECT
        (SELECT COUNT(*) FROM cluster_messages) + (SELECT COUNT(*) FROM cluster_replies) +
        (SELECT COUNT(*) FROM darb_jobs) + (SELECT COUNT(*) FROM darb_job_events) AS number`
    }).pipe(Effect.provide(SqliteClient.layer({ filename, readonly: true, disableWAL: true })))
    yield* until(left, ([counted]) => counted?.number === 0)
  }), 30_000)
