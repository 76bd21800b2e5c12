/** What `pixi.lock` holds, whichever of its formats it has. */
import type * as Changes from "@darb/package-manager/Changes"
import { normalized, pypiSource } from "@darb/package-manager/driver/Location"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Document from "./PixiLockDocument.js"
import { attempt, invalid, type PixiLockError } from "./PixiLockError.js"
import { References } from "./PixiLockNode.js"
import type { LockedPackage, Reference } from "./PixiLockPackage.js"

export { newestFormat } from "./PixiLockDocument.js"
export { PixiLockError } from "./PixiLockError.js"
export type { LockedPackage } from "./PixiLockPackage.js"

/** A lock file. Its texts are parts of the text that it was read from, which stays in memory with them. */
export interface PixiLock {
  /** From 1 to 7. */
  readonly format: number
  readonly platforms: ReadonlyArray<Platform>
  readonly environments: ReadonlyMap<string, Environment>
  readonly packages: ReadonlyArray<LockedPackage>
}

export interface Platform {
  /** The subdirectory, or a name of the manifest's. */
  readonly name: string
  readonly subdir: string
  readonly virtualPackages: ReadonlyArray<string>
}

export interface Environment {
  /** URLs, without a trailing slash; in formats 1 to 3 also names. */
  readonly channels: ReadonlyArray<string>
  /** URLs of Python package indexes, without a trailing slash. */
  readonly indexes: ReadonlyArray<string>
  /** For each platform. */
  readonly packages: ReadonlyMap<string, ReadonlyArray<LockedPackage>>
}

/** Reads the text of a lock file. */
export const read: (text: string) => Effect.Effect<PixiLock, PixiLockError> = Effect.fn("PixiLock.read")(
  function*(text) {
    const document = yield* Document.read(text)
    return yield* attempt(() => "environments" in document ? withEnvironments(document) : withoutEnvironments(document))
  }
)

/** The packages of a lock file, each at its place. */
export const decode: (text: string) => Effect.Effect<ReadonlyArray<Changes.Entry>, PixiLockError> = (text) =>
  Effect.map(read(text), locate)

/** The packages of a lock file that was read, each at its place. */
export const locate = (lock: PixiLock): ReadonlyArray<Changes.Entry> => {
  const located: Array<Changes.Entry> = []
  for (const [environment, { indexes, packages }] of lock.environments) {
    for (const [platform, found] of packages) {
      for (const one of found) {
        const { build, kind, name, version } = one
        located.push({ environment, platform, kind, name, version, build, source: sourceOf(one, indexes) })
      }
    }
  }
  return located
}

/**
 * Of the packages of an environment on a platform those that nothing else there depends on: what asked for them can only
 * be the manifest. It may ask for others as well.
 */
export const roots = (packages: ReadonlyArray<LockedPackage>): ReadonlySet<LockedPackage> => {
  // A source that was not evaluated may depend on anything.
  const isUnknown = packages.some(({ type, version }) => type === "source" && version === null)
  const needed = new Set(
    packages.flatMap(({ dependencies, kind, name }) => {
      const own = keyOf(kind, name)
      return dependencies.map((dependency) => keyOf(kind, nameOf(dependency))).filter((key) => key !== own)
    })
  )
  return new Set(isUnknown ? [] : packages.filter(({ kind, name }) => !needed.has(keyOf(kind, name))))
}

const keyOf = (kind: LockedPackage["kind"], name: string): string =>
  `${kind} ${kind === "pypi" ? name.replace(/[-_.]+/g, "-").toLowerCase() : name.toLowerCase()}`

/** Of a match spec, such as `channel::name >=1`, or a requirement of PEP 508. */
const nameOf = (dependency: string): string => /^(?:[^\s:]*::)?\s*([\w.-]+)/.exec(dependency)?.[1] ?? dependency

const sourceOf = ({ channel, index, kind, location }: LockedPackage, indexes: ReadonlyArray<string>): string =>
  kind === "pypi" ? pypiSource(location, index, indexes) : channel ?? normalized(location)

const withoutEnvironments = ({ channels, format, packages }: Document.OldDocument): PixiLock => {
  const grouped = new Map<string, Array<LockedPackage>>()
  for (const [platform, found] of packages) {
    const group = grouped.get(platform)
    if (group === undefined) grouped.set(platform, [found])
    else group.push(found)
  }
  const environment = { channels: urlsOf(channels ?? []), indexes: [], packages: grouped }
  return {
    format,
    platforms: [...grouped.keys()].map(platform),
    environments: new Map([["default", environment]]),
    packages: packages.map(([, found]) => found)
  }
}

