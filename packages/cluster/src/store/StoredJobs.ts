/**
 * Reads jobs from the database.
 *
 * @module
 * @since 0.1.0
 */
import type { SqlClient } from "@effect/sql/SqlClient"
import type { SqlError } from "@effect/sql/SqlError"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { ParseError } from "effect/ParseResult"
import type { Job, JobId, JobState } from "../Job.js"
import type { JobsQuery, Outcome } from "./JobStore.js"
import * as Messages from "./Messages.js"
import * as Runners from "./Runners.js"

/** How long a job may be announced before it is stored, in milliseconds. */
const patience = 600_000

interface Row {
  readonly id: JobId
  readonly submitted_at: number
  readonly started_at: number | null
  readonly ended_at: number | null
  readonly outcome: Outcome | null
  readonly attempts: number
  /** The state of a job that has not ended. */
  readonly open_state: JobState
}

const timeOf = (time: number | null) => time === null ? null : Number(time)

const jobOf = (row: Row, { change, failure, isReplied }: Messages.Message): Job => {
  // Without its reply, the job would run again if its runner were lost.
  const outcome = isReplied ? row.outcome : null
  return {
    id: row.id,
    operation: change.operation,
    environment: change.options.path,
    change,
    state: outcome ?? row.open_state,
    failure: outcome === "failed" ? failure : null,
    submittedAt: Number(row.submitted_at),
    startedAt: timeOf(row.started_at),
    endedAt: outcome === null ? null : timeOf(row.ended_at),
    attempts: row.attempts
  }
}

/**
 * Reads jobs.
 *
 * @since 0.1.0
 * @category models
 */
export interface StoredJobs {
  readonly get: (id: JobId) => Effect.Effect<Option.Option<Job>, SqlError | ParseError>
  readonly list: (query: JobsQuery) => Effect.Effect<ReadonlyArray<Job>, SqlError | ParseError>
  readonly counts: Effect.Effect<{ readonly queued: number; readonly running: number }, SqlError>
  /** Jobs that were announced, but could not be stored: their caller was told so. */
  readonly lost: Effect.Effect<ReadonlyArray<JobId>, SqlError | ParseError>
}

/**
 * Makes the effects that read jobs.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (sql: SqlClient): StoredJobs => {
  const open = sql`CASE WHEN j.cancelled = 1 THEN 'cancelled' WHEN r.instance IS NULL THEN 'queued' ELSE 'running' END`
  const all = sql`SELECT j.*, ${open} AS open_state, COALESCE(j.outcome, ${open}) AS state
    FROM darb_jobs j LEFT JOIN darb_runners r ON ${Runners.isAtWork(sql)}`

  const get = Effect.fnUntraced(function*(id: JobId) {
    const [row] = yield* sql<Row>`SELECT * FROM (${all}) jobs WHERE id = ${id}`
    const messages = yield* Messages.find(sql, [id], new Set([id]))
    return Option.map(Option.fromNullable(messages.get(id)), (message) => {
      const { submittedAt: submitted_at } = message
      // What is written soon may be missing.
      const missing: Row = {
        id,
        submitted_at,
        started_at: null,
        ended_at: null,
        outcome: null,
        attempts: 0,
        open_state: "queued"
      }
      return jobOf(row ?? missing, message)
    })
  })

  const list = Effect.fnUntraced(function*({ before, environment, limit, states }: JobsQuery) {
    const rows = yield* sql<Row>`SELECT * FROM (${all}) jobs WHERE ${
      sql.and([
        sql`operation <> ''`,
        ...environment === undefined ? [] : [sql`environment = ${environment}`],
        ...states === undefined ? [] : [sql.in("state", states)],
        ...before === undefined ? [] : [sql`(submitted_at, id) < (${before.submittedAt}, ${before.id})`]
      ])
    } ORDER BY submitted_at DESC, id DESC LIMIT ${limit}`
    const failed = new Set(rows.flatMap(({ id, outcome }) => outcome === "failed" ? [id] : []))
    const messages = yield* Messages.find(sql, rows.map(({ id }) => id), failed)
    return rows.flatMap((row) => {
      const message = messages.get(row.id)
      return message === undefined ? [] : [jobOf(row, message)]
    })
  })

  const counts = Effect.map(
    sql<{ readonly state: JobState; readonly number: number }>`SELECT state, COUNT(*) AS number
      FROM (${all} WHERE j.ended_at IS NULL AND j.operation <> '') jobs GROUP BY state`,
    (rows) => {
      const of = (wanted: JobState) => Number(rows.find(({ state }) => state === wanted)?.number ?? 0)
      return { queued: of("queued"), running: of("running") }
    }
  )

  const lost = Effect.gen(function*() {
    const before = (yield* Clock.currentTimeMillis) - patience
    const rows = yield* sql<Pick<Row, "id">>`SELECT id FROM darb_jobs
      WHERE attempts = 0 AND ended_at IS NULL AND submitted_at < ${before} LIMIT 5000`
    const ids = rows.map(({ id }) => id)
    const messages = yield* Messages.find(sql, ids, new Set())
    return ids.filter((id) => !messages.has(id))
  })

  return { counts, get, list, lost }
}
