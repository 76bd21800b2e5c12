/**
 * Runs the jobs of environments with the package manager of this runner.
 *
 * @module
 * @since 0.1.0
 */
import * as Output from "@darb/package-manager/Output"
import { PackageManager } from "@darb/package-manager/PackageManager"
import type * as Entity from "@effect/cluster/Entity"
import type { Sharding } from "@effect/cluster/Sharding"
import type * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Rpc from "@effect/rpc/Rpc"
import * as Cause from "effect/Cause"
import * as Chunk from "effect/Chunk"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Encoding from "effect/Encoding"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import type * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as Stream from "effect/Stream"
import * as Condition from "../Condition.js"
import { EnvironmentJobs, type Program, type Run } from "../EnvironmentJobs.js"
import type { JobFailure, JobId } from "../Job.js"
import { JobCancelled, JobDefect, ProgramLost } from "../JobError.js"
import * as JobMetrics from "../JobMetrics.js"
import type { Change, ChangeResult, Read } from "../OperationSchema.js"
import { JobStore, outcomeOf } from "../store/JobStore.js"
import { makeDeliveries } from "./Deliveries.js"
import * as JobLog from "./JobLog.js"
import * as LiveJobs from "./LiveJobs.js"
import * as Perform from "./Perform.js"

/** How long events may take to be stored. */
const patience = "10 seconds"

/** How many events a reader gets at once. */
const pageSize = 500

type RunRequest = Pick<Entity.Request<typeof Run>, "payload" | "requestId">

type ProgramPayload = Rpc.Payload<typeof Program>

const bytesOf = (input: string) => Stream.fromEffect(Encoding.decodeBase64(input)).pipe(Stream.orDie)

/** A job goes on when the database is back. */
const whenAvailable = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A> =>
  Effect.catchAll(effect, () => Effect.delay(whenAvailable(effect), "1 second"))

/**
 * Where a runner works.
 *
 * @since 0.1.0
 * @category options
 */
export interface WorkerOptions {
  /** The directory of all environments on this host. */
  readonly environmentsRoot: string
  /**
   * The directory for the results of committed jobs, which outlive this process. All runners of an environment share it.
   * `undefined` if nothing outlives it.
   */
  readonly records: string | undefined
  /** How many events of a job are kept; 10,000 by default. */
  readonly maxEvents?: number | undefined
}

