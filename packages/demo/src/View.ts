/** How a value is shown to programs and to people. */
import { Changes } from "@darb/package-manager/Changes"
import { Environment } from "@darb/package-manager/Environment"
import { Manifest } from "@darb/package-manager/Manifest"
import { Package } from "@darb/package-manager/Package"
import { RunResult } from "@darb/package-manager/RunResult"
import { Status } from "@darb/package-manager/Status"
import * as Schema from "effect/Schema"
import type { Cancellation } from "./Cancellation.js"
import * as Failure from "./Failure.js"
import * as Render from "./Render.js"
import type { Told } from "./Told.js"

export interface View<in A> {
  /** The value as `--json` prints it. */
  readonly encode: (value: A) => unknown
  readonly render: (value: A, style: Render.Style) => string
}

/** Encoders are made when they are used: that takes time. */
const encode = <A, I>(schema: Schema.Schema<A, I>) => (value: A): I => Schema.encodeSync(schema)(value)

export const packages: View<ReadonlyArray<Package>> = {
  encode: encode(Schema.Array(Package)),
  render: Render.packages
}

export const changes: View<Changes> = { encode: encode(Changes), render: Render.changes }

/** The changes of a dry run. */
export const dryRun: View<Changes> = {
  encode: changes.encode,
  render: (value, style) => `${Render.changes(value, style)}\nnothing was changed: this was a dry run`
}

export const manifest: View<Manifest> = { encode: encode(Manifest), render: Render.manifest }

export const status: View<Status> = { encode: encode(Status), render: Render.status }

export const ended: View<RunResult> = { encode: encode(RunResult), render: Render.ended }

export const environments: View<Iterable<Environment>> = {
  encode: (list) => Schema.encodeSync(Schema.Array(Environment))([...list]),
  render: (list, style) => Render.environments([...list], style)
}

/** What to say of an operation without a value. */
export const said = (text: string): View<void> => ({ encode: () => null, render: () => text })

export const failure: View<Failure.Failure> = { encode: Failure.encode, render: Render.error }

export const cancellation: View<Cancellation> = { encode: (cancellation) => cancellation, render: Render.cancellation }

export const story: View<ReadonlyArray<Told>> = { encode: (steps) => ({ steps }), render: Render.story }
