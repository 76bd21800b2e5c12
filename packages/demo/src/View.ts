/** What a result looks like to programs and to people. */
import { Changes } from "@darb/package-manager/Changes"
import { Manifest } from "@darb/package-manager/Manifest"
import { Package } from "@darb/package-manager/Package"
import * as Schema from "effect/Schema"
import { Failure } from "./Failure.js"
import * as Render from "./Render.js"

export interface View<in A> {
  /** What `--json` prints. */
  readonly encode: (value: A) => unknown
  readonly render: (value: A, style: Render.Style) => string
}

export const packages: View<ReadonlyArray<Package>> = {
  encode: Schema.encodeSync(Schema.Array(Package)),
  render: Render.packages
}

export const changes: View<Changes> = { encode: Schema.encodeSync(Changes), render: Render.changes }

export const manifest: View<Manifest> = { encode: Schema.encodeSync(Manifest), render: Render.manifest }

export const failure: View<Failure> = {
  encode: (error) => ({ _tag: error._tag, message: error.message, ...Schema.encodeSync(Failure)(error) }),
  render: Render.error
}

export const text: View<string> = { encode: (text) => text, render: (text) => text }
