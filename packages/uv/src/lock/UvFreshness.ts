/**
 * Finds what a lock file was made from that the manifests no longer say. Pure. uv sees more: markers, the places of sources,
 * removed overrides, and the settings of the solver are not compared. Whatever this finds, `uv lock --check` finds too.
 *
 * @module
 * @since 0.1.0
 */
import * as Pep508 from "@darb/python/Pep508"
import * as Version from "@darb/python/Version"
import * as Either from "effect/Either"
import type { UvManifest } from "../manifest/UvManifest.js"
import type { LockedPackage, UvLock } from "./UvLockGraph.js"
import type { LockedRequirement } from "./UvLockTables.js"

/**
 * What `uv lock` would change.
 *
 * @since 0.1.0
 * @category models
 */
export interface Stale {
  /** Dependencies that the lock file has with another version spec, other extras, another kind of source, or not at all. */
  readonly changed: ReadonlyArray<string>
  /** Whether anything else differs, such as a dependency that was removed. */
  readonly others: boolean
}

/** The manifest of a project, and that of the root, whose sources its members share. */
interface Context {
  readonly manifest: UvManifest
  readonly root: UvManifest
  /** Whether a setting makes uv ignore sources. */
  readonly noSources: boolean
}

const numberOf = ({ release, ...version }: Version.Version): string => {
  const last = release.findLastIndex((part) => part !== "0")
  return Version.format({ ...version, release: release.slice(0, Math.max(last, 0) + 1) })
}

/** Version specifiers in a form that compares: uv ignores their order, and zeros at the end of a version. */
const specifiersOf = (text: string): string | undefined =>
  Either.getOrUndefined(
    Either.map(Version.parseSpecifiers(text), (found) =>
      [
        ...new Set(found.map(({ operator, prefix, version }) => `${operator}${numberOf(version)}${prefix ? ".*" : ""}`))
      ]
        .sort().join())
  )

const keyOf = (name: string, extras: ReadonlyArray<string>, kind: string, specifier: string) => {
  const specifiers = kind !== "registry" || specifier === "" ? "" : specifiersOf(specifier)
  return specifiers === undefined ? undefined : `${name}[${[...extras].sort().join()}] ${kind} ${specifiers}`
}

/** Where a requirement comes from; `undefined` if that depends on something. */
const kindOf = ({ name, url }: Pep508.Requirement, { manifest, noSources, root }: Context): string | undefined => {
  const sources = manifest.sources.get(name) ?? root.sources.get(name)
  if (sources === undefined) {
    return url === null ? "registry" : url.startsWith("git+") ? "git" : /^https?:/.test(url) ? "url" : undefined
  }
  const [source, ...others] = sources
  if (source === undefined || others.length > 0 || noSources || url !== null) return undefined
  if (source.marker !== undefined || source.extra !== undefined || source.group !== undefined) return undefined
  if (source.index !== undefined) return "registry"
  return source.git !== undefined ? "git" : source.url !== undefined ? "url" : "path"
}

/** Compares requirements as sets. Those that cannot be compared are left out on both sides. */
const compare = (
  wanted: ReadonlyArray<Pep508.Requirement>,
  locked: ReadonlyArray<LockedRequirement>,
  context: Context
): Stale => {
  const keyed = wanted.map((one) => {
    const kind = kindOf(one, context)
    return { name: one.name, key: kind && keyOf(one.name, one.extras, kind, one.specifier) }
  })
  const recorded = locked.map(({ extras, kind, name, specifier }) => ({
    name,
    key: keyOf(name, extras, kind, specifier)
  }))
  const unknown = new Set([...keyed, ...recorded].filter(({ key }) => key === undefined).map(({ name }) => name))
  // The extras of a project may name the project itself, which uv resolves.
  const isKnown = ({ name }: { readonly name: string }) => !unknown.has(name) && name !== context.manifest.name
  const has = new Set(recorded.map(({ key }) => key))
  const wants = new Set(keyed.map(({ key }) => key))
  return {
    changed: keyed.filter(isKnown).filter(({ key }) => !has.has(key)).map(({ name }) => name),
    others: recorded.some((one) => isKnown(one) && !wants.has(one.key))
  }
}

const all = (found: ReadonlyArray<Stale>): Stale => ({
  changed: found.flatMap(({ changed }) => changed),
  others: found.some(({ others }) => others)
})

type Groups<A> = ReadonlyMap<string, ReadonlyArray<A>>

