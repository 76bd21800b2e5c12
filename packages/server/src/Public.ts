/** Values in the form that users may see: paths inside of an environment become relative to it, all others are hidden. */
import { Job, type JobEnd, type JobFailure, JobId } from "@darb/cluster/Job"
import { Change } from "@darb/cluster/OperationSchema"
import { Changes } from "@darb/package-manager/Changes"
import * as Output from "@darb/package-manager/Output"
import * as PublicError from "@darb/package-manager/PublicError"
import * as PublicText from "@darb/package-manager/PublicText"
import * as Cause from "effect/Cause"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { Detail } from "./Problem.js"

/** An environment, by its absolute path and by what users call it. */
export interface Place {
  readonly directory: string
  readonly name: string
}

/** Fields with words. All others are values, which may be a path as a whole. */
const prose: ReadonlySet<string> = new Set(["line", "reason"])

/** Hides paths and credentials in all texts of a value. */
export const of = <A, I>(schema: Schema.Schema<A, I>) => {
  const encode = Schema.encodeSync(schema)
  const decode = Schema.decodeUnknownSync(schema)
  return (value: A, { directory, name }: Place): A => {
    const text = PublicText.make(directory, name)
    const shown = (value: unknown, key = ""): unknown => {
      if (typeof value === "string") return prose.has(key) ? text.prose(value) : text.value(value)
      if (Array.isArray(value)) return value.map((item) => shown(item, key))
      return Predicate.isRecord(value)
        ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shown(item, key)]))
        : value
    }
    return decode(shown(encode(value)))
  }
}

const ofEvent = of(Output.Event)
const ofChanges = of(Changes)
const ofChange = of(Change)

/** An event as users see it. The executable is shown by its name. */
export const event = (event: Output.Event, place: Place): Output.Event => {
  if (event._tag !== "Started") return ofEvent(event, place)
  const [executable = "", ...args] = event.command
  return ofEvent(new Output.Started({ ...event, command: [executable.replace(/.*[/\\]/, ""), ...args] }), place)
}

/** How a job ended. `changes` is what `install`, `remove` and `update` changed. */
export const End = Schema.Struct({
  outcome: Schema.Literal("succeeded", "failed", "cancelled"),
  changes: Schema.NullOr(Changes),
  /** Says why it failed. Only an error of the manager has details. */
  message: Schema.NullOr(Schema.String),
  error: Schema.NullOr(Detail)
})
export type End = typeof End.Type

const nothing = { changes: null, message: null, error: null }

const reason = (failure: JobFailure | undefined, placeOf: (directory: string) => Place) => {
  if (failure === undefined || failure._tag === "JobDefect" || failure._tag === "JobCancelled") {
    return { message: "the package manager has a bug: the log of the server has it", error: null }
  }
  const error = PublicError.of(failure, { environment: placeOf(failure.environment).name })
  return { message: error.message, error }
}

export const end = ({ exit }: JobEnd, placeOf: (directory: string) => Place): End => {
  if (Exit.isSuccess(exit)) {
    const { operation, value } = exit.value
    const changes = operation === "install" || operation === "remove" || operation === "update" ? value : null
    const directory = changes?.status?.environment ?? ""
    return { ...nothing, outcome: "succeeded", changes: changes && ofChanges(changes, placeOf(directory)) }
  }
  const failure = Option.getOrUndefined(Cause.failureOption(exit.cause))
  if (failure?._tag === "JobCancelled") return { ...nothing, outcome: "cancelled" }
  return { ...nothing, outcome: "failed", ...reason(failure, placeOf) }
}

/** A job as users see it. */
export const PublicJob = Schema.Struct({
  ...Job.omit("change", "failure").fields,
  id: JobId,
  /** What was asked for. */
  options: Schema.Record({ key: Schema.String, value: Schema.Unknown }),
  /** Says why it failed. */
  message: Schema.NullOr(Schema.String),
  error: Schema.NullOr(Detail)
})
export type PublicJob = typeof PublicJob.Type

export const job = ({ change, failure, ...job }: Job, placeOf: (directory: string) => Place): PublicJob => {
  const { path: _, ...options } = ofChange(change, { directory: "", name: job.environment }).options
  return { ...job, options, ...failure === null ? { message: null, error: null } : reason(failure, placeOf) }
}