const withEnvironments = ({ environments, format, packages, platforms }: Document.Document): PixiLock => {
  const known = format >= 7 ? platformsOf(platforms ?? []) : undefined
  if (known === undefined && platforms !== undefined) throw invalid(`it has platforms, which format ${format} has not`)
  const resolve = resolver(packages, format)
  const names = new Set<string>()
  const found = new Map<string, Environment>()
  for (const [name, { channels, indexes, packages }] of Object.entries(environments)) {
    const resolved = new Map<string, ReadonlyArray<LockedPackage>>()
    for (const [platform, references] of Object.entries(packages)) {
      if (known?.has(platform) === false) {
        throw invalid(`the platform ${platform} of environment ${name} is not one of its platforms`)
      }
      names.add(platform)
      resolved.set(platform, resolve(references, name, platform))
    }
    found.set(name, {
      channels: urlsOf(channels ?? []),
      indexes: (indexes ?? []).map(normalized),
      packages: resolved
    })
  }
  return {
    format,
    platforms: known === undefined ? [...names].map(platform) : [...known.values()],
    environments: found,
    packages
  }
}

const urlsOf = (channels: ReadonlyArray<string | { readonly url: string }>): ReadonlyArray<string> =>
  channels.map((channel) => normalized(typeof channel === "string" ? channel : channel.url))

const platform = (name: string): Platform => ({ name, subdir: name, virtualPackages: [] })

const platformsOf = (platforms: NonNullable<Document.Document["platforms"]>): ReadonlyMap<string, Platform> => {
  const known = new Map<string, Platform>()
  for (const { name, subdir: given, "virtual-packages": virtualPackages } of platforms) {
    const subdir = given ?? name
    if (known.has(name)) throw invalid(`it has the platform ${name} twice`)
    if (!/^(?:noarch|unknown|[a-z]+-[a-z0-9]+)$/.test(subdir)) {
      throw invalid(`its platform ${name} is none that conda knows: ${subdir}`)
    }
    known.set(name, { name, subdir, virtualPackages: virtualPackages ?? [] })
  }
  return known
}

/** As many variants of a package as one location may have: each reference is compared with all of them. */
const most = 1000

/** So many packages are looked at before the reference is looked up. */
const near = 16

const resolver = (packages: ReadonlyArray<LockedPackage>, format: number) => {
  const byReference = new Map<string, number | Array<LockedPackage>>()
  let areDistinct = true
  packages.forEach((found, at) => {
    const { reference } = found
    const same = byReference.get(reference)
    if (same === undefined) {
      byReference.set(reference, at)
      return
    }
    areDistinct = false
    const first = Predicate.isNumber(same) ? packages[same] : undefined
    if (first !== undefined) byReference.set(reference, [first, found])
    else if (Array.isArray(same) && same.push(found) > most) {
      throw invalid(`it has more than ${most} packages of one location: ${reference}`)
    }
  })
  let next = 0

  const resolve = (reference: Reference, environment: string, platform: string): LockedPackage => {
    const location = reference.conda ?? reference.conda_source ?? reference.pypi ?? ""
    const kind = Predicate.isString(reference.conda ?? reference.conda_source) ? "conda" : "pypi"
    const isMeant = (found: LockedPackage) => found.kind === kind && (format < 6 || isMeantBy(reference, found))
    const place = byReference.get(location)
    const only = Predicate.isNumber(place) ? packages[place] : undefined
    if (Predicate.isNumber(place)) next = place
    if (only !== undefined && isMeant(only)) return only
    const meant = (Array.isArray(place) ? place : []).filter(isMeant)
    const found = (format < 6 ? meant.find(({ subdir }) => subdir === platform) : undefined) ?? meant[0]
    if (found === undefined) {
      throw invalid(`environment ${environment} has for ${platform} a package that is not there: ${location}`)
    }
    return found
  }

  /** pixi writes references in the order of the packages: what the next one refers to is near. */
  const nearby = (references: References, at: number): LockedPackage | undefined => {
    const limit = areDistinct ? Math.min(next + near, packages.length) : 0
    for (let place = next; place < limit; place++) {
      const found = packages[place]
      if (found === undefined || !references.isAt(at, found.reference)) continue
      next = place
      return (found.kind === "pypi") === (references.typeAt(at) === "pypi") ? found : undefined
    }
    return undefined
  }

  return (references: References | ReadonlyArray<Reference>, environment: string, platform: string) =>
    references instanceof References
      ? references.map((at) => nearby(references, at) ?? resolve(references.at(at), environment, platform))
      : references.map((reference) => resolve(reference, environment, platform))
}

/** The fields that a reference has beside the location are those in which packages at one location differ. */
const isMeantBy = ({ build, name, subdir, version }: Reference, found: LockedPackage): boolean =>
  (name ?? found.name) === found.name &&
  (version ?? found.version) === found.version &&
  (build ?? found.build ?? "") === (found.build ?? "") &&
  (subdir ?? found.subdir) === found.subdir
