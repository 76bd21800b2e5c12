/**
 * A lock file in which each dependency refers to its package.
 *
 * @module
 * @since 0.1.0
 */
import type { Decoder } from "@darb/package-manager/driver/Table"
import * as Either from "effect/Either"
import type * as Schema from "effect/Schema"
import { type Failure, mapOrFail } from "../manifest/UvSchema.js"
import { type DependencyTable, LockTable } from "./UvLockTables.js"

type Tables = { readonly [name: string]: ReadonlyArray<DependencyTable> }

const lockOf = (table: LockTable) => {
  const { distribution = [], manifest = {}, package: packages = distribution } = table
  const failures: Array<Failure> = []
  const fail = (reason: string, ...path: Failure["path"]) =>
    failures.push({ path: [table.package === undefined ? "distribution" : "package", ...path], reason })

  const sources = packages.map(({ source }) => JSON.stringify(source))
  const identities = new Set<string>()
  const byName = new Map<string, Array<number>>()
  for (const [index, { name, source, version }] of packages.entries()) {
    const identity = `${name} ${version} ${sources[index]}`
    if (identities.has(identity)) fail(`The package ${name} occurs twice`, index)
    if (source._tag === "Registry" && version === undefined) fail("is missing", index, "version")
    identities.add(identity)
    const same = byName.get(name)
    if (same === undefined) byName.set(name, [index])
    else same.push(index)
  }

  const resolved = (tables: ReadonlyArray<DependencyTable> = [], ...path: Failure["path"]) =>
    tables.map(({ extra: extras = [], marker = null, name, source, version }, at) => {
      const wanted = source === undefined ? undefined : JSON.stringify(source)
      const [index = -1, ...others] = (byName.get(name) ?? []).filter((index) =>
        (version === undefined || packages[index]?.version === version) &&
        (wanted === undefined || sources[index] === wanted)
      )
      if (index === -1) fail(`The package ${name} is not in the lock file`, ...path, at)
      if (others.length > 0) fail(`The package ${name} can be one of several`, ...path, at)
      return { name, /** The index of the package in the lock file. */ index, extras, marker }
    })

  const resolvedAll = (tables: Tables = {}, ...path: Failure["path"]) =>
    new Map(Object.entries(tables).map(([name, listed]) => [name, resolved(listed, ...path, name)] as const))

  const lock = {
    version: table.version,
    /** All revisions of a version can be read. */
    revision: table.revision ?? 0,
    requiresPython: table["requires-python"],
    hasConflicts: (table.conflicts ?? []).length > 0,
    /** The projects of a workspace; empty if there is only one project. */
    members: manifest.members ?? [],
    /** The requirements of a script, or of the root of a workspace that is no project. */
    requirements: manifest.requirements ?? [],
    /** From the manifest of the root. */
    constraints: manifest.constraints ?? [],
    overrides: manifest.overrides ?? [],
    buildConstraints: manifest["build-constraints"] ?? [],
    /** By group, beside `requirements`. */
    groups: new Map(Object.entries(manifest["dependency-groups"] ?? {})),
    packages: packages.map((
      { dependencies, metadata, name, sdist = null, source, version = null, wheels = [], ...found },
      at
    ) => ({
      name,
      /** `null` for a project whose version is dynamic. */
      version,
      source,
      /** Where this one of several packages with the name applies; everywhere if empty. */
      resolutionMarkers: found["resolution-markers"] ?? [],
      dependencies: resolved(dependencies, at, "dependencies"),
      /** By extra. */
      optionalDependencies: resolvedAll(found["optional-dependencies"], at, "optional-dependencies"),
      groups: found["dev-dependencies"] === undefined
        ? resolvedAll(found["dependency-groups"], at, "dependency-groups")
        : resolvedAll(found["dev-dependencies"], at, "dev-dependencies"),
      sdist,
      wheels,
      /** The requirements in the metadata of a project. */
      requiresDist: metadata?.["requires-dist"] ?? [],
      /** By group. */
      requiresDev: new Map(Object.entries(metadata?.["requires-dev"] ?? {}))
    }))
  }
  return failures[0] === undefined ? Either.right(lock) : Either.left(failures[0])
}

const Lock = mapOrFail(LockTable, lockOf)

/**
 * A lock file. Versions are strings: `1.10` is not `1.1`.
 *
 * @since 0.1.0
 * @category models
 */
export interface UvLock extends Schema.Schema.Type<typeof Lock> {}
export const UvLock: Decoder<UvLock> = Lock

/**
 * A package of a lock file, with all its archives. Several can have the same name, for different platforms or Pythons.
 *
 * @since 0.1.0
 * @category models
 */
export type LockedPackage = UvLock["packages"][number]
/**
 * A dependency of a locked package: the index of another package, the extras that it needs of it, and the marker under
 * which it applies.
 *
 * @since 0.1.0
 * @category models
 */
export type Dependency = LockedPackage["dependencies"][number]
