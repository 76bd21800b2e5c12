/** How a value is shown to programs and to people. */
import { Changes } from "@darb/package-manager/Changes"
import { Manifest } from "@darb/package-manager/Manifest"
import { Package } from "@darb/package-manager/Package"
import { Status } from "@darb/package-manager/Status"
import * as Schema from "effect/Schema"
import type { Cancellation } from "./Cancellation.js"
import { Failure } from "./Failure.js"
import * as Render from "./Render.js"
import type { Told } from "./Told.js"

export interface View<in A> {
  /** The value as `--json` prints it. */
  readonly encode: (value: A) => unknown
  readonly render: (value: A, style: Render.Style) => string
}

export const packages: View<ReadonlyArray<Package>> = {
  encode: Schema.encodeSync(Schema.Array(Package)),
  render: Render.packages
}

export const changes: View<Changes> = { encode: Schema.encodeSync(Changes), render: Render.changes }

export const manifest: View<Manifest> = { encode: Schema.encodeSync(Manifest), render: Render.manifest }

export const status: View<Status> = { encode: Schema.encodeSync(Status), render: Render.status }

export const failure: View<Failure> = {
  encode: (error) => {
    const { _tag, ...fields } = Schema.encodeSync(Failure)(error)
    return { _tag, message: error.message, ...fields }
  },
  render: Render.error
}

/** `@effect/cli` colors the text. */
export const help: View<string> = {
  encode: (text) => Render.uncolored(text).trim(),
  render: (text, style) => (style === Render.plain ? Render.uncolored(text) : text).trim()
}

export const cancellation: View<Cancellation> = { encode: (cancellation) => cancellation, render: Render.cancellation }

export const story: View<ReadonlyArray<Told>> = { encode: (steps) => ({ steps }), render: Render.story }
