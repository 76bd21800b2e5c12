/** The errors of the API. They show what users may see: no paths of the machine, no command lines, no credentials. */
import { JobId } from "@darb/cluster/Job"
import { JobNotFound, type JobsUnavailable } from "@darb/cluster/JobError"
import type { PackageManagerError } from "@darb/package-manager/PackageManagerError"
import * as PublicError from "@darb/package-manager/PublicError"
import * as HttpApiSchema from "@effect/platform/HttpApiSchema"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

/** A `PublicError`. */
export const Detail = Schema.Struct({
  _tag: Schema.String,
  message: Schema.String,
  manager: Schema.String,
  operation: Schema.String,
  environment: Schema.String,
  isRetryable: Schema.Boolean,
  details: Schema.Record({ key: Schema.String, value: Schema.Unknown })
})
export type Detail = typeof Detail.Type

const fields = { message: Schema.String, error: Schema.optional(Detail) }

/** There is no such environment or job. */
export class NotFound
  extends Schema.TaggedError<NotFound>()("NotFound", fields, HttpApiSchema.annotations({ status: 404 }))
{}

/** The same request cannot succeed. */
export class Refused
  extends Schema.TaggedError<Refused>()("Refused", fields, HttpApiSchema.annotations({ status: 422 }))
{}

/** The same request may succeed later. */
export class Unavailable
  extends Schema.TaggedError<Unavailable>()("Unavailable", fields, HttpApiSchema.annotations({ status: 503 }))
{}

/** Too many event streams are open. */
export class TooMany extends Schema.TaggedError<TooMany>()(
  "TooMany",
  { message: Schema.String },
  HttpApiSchema.annotations({ status: 429 })
) {}

export const ofManager = (environment: string) => (failure: PackageManagerError): NotFound | Refused | Unavailable => {
  const error = PublicError.of(failure, { environment })
  const { isRetryable, message } = error
  if (failure._tag === "EnvironmentNotFound") return new NotFound({ message, error })
  return isRetryable ? new Unavailable({ message, error }) : new Refused({ message, error })
}

export const ofJobs = (error: JobNotFound | JobsUnavailable): NotFound | Unavailable =>
  error._tag === "JobNotFound"
    ? new NotFound({ message: error.message })
    // Its reason is that of the database.
    : new Unavailable({ message: "the jobs are not available: try again later" })

/** A text that is not an id is not the id of a job. */
export const jobId = (id: string): Effect.Effect<JobId, NotFound> =>
  Schema.is(JobId)(id) ? Effect.succeed(id) : new NotFound({ message: new JobNotFound({ id }).message })
