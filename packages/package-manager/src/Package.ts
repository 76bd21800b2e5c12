/**
 * A package of an environment.
 *
 * @module
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"

/**
 * Whether a package comes from a conda channel or from a Python package index.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Kind = Schema.Literal("conda", "pypi")
export type Kind = typeof Kind.Type

/**
 * A package in the lock file of an environment. Values that the manager does not report are `null`.
 *
 * @since 0.1.0
 * @category models
 */
export class Package extends Schema.Class<Package>("@darb/package-manager/Package")({
  /** Lower case for conda, normalized for PyPI. */
  name: Schema.NonEmptyString,
  /** `null` for a source package whose metadata is unknown. */
  version: Schema.NullOr(Schema.String),
  kind: Kind,
  /** The build string of a conda package. */
  build: Schema.NullOr(Schema.String),
  /** The URL of the channel or index, without a trailing slash. For other sources, their location. */
  source: Schema.NullOr(Schema.String),
  /** Whether the manifest requires the package itself, rather than another package. */
  direct: Schema.Boolean,
  /** The size of the archive in bytes. */
  size: Schema.NullOr(Schema.Number),
  /** The installed version on this machine; `null` if the package is not installed or that is unknown. */
  installed: Schema.optionalWith(Schema.NullOr(Schema.String), { default: () => null })
}) {}
