/** What a user may ask of an environment. The path comes from the URL. Unknown options are refused, never ignored. */
import type { Change } from "@darb/cluster/OperationSchema"
import * as Schema from "effect/Schema"

const text = Schema.optional(Schema.String)
const flag = Schema.optional(Schema.Boolean)
const texts = Schema.optional(Schema.Array(Schema.String))
const place = { feature: text, platforms: texts, group: text, extra: text }

export const ChangeRequest = Schema.Union(
  Schema.Struct({
    operation: Schema.Literal("init"),
    options: Schema.optional(
      Schema.Struct({ name: text, python: text, channels: texts, platforms: texts, indexes: texts })
    )
  }),
  Schema.Struct({
    operation: Schema.Literal("install"),
    options: Schema.optional(
      Schema.Struct({ packages: texts, pypi: flag, locked: flag, frozen: flag, dryRun: flag, indexes: texts, ...place })
    )
  }),
  Schema.Struct({
    operation: Schema.Literal("remove"),
    options: Schema.Struct({ packages: Schema.Array(Schema.String), dryRun: flag, ...place })
  }),
  Schema.Struct({
    operation: Schema.Literal("update"),
    options: Schema.optional(Schema.Struct({ packages: texts, dryRun: flag }))
  }),
  Schema.Struct({ operation: Schema.Literal("clean", "destroy"), options: Schema.optional(Schema.Struct({})) })
).annotations({ parseOptions: { onExcessProperty: "error" } })
export type ChangeRequest = typeof ChangeRequest.Type

/** A program to run. */
export const RunRequest = Schema.Struct({
  command: texts,
  task: text,
  args: texts,
  variables: Schema.optional(Schema.Record({ key: Schema.String, value: Schema.String })),
  directory: text,
  stdin: text
}).annotations({ parseOptions: { onExcessProperty: "error" } })
export type RunRequest = typeof RunRequest.Type

/** The job of a request. */
export const changeOf = (path: string, { operation, options }: ChangeRequest): Change =>
  ({ operation, options: { ...options, path } }) as Change
