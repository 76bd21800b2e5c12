/**
 * Dependencies of a manifest: conda packages, Python packages, and where their sources are.
 *
 * @module
 * @since 0.1.0
 */
import { array, type Decoder, map, optional, record, shorthand, struct } from "@darb/package-manager/driver/Table"
import * as Schema from "effect/Schema"

const { Boolean, String } = Schema

const repository = {
  git: optional(String),
  branch: optional(String),
  tag: optional(String),
  rev: optional(String),
  lfs: optional(Boolean),
  /** The directory of the sources in the repository or the archive. */
  subdirectory: optional(String)
}

const source = {
  ...repository,
  /** An archive of a package or of its sources. */
  url: optional(String),
  /** A directory or an archive, relative to the manifest's directory. */
  path: optional(String),
  md5: optional(String),
  sha256: optional(String)
}

/**
 * The location of the sources that a package is built from.
 *
 * @since 0.1.0
 * @category models
 */
export interface SourceLocation extends Schema.Struct.Type<typeof source> {}
export const SourceLocation: Decoder<SourceLocation> = struct(source).pipe(
  Schema.filter(({ git, path, url }) => (git ?? path ?? url) !== undefined || "Expected one of path, url and git")
)

const binary = {
  /** `*` is any version. */
  version: optional(String),
  /** A string, a glob, or a regular expression between `^` and `$`. */
  build: optional(String),
  /** A number, also with an operator before it. */
  buildNumber: optional(String),
  subdir: optional(String),
  fileName: optional(String),
  license: optional(String),
  licenseFamily: optional(String),
  extras: optional(array(String)),
  flags: optional(array(String)),
  trackFeatures: optional(array(String))
}

/**
 * The condition of a dependency.
 *
 * @since 0.1.0
 * @category models
 */
export type When =
  | { readonly _tag: "MatchSpec"; readonly spec: string }
  | { readonly _tag: "All"; readonly all: ReadonlyArray<When> }
  | { readonly _tag: "Any"; readonly any: ReadonlyArray<When> }
  | { readonly _tag: "Package"; readonly package: string; readonly spec: Schema.Struct.Type<typeof binary> }

const Whens = array(Schema.suspend((): Decoder<When> => When))
export const When: Decoder<When> = Schema.Union(
  map(String, (spec): When => ({ _tag: "MatchSpec", spec })),
  map(struct({ all: Whens }), ({ all }): When => ({ _tag: "All", all })),
  map(struct({ any: Whens }), ({ any }): When => ({ _tag: "Any", any })),
  map(
    struct({ package: String, ...binary }),
    ({ package: name, ...spec }): When => ({ _tag: "Package", package: name, spec })
  )
)

/**
 * The fields of a conda package.
 *
 * @since 0.1.0
 * @category values
 */
export const conda = {
  ...source,
  ...binary,
  /** The name or URL of the channel that the package has to come from. */
  channel: optional(String),
  when: optional(When)
}

/**
 * The field of a dependency that takes its spec from the workspace.
 *
 * @since 0.1.0
 * @category values
 */
export const inherited = {
  /** `true` adds the fields of `[workspace.dependencies]`. */
  workspace: optional(Schema.Literal(true))
}

/**
 * A conda package of `[workspace.dependencies]`.
 *
 * @since 0.1.0
 * @category models
 */
export interface PoolSpec extends Schema.Struct.Type<typeof conda> {}
export const PoolSpec: Decoder<PoolSpec> = shorthand("version", struct(conda))

const pin = {
  /** An expression such as `x.x`, or a version. */
  lowerBound: optional(String),
  upperBound: optional(String),
  exact: optional(Boolean),
  build: optional(String)
}

/**
 * Pins the version that an earlier build step resolved.
 *
 * @since 0.1.0
 * @category models
 */
export interface Pin extends Schema.Struct.Type<typeof pin> {}
const Pin: Decoder<Pin> = Schema.Union(map(Schema.Literal(true), () => ({})), struct(pin))

const packageSpec = { ...conda, ...inherited, pinCompatible: optional(Pin), pinSubpackage: optional(Pin) }

/**
 * A conda package that a package of `[package]` depends on.
 *
 * @since 0.1.0
 * @category models
 */
export interface PackageSpec extends Schema.Struct.Type<typeof packageSpec> {}
export const PackageSpec: Decoder<PackageSpec> = shorthand("version", struct(packageSpec))
/**
 * Dependencies of a package by name.
 *
 * @since 0.1.0
 * @category schemas
 */
export const PackageSpecs = record(PackageSpec)

const pypiSpec = {
  ...repository,
  /** `*` is any version. */
  version: optional(String),
  extras: optional(array(String)),
  /** The URL of the index that the package has to come from. */
  index: optional(String),
  url: optional(String),
  /** Relative to the manifest's directory. */
  path: optional(String),
  editable: optional(Boolean),
  /** A PEP 508 marker: the condition of the dependency. */
  envMarkers: optional(String)
}

/**
 * A Python package.
 *
 * @since 0.1.0
 * @category models
 */
export interface PypiSpec extends Schema.Struct.Type<typeof pypiSpec> {}
export const PypiSpec: Decoder<PypiSpec> = shorthand("version", struct(pypiSpec))

/**
 * By name. All specs of a name must hold.
 *
 * @since 0.1.0
 * @category schemas
 */
export const PypiSpecs = record(map(PypiSpec, (spec): ReadonlyArray<PypiSpec> => [spec]))

/**
 * One line for people: the version and the build, or the location.
 *
 * @since 0.1.0
 * @category encoding
 */
export const format = (spec: PoolSpec | PypiSpec): string => {
  const version = spec.version ?? spec.url ?? spec.git ?? spec.path ?? "*"
  return "build" in spec && spec.build !== undefined ? `${version} ${spec.build}` : version
}

/**
 * Each value once.
 *
 * @since 0.1.0
 * @category operations
 */
export const distinct = <A>(values: ReadonlyArray<A>): ReadonlyArray<A> => [
  ...new Map(values.map((value) => [JSON.stringify(value), value])).values()
]
