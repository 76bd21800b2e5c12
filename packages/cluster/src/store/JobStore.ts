/**
 * Stores what is known about jobs, beside the messages and replies that `@effect/cluster` stores.
 *
 * @module
 * @since 0.1.0
 */
import type * as Output from "@darb/package-manager/Output"
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { Job, JobId } from "../Job.js"
import type { JobsUnavailable } from "../JobError.js"

/**
 * An event with its number.
 *
 * @since 0.1.0
 * @category models
 */
export interface Numbered {
  readonly cursor: number
  readonly event: Output.Event
}

/**
 * What earlier attempts of a job left.
 *
 * @since 0.1.0
 * @category models
 */
export interface Before {
  readonly isCancelled: boolean
  readonly attempts: number
  /** The cursor of the next event. */
  readonly next: number
}

export type Outcome = "succeeded" | "failed" | "cancelled"

export class JobStore extends Context.Tag("@darb/cluster/JobStore")<JobStore, {
  /** Remembers that a job was submitted, soon. */
  readonly submitted: (id: JobId, operation: string, environment: string) => Effect.Effect<void>
  /** Remembers that an attempt starts, soon. */
  readonly started: (id: JobId, operation: string, environment: string) => Effect.Effect<void>
  /** Stores an event, soon. Waits while too many are not stored yet. */
  readonly append: (id: JobId, event: Numbered) => Effect.Effect<void>
  /** Waits until what should be stored soon is stored. */
  readonly flushed: Effect.Effect<void>
  readonly before: (id: JobId) => Effect.Effect<Before, JobsUnavailable>
  readonly ended: (id: JobId, outcome: Outcome) => Effect.Effect<void, JobsUnavailable>
  /** Makes sure that a queued job never starts. */
  readonly cancelled: (id: JobId) => Effect.Effect<void, JobsUnavailable>
  /** Whether the last attempt ended. */
  readonly isEnded: (id: JobId) => Effect.Effect<boolean, JobsUnavailable>
  /** The first events from a cursor on. */
  readonly events: (
    id: JobId,
    from: number,
    limit: number
  ) => Effect.Effect<ReadonlyArray<Numbered>, JobsUnavailable>
  readonly list: Effect.Effect<ReadonlyArray<Job>, JobsUnavailable>
  /** How many jobs wait and run in the whole cluster. */
  readonly counts: Effect.Effect<{ readonly queued: number; readonly running: number }, JobsUnavailable>
  /** Removes what ended before a time, in milliseconds since 1970, with its messages. Returns the number of jobs. */
  readonly clean: (before: number) => Effect.Effect<number, JobsUnavailable>
}>() {}
