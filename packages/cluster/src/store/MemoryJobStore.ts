/**
 * Stores jobs in memory, for tests.
 *
 * @module
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type { Job, JobFailure, JobId, JobState } from "../Job.js"
import type { Change } from "../OperationSchema.js"
import { JobStore, type Numbered, type Outcome, outcomeOf } from "./JobStore.js"

interface Row {
  readonly id: JobId
  change: Change | undefined
  readonly submittedAt: number
  startedAt: number | null
  endedAt: number | null
  outcome: Outcome | undefined
  failure: JobFailure | null
  attempts: number
  isCancelled: boolean
  events: Array<Numbered>
}

const make = Effect.sync(() => {
  const rows = new Map<JobId, Row>()

  const change = (id: JobId, apply: (row: Row, now: number) => void) =>
    Effect.map(Clock.currentTimeMillis, (now) => {
      const row: Row = rows.get(id) ?? {
        id,
        change: undefined,
        submittedAt: now,
        startedAt: null,
        endedAt: null,
        outcome: undefined,
        failure: null,
        attempts: 0,
        isCancelled: false,
        events: []
      }
      rows.set(id, row)
      apply(row, now)
    })

  const jobOf = ({ change, events: _, isCancelled, outcome, ...row }: Row): ReadonlyArray<Job> =>
    change === undefined ? [] : [{
      ...row,
      change,
      operation: change.operation,
      environment: change.options.path,
      state: outcome ?? (isCancelled ? "cancelled" : row.startedAt === null ? "queued" : "running")
    }]

  return JobStore.of({
    submitted: (id, given) => change(id, (row) => Object.assign(row, { change: given })),
    started: (id, given) =>
      change(id, (row, now) => {
        Object.assign(row, { change: given, startedAt: row.startedAt ?? now, attempts: row.attempts + 1 })
      }),
    append: (id, event) => change(id, (row) => row.events.push(event)),
    forget: (id, before) =>
      change(id, (row) => {
        row.events = row.events.filter(({ cursor }) => cursor >= before)
      }),
    flushed: Effect.void,
    before: (id) =>
      Effect.sync(() => {
        const { attempts = 0, events = [], isCancelled = false } = rows.get(id) ?? {}
        return { attempts, isCancelled, next: (events.at(-1)?.cursor ?? -1) + 1 }
      }),
    ended: (id, exit) =>
      change(id, (row, now) => {
        const outcome = outcomeOf(exit)
        const failure = outcome === "failed" && Exit.isFailure(exit) && exit.cause._tag === "Fail"
          ? exit.cause.error
          : null
        Object.assign(row, { outcome, failure, endedAt: now })
      }),
    cancelled: (id) =>
      change(id, (row) => {
        row.isCancelled = true
      }),
    isEnded: (id) => Effect.sync(() => (rows.get(id)?.endedAt ?? null) !== null),
    events: (id, from, limit) =>
      Effect.sync(() => rows.get(id)?.events.filter(({ cursor }) => cursor >= from).slice(0, limit) ?? []),
    get: (id) => Effect.sync(() => Option.fromNullable([rows.get(id)].flatMap((row) => row ? jobOf(row) : [])[0])),
    list: ({ before, environment, limit, states }) =>
      Effect.sync(() => {
        const newest = [...rows.values()].flatMap(jobOf).reverse()
        return newest.slice(before === undefined ? 0 : newest.findIndex(({ id }) => id === before.id) + 1).filter((
          job
        ) =>
          (environment === undefined || job.environment === environment) &&
          (states === undefined || states.includes(job.state))
        ).slice(0, limit)
      }),
    counts: Effect.sync(() => {
      const states = [...rows.values()].flatMap(jobOf).map(({ state }) => state)
      const of = (wanted: JobState) => states.filter((state) => state === wanted).length
      return { queued: of("queued"), running: of("running") }
    }),
    clean: () => Effect.succeed(0)
  })
})

/**
 * Stores jobs for as long as the scope is open.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<JobStore> = Layer.effect(JobStore, make)
