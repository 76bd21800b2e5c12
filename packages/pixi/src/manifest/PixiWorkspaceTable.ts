/**
 * The table `[workspace]`, or `[project]` in older manifests.
 *
 * @module
 * @since 0.1.0
 */
import { array, type Decoder, optional, record, shorthand, struct } from "@darb/package-manager/driver/Table"
import * as Schema from "effect/Schema"
import { PoolSpec } from "./PixiDependency.js"
import { Platform } from "./PixiPlatform.js"
import { CondaPypiMap, PypiOptions } from "./PixiPypiOptions.js"

const { Boolean, Int, String } = Schema

const channel = {
  /** A name, a URL or a path. */
  channel: String,
  /** Channels with a higher priority come first. Default: 0. */
  priority: optional(Int),
  excludeNewer: optional(String)
}

/**
 * `"conda-forge"` stands for `{ channel = "conda-forge" }`.
 *
 * @since 0.1.0
 * @category models
 */
export interface Channel extends Schema.Struct.Type<typeof channel> {}
export const Channel: Decoder<Channel> = shorthand("channel", struct(channel))

const s3Options = { endpointUrl: String, region: String, forcePathStyle: Boolean }

interface S3Options extends Schema.Struct.Type<typeof s3Options> {}
const S3Options: Decoder<S3Options> = struct(s3Options)

const BuildVariants = optional(record(array(String)))

/**
 * How pixi solves. Features have these keys, too.
 *
 * @since 0.1.0
 * @category values
 */
export const solving = {
  /** `strict`, `flexible` or `disabled`. */
  channelPriority: optional(String),
  /** `highest`, `lowest` or `lowest-direct`. */
  solveStrategy: optional(String)
}

const fields = {
  name: optional(String),
  version: optional(String),
  description: optional(String),
  authors: optional(array(String)),
  channels: array(Channel),
  platforms: optional(array(Platform)),
  ...solving,
  pypiOptions: optional(PypiOptions),
  license: optional(String),
  licenseFile: optional(String),
  readme: optional(String),
  homepage: optional(String),
  repository: optional(String),
  documentation: optional(String),
  requiresPixi: optional(String),
  /** A duration, a date or a time. Packages that were released later are ignored. */
  excludeNewer: optional(String),
  /** The enabled preview features, or `true` for all. */
  preview: optional(Schema.Union(Boolean, array(String))),
  condaPypiMap: optional(Schema.Union(Schema.Literal(false), record(CondaPypiMap))),
  s3Options: optional(record(S3Options)),
  buildVariants: BuildVariants,
  buildVariantsFiles: optional(array(String)),
  target: optional(record(struct({ buildVariants: BuildVariants }))),
  /** The dependencies that `{ workspace = true }` inherits. */
  dependencies: optional(record(PoolSpec))
}

/**
 * What applies to all environments of a manifest: its name, channels and platforms, and the defaults of its packages.
 *
 * @since 0.1.0
 * @category models
 */
export interface Workspace extends Schema.Struct.Type<typeof fields> {}
export const Workspace: Decoder<Workspace> = struct(fields, { license_file: "licenseFile" })
