/** What `uv.lock` holds. It is for all platforms: `applicable` says what is for one. Pure. */
import type * as Changes from "@darb/package-manager/Changes"
import { normalized } from "@darb/package-manager/driver/Location"
import { isTable } from "@darb/package-manager/driver/old/tomlDecoder"
import * as Data from "effect/Data"
import * as Either from "effect/Either"
import { Context, type Path } from "../manifest/UvContext.js"
import { parseToml, type Problem, problemsOf } from "../manifest/UvDecoder.js"
import type { Dependency, LockedPackage, UvLock } from "./UvLockModel.js"
import { lockTable, type WireDependency, type WireLock, type WirePackage } from "./UvLockWire.js"
import { applicable, type Selection } from "./UvWalk.js"

export type { Archive, Dependency, LockedPackage, LockedRequirement, Source, UvLock } from "./UvLockModel.js"
export { type Applicable, applicable, type Selection } from "./UvWalk.js"

/** The newest version that is read. Revisions of it do not matter. */
export const newestVersion = 1

/** No lock file is longer. */
export const largest = 268_435_456

/** The text is not a lock file, or not one that can be read. */
export class UvLockInvalid extends Data.TaggedError("UvLockInvalid")<Problem> {
  override get message() {
    return this.line === undefined ? this.reason : `${this.reason} (line ${this.line}, column ${this.column ?? 1})`
  }
}

/** The lock file is of a version that is not known yet. */
export class UvLockTooNew extends Data.TaggedError("UvLockTooNew")<{
  readonly found: number
  readonly newest: number
}> {
  override get message() {
    return `it has version ${this.found}, and ${this.newest} is the newest that is known`
  }
}

/** Decodes a lock file. */
export const decode = (source: Uint8Array | string): Either.Either<UvLock, UvLockInvalid | UvLockTooNew> => {
  const toml = parseToml(source, largest)
  if (Either.isLeft(toml)) return Either.left(new UvLockInvalid(toml.left))
  const { document, text } = toml.right
  const { version } = document
  if (typeof version !== "number" && typeof version !== "bigint") {
    const reason = version === undefined ? "it has no `version`" : "its `version` is not a number"
    return Either.left(new UvLockInvalid({ reason: `it is not a lock file: ${reason}` }))
  }
  if (version > newestVersion) {
    return Either.left(new UvLockTooNew({ found: Number(version), newest: newestVersion }))
  }
  if (version < 1) return Either.left(new UvLockInvalid({ reason: `it has version ${version}, which is not known` }))
  const context = new Context(false)
  const wire = lockTable(document, context)
  const lock = wire === undefined || context.errors.length > 0 ? undefined : lockOf(wire, Number(version), context)
  const [problem] = problemsOf(context.errors.slice(0, 1), text)
  if (problem !== undefined) return Either.left(new UvLockInvalid(problem))
  return lock === undefined ? Either.left(new UvLockInvalid({ reason: "it is not a lock file" })) : Either.right(lock)
}

const lockOf = (wire: WireLock, version: number, context: Context): UvLock => {
  const { manifest = {}, options = {} } = wire
  const key = wire.package === undefined && wire.distribution !== undefined ? "distribution" : "package"
  const packages = wire[key] ?? []
  const find = finder(packages, key, context)
  return {
    version,
    revision: wire.revision ?? 0,
    requiresPython: wire["requires-python"] ?? "",
    resolutionMarkers: wire["resolution-markers"] ?? [],
    supportedMarkers: wire["supported-markers"] ?? [],
    requiredMarkers: wire["required-markers"] ?? [],
    conflicts: wire.conflicts ?? [],
    members: manifest.members ?? [],
    requirements: manifest.requirements ?? [],
    groups: manifest["dependency-groups"] ?? new Map(),
    options: isTable(options) ? options : {},
    packages: packages.map((found, index) => packageOf(found, [key, index], find, context))
  }
}

type Find = (dependency: WireDependency, path: () => Path) => number | undefined

