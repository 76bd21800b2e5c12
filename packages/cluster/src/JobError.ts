/**
 * The errors of jobs, beside those of the operations themselves.
 *
 * @module
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"

/**
 * The job was cancelled. A running one was interrupted and rolled back; a queued one never started.
 *
 * @since 0.1.0
 * @category errors
 */
export class JobCancelled extends Schema.TaggedError<JobCancelled>("@darb/cluster/JobCancelled")("JobCancelled", {
  id: Schema.String
}) {
  override get message() {
    return `job ${this.id} was cancelled`
  }
}

/**
 * The manager has a bug: the operation ended with a defect. The job is not tried again.
 *
 * @since 0.1.0
 * @category errors
 */
export class JobDefect extends Schema.TaggedError<JobDefect>("@darb/cluster/JobDefect")("JobDefect", {
  id: Schema.String,
  /** The defect as text, with its stack. */
  defect: Schema.String
}) {
  override get message() {
    return `job ${this.id} ended with a defect: ${this.defect}`
  }
}

/**
 * There is no such job: the id is wrong, or the job has been cleaned up.
 *
 * @since 0.1.0
 * @category errors
 */
export class JobNotFound extends Schema.TaggedError<JobNotFound>("@darb/cluster/JobNotFound")("JobNotFound", {
  id: Schema.String
}) {
  override get message() {
    return `there is no job ${JSON.stringify(this.id)}: check the id; completed jobs are removed after a while`
  }
}

/**
 * The storage or the runners of jobs cannot be reached. Whether the job was accepted is unknown: submit it with a key.
 *
 * @since 0.1.0
 * @category errors
 */
export class JobsUnavailable
  extends Schema.TaggedError<JobsUnavailable>("@darb/cluster/JobsUnavailable")("JobsUnavailable", {
    reason: Schema.String
  })
{
  override get message() {
    return `the jobs are not available: ${this.reason}. Try again later.`
  }
}

/**
 * The runner of a program was lost. Whether the program has ended, and what it did, is unknown. Programs are never started
 * again.
 *
 * @since 0.1.0
 * @category errors
 */
export class ProgramLost extends Schema.TaggedError<ProgramLost>("@darb/cluster/ProgramLost")("ProgramLost", {}) {
  override get message() {
    return "the runner of the program was lost, and with it its result; the program is not started again"
  }
}
