/** What an environment consists of. */
import * as Schema from "effect/Schema"

/** Where a package comes from: a conda channel or a Python package index. */
export const Kind = Schema.Literal("conda", "pypi")
export type Kind = typeof Kind.Type

/**
 * A package of an environment, as its lock file names it. What the manager does not say is `null`.
 */
export class Package extends Schema.Class<Package>("@darb/package-manager/Package")({
  /** As the manager spells it: lower case for conda, normalized for PyPI. */
  name: Schema.NonEmptyString,
  /** `null` for a source package whose metadata was not evaluated. */
  version: Schema.NullOr(Schema.String),
  kind: Kind,
  /** The build string of a conda package. */
  build: Schema.NullOr(Schema.String),
  /** The URL of the channel or index, without a trailing slash; for other sources their location. */
  source: Schema.NullOr(Schema.String),
  /** Whether the manifest asks for it; otherwise something else depends on it. */
  direct: Schema.Boolean,
  /** Bytes of the archive. */
  size: Schema.NullOr(Schema.Number),
  /** The version that is installed on this machine; `null` if none is, or where that is not known. */
  installed: Schema.optionalWith(Schema.NullOr(Schema.String), { default: () => null })
}) {}
