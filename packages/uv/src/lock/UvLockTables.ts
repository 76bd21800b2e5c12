/**
 * The tables of `uv.lock`.
 *
 * @module
 * @since 0.1.0
 */
import { array, type Decoder, map, optional, record } from "@darb/package-manager/driver/Table"
import * as Schema from "effect/Schema"
import { Marker } from "../manifest/UvSchema.js"

const { String, Struct } = Schema

const tagged = <Tag extends string, F extends Schema.Struct.Fields>(tag: Tag, fields: F) =>
  Struct(fields).pipe(Schema.attachPropertySignature("_tag", tag))

const SourceTable = Schema.Union(
  /** The URL of an index, or a path. */
  tagged("Registry", { registry: String }),
  /** A URL with the reference, the directory and the commit. */
  tagged("Git", { git: String.pipe(Schema.pattern(/#[\da-f]{40,64}$/i)) }),
  tagged("Url", { url: String }),
  /** An archive. */
  tagged("Path", { path: String }),
  tagged("Directory", { directory: String }),
  tagged("Editable", { editable: String }),
  /** A project that is not installed itself. */
  tagged("Virtual", { virtual: String })
)

/**
 * Where a package comes from. Relative paths start at the lock file.
 *
 * @since 0.1.0
 * @category models
 */
export type Source = typeof SourceTable.Type

/** The first lock files have strings such as `registry+https://pypi.org/simple`. */
const SourceText = Schema.compose(
  map(String, (text) => {
    const [, kind = "", location] = /^(\w+)\+(.*)$/s.exec(text) ?? []
    return { [kind === "direct" ? "url" : kind]: location }
  }),
  SourceTable,
  { strict: false }
)

const Source: Decoder<Source> = Schema.Union(SourceTable, SourceText).annotations({
  message: () => ({
    message: "Expected one of `registry`, `git` with a commit, `url`, `path`, `directory`, `editable` and `virtual`",
    override: true
  })
})

/** A file to install from. */
const archive = (kind: "sdist" | "wheel") =>
  map(
    Struct({
      url: optional(String),
      path: optional(String),
      filename: optional(String),
      hash: optional(String),
      size: optional(Schema.NonNegativeInt),
      "upload-time": optional(String),
      upload_time: optional(String)
    }),
    ({ filename, hash = null, path, size = null, upload_time: uploaded = null, url, ...found }) => ({
      kind,
      /** A URL, a path, or only the name of the file. */
      location: url ?? path ?? filename ?? null,
      /** `algorithm:digest` */
      hash,
      /** In bytes. */
      size,
      uploadTime: found["upload-time"] ?? uploaded
    })
  )

const empty = () => []

const local = ["path", "directory", "editable", "virtual"] as const

/** A requirement as the metadata of a project has it. */
const RequirementTable = Struct({
  name: String,
  git: optional(String),
  url: optional(String),
  path: optional(String),
  directory: optional(String),
  editable: optional(String),
  virtual: optional(String),
  extras: Schema.optionalWith(array(String), { exact: true, default: empty }),
  specifier: Schema.optionalWith(String, { exact: true, default: () => "" }),
  marker: Schema.optionalWith(Schema.NullOr(Marker), { exact: true, default: () => null })
})

const Requirement = map(RequirementTable, ({ extras, git, marker, name, specifier, url, ...places }) => ({
  name,
  extras,
  specifier,
  marker,
  /** Where it comes from. */
  kind: git !== undefined
    ? "git"
    : url !== undefined
    ? "url"
    : local.some((key) => places[key] !== undefined)
    ? "path"
    : "registry"
}))
/**
 * A requirement that uv copied from a manifest into the lock file. Comparing it with the manifest shows whether the
 * lock file is out of date.
 *
 * @since 0.1.0
 * @category models
 */
export interface LockedRequirement extends Schema.Schema.Type<typeof Requirement> {}
const Requirements: Decoder<ReadonlyArray<LockedRequirement>> = array(Requirement)

/** An override for one package has another form, and is left out. */
const Overrides: Decoder<ReadonlyArray<LockedRequirement>> = map(
  array(Schema.Union(Requirement, map(record(Schema.Unknown), () => undefined))),
  (found): ReadonlyArray<LockedRequirement> => found.filter((item) => item !== undefined)
)

const DependencyTable = Struct({
  name: String,
  /** Version and source are there if several packages have the name. */
  version: optional(String),
  source: optional(Source),
  extra: optional<ReadonlyArray<string>>(Schema.ArrayEnsure(String)),
  marker: optional(Marker)
})
/**
 * A dependency as the lock file has it: by name, not yet by package.
 *
 * @since 0.1.0
 * @category models
 */
export interface DependencyTable extends Schema.Schema.Type<typeof DependencyTable> {}
const Dependencies: Decoder<ReadonlyArray<DependencyTable>> = array(DependencyTable)

const PackageTable = Struct({
  name: String,
  version: optional(String),
  source: Source,
  "resolution-markers": optional(array(Marker)),
  dependencies: optional(Dependencies),
  "optional-dependencies": optional(record(Dependencies)),
  "dev-dependencies": optional(record(Dependencies)),
  "dependency-groups": optional(record(Dependencies)),
  sdist: optional(archive("sdist")),
  wheels: optional(array(archive("wheel"))),
  metadata: optional(Struct({
    "requires-dist": optional(Requirements),
    "requires-dev": optional(record(Requirements))
  }))
})
interface PackageTable extends Schema.Schema.Type<typeof PackageTable> {}
const Packages: Decoder<ReadonlyArray<PackageTable>> = array(PackageTable)

const Lock = Struct({
  version: Schema.Literal(1),
  revision: optional(Schema.NonNegativeInt),
  "requires-python": String,
  conflicts: optional(array(array(Schema.Unknown))),
  manifest: optional(Struct({
    members: optional(array(String)),
    requirements: optional(Requirements),
    constraints: optional(Requirements),
    overrides: optional(Overrides),
    "build-constraints": optional(Requirements),
    "dependency-groups": optional(record(Requirements))
  })),
  package: optional(Packages),
  /** The key of `package` in the first lock files. */
  distribution: optional(Packages)
})
/**
 * The tables of a lock file, before dependencies are resolved to packages.
 *
 * @since 0.1.0
 * @category models
 */
export interface LockTable extends Schema.Schema.Type<typeof Lock> {}
export const LockTable: Decoder<LockTable> = Lock
