/**
 * The entity of an environment: its jobs run in order, one at a time, on the runner that owns it.
 *
 * @module
 * @since 0.1.0
 */
import { Environment } from "@darb/package-manager/Environment"
import { EnvironmentsError, RunError, VersionError } from "@darb/package-manager/OperationErrors"
import * as Output from "@darb/package-manager/Output"
import { PackageManagerError } from "@darb/package-manager/PackageManagerError"
import { RunResult } from "@darb/package-manager/RunResult"
import * as ClusterSchema from "@effect/cluster/ClusterSchema"
import * as Entity from "@effect/cluster/Entity"
import * as Rpc from "@effect/rpc/Rpc"
import * as Schema from "effect/Schema"
import { JobFailure, JobId } from "./Job.js"
import { JobsUnavailable, ProgramLost } from "./JobError.js"
import { Change, ChangeResult, ProgramOptions, Read, ReadResult } from "./OperationSchema.js"

const job = { id: JobId }

/**
 * Runs a job. The path of its options starts at the directory of all environments, so that it is the same on each host.
 *
 * @since 0.1.0
 * @category values
 */
export const Run = Rpc.make("Run", {
  payload: {
    ...job,
    change: Change,
    /** Whether the caller observes the events: the operation then waits for it, as it would without a job. */
    observed: Schema.Boolean
  },
  primaryKey: ({ id }) => id,
  success: ChangeResult,
  error: JobFailure
}).annotate(ClusterSchema.Persisted, true)
  // An interruption is never the end of a job: whoever wants that cancels it.
  .annotate(ClusterSchema.Uninterruptible, true)

/**
 * Cancels a job, and waits for its rollback if it runs.
 *
 * @since 0.1.0
 * @category values
 */
export const Cancel = Rpc.make("Cancel", {
  payload: job,
  success: Schema.Literal("queued", "running", "ended"),
  error: JobsUnavailable
})

/**
 * Some events of a job. Waits up to `wait` milliseconds for the first one, or for another job that it has to wait for.
 *
 * @since 0.1.0
 * @category values
 */
export const Events = Rpc.make("Events", {
  payload: { ...job, from: Schema.Number, wait: Schema.Number, isWaiting: Schema.Boolean },
  success: Schema.Struct({
    events: Schema.Array(Schema.Struct({ cursor: Schema.Number, event: Output.Event })),
    /** The cursor to go on with. */
    next: Schema.Number,
    /** Whether the job has ended and has no more events. */
    isEnd: Schema.Boolean,
    /** The job that this one waits for. Told once: not if the reader knows that the job is waiting. */
    holder: Schema.optional(Output.Holder)
  }),
  error: JobsUnavailable
})

/**
 * Reads the environment. Does not wait for jobs.
 *
 * @since 0.1.0
 * @category values
 */
export const ReadEnvironment = Rpc.make("Read", {
  payload: { read: Read },
  success: ReadResult,
  error: PackageManagerError
})

/**
 * Waits until the environment has a runner, and says which one: another one has another `instance`.
 *
 * @since 0.1.0
 * @category values
 */
export const Ping = Rpc.make("Ping", { success: Schema.Struct({ instance: Schema.String }) })

/**
 * Runs a program. It is never stored. The cluster sends it again if the runner is lost, and then it is refused: the instance is
 * another one.
 *
 * @since 0.1.0
 * @category values
 */
export const Program = Rpc.make("Program", {
  payload: {
    ...job,
    instance: Schema.String,
    observed: Schema.Boolean,
    options: ProgramOptions,
    /** Base64. */
    input: Schema.String
  },
  success: RunResult,
  error: Schema.Union(RunError, ProgramLost)
})

/**
 * Ends a program, and waits for its end. A program that does not run is none.
 *
 * @since 0.1.0
 * @category values
 */
export const EndProgram = Rpc.make("EndProgram", { payload: job })

/**
 * The version of the manager of a runner.
 *
 * @since 0.1.0
 * @category values
 */
export const Version = Rpc.make("Version", { success: Schema.String, error: VersionError })

/**
 * The environments of a host, or of those that share a file system.
 *
 * @since 0.1.0
 * @category values
 */
export const Environments = Rpc.make("Environments", {
  success: Schema.Array(Environment),
  error: EnvironmentsError
})

/**
 * The entity, with the messages that it understands. Its id begins with the shard group, followed by a dot.
 *
 * @since 0.1.0
 * @category values
 */
export const EnvironmentJobs = Entity.make("EnvironmentJobs", [
  Run,
  Cancel,
  Events,
  ReadEnvironment,
  Ping,
  Program,
  EndProgram,
  Version,
  Environments
])
  .annotate(ClusterSchema.ShardGroup, (id) => id.slice(0, id.indexOf(".")))
