/**
 * The options and the results of operations as schemas, in the form in which jobs are stored and sent.
 *
 * @module
 * @since 0.1.0
 */
import { Activation } from "@darb/package-manager/Activation"
import { Changes } from "@darb/package-manager/Changes"
import { Manifest } from "@darb/package-manager/Manifest"
import type * as Options from "@darb/package-manager/OperationOptions"
import { Package } from "@darb/package-manager/Package"
import { Status } from "@darb/package-manager/Status"
import * as Schema from "effect/Schema"

const text = Schema.optional(Schema.String)
const flag = Schema.optional(Schema.Boolean)
const texts = Schema.optional(Schema.Array(Schema.String))

const environment = { path: Schema.String }
const place = { feature: text, platforms: texts, group: text, extra: text }
const selection = { groups: texts, extras: texts }
const dryRun = { dryRun: flag }

/**
 * The options of operations that only need a path.
 *
 * @since 0.1.0
 * @category schemas
 */
export const EnvironmentOptions: Schema.Schema<Options.EnvironmentOptions> = Schema.Struct(environment)

/**
 * The options of `init`.
 *
 * @since 0.1.0
 * @category schemas
 */
export const InitOptions: Schema.Schema<Options.InitOptions> = Schema.Struct({
  ...environment,
  name: text,
  python: text,
  channels: texts,
  platforms: texts,
  indexes: texts
})

/**
 * The options of `install`.
 *
 * @since 0.1.0
 * @category schemas
 */
export const InstallOptions: Schema.Schema<Options.InstallOptions> = Schema.Struct({
  ...environment,
  ...place,
  ...selection,
  ...dryRun,
  packages: texts,
  pypi: flag,
  locked: flag,
  frozen: flag,
  noInstall: flag,
  environment: text,
  indexes: texts
})

/**
 * The options of `remove`.
 *
 * @since 0.1.0
 * @category schemas
 */
export const RemoveOptions: Schema.Schema<Options.RemoveOptions> = Schema.Struct({
  ...environment,
  ...place,
  ...selection,
  ...dryRun,
  packages: Schema.Array(Schema.String),
  noInstall: flag
})

/**
 * The options of `update`.
 *
 * @since 0.1.0
 * @category schemas
 */
export const UpdateOptions: Schema.Schema<Options.UpdateOptions> = Schema.Struct({
  ...environment,
  ...selection,
  ...dryRun,
  packages: texts,
  noInstall: flag
})

/**
 * The options of `status` and `activation`.
 *
 * @since 0.1.0
 * @category schemas
 */
export const StatusOptions: Schema.Schema<Options.StatusOptions> = Schema.Struct({ ...environment, environment: text })

/**
 * The options of `list`.
 *
 * @since 0.1.0
 * @category schemas
 */
export const ListOptions: Schema.Schema<Options.ListOptions> = Schema.Struct({
  ...environment,
  environment: text,
  platform: text
})

/**
 * The options of `run` that can be sent. The input is sent beside them.
 *
 * @since 0.1.0
 * @category schemas
 */
export const ProgramOptions = Schema.Struct({
  ...environment,
  environment: text,
  command: texts,
  task: text,
  args: texts,
  variables: Schema.optional(Schema.Record({ key: Schema.String, value: Schema.String })),
  directory: text,
  output: Schema.optional(Schema.Literal("lines", "bytes"))
})

/**
 * An operation that changes an environment, with its options.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Change = Schema.Union(
  Schema.Struct({ operation: Schema.Literal("init"), options: InitOptions }),
  Schema.Struct({ operation: Schema.Literal("install"), options: InstallOptions }),
  Schema.Struct({ operation: Schema.Literal("remove"), options: RemoveOptions }),
  Schema.Struct({ operation: Schema.Literal("update"), options: UpdateOptions }),
  Schema.Struct({ operation: Schema.Literal("clean"), options: EnvironmentOptions }),
  Schema.Struct({ operation: Schema.Literal("destroy"), options: EnvironmentOptions })
)
export type Change = typeof Change.Type

/**
 * What a change returns.
 *
 * @since 0.1.0
 * @category schemas
 */
export const ChangeResult = Schema.Union(
  Schema.Struct({ operation: Schema.Literal("init"), value: Manifest }),
  Schema.Struct({ operation: Schema.Literal("install", "remove", "update"), value: Changes }),
  Schema.Struct({ operation: Schema.Literal("clean", "destroy"), value: Schema.optional(Schema.Undefined) })
)
export type ChangeResult = typeof ChangeResult.Type

/**
 * An operation that reads an environment, with its options.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Read = Schema.Union(
  Schema.Struct({ operation: Schema.Literal("list"), options: ListOptions }),
  Schema.Struct({ operation: Schema.Literal("status"), options: StatusOptions }),
  Schema.Struct({ operation: Schema.Literal("getManifest"), options: EnvironmentOptions }),
  Schema.Struct({ operation: Schema.Literal("activation"), options: StatusOptions })
)
export type Read = typeof Read.Type

/**
 * What a read returns.
 *
 * @since 0.1.0
 * @category schemas
 */
export const ReadResult = Schema.Union(
  Schema.Struct({ operation: Schema.Literal("list"), value: Schema.Array(Package) }),
  Schema.Struct({ operation: Schema.Literal("status"), value: Status }),
  Schema.Struct({ operation: Schema.Literal("getManifest"), value: Manifest }),
  Schema.Struct({ operation: Schema.Literal("activation"), value: Activation })
)
export type ReadResult = typeof ReadResult.Type
