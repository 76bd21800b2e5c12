/**
 * Stores jobs in the database of the cluster: SQLite or PostgreSQL.
 *
 * @module
 * @since 0.1.0
 */
import * as Output from "@darb/package-manager/Output"
import * as SqlClient from "@effect/sql/SqlClient"
import * as Array from "effect/Array"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import type { JobId } from "../Job.js"
import { JobsUnavailable } from "../JobError.js"
import type { Change } from "../OperationSchema.js"
import { JobStore, type Numbered, type Outcome, outcomeOf } from "./JobStore.js"
import { messageIdOf } from "./Messages.js"
import * as Pending from "./Pending.js"
import * as Runners from "./Runners.js"
import * as StoredJobs from "./StoredJobs.js"

const EventText = Schema.parseJson(Output.Event)
const encodeEvent = Schema.encodeSync(EventText)
const decodeEvent = Schema.decode(EventText)

/** What is written soon, many in one transaction. */
type Write = JobWrite | EventWrite | ForgetWrite

interface JobWrite {
  readonly _tag: "Job"
  readonly id: JobId
  readonly operation: string
  readonly environment: string
  readonly at: number
  /** Whether an attempt starts. */
  readonly starts: boolean
}

interface EventWrite {
  readonly _tag: "Event"
  readonly id: JobId
  readonly position: number
  readonly event: string
}

interface ForgetWrite {
  readonly _tag: "Forget"
  readonly id: JobId
  readonly before: number
}

const make = Effect.gen(function*() {
  const sql = (yield* SqlClient.SqlClient).withoutTransforms()
  yield* createTables(sql)
  const instance = globalThis.crypto.randomUUID()
  const atWork = yield* Runners.make(sql, instance)
  const stored = StoredJobs.make(sql)

  // Its statements differ by their numbers of rows: not one of them is kept.
  const write = Effect.fnUntraced(function*(writes: ReadonlyArray<Write>) {
    const jobs = rowsOf(writes.filter((write) => write._tag === "Job"), instance)
    if (jobs.length > 0) {
      yield* sql`INSERT INTO darb_jobs ${sql.insert(jobs)} ON CONFLICT (id) DO UPDATE SET
        operation = excluded.operation,
        environment = excluded.environment,
        submitted_at = CASE WHEN excluded.submitted_at < darb_jobs.submitted_at
          THEN excluded.submitted_at ELSE darb_jobs.submitted_at END,
        started_at = COALESCE(darb_jobs.started_at, excluded.started_at),
        attempts = darb_jobs.attempts + excluded.attempts,
        runner = COALESCE(excluded.runner, darb_jobs.runner)`.unprepared
    }
    const stored_at = yield* Clock.currentTimeMillis
    const events = writes.filter((write) => write._tag === "Event").map(({ event, id, position }) => ({
      job_id: id,
      position,
      event,
      stored_at
    }))
    if (events.length > 0) {
      yield* sql`INSERT INTO darb_job_events ${sql.insert(events)} ON CONFLICT (job_id, position) DO NOTHING`.unprepared
    }
    for (const write of writes) {
      if (write._tag !== "Forget") continue
      yield* sql`DELETE FROM darb_job_events WHERE job_id = ${write.id} AND position < ${write.before}`
    }
  }, sql.withTransaction)

  const pending = yield* Pending.make(write)

  const announce = (starts: boolean) => (id: JobId, { operation, options: { path: environment } }: Change) =>
    Effect.map(Clock.currentTimeMillis, (at) => pending.add({ _tag: "Job", id, operation, environment, at, starts }))

  const available = <A, E extends { readonly message: string }>(effect: Effect.Effect<A, E>) =>
    effect.pipe(
      Effect.withTracerEnabled(false),
      Effect.mapError((error) => new JobsUnavailable({ reason: `the database failed: ${error.message}` }))
    )

  return JobStore.of({
    submitted: announce(false),
    started: (id, change) => Effect.andThen(atWork, announce(true)(id, change)),
    append: (id, { cursor, event }) =>
      Effect.suspend(() => pending.offer({ _tag: "Event", id, position: cursor, event: encodeEvent(event) })),
    flushed: pending.flushed,
    before: (id) =>
      available(Effect.gen(function*() {
        const [row] = yield* sql<{
          readonly attempts: number
          readonly cancelled: number
          readonly outcome: Outcome | null
        }>`SELECT attempts, cancelled, outcome FROM darb_jobs WHERE id = ${id}`
        // Its runner may have been lost before the reply was stored.
        const isCancelled = row?.cancelled === 1 || row?.outcome === "cancelled"
        if (row === undefined || row.attempts === 0) return { isCancelled, attempts: 0, next: 0 }
        const [last] = yield* sql<{ readonly last: number | null }>`
          SELECT MAX(position) AS last FROM darb_job_events WHERE job_id = ${id}`
        return { isCancelled, attempts: row.attempts, next: (last?.last ?? -1) + 1 }
      })),
    ended: (id, exit) =>
      available(
        Effect.flatMap(Clock.currentTimeMillis, (at) =>
          sql`INSERT INTO darb_jobs (id, operation, environment, submitted_at, ended_at, outcome, attempts, cancelled)
          VALUES (${id}, '', '', ${at}, ${at}, ${outcomeOf(exit)}, 0, 0)
          ON CONFLICT (id) DO UPDATE SET ended_at = excluded.ended_at, outcome = excluded.outcome`)
      ),
    cancelled: (id) =>
      available(
        Effect.flatMap(Clock.currentTimeMillis, (at) =>
          sql`INSERT INTO darb_jobs (id, operation, environment, submitted_at, attempts, cancelled)
          VALUES (${id}, '', '', ${at}, 0, 1) ON CONFLICT (id) DO UPDATE SET cancelled = 1`)
      ),
    isEnded: (id) =>
      available(Effect.map(
        sql`SELECT 1 FROM darb_jobs WHERE id = ${id} AND ended_at IS NOT NULL`,
        (rows) => rows.length > 0
      )),
    events: (id, from, limit) =>
      available(Effect.flatMap(
        sql<{ readonly position: number; readonly event: string }>`SELECT position, event FROM darb_job_events
          WHERE job_id = ${id} AND position >= ${from} ORDER BY position LIMIT ${limit}`,
        Effect.forEach(({ event, position }) =>
          Effect.map(decodeEvent(event), (event): Numbered => ({ cursor: position, event }))
        )
      )),
    forget: (id, before) => pending.offer({ _tag: "Forget", id, before }),
    get: (id) => available(stored.get(id)),
    list: (query) => available(stored.list(query)),
    counts: available(stored.counts),
    clean: (before) =>
      available(
        Effect.gen(function*() {
          const old = yield* sql<{ readonly id: JobId }>`
          SELECT id FROM darb_jobs WHERE ended_at < ${before} ORDER BY ended_at LIMIT 500`
          const ids = old.length > 0 ? old.map(({ id }) => id) : yield* stored.lost
          if (ids.length === 0) return 0
          const messages = yield* Effect.forEach(ids, messageIdOf)
          yield* sql`DELETE FROM cluster_replies WHERE request_id IN
          (SELECT request_id FROM cluster_messages WHERE ${sql.in("message_id", messages)})`
          yield* sql`DELETE FROM cluster_messages WHERE ${sql.in("message_id", messages)}`
          yield* sql`DELETE FROM darb_job_events WHERE ${sql.in("job_id", ids)}`
          yield* sql`DELETE FROM darb_jobs WHERE ${sql.in("id", ids)}`
          return old.length
        }).pipe(sql.withTransaction)
      )
  })
})

