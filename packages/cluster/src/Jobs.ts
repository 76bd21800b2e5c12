/**
 * The `Jobs` service: operations that outlive the program that asked for them.
 *
 * ```ts
 * const id = yield* jobs.submit({ operation: "install", options: { path: "analysis", packages: ["numpy"] } })
 * yield* jobs.attach(id).pipe(Stream.runForEach(Console.log))
 * ```
 *
 * @module
 * @since 0.1.0
 */
import type { InvalidOption, UnsupportedOption } from "@darb/package-manager/PackageManagerError"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { dual } from "effect/Function"
import type * as Stream from "effect/Stream"
import type { Job, JobEnd, JobEvent, JobFailure, JobId, JobState } from "./Job.js"
import type { JobNotFound, JobsUnavailable } from "./JobError.js"
import type { Change, ChangeResult } from "./OperationSchema.js"

/**
 * The path is outside the directory of all environments, or the manager lacks an option: the job would always fail.
 *
 * @since 0.1.0
 * @category errors
 */
export type SubmitError = InvalidOption | UnsupportedOption | JobsUnavailable

/**
 * How a job is identified.
 *
 * @since 0.1.0
 * @category options
 */
export interface SubmitOptions {
  /**
   * Identifies the job in its environment: a second one with the same key is the same job, whatever its options, until the job
   * is cleaned up. 1 to 128 letters, digits, `-`, `_` and `.`; by default a random UUID.
   */
  readonly key?: string | undefined
}

/**
 * Where to go on with the events of a job.
 *
 * @since 0.1.0
 * @category options
 */
export interface AttachOptions {
  /** The cursor of the first event: that of the last one seen, plus 1. By default 0, the first event that is still stored. */
  readonly from?: number | undefined
}

/**
 * Which jobs to list.
 *
 * @since 0.1.0
 * @category options
 */
export interface ListOptions {
  /** Only the jobs of this environment. A relative path starts at the directory of all environments. */
  readonly path?: string | undefined
  /** Only the jobs in one of these states. */
  readonly state?: JobState | ReadonlyArray<JobState> | undefined
  /** Only jobs older than this one: the last one of a page, to get the next page. */
  readonly before?: Pick<Job, "id" | "submittedAt"> | undefined
  /** How many jobs to return: 1 to 1,000, by default 100. */
  readonly limit?: number | undefined
}

/**
 * Where a job was when it was cancelled.
 *
 * @since 0.1.0
 * @category models
 */
export type Cancelled = "queued" | "running" | "ended"

/**
 * The service of jobs. `Client`, `Runner` and `Embedded` provide it.
 *
 * @since 0.1.0
 * @category services
 */
export class Jobs extends Context.Tag("@darb/cluster/Jobs")<Jobs, {
  /**
   * Stores a job and returns its id. From then on it runs once, in the order of the jobs of its environment, even if this
   * program ends. Interruption after the return does not cancel it.
   */
  readonly submit: (change: Change, options?: SubmitOptions) => Effect.Effect<JobId, SubmitError>

  /**
   * The events of a job in order, then its end. Can be called again, from any program, to go on after a cursor. Events that
   * were cleaned up are left out. A reader that stops neither cancels the job nor holds it up.
   */
  readonly attach: (
    id: JobId,
    options?: AttachOptions
  ) => Stream.Stream<JobEvent | JobEnd, JobNotFound | JobsUnavailable>

  /** Waits for the end of a job. Interruption does not cancel it. */
  readonly result: (id: JobId) => Effect.Effect<ChangeResult, JobFailure | JobNotFound | JobsUnavailable>

  /**
   * Cancels a job. Returns when it is certain that a queued job never starts, or when a running one has been rolled back.
   */
  readonly cancel: (id: JobId) => Effect.Effect<Cancelled, JobNotFound | JobsUnavailable>

  /** What is known about a job, at once after `submit`. */
  readonly get: (id: JobId) => Effect.Effect<Job, JobNotFound | JobsUnavailable>

  /**
   * The jobs that are not cleaned up yet, the newest first, as many as `limit` says. After a page, `before` goes on; the last
   * page is empty. A new job is listed within about a second.
   *
   * ```ts
   * const failed = yield* jobs.list({ path: "analysis", state: "failed" })
   * const older = yield* jobs.list({ path: "analysis", state: "failed", before: failed.at(-1) })
   * ```
   */
  readonly list: (options?: ListOptions) => Effect.Effect<ReadonlyArray<Job>, InvalidOption | JobsUnavailable>

  /** How many jobs wait and run in the whole cluster. Fails if the database cannot be reached: a check of health. */
  readonly counts: Effect.Effect<{ readonly queued: number; readonly running: number }, JobsUnavailable>
}>() {}

/**
 * What happens to a job whose caller is interrupted.
 *
 * @since 0.1.0
 * @category options
 */
export interface CallerOptions extends SubmitOptions {
  /** Whether the job goes on if the caller is interrupted. By default it is cancelled. */
  readonly detached?: boolean | undefined
}

/**
 * How the methods of `PackageManager` submit their jobs in this context.
 *
 * @since 0.1.0
 * @category services
 */
export class Caller extends Context.Reference<Caller>()("@darb/cluster/Jobs/Caller", {
  defaultValue: (): CallerOptions => ({})
}) {}

/**
 * Sets how the operations in an effect submit their jobs.
 *
 * @since 0.1.0
 * @category combinators
 */
export const withOptions: {
  (options: CallerOptions): <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  <A, E, R>(effect: Effect.Effect<A, E, R>, options: CallerOptions): Effect.Effect<A, E, R>
} = dual(
  2,
  <A, E, R>(effect: Effect.Effect<A, E, R>, options: CallerOptions): Effect.Effect<A, E, R> =>
    Effect.provideService(effect, Caller, options)
)
