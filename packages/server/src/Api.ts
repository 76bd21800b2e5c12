/** The HTTP API: environments as resources, their operations as jobs. A typed client and an OpenAPI document come from it. */
import { JobId, JobState } from "@darb/cluster/Job"
import { Activation } from "@darb/package-manager/Activation"
import { Kind, Package } from "@darb/package-manager/Package"
import { Status } from "@darb/package-manager/Status"
import * as HttpApi from "@effect/platform/HttpApi"
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as HttpApiSchema from "@effect/platform/HttpApiSchema"
import * as Schema from "effect/Schema"
import { Authorization } from "./Authorization.js"
import * as Problem from "./Problem.js"
import { PublicJob } from "./Public.js"
import { ChangeRequest, RunRequest } from "./Request.js"

/** The name of an environment: its path below the directory of all environments. Nothing in it is hidden or escaped. */
export const Name = Schema.String.pipe(
  Schema.maxLength(200),
  Schema.pattern(/^[A-Za-z0-9_][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_][A-Za-z0-9._-]*)*$/, {
    message: () =>
      "a name has letters, digits, hyphens, underscores and dots, does not start with a dot or a hyphen, " +
      "and may be below another directory: team/analysis"
  })
)

/** The client does not escape the parts of a path. The router of the server has decoded them. */
const NameInPath = Schema.transform(Schema.String, Name, {
  decode: (name) => name,
  encode: (name) => encodeURIComponent(name)
})

export const EnvironmentSummary = Schema.Struct({
  name: Schema.String,
  /** `null` if the environment cannot be read. */
  status: Schema.NullOr(Status),
  error: Schema.NullOr(Problem.Detail)
})

export const EnvironmentDetail = Schema.Struct({
  name: Schema.String,
  /** What the manifest asks for: names and specs. */
  packages: Schema.Record({ key: Schema.String, value: Schema.String }),
  pypiPackages: Schema.Record({ key: Schema.String, value: Schema.String }),
  channels: Schema.Array(Schema.String),
  platforms: Schema.Array(Schema.String),
  status: Status
})
export type EnvironmentDetail = typeof EnvironmentDetail.Type

export const ManagerInfo = Schema.Struct({
  name: Schema.String,
  version: Schema.String,
  kinds: Schema.Array(Kind),
  /** The options that it supports, by operation. */
  options: Schema.Record({ key: Schema.String, value: Schema.Array(Schema.String) })
})

const environment = Schema.Struct({ name: NameInPath })

const environments = HttpApiGroup.make("environments")
  .add(
    HttpApiEndpoint.get("list", "/environments")
      .addSuccess(Schema.Struct({
        environments: Schema.Array(EnvironmentSummary),
        /** Whether these are all. */
        isComplete: Schema.Boolean
      }))
  )
  .add(HttpApiEndpoint.get("get", "/environments/:name").setPath(environment).addSuccess(EnvironmentDetail))
  .add(
    HttpApiEndpoint.get("packages", "/environments/:name/packages").setPath(environment)
      .addSuccess(Schema.Array(Package))
  )
  .add(
    /** For programs on the machine of the server: its paths are not hidden. */
    HttpApiEndpoint.get("activation", "/environments/:name/activation").setPath(environment).addSuccess(Activation)
  )
  .add(
    /** Server-sent events: see `EventStream`. The program ends if the connection does. */
    HttpApiEndpoint.post("run", "/environments/:name/run").setPath(environment).setPayload(RunRequest)
      .addSuccess(HttpApiSchema.Text({ contentType: "text/event-stream" }))
      .addError(Problem.TooMany)
  )
  .add(
    HttpApiEndpoint.post("submit", "/environments/:name/jobs").setPath(environment).setPayload(ChangeRequest)
      // A request that is sent again with the same key is the same job.
      .setHeaders(Schema.Struct({ "idempotency-key": Schema.optional(Schema.String) }))
      .addSuccess(Schema.Struct({ id: JobId }), { status: 202 })
  )
  .addError(Problem.NotFound)
  .addError(Problem.Refused)
  .addError(Problem.Unavailable)

const id = Schema.Struct({ id: Schema.String })

const jobs = HttpApiGroup.make("jobs")
  .add(
    /** The newest first. */
    HttpApiEndpoint.get("list", "/jobs")
      .setUrlParams(Schema.Struct({
        environment: Schema.optional(Name),
        /** One of the states, or some: `state=queued&state=running`. */
        state: Schema.optional(Schema.Union(JobState, Schema.Array(JobState))),
        /** How many; by default 100. */
        limit: Schema.optional(Schema.NumberFromString.pipe(Schema.int(), Schema.between(1, 1000))),
        /** The id of the last job of a page, to get the next page. */
        before: Schema.optional(Schema.String)
      }))
      .addSuccess(Schema.Array(PublicJob))
  )
  .add(HttpApiEndpoint.get("get", "/jobs/:id").setPath(id).addSuccess(PublicJob))
  .add(
    /** Returns when the job is certain not to start, or is rolled back. */
    HttpApiEndpoint.post("cancel", "/jobs/:id/cancel").setPath(id)
      .addSuccess(Schema.Struct({ was: Schema.Literal("queued", "running", "ended") }))
  )
  .add(
    /** Server-sent events: see `EventStream`. The id of an event is its cursor. */
    HttpApiEndpoint.get("events", "/jobs/:id/events").setPath(id)
      .setHeaders(Schema.Struct({ "last-event-id": Schema.optional(Schema.NumberFromString.pipe(Schema.int())) }))
      .addSuccess(HttpApiSchema.Text({ contentType: "text/event-stream" }))
      .addError(Problem.TooMany)
  )
  .addError(Problem.NotFound)
  .addError(Problem.Unavailable)

const manager = HttpApiGroup.make("manager")
  .add(HttpApiEndpoint.get("get", "/manager").addSuccess(ManagerInfo))
  .addError(Problem.Unavailable)

const Ready = Schema.Struct({ database: Schema.Boolean, manager: Schema.Boolean })

/** Needs no token, and says nothing else. */
const health = HttpApiGroup.make("health")
  /** The process answers. */
  .add(HttpApiEndpoint.get("live", "/health/live").addSuccess(Schema.Struct({ live: Schema.Literal(true) })))
  /** The database of the jobs and the package manager answer, or which of them does not. */
  .add(HttpApiEndpoint.get("ready", "/health/ready").addSuccess(Ready).addError(Ready, { status: 503 }))

/** For Prometheus. */
const metrics = HttpApiGroup.make("metrics")
  .add(
    HttpApiEndpoint.get("get", "/metrics")
      .addSuccess(HttpApiSchema.Text({ contentType: "text/plain; version=0.0.4; charset=utf-8" }))
  )

export class Api extends HttpApi.make("darb")
  .add(environments.middleware(Authorization))
  .add(jobs.middleware(Authorization))
  .add(manager.middleware(Authorization))
  .prefix("/api")
  .add(health)
  .add(metrics.middleware(Authorization))
{}
