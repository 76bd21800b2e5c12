/** Which packages of a lock apply to one platform and Python: a walk from the projects along markers, as uv walks. */
import * as Pep508 from "@darb/python/Pep508"
import type { Dependency, LockedPackage, LockedRequirement, UvLock } from "./UvLockModel.js"

export interface Selection {
  readonly environment: Pep508.Environment
  /** The projects to start from; otherwise the one beside the lock, or else all members of the workspace. */
  readonly projects?: ReadonlyArray<string> | undefined
  readonly extras?: ReadonlyArray<string> | "all" | undefined
  /** `dev`, if nothing else is said: what else is default, only the manifest tells. */
  readonly groups?: ReadonlyArray<string> | "all" | undefined
}

export interface Applicable {
  readonly package: LockedPackage
  /** Whether a project asks for it; otherwise something else depends on it. */
  readonly direct: boolean
}

/** The packages that apply, in the order of the lock, without those that are not installed. */
export const applicable = (lock: UvLock, selection: Selection): ReadonlyArray<Applicable> => {
  const { environment, extras = [], groups = ["dev"], projects } = selection
  const roots = new Set(rootsOf(lock, projects))
  const walk = new Walk(lock, environment, roots, chooser(extras), chooser(groups))
  const found = walk.run()
  return lock.packages.flatMap((locked, index) => {
    const isThere = found.has(index) && !roots.has(index) && locked.source._tag !== "Virtual"
    return isThere ? [{ package: locked, direct: walk.direct.has(index) }] : []
  })
}

const chooser = (names: ReadonlyArray<string> | "all"): (name: string) => boolean => {
  if (names === "all") return () => true
  const chosen = new Set(names.map(Pep508.normalized))
  return (name) => chosen.has(name)
}

const rootsOf = ({ members, packages }: UvLock, projects: ReadonlyArray<string> | undefined): ReadonlyArray<number> => {
  const indexes = (isRoot: (locked: LockedPackage) => boolean) =>
    packages.flatMap((locked, index) => isRoot(locked) ? [index] : [])
  if (projects !== undefined) {
    const names = new Set(projects.map(Pep508.normalized))
    return indexes((locked) => names.has(locked.name))
  }
  const beside = indexes(({ source }) =>
    (source._tag === "Virtual" && source.virtual === ".") || (source._tag === "Editable" && source.editable === ".")
  )
  const names = new Set(members)
  return beside.length > 0 ? beside : indexes(({ name }) => names.has(name))
}

/** Extras can make other extras active, but not without end. */
const mostPasses = 100

class Walk {
  readonly direct = new Set<number>()
  /** What markers of packages in conflict call `extra`: names of extras, groups and projects in the words of uv. */
  private active: Set<string>
  private readonly hasConflicts: boolean
  private readonly byName = new Map<string, Array<LockedPackage>>()
  private readonly indexes = new Map<LockedPackage, number>()

  constructor(
    private readonly lock: UvLock,
    private readonly environment: Pep508.Environment,
    private readonly roots: ReadonlySet<number>,
    private readonly hasExtra: (extra: string) => boolean,
    private readonly hasGroup: (group: string) => boolean
  ) {
    this.hasConflicts = lock.conflicts.length > 0
    for (const [index, locked] of lock.packages.entries()) {
      this.indexes.set(locked, index)
      const same = this.byName.get(locked.name)
      if (same === undefined) this.byName.set(locked.name, [locked])
      else same.push(locked)
    }
    const names = [...roots].flatMap((index) => {
      const root = lock.packages[index]
      if (root === undefined) return []
      const { name } = root
      return [
        `project-${name.length}-${name}`,
        ...[...root.optionalDependencies.keys()].filter(hasExtra).map((extra) => encoded("extra", name, extra)),
        ...[...root.groups.keys()].filter(hasGroup).map((group) => encoded("group", name, group))
      ]
    })
    this.active = new Set(names)
  }

  run(): ReadonlySet<number> {
    for (let pass = 1;; pass++) {
      const activated = new Set(this.active)
      const found = this.pass(activated)
      if (!this.hasConflicts || activated.size === this.active.size || pass === mostPasses) return found
      this.active = activated
    }
  }

  /** One walk. The extras that it comes by are added to those that are active. */
  private pass(activated: Set<string>): ReadonlySet<number> {
    this.direct.clear()
    const found = new Set<number>()
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
      for (const dependency of dependencies) {
        const { extras, index, marker, name } = dependency
        const own = this.hasConflicts ? this.own(index, name, extras) : []
        if (!this.isTrue(marker, own)) continue
        for (const extra of own) activated.add(extra)
        if (isRoot) this.direct.add(index)
        reach(index, extras)
      }
    }
    for (const index of this.roots) {
      const root = this.lock.packages[index]
      if (root === undefined) continue
      reach(index, [...root.optionalDependencies.keys()].filter(this.hasExtra))
      for (const [group, dependencies] of root.groups) if (this.hasGroup(group)) follow(dependencies, true)
    }
    for (const requirement of this.requirements()) {
      const index = this.find(requirement)
      if (index === undefined) continue
      this.direct.add(index)
      reach(index, requirement.extras)
    }
    for (let at = 0; at < queue.length; at++) {
      const [index, extra] = queue[at] ?? [0, undefined]
      const locked = this.lock.packages[index]
      const dependencies = extra === undefined ? locked?.dependencies : locked?.optionalDependencies.get(extra)
      follow(dependencies ?? [], this.roots.has(index))
    }
    return found
  }

  private own(index: number, name: string, extras: ReadonlyArray<string>): ReadonlyArray<string> {
    const known = this.lock.packages[index]?.optionalDependencies
    return extras.filter((extra) => known?.has(extra)).map((extra) => encoded("extra", name, extra))
  }

  private isTrue(marker: Pep508.Marker | null, own: ReadonlyArray<string>): boolean {
    if (marker === null) return true
    const added = own.filter((extra) => !this.active.has(extra))
    for (const extra of added) this.active.add(extra)
    const isTrue = Pep508.evaluate(marker, this.environment, { extras: this.active })
    for (const extra of added) this.active.delete(extra)
    return isTrue
  }

  /** What is asked for beside the projects. */
  private requirements(): ReadonlyArray<LockedRequirement> {
    const groups = [...this.lock.groups].flatMap(([group, requirements]) => this.hasGroup(group) ? requirements : [])
    return [...this.lock.requirements, ...groups].filter(({ marker }) => Pep508.evaluate(marker, this.environment))
  }

  private find({ name }: LockedRequirement): number | undefined {
    const found = this.byName.get(name)?.find(({ resolutionMarkers }) =>
      resolutionMarkers.length === 0 ||
      resolutionMarkers.some((marker) => Pep508.evaluate(marker, this.environment))
    )
    return found === undefined ? undefined : this.indexes.get(found)
  }
}

const encoded = (kind: "extra" | "group", owner: string, name: string): string =>
  `${kind}-${owner.length}-${owner}-${name}`
