/**
 * The tables of `pyproject.toml` that pixi reads besides its own.
 *
 * @module
 * @since 0.1.0
 */
import { array, map, optional, parsed, record } from "@darb/package-manager/driver/Table"
import * as Pep508 from "@darb/python/Pep508"
import * as Records from "effect/Record"
import * as Schema from "effect/Schema"
import { distinct, type PypiSpec } from "./PixiDependency.js"

const { String } = Schema

interface Requirement {
  /** Normalized. */
  readonly name: string
  readonly spec: PypiSpec
}

/**
 * Requirements in the form of dependencies of pixi.
 *
 * @since 0.1.0
 * @category models
 */
export type Requirements = ReadonlyArray<Requirement>

const Requirement = map(
  parsed(Pep508.parse),
  ({ extras, marker, name, specifier, url }): Requirement => ({
    name,
    spec: {
      ...(url === null ? { version: specifier === "" ? "*" : specifier } : locationOf(url)),
      ...(extras.length === 0 ? {} : { extras }),
      ...(marker === null ? {} : { envMarkers: marker.text })
    }
  })
)

const locationOf = (text: string): PypiSpec => {
  const [url = "", fragment = ""] = text.split("#")
  const subdirectory = /(?:^|&)subdirectory=([^&]+)/.exec(fragment)?.[1]
  const [, git = url.slice(4), rev] = /^git\+(.*?:\/\/.*)@([^@/]+)$/.exec(url) ?? []
  return {
    ...(url.startsWith("git+") ? { git } : url.startsWith("file://") ? { path: url.slice(7) } : { url }),
    ...(rev === undefined ? {} : { rev }),
    ...(subdirectory === undefined ? {} : { subdirectory })
  }
}

const Include = map(Schema.Struct({ "include-group": String }), (table) => table["include-group"])

/**
 * The tables and keys that pixi does not read.
 *
 * @since 0.1.0
 * @category values
 */
export const others = { key: String, value: Schema.Unknown }

const Project = Schema.Struct({
  name: optional(String),
  "requires-python": optional(String),
  dependencies: optional(array(Requirement)),
  "optional-dependencies": optional(record(array(Requirement)))
}, others)

/**
 * The tables that become dependencies and features: `[project]` and `[dependency-groups]`.
 *
 * @since 0.1.0
 * @category values
 */
export const fields = {
  project: optional(Project),
  "dependency-groups": optional(record(array(Schema.Union(Requirement, Include))))
}

type Tables = Schema.Struct.Type<typeof fields>

/**
 * The version spec of Python.
 *
 * @since 0.1.0
 * @category getters
 */
export const pythonOf = ({ project }: Tables): string =>
  project?.["requires-python"]?.trim().replace(/^==(?!=)\s*/, "") || "*"

/** How many extras and groups one of them may include. */
const mostIncludes = 1_000

/**
 * The requirements of extras and dependency groups by name, with those that they include.
 *
 * @since 0.1.0
 * @category getters
 */
export const groupsOf = (
  { "dependency-groups": groups = {}, project = {} }: Tables
): Readonly<Record<string, Requirements>> => {
  const { name = "", "optional-dependencies": extras = {} } = project
  const extrasByName = new Map(Object.entries(extras).map(([extra, all]) => [Pep508.normalized(extra), all]))
  const groupsByName = new Map(Object.entries(groups).map(([group, all]) => [Pep508.normalized(group), all]))
  const resolve = (all: ReadonlyArray<Requirement | string>, seen: Set<string>): Requirements =>
    all.flatMap((one) => {
      if (typeof one === "string") return included(groupsByName, one, `group ${Pep508.normalized(one)}`, seen)
      if (one.spec.extras === undefined || one.name !== Pep508.normalized(name)) return [one]
      return one.spec.extras.flatMap((extra) => included(extrasByName, extra, `extra ${extra}`, seen))
    })
  const included = (
    all: ReadonlyMap<string, ReadonlyArray<Requirement | string>>,
    name: string,
    id: string,
    seen: Set<string>
  ): Requirements => {
    // Like any nesting that is too deep, this is a problem of the manifest.
    if (seen.size > mostIncludes) throw new RangeError("extras and groups include each other too often")
    return seen.has(id) ? [] : resolve(all.get(Pep508.normalized(name)) ?? [], seen.add(id))
  }
  return {
    ...Records.map(extras, (requirements) => resolve(requirements, new Set())),
    ...Records.map(groups, (requirements) => resolve(requirements, new Set()))
  }
}

/**
 * Adds requirements to Python dependencies.
 *
 * @since 0.1.0
 * @category operations
 */
export const merge = (
  dependencies: Readonly<Record<string, ReadonlyArray<PypiSpec>>> = {},
  requirements: Requirements
): Readonly<Record<string, ReadonlyArray<PypiSpec>>> => {
  const names = new Map(Object.keys(dependencies).map((name) => [Pep508.normalized(name), name]))
  const all = new Map(Object.entries(dependencies).map(([name, specs]) => [name, [...specs]]))
  for (const { name, spec } of requirements) {
    const key = names.get(name) ?? name
    const specs = all.get(key) ?? []
    all.set(key, specs)
    specs.push(spec)
  }
  return Records.map(Object.fromEntries(all), distinct)
}
