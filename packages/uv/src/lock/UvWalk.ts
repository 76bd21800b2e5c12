/**
 * Selects the packages of a lock file for one platform and Python: walks its graph from the projects, as uv does.
 *
 * @module
 * @since 0.1.0
 */
import * as Pep508 from "@darb/python/Pep508"
import type { Dependency, LockedPackage, UvLock } from "./UvLockGraph.js"
import type { LockedRequirement } from "./UvLockTables.js"

/**
 * For which Python and platform, and with which extras and groups, packages are selected.
 *
 * @since 0.1.0
 * @category models
 */
export interface Selection {
  readonly environment: Pep508.Environment
  /** The projects to start from. By default the project beside the lock file, or else all members of the workspace. */
  readonly projects?: ReadonlyArray<string> | undefined
  readonly extras?: ReadonlyArray<string> | "all" | undefined
  /** `dev` by default. Only the manifest knows the other default groups. */
  readonly groups?: ReadonlyArray<string> | "all" | undefined
}

/**
 * A package of the lock file that uv installs for a selection.
 *
 * @since 0.1.0
 * @category models
 */
export interface Applicable {
  readonly package: LockedPackage
  /** Whether a project depends on it directly. */
  readonly direct: boolean
}

/**
 * The packages that apply, in the order of the lock file, without projects that are not installed.
 *
 * @since 0.1.0
 * @category operations
 */
export const applicable = (lock: UvLock, selection: Selection): ReadonlyArray<Applicable> => {
  const roots = rootsOf(lock, selection.projects)
  const { direct, found } = walk(lock, selection, roots)
  return lock.packages.flatMap((locked, index) =>
    found.has(index) && !roots.has(index) && locked.source._tag !== "Virtual"
      ? [{ package: locked, direct: direct.has(index) }]
      : []
  )
}

const rootsOf = ({ members, packages }: UvLock, projects: ReadonlyArray<string> | undefined): ReadonlySet<number> => {
  const indexes = (isRoot: (locked: LockedPackage) => boolean) =>
    new Set(packages.flatMap((locked, index) => isRoot(locked) ? [index] : []))
  const named = (names: ReadonlyArray<string>) => {
    const known = new Set(names.map(Pep508.normalized))
    return indexes(({ name }) => known.has(name))
  }
  if (projects !== undefined) return named(projects)
  const beside = indexes(({ source }) =>
    (source._tag === "Virtual" && source.virtual === ".") || (source._tag === "Editable" && source.editable === ".")
  )
  return beside.size > 0 ? beside : named(members)
}

const chooser = (names: ReadonlyArray<string> | "all"): (name: string) => boolean => {
  if (names === "all") return () => true
  const chosen = new Set(names.map(Pep508.normalized))
  return (name) => chosen.has(name)
}

/** Extras can activate other extras. This bounds how often the walk starts again. */
const mostPasses = 100

interface Walked {
  readonly found: ReadonlySet<number>
  /** The packages that a project depends on. */
  readonly direct: ReadonlySet<number>
}

const walk = (lock: UvLock, selection: Selection, roots: ReadonlySet<number>): Walked => {
  const { environment, extras = [], groups = ["dev"] } = selection
  const [hasExtra, hasGroup] = [chooser(extras), chooser(groups)]
  const projects = lock.packages.flatMap((root, index) =>
    roots.has(index)
      ? [{
        root,
        index,
        extras: [...root.optionalDependencies.keys()].filter(hasExtra),
        groups: [...root.groups].filter(([group]) => hasGroup(group))
      }]
      : []
  )
  const requirements = [...lock.requirements, ...[...lock.groups].flatMap(([group, all]) => hasGroup(group) ? all : [])]
    .filter(({ marker }) => Pep508.evaluate(marker, environment))

  /** The names that uv puts in place of `extra` in the markers of packages in conflict: projects, extras and groups. */
  let active = new Set(projects.flatMap(({ extras, groups, root: { name } }) => [
    `project-${name.length}-${name}`,
    ...extras.map((extra) => encoded("extra", name, extra)),
    ...groups.map(([group]) => encoded("group", name, group))
  ]))

  /** Whether a marker is true with the extras of its own dependency. */
  const isTrue = (marker: Pep508.Marker | null, own: ReadonlyArray<string>): boolean => {
    const added = own.filter((extra) => !active.has(extra))
    for (const extra of added) active.add(extra)
    const result = Pep508.evaluate(marker, environment, { extras: active })
    for (const extra of added) active.delete(extra)
    return result
  }

  /** One walk. Adds the extras on its way to `activated`. */
  const pass = (activated: Set<string>): Walked => {
    const found = new Set<number>()
    const direct = new Set<number>()
    const seen = new Set<string>()
    const queue: Array<readonly [index: number, extra: string | undefined]> = []
    const reach = (index: number, extras: ReadonlyArray<string>) => {
      found.add(index)
      for (const extra of [undefined, ...extras]) {
        const key = `${index} ${extra ?? ""}`
        if (!seen.has(key)) queue.push([index, extra])
        seen.add(key)
      }
    }
    const follow = (dependencies: ReadonlyArray<Dependency>, isRoot: boolean) => {
      for (const { extras, index, marker, name } of dependencies) {
        const known = lock.packages[index]?.optionalDependencies
        const own = !lock.hasConflicts
          ? []
          : extras.filter((extra) => known?.has(extra)).map((extra) => encoded("extra", name, extra))
        if (!isTrue(marker, own)) continue
        for (const extra of own) activated.add(extra)
        if (isRoot) direct.add(index)
        reach(index, extras)
      }
    }
    for (const { extras, groups, index } of projects) {
      reach(index, extras)
      for (const [, dependencies] of groups) follow(dependencies, true)
    }
    for (const requirement of requirements) {
      const index = find(lock, requirement, environment)
      if (index === -1) continue
      direct.add(index)
      reach(index, requirement.extras)
    }
    for (let at = 0; at < queue.length; at++) {
      const [index, extra] = queue[at] ?? [-1, undefined]
      const locked = lock.packages[index]
      const dependencies = extra === undefined ? locked?.dependencies : locked?.optionalDependencies.get(extra)
      follow(dependencies ?? [], roots.has(index))
    }
    return { found, direct }
  }

  for (let count = 1;; count++) {
    const activated = new Set(active)
    const walked = pass(activated)
    if (!lock.hasConflicts || activated.size === active.size || count === mostPasses) return walked
    active = activated
  }
}

const find = ({ packages }: UvLock, { name }: LockedRequirement, environment: Pep508.Environment): number =>
  packages.findIndex((locked) =>
    locked.name === name &&
    (locked.resolutionMarkers.length === 0 ||
      locked.resolutionMarkers.some((marker) => Pep508.evaluate(marker, environment)))
  )

const encoded = (kind: "extra" | "group", owner: string, name: string): string =>
  `${kind}-${owner.length}-${owner}-${name}`
