/**
 * Stores jobs in the database of the cluster: SQLite or PostgreSQL.
 *
 * @module
 * @since 0.1.0
 */
import * as Output from "@darb/package-manager/Output"
import * as SqlClient from "@effect/sql/SqlClient"
import * as Array from "effect/Array"
import * as Chunk from "effect/Chunk"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import { Job, type JobId } from "../Job.js"
import { JobsUnavailable } from "../JobError.js"
import { JobStore, type Numbered } from "./JobStore.js"

const EventText = Schema.parseJson(Output.Event)
const encodeEvent = Schema.encode(EventText)
const decodeEvent = Schema.decode(EventText)
const decodeJobs = Schema.decodeUnknown(Schema.Array(Job))

/** What is written soon, many in one transaction. */
type Write = JobWrite | EventWrite | FlushWrite

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
  readonly job_id: JobId
  readonly position: number
  readonly event: string
  readonly stored_at: number
}

/** Writes nothing, but tells that what was before it is written. */
interface FlushWrite {
  readonly _tag: "Flush"
  readonly done: Deferred.Deferred<void>
}

/** How many writes may wait, such as while the database is away. Then jobs wait to write their events. */
const capacity = 20_000

/** How many writes are in one transaction. */
const batchSize = 500

interface JobRow {
  readonly id: string
  readonly operation: string
  readonly environment: string
  readonly submitted_at: number
  readonly started_at: number | null
  readonly ended_at: number | null
  readonly outcome: string | null
  readonly attempts: number
}

