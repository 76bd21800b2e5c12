/**
 * The tables of `pyproject.toml` that uv reads.
 *
 * @module
 * @since 0.1.0
 */
import { array, type Decoder, map, optional, parsed, record } from "@darb/package-manager/driver/Table"
import * as Pep508 from "@darb/python/Pep508"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import { Groups } from "./UvGroups.js"
import { Marker, Name, named, open, Requirement, Specifiers } from "./UvSchema.js"
import { Source } from "./UvSource.js"

const { Boolean, String, Struct, Union, Unknown } = Schema

/**
 * Where uv cannot read a requirement of `[project]`, it asks the build backend. Some of them accept versions such as `>=1.*`,
 * and placeholders such as `{root:uri}` in URLs.
 */
const ProjectRequirement = parsed((text) =>
  Either.orElse(Pep508.parse(text), (problem) => {
    const [start, name = "", url = ""] = /^([^@;]*@)\s*(\S*\{\S*)/.exec(text) ?? []
    if (start === undefined) return Pep508.parse(text.replace(/((?:^|[^=!~<>])[<>]=?\s*[\d.]+)\.\*/g, "$1"))
    const parsed = Pep508.parse(`${name} file:///${text.slice(start.length - url.length)}`)
    return Either.mapBoth(parsed, { onLeft: () => problem, onRight: (found) => ({ ...found, url }) })
  })
)

const Project = Struct({
  name: optional(Name),
  version: optional(String),
  dynamic: optional(array(String)),
  "requires-python": optional(Specifiers),
  dependencies: optional(array(ProjectRequirement)),
  "optional-dependencies": optional(named(array(ProjectRequirement)))
}, open)

const flag = Schema.optionalWith(Boolean, { exact: true, default: () => false })

const Index = Struct({
  name: optional(String),
  /** A URL, or the path of a directory. */
  url: String,
  /** Whether it replaces PyPI. */
  default: flag,
  /** Whether it serves only the packages whose source names it. */
  explicit: flag,
  format: Schema.optionalWith(String, { exact: true, default: () => "simple" })
}, open)

/** Without `package`, an item is about the project itself. */
const ConflictItem = Struct({ package: optional(Name), extra: optional(Name), group: optional(Name) })

const list = optional(array(String))
const requirements = optional(array(Requirement))
const markers = optional<ReadonlyArray<Pep508.Marker>>(Schema.ArrayEnsure(Marker))

/** An override for one package is a table, and is left out. */
const Overrides = map(
  array(Union(Requirement, map(record(Unknown), () => undefined))),
  (found) => found.filter((item) => item !== undefined)
)

const Uv = Struct({
  sources: optional(named<ReadonlyArray<Source>>(Schema.ArrayEnsure(Source))),
  index: optional(array(Index)),
  workspace: optional(Struct({ members: list, exclude: list })),
  managed: optional(Boolean),
  package: optional(Boolean),
  "default-groups": optional(Union(Schema.Literal("all"), array(Name))),
  "dependency-groups": optional(named(Struct({ "requires-python": optional(Specifiers) }))),
  "dev-dependencies": requirements,
  "override-dependencies": optional(Overrides),
  "constraint-dependencies": requirements,
  "build-constraint-dependencies": requirements,
  environments: markers,
  "required-environments": markers,
  conflicts: optional(array(array(ConflictItem).pipe(Schema.minItems(2))))
}, open)

const Tables = Struct({
  project: optional(Project),
  "dependency-groups": optional(Groups),
  tool: optional(Struct({ uv: optional(Uv) }, open)),
  "build-system": optional(Unknown)
}, open)

/**
 * What uv reads of a `pyproject.toml`: `[project]`, `[dependency-groups]`, `[build-system]` and `[tool.uv]`.
 *
 * @since 0.1.0
 * @category models
 */
export interface Pyproject extends Schema.Schema.Type<typeof Tables> {}
export const Pyproject: Decoder<Pyproject> = Tables