const makeHandlers = ({ environmentsRoot, maxEvents = 10_000, records }: WorkerOptions) =>
  Effect.gen(function*() {
    const manager = yield* PackageManager
    const store = yield* JobStore
    const path = yield* Path.Path
    const deliveries = yield* makeDeliveries(records)
    const instance = globalThis.crypto.randomUUID()
    const unstored = { append: () => Effect.void, forget: () => Effect.void }
    const condition = Condition.make()
    const jobs = LiveJobs.make()

    const placeOf = ({ options }: Change | Read) => path.join(environmentsRoot, options.path)

    /** The operation can be interrupted, because the job is cancelled. It may have succeeded by then. */
    const cancellable = Effect.fnUntraced(function*<A, E>(id: JobId, operation: Effect.Effect<A, E>) {
      const job = jobs.of(id)
      const fiber = yield* Effect.fork(operation)
      // The caller is released after the interruption, or the operation would go on.
      job.interrupt = Effect.zipRight(Fiber.interruptFork(fiber), Effect.sync(() => job.log?.release()))
      if (job.isCancelled) yield* job.interrupt
      const exit = yield* Effect.onInterrupt(
        Fiber.await(fiber),
        () => Effect.andThen(job.interrupt, Fiber.await(fiber))
      )
      return yield* Exit.isInterrupted(exit) ? new JobCancelled({ id }) : exit
    })

    const start = Effect.fnUntraced(function*({ payload: { change, id, observed }, requestId }: RunRequest) {
      const before = yield* whenAvailable(store.before(id))
      if (before.isCancelled || jobs.of(id).isCancelled) return yield* new JobCancelled({ id })
      yield* store.started(id, change)
      // Its next attempt has to know that it is not the first one, since it finds no environment.
      if (change.operation === "destroy") yield* Effect.timeoutOption(store.flushed, patience)
      if (before.attempts > 0) {
        yield* Metric.increment(Metric.tagged(JobMetrics.redelivered, "operation", change.operation))
      }
      const log = JobLog.make({ id, store, condition, isObserved: observed, maxEvents, next: before.next })
      jobs.begin(id, log, { operation: change.operation, since: yield* Clock.currentTimeMillis })
      condition.notify()
      const operation = Output.observe(Perform.change(manager, placeOf(change), change), log.append)
      yield* Metric.increment(JobMetrics.running)
      const once = deliveries.once({ id, requestId, change, attempts: before.attempts }, operation)
      return yield* cancellable(id, once).pipe(
        Effect.ensuring(Metric.incrementBy(JobMetrics.running, -1))
      )
    })

    const remember = Effect.fnUntraced(
      function*({ payload: { change, id } }: RunRequest, exit: Exit.Exit<ChangeResult, JobFailure>) {
        // Whoever learns elsewhere that it has ended finds its events, also those that are not in memory any more.
        if ((jobs.of(id).log?.first() ?? 0) > 0) yield* Effect.timeoutOption(store.flushed, patience)
        yield* whenAvailable(store.ended(id, exit))
        yield* Metric.increment(JobMetrics.endedBy(change.operation, outcomeOf(exit)))
      }
    )

    const run = (request: RunRequest): Effect.Effect<ChangeResult, JobFailure> => {
      const { id } = request.payload
      return start(request).pipe(
        Effect.catchAllDefect((defect) => new JobDefect({ id, defect: Cause.pretty(Cause.die(defect)) })),
        Effect.tapErrorTag("JobDefect", ({ message }) => Effect.logError(message)),
        Effect.onExit((exit) =>
          // An interruption means that this runner stops. The job is delivered again.
          Exit.isInterrupted(exit) ? Effect.void : remember(request, exit)
        ),
        Effect.ensuring(Effect.suspend(() => {
          const { ended } = jobs.of(id)
          const forgotten = jobs.end(id)
          condition.notify()
          return Effect.andThen(
            Deferred.succeed(ended, undefined),
            Effect.forEach(forgotten, deliveries.forget, { discard: true })
          )
        }))
      )
    }

    const cancel = Effect.fnUntraced(function*(id: JobId) {
      const job = jobs.of(id)
      if (job.state === "queued") {
        if (yield* store.isEnded(id)) return "ended"
        yield* store.cancelled(id)
      }
      const { state } = job
      job.isCancelled = true
      yield* job.interrupt
      if (state === "running") yield* Deferred.await(job.ended)
      return state
    })

    /** The next events in the store. Those that have left the memory may be on their way there. */
    const stored = Effect.fnUntraced(function*(id: JobId, from: number, log: JobLog.JobLog | undefined) {
      const events = yield* store.events(id, from, pageSize)
      if (events.length > 0 || log === undefined) return events
      yield* Effect.timeoutOption(store.flushed, patience)
      const later = yield* store.events(id, from, pageSize)
      return later.length > 0 ? later : log.from(log.first())?.slice(0, pageSize) ?? []
    })

    /** The next events of a job, and whether it has no more. `undefined` if there are none yet. */
    const next = Effect.fnUntraced(function*(id: JobId, from: number) {
      const job = jobs.find(id)
      const isEnded = job?.state === "ended"
      const recent = job?.log?.from(from)
      const events = recent === undefined ? yield* stored(id, from, job?.log) : recent.slice(0, pageSize)
      if (events.length > 0) {
        const last = (events.at(-1)?.cursor ?? from) + 1
        return { events, next: last, isEnd: isEnded && recent !== undefined && last === job?.log?.next() }
      }
      const isEnd = isEnded || (recent === undefined && (yield* store.isEnded(id)))
      return isEnd ? { events, next: from, isEnd } : undefined
    })

    const events = Effect.fnUntraced(function*(id: JobId, from: number, wait: number, isWaiting: boolean) {
      const until = (yield* Clock.currentTimeMillis) + wait
      while (true) {
        const page = yield* next(id, from)
        if (page !== undefined) return page
        const holder = isWaiting || jobs.find(id)?.log !== undefined ? undefined : jobs.holder(id)
        const left = until - (yield* Clock.currentTimeMillis)
        if (left <= 0 || holder !== undefined) return { events: [], next: from, isEnd: false, holder }
        const changed = condition.until(() => {
          const job = jobs.find(id)
          if (job?.log === undefined && !isWaiting && jobs.holder(id) !== undefined) return true
          return job?.state === "ended" || (job?.log !== undefined && job.log.next() > from)
        })
        yield* Effect.timeoutOption(changed, Math.min(left, 1000))
      }
    })

    const program = Effect.fnUntraced(function*(payload: ProgramPayload) {
      const { id, input, observed, options } = payload
      if (payload.instance !== instance || jobs.find(id) !== undefined) return yield* new ProgramLost()
      const log = JobLog.make({ id, store: unstored, condition, isObserved: observed, maxEvents, next: 0 })
      jobs.beginProgram(id, log)
      condition.notify()
      const given = { ...options, path: path.join(environmentsRoot, options.path), stdin: bytesOf(input) }
      // Nobody waits for a program that was cancelled.
      const running = cancellable(id, Output.observe(manager.run(given), log.append))
      return yield* Effect.catchTag(running, "JobCancelled", () => new ProgramLost()).pipe(
        Effect.ensuring(Effect.suspend(() => {
          const { ended } = jobs.of(id)
          jobs.endProgram(id)
          condition.notify()
          return Deferred.succeed(ended, undefined)
        }))
      )
    })

    const endProgram = Effect.fnUntraced(function*(id: JobId) {
      const job = jobs.find(id)
      if (job?.state !== "running") return
      job.isCancelled = true
      yield* job.interrupt
      yield* Deferred.await(job.ended)
    })

    return EnvironmentJobs.of({
      Run: run,
      Cancel: ({ payload: { id } }) => Rpc.fork(cancel(id)),
      Events: ({ payload: { from, id, isWaiting, wait } }) => Rpc.fork(events(id, from, wait, isWaiting)),
      Read: ({ payload: { read } }) => Rpc.fork(Perform.read(manager, placeOf(read), read)),
      Ping: () => Rpc.fork(Effect.succeed({ instance })),
      Program: ({ payload }) => Rpc.fork(program(payload)),
      EndProgram: ({ payload: { id } }) => Rpc.fork(endProgram(id)),
      Version: () => Rpc.fork(manager.version),
      Environments: () => Rpc.fork(Effect.map(Stream.runCollect(manager.environments), Chunk.toReadonlyArray))
    })
  })

/**
 * Runs the jobs that the cluster delivers to this runner.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (
  options: WorkerOptions
): Layer.Layer<never, never, PackageManager | JobStore | FileSystem.FileSystem | Path.Path | Sharding> =>
  EnvironmentJobs.toLayer(makeHandlers(options), {
    concurrency: 1,
    // A job with a defect would be delivered again forever.
    disableFatalDefects: true,
    mailboxCapacity: 1024,
    maxIdleTime: "5 minutes"
  })