/** A dependency has version and source of its package only where the name alone does not tell it. */
const finder = (packages: ReadonlyArray<WirePackage>, key: string, context: Context): Find => {
  const byName = new Map<string, Array<number>>()
  const byIdentity = new Map<string, number>()
  for (const [index, { name = "", source, version }] of packages.entries()) {
    const same = byName.get(name)
    if (same === undefined) byName.set(name, [index])
    else same.push(index)
    const identity = JSON.stringify([name, version, source])
    if (byIdentity.has(identity)) context.failAt([key, index], `the package ${name} is there twice`)
    byIdentity.set(identity, index)
  }
  return ({ name = "", source, version }, path) => {
    const [first, second] = byName.get(name) ?? []
    if (first !== undefined && second === undefined && source === undefined && version === undefined) return first
    const only = first === undefined || second !== undefined ? undefined : packages[first]
    const ownSource = source ?? only?.source
    // What has no version of its own is a directory: another one has it here if it is not the only one.
    const identity = JSON.stringify([name, version ?? only?.version, ownSource])
    const found = ownSource === undefined ? undefined : byIdentity.get(identity)
    if (found === undefined) {
      const reason = first === undefined || only !== undefined ? "is not in the lock file" : "can be one of several"
      context.failAt(path(), `the package ${name}${version === undefined ? "" : ` ${version}`} ${reason}`)
    }
    return found
  }
}

const packageOf = (wire: WirePackage, path: Path, find: Find, context: Context): LockedPackage => {
  const { metadata = {}, name = "", source = { _tag: "Virtual", virtual: "." }, version = null } = wire
  const all = (dependencies: ReadonlyArray<WireDependency> = [], below: Path): ReadonlyArray<Dependency> =>
    dependencies.flatMap((dependency, at) => {
      const index = find(dependency, () => [...path, ...below, at])
      const { extra: extras = [], marker = null, name = "" } = dependency
      return index === undefined ? [] : [{ name, index, extras, marker }]
    })
  const tables = (
    table: ReadonlyMap<string, ReadonlyArray<WireDependency>> = new Map<string, never>(),
    key: string
  ): ReadonlyMap<string, ReadonlyArray<Dependency>> =>
    new Map([...table].map(([name, dependencies]) => [name, all(dependencies, [key, name])]))
  return {
    name,
    version,
    source,
    resolutionMarkers: wire["resolution-markers"] ?? [],
    dependencies: distinct(all(wire.dependencies, ["dependencies"]), path, context),
    optionalDependencies: tables(wire["optional-dependencies"], "optional-dependencies"),
    groups: tables(wire["dev-dependencies"] ?? wire["dependency-groups"], "dev-dependencies"),
    sdist: wire.sdist ?? null,
    wheels: wire.wheels ?? [],
    requiresDist: metadata["requires-dist"] ?? [],
    providesExtras: metadata["provides-extras"] ?? [],
    requiresDev: metadata["requires-dev"] ?? metadata["dependency-groups"] ?? new Map()
  }
}

const distinct = (dependencies: ReadonlyArray<Dependency>, path: Path, context: Context) => {
  const seen = new Set<string>()
  for (const { extras, index, marker, name } of dependencies) {
    const identity = `${index} ${extras.length > 1 ? [...extras].sort().join() : extras.join()} ${marker?.text ?? ""}`
    if (seen.has(identity)) context.failAt([...path, "dependencies"], `it depends on ${name} twice`)
    seen.add(identity)
  }
  return dependencies
}

/** Where a package comes from, as it compares between locks. */
export const sourceOf = ({ source }: LockedPackage): string => {
  switch (source._tag) {
    case "Registry":
      return normalized(source.registry)
    case "Git":
      return normalized(source.git.startsWith("git+") ? source.git : `git+${source.git}`)
    case "Url":
      return normalized(source.url)
    case "Path":
      return normalized(source.path)
    case "Directory":
      return normalized(source.directory)
    case "Editable":
      return normalized(source.editable)
    case "Virtual":
      return normalized(source.virtual)
  }
}

const locate = (found: LockedPackage, environment: string, platform: string): Changes.Entry => ({
  environment,
  platform,
  kind: "pypi",
  name: found.name,
  version: found.version,
  build: null,
  source: sourceOf(found)
})

/** Whether a package is the project itself, or another one that is not installed. */
export const isProject = ({ source }: LockedPackage): boolean =>
  source._tag === "Virtual" || (source._tag === "Editable" && source.editable === ".")

/** Every package of a lock but the project, each at the place `default`, `any`: it is for all platforms. */
export const located = (lock: UvLock): ReadonlyArray<Changes.Entry> =>
  lock.packages.filter((found) => !isProject(found)).map((found) => locate(found, "default", "any"))

/** A package that applies to a platform, with its place. */
export interface LocatedPackage extends Changes.Entry {
  /** Whether the project asks for it; otherwise something else depends on it. */
  readonly direct: boolean
}

/** The packages for one platform and Python, but not the project. */
export const locatedFor = (
  lock: UvLock,
  selection: Selection,
  { environment = "default", platform }: { readonly environment?: string | undefined; readonly platform: string }
): ReadonlyArray<LocatedPackage> =>
  applicable(lock, selection).map(({ direct, package: found }) => ({
    ...locate(found, environment, platform),
    direct
  }))
