/**
 * Stores jobs in memory, for tests.
 *
 * @module
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Job, JobId } from "../Job.js"
import { JobStore, type Numbered, type Outcome } from "./JobStore.js"

interface Row {
  readonly id: JobId
  operation: string
  environment: string
  readonly submittedAt: number
  startedAt: number | null
  endedAt: number | null
  outcome: Outcome | undefined
  attempts: number
  isCancelled: boolean
  readonly events: Array<Numbered>
}

const make = Effect.sync(() => {
  const rows = new Map<JobId, Row>()

  const change = (id: JobId, apply: (row: Row, now: number) => void) =>
    Effect.map(Clock.currentTimeMillis, (now) => {
      const row: Row = rows.get(id) ?? {
        id,
        operation: "",
        environment: "",
        submittedAt: now,
        startedAt: null,
        endedAt: null,
        outcome: undefined,
        attempts: 0,
        isCancelled: false,
        events: []
      }
      rows.set(id, row)
      apply(row, now)
    })

  const toJob = ({ events: _, isCancelled: __, outcome, ...row }: Row): Job => ({
    ...row,
    state: outcome ?? (row.startedAt === null ? "queued" : "running")
  })

  return JobStore.of({
    submitted: (id, operation, environment) => change(id, (row) => Object.assign(row, { operation, environment })),
    started: (id, operation, environment) =>
      change(id, (row, now) => {
        Object.assign(row, { operation, environment, startedAt: row.startedAt ?? now, attempts: row.attempts + 1 })
      }),
    append: (id, event) => change(id, (row) => row.events.push(event)),
    flushed: Effect.void,
    before: (id) =>
      Effect.sync(() => {
        const { attempts = 0, events = [], isCancelled = false } = rows.get(id) ?? {}
        return { attempts, isCancelled, next: events.length }
      }),
    ended: (id, outcome) => change(id, (row, now) => Object.assign(row, { outcome, endedAt: now })),
    cancelled: (id) =>
      change(id, (row) => {
        row.isCancelled = true
      }),
    isEnded: (id) => Effect.sync(() => (rows.get(id)?.endedAt ?? null) !== null),
    events: (id, from, limit) => Effect.sync(() => rows.get(id)?.events.slice(from, from + limit) ?? []),
    list: Effect.sync(() => [...rows.values()].map(toJob).reverse()),
    counts: Effect.sync(() => {
      const open = [...rows.values()].filter(({ endedAt }) => endedAt === null)
      const running = open.filter(({ startedAt }) => startedAt !== null).length
      return { queued: open.length - running, running }
    }),
    clean: () => Effect.succeed(0)
  })
})

export const layer: Layer.Layer<JobStore> = Layer.effect(JobStore, make)
