/**
 * The jobs of an environment that its runner knows: those that run, are cancelled or were asked for.
 *
 * @module
 * @since 0.1.0
 */
import type { Holder } from "@darb/package-manager/Output"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as FiberId from "effect/FiberId"
import type { JobId } from "../Job.js"
import type { JobLog } from "./JobLog.js"

/**
 * A job that the runner knows.
 *
 * @since 0.1.0
 * @category models
 */
export interface LiveJob {
  readonly ended: Deferred.Deferred<void>
  isCancelled: boolean
  /** Interrupts its operation, once that has started. */
  interrupt: Effect.Effect<void>
  /** Absent before the job starts. */
  log?: JobLog
  state: "queued" | "running" | "ended"
}

/**
 * The jobs that the runner knows.
 *
 * @since 0.1.0
 * @category models
 */
export interface LiveJobs {
  readonly find: (id: JobId) => LiveJob | undefined
  /** The job, which is queued if it was not known. */
  readonly of: (id: JobId) => LiveJob
  readonly begin: (id: JobId, log: JobLog, holder: Holder) => void
  /** Ends a job. Readers of its last events find it here for a while. Returns the jobs that were forgotten. */
  readonly end: (id: JobId) => ReadonlyArray<JobId>
  /** The same for a program, which no job waits for. */
  readonly beginProgram: (id: JobId, log: JobLog) => void
  readonly endProgram: (id: JobId) => void
  /** The job that runs, if another one has to wait for it. */
  readonly holder: (waiting: JobId) => Holder | undefined
}

/** How many ended jobs are kept. */
const kept = 16

/**
 * No jobs yet.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (): LiveJobs => {
  const jobs = new Map<JobId, LiveJob>()
  const ended: Array<JobId> = []
  let running: { readonly id: JobId; readonly holder: Holder } | undefined
  const of = (id: JobId): LiveJob => {
    const job = jobs.get(id) ?? {
      ended: Deferred.unsafeMake<void>(FiberId.none),
      isCancelled: false,
      interrupt: Effect.void,
      state: "queued"
    }
    jobs.set(id, job)
    return job
  }
  const retire = (id: JobId) => {
    // The fiber of the operation is not kept.
    Object.assign(of(id), { state: "ended", interrupt: Effect.void })
    ended.push(id)
    const forgotten = ended.splice(0, Math.max(0, ended.length - kept))
    forgotten.forEach((old) => jobs.delete(old))
    return forgotten
  }
  return {
    find: (id) => jobs.get(id),
    of,
    begin: (id, log, holder) => {
      running = { id, holder }
      Object.assign(of(id), { log, state: "running" })
    },
    end: (id) => {
      running = undefined
      return retire(id)
    },
    beginProgram: (id, log) => {
      Object.assign(of(id), { log, state: "running" })
    },
    endProgram: (id) => {
      retire(id)
    },
    holder: (waiting) =>
      running !== undefined && running.id !== waiting && jobs.get(waiting)?.state !== "ended"
        ? running.holder
        : undefined
  }
}