/** One row for each job. */
const rowsOf = (writes: ReadonlyArray<JobWrite>, instance: string) =>
  Object.values(Array.groupBy(writes, ({ id }) => id)).map((all) => {
    const [{ at, environment, id, operation }] = all
    const starts = all.filter(({ starts }) => starts)
    return {
      id,
      operation,
      environment,
      submitted_at: at,
      started_at: starts[0]?.at ?? null,
      attempts: starts.length,
      cancelled: 0,
      runner: starts.length > 0 ? instance : null
    }
  })

const createTables = (sql: SqlClient.SqlClient) => {
  const time = sql.literal(sql.onDialectOrElse({ pg: () => "BIGINT", orElse: () => "INTEGER" }))
  return Effect.gen(function*() {
    yield* sql`CREATE TABLE IF NOT EXISTS darb_jobs (
      id VARCHAR(255) PRIMARY KEY,
      operation TEXT NOT NULL,
      environment TEXT NOT NULL,
      submitted_at ${time} NOT NULL,
      started_at ${time},
      ended_at ${time},
      outcome TEXT,
      attempts INTEGER NOT NULL,
      cancelled INTEGER NOT NULL,
      runner VARCHAR(36)
    )`
    // Of an earlier version.
    yield* Effect.orElse(
      sql`SELECT runner FROM darb_jobs LIMIT 0`,
      () => sql`ALTER TABLE darb_jobs ADD COLUMN runner VARCHAR(36)`
    )
    yield* Runners.createTable(sql)
    yield* sql`CREATE INDEX IF NOT EXISTS darb_jobs_submitted ON darb_jobs (submitted_at, id)`
    yield* sql`CREATE INDEX IF NOT EXISTS darb_jobs_ended ON darb_jobs (ended_at)`
    yield* sql`CREATE TABLE IF NOT EXISTS darb_job_events (
      job_id VARCHAR(255) NOT NULL,
      position INTEGER NOT NULL,
      event TEXT NOT NULL,
      stored_at ${time} NOT NULL,
      PRIMARY KEY (job_id, position)
    )`
  }).pipe(
    // PostgreSQL: two runners that start at once can disturb each other.
    Effect.retry({ times: 5, schedule: Schedule.jittered(Schedule.spaced("200 millis")) }),
    Effect.mapError((error) => new JobsUnavailable({ reason: `cannot create the tables: ${error.message}` }))
  )
}

/**
 * Creates the tables, and stores jobs in them.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<JobStore, JobsUnavailable, SqlClient.SqlClient> = Layer.scoped(JobStore, make)