const make = Effect.gen(function*() {
  const sql = (yield* SqlClient.SqlClient).withoutTransforms()
  yield* createTables(sql)
  const queue = yield* Queue.bounded<Write>(capacity)

  const write = Effect.fnUntraced(function*(writes: ReadonlyArray<Write>) {
    const events = writes.flatMap((write) => {
      if (write._tag !== "Event") return []
      const { _tag: _, ...row } = write
      return [row]
    })
    const jobs = rowsOf(writes.filter((write) => write._tag === "Job"))
    if (jobs.length > 0) {
      yield* sql`INSERT INTO darb_jobs ${sql.insert(jobs)} ON CONFLICT (id) DO UPDATE SET
        operation = excluded.operation,
        environment = excluded.environment,
        started_at = COALESCE(darb_jobs.started_at, excluded.started_at),
        attempts = darb_jobs.attempts + excluded.attempts`
    }
    if (events.length > 0) {
      yield* sql`INSERT INTO darb_job_events ${sql.insert(events)} ON CONFLICT (job_id, position) DO NOTHING`
    }
  }, sql.withTransaction)

  const drain = Effect.gen(function*() {
    const writes = Chunk.toReadonlyArray(yield* Queue.takeBetween(queue, 1, batchSize))
    // If the connection is lost in a transaction, that is a defect.
    yield* Effect.retry(Effect.sandbox(write(writes)), Schedule.spaced("1 second"))
    yield* Effect.forEach(
      writes,
      (each) => each._tag === "Flush" ? Deferred.succeed(each.done, undefined) : Effect.void,
      {
        discard: true
      }
    )
    // Others join the next transaction.
    if (writes.length < batchSize) yield* Effect.sleep("100 millis")
  }).pipe(Effect.forever)
  yield* Effect.forkScoped(Effect.withTracerEnabled(drain, false))
  yield* Effect.addFinalizer(() =>
    Effect.flatMap(Queue.takeAll(queue), (rest) => write(Chunk.toReadonlyArray(rest))).pipe(
      Effect.timeoutOption("5 seconds"),
      Effect.ignore
    )
  )

  /** Never waits: callers learn in another way that the database is away. */
  const soon = (make: (at: number) => JobWrite) =>
    Effect.map(Clock.currentTimeMillis, (at) => void queue.unsafeOffer(make(at)))

  const available = <A, E extends { readonly message: string }>(effect: Effect.Effect<A, E>) =>
    effect.pipe(
      Effect.withTracerEnabled(false),
      Effect.mapError((error) => new JobsUnavailable({ reason: `the database failed: ${error.message}` }))
    )

  const jobOf = (row: JobRow) => ({
    id: row.id,
    operation: row.operation,
    environment: row.environment,
    state: row.outcome ?? (row.started_at === null ? "queued" : "running"),
    submittedAt: Number(row.submitted_at),
    startedAt: row.started_at === null ? null : Number(row.started_at),
    endedAt: row.ended_at === null ? null : Number(row.ended_at),
    attempts: row.attempts
  })

  return JobStore.of({
    submitted: (id, operation, environment) =>
      soon((at) => ({ _tag: "Job", id, operation, environment, at, starts: false })),
    started: (id, operation, environment) =>
      soon((at) => ({ _tag: "Job", id, operation, environment, at, starts: true })),
    append: Effect.fnUntraced(function*(id, { cursor, event }) {
      const text = yield* Effect.orDie(encodeEvent(event))
      const at = yield* Clock.currentTimeMillis
      yield* Queue.offer(queue, { _tag: "Event", job_id: id, position: cursor, event: text, stored_at: at })
    }),
    flushed: Effect.gen(function*() {
      const done = yield* Deferred.make<void>()
      yield* Queue.offer(queue, { _tag: "Flush", done })
      yield* Deferred.await(done)
    }),
    before: (id) =>
      available(Effect.gen(function*() {
        const [row] = yield* sql<{ readonly attempts: number; readonly cancelled: number }>`
          SELECT attempts, cancelled FROM darb_jobs WHERE id = ${id}`
        if (row === undefined || row.attempts === 0) {
          return { isCancelled: row?.cancelled === 1, attempts: 0, next: 0 }
        }
        const [last] = yield* sql<{ readonly last: number | null }>`
          SELECT MAX(position) AS last FROM darb_job_events WHERE job_id = ${id}`
        return { isCancelled: row.cancelled === 1, attempts: row.attempts, next: (last?.last ?? -1) + 1 }
      })),
    ended: (id, outcome) =>
      available(
        Effect.flatMap(Clock.currentTimeMillis, (at) =>
          sql`INSERT INTO darb_jobs (id, operation, environment, submitted_at, ended_at, outcome, attempts, cancelled)
          VALUES (${id}, '', '', ${at}, ${at}, ${outcome}, 0, 0)
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
    list: available(Effect.flatMap(
      sql<JobRow>`SELECT * FROM darb_jobs WHERE operation <> '' ORDER BY submitted_at DESC LIMIT 1000`,
      (rows) => decodeJobs(rows.map(jobOf))
    )),
    counts: available(Effect.map(
      sql<{ readonly started: number; readonly number: number }>`SELECT
          CASE WHEN started_at IS NULL THEN 0 ELSE 1 END AS started, COUNT(*) AS number
        FROM darb_jobs WHERE ended_at IS NULL AND operation <> '' GROUP BY 1`,
      (rows) => {
        const of = (wanted: number) => Number(rows.find(({ started }) => started === wanted)?.number ?? 0)
        return { queued: of(0), running: of(1) }
      }
    )),
    clean: (before) =>
      available(
        Effect.gen(function*() {
          const old = yield* sql<{ readonly id: string }>`
          SELECT id FROM darb_jobs WHERE ended_at < ${before} ORDER BY ended_at LIMIT 500`
          if (old.length === 0) return 0
          const ids = old.map(({ id }) => id)
          const messages = ids.map(messageIdOf)
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
const rowsOf = (writes: ReadonlyArray<JobWrite>) =>
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
      cancelled: 0
    }
  })

/** The id under which the cluster stores the message of a job. */
const messageIdOf = (id: string): string =>
  `EnvironmentJobs/${id.slice(0, id.indexOf(".", id.indexOf(".") + 1))}/Run/${id}`

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
      cancelled INTEGER NOT NULL
    )`
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

export const layer: Layer.Layer<JobStore, JobsUnavailable, SqlClient.SqlClient> = Layer.scoped(JobStore, make)
