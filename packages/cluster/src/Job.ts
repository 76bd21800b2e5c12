/**
 * Jobs: operations that are stored until they have run.
 *
 * @module
 * @since 0.1.0
 */
import * as Output from "@darb/package-manager/Output"
import { PackageManagerError } from "@darb/package-manager/PackageManagerError"
import * as Schema from "effect/Schema"
import { JobCancelled, JobDefect } from "./JobError.js"
import { Change, ChangeResult } from "./OperationSchema.js"

/**
 * Names a job: the shard group, a hash of the path of its environment below the directory of all environments, and the key of
 * the job, separated by dots. It has only letters, digits, `-`, `_` and `.`, so that it can be part of a URL.
 *
 * @since 0.1.0
 * @category schemas
 */
export const JobId = Schema.String.pipe(
  Schema.pattern(/^[A-Za-z0-9_-]{1,40}\.[0-9a-f]{32}\.[A-Za-z0-9._-]{1,128}$/),
  Schema.brand("@darb/cluster/JobId")
)
export type JobId = typeof JobId.Type

/**
 * How a job fails: as its operation does, or because it was cancelled or has a defect.
 *
 * @since 0.1.0
 * @category schemas
 */
export const JobFailure = Schema.Union(PackageManagerError, JobCancelled, JobDefect)
export type JobFailure = typeof JobFailure.Type

/**
 * The state of a job. The last three are final. A job whose runner stopped or was lost is queued until it runs again.
 *
 * @since 0.1.0
 * @category schemas
 */
export const JobState = Schema.Literal("queued", "running", "succeeded", "failed", "cancelled")
export type JobState = typeof JobState.Type

/**
 * What is known about a job. Times are in milliseconds since 1970.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Job = Schema.Struct({
  id: JobId,
  operation: Schema.Literal("init", "install", "remove", "update", "clean", "destroy"),
  /** The path of the environment below the directory of all environments. */
  environment: Schema.String,
  /** What was asked for, with the same path. URLs in it may have credentials. */
  change: Change,
  state: JobState,
  /** Why it failed; `null` in every other state. */
  failure: Schema.NullOr(JobFailure),
  submittedAt: Schema.Number,
  startedAt: Schema.NullOr(Schema.Number),
  /** `null` also of a cancelled job before its turn: it keeps its place in the queue of its environment, but never starts. */
  endedAt: Schema.NullOr(Schema.Number),
  /** How often it started: more than once if a runner was lost. */
  attempts: Schema.Number
})
export type Job = typeof Job.Type

/**
 * An event of a job. `cursor` counts the events of the job from 0, over all attempts.
 *
 * @since 0.1.0
 * @category schemas
 */
export const JobEvent = Schema.TaggedStruct("Event", { cursor: Schema.Number, event: Output.Event })
export type JobEvent = typeof JobEvent.Type

/**
 * The last element of the events of a job.
 *
 * @since 0.1.0
 * @category schemas
 */
export const JobEnd = Schema.TaggedStruct("End", {
  exit: Schema.Exit({ success: ChangeResult, failure: JobFailure, defect: Schema.Defect })
})
export type JobEnd = typeof JobEnd.Type
