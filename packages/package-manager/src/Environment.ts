/**
 * An environment below the directory of all environments.
 *
 * @module
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { PackageManagerError } from "./PackageManagerError.js"
import { Status } from "./Status.js"

/**
 * What is known about it. `error` says why the rest is `null`.
 *
 * @since 0.1.0
 * @category models
 */
export class Environment extends Schema.Class<Environment>("@darb/package-manager/Environment")({
  /** The absolute path of the directory, without links. */
  path: Schema.String,
  /** The name in the manifest; `null` if the manifest cannot be read. */
  name: Schema.NullOr(Schema.String),
  /** `null` if the manifest, the lock file or the prefix cannot be read. */
  status: Schema.NullOr(Status),
  error: Schema.NullOr(PackageManagerError)
}) {}