const compareGroups = (
  wanted: Groups<Pep508.Requirement>,
  locked: Groups<LockedRequirement>,
  context: Context
): Stale =>
  all(
    [...new Set([...wanted.keys(), ...locked.keys()])].map((name) =>
      compare(wanted.get(name) ?? [], locked.get(name) ?? [], context)
    )
  )

const compareProject = (locked: LockedPackage, context: Context): Stale => {
  const { dependencies, dynamic, groups, isPackage, optionalDependencies, version } = context.manifest
  const isDynamic = dynamic.includes("dependencies") || dynamic.includes("optional-dependencies")
  const requirements = [...dependencies, ...[...optionalDependencies.values()].flat()]
  const others = (version !== null && locked.version !== null && !Pep508.isSameVersion(version, locked.version)) ||
    (isPackage && locked.source._tag === "Virtual")
  return all([
    isDynamic ? { changed: [], others: false } : compare(requirements, locked.requiresDist, context),
    compareGroups(groups, locked.requiresDev, context),
    { changed: [], others }
  ])
}

interface Bounds {
  readonly lower: string | undefined
  readonly upper: string | undefined
}

/** The bounds of specifiers such as `>=3.9,<4`; `undefined` for others. */
const boundsOf = (specifiers: string): Bounds | undefined => {
  const found = Either.getOrElse(Version.parseSpecifiers(specifiers), () => [])
  const [lower, ...otherLower] = found.filter(({ operator }) => operator === ">=")
  const [upper, ...otherUpper] = found.filter(({ operator }) => operator === "<")
  const rest = found.filter(({ operator }) => operator !== ">=" && operator !== "<")
  if (found.length === 0 || [...otherLower, ...otherUpper, ...rest].length > 0) return undefined
  return { lower: lower && numberOf(lower.version), upper: upper && numberOf(upper.version) }
}

/** Whether the lock file is for the versions of Python that all manifests allow, as far as these are simple bounds. */
const isForPython = (lock: UvLock, manifests: ReadonlyArray<UvManifest>): boolean => {
  const wanted = manifests.flatMap(({ requiresPython }) => requiresPython === null ? [] : [boundsOf(requiresPython)])
  const locked = boundsOf(lock.requiresPython)
  const [first, ...others] = wanted.filter((bounds) => bounds !== undefined)
  if (first === undefined || others.length + 1 < wanted.length || locked === undefined) return true
  if (manifests.some(({ groupRequiresPython }) => groupRequiresPython.size > 0)) return true
  const pick = (a: string | undefined, b: string | undefined, sign: number) =>
    a === undefined || (b !== undefined && Math.sign(Pep508.compareVersions(b, a)) === sign) ? b : a
  const both = others.reduce(
    (a, b): Bounds => ({ lower: pick(a.lower, b.lower, 1), upper: pick(a.upper, b.upper, -1) }),
    first
  )
  return both.lower === locked.lower && both.upper === locked.upper
}

/**
 * Compares a lock file with the manifests of a workspace, that of the root first.
 *
 * @since 0.1.0
 * @category getters
 */
export const staleOf = (lock: UvLock, manifests: ReadonlyArray<UvManifest>, noSources: boolean): Stale => {
  const [root] = manifests
  if (root === undefined) return { changed: [], others: false }
  const contextOf = (manifest: UvManifest): Context => ({
    manifest,
    root,
    noSources: noSources || root.settings["no-sources"] !== undefined ||
      root.settings["no-sources-package"] !== undefined
  })
  const context = contextOf(root)
  const names = new Set(manifests.map(({ name }) => name))
  const constraints = [
    compare(root.constraints, lock.constraints, context),
    compare(root.buildConstraints, lock.buildConstraints, context)
  ]
  const overrides = compare(root.overrides, lock.overrides, context)
  return all([
    ...manifests.map((manifest) => {
      const { name } = manifest
      if (name === null) return compareGroups(manifest.groups, lock.groups, contextOf(manifest))
      const locked = lock.packages.find((found) => found.name === name && found.source._tag !== "Registry")
      return locked === undefined ? { changed: [name], others: false } : compareProject(locked, contextOf(manifest))
    }),
    {
      changed: [],
      others: constraints.some(({ changed, others }) => others || changed.length > 0) || overrides.changed.length > 0 ||
        lock.members.some((name) => !names.has(name)) || !isForPython(lock, manifests)
    }
  ])
}
