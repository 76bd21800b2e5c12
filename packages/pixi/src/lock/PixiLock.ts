/**
 * The packages of `pixi.lock`, by environment and platform. Reads formats 1 to 7.
 *
 * @module
 * @since 0.1.0
 */
import type * as Changes from "@darb/package-manager/Changes"
import { normalized } from "@darb/package-manager/driver/Location"
import * as Pep508 from "@darb/python/Pep508"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { invalid, PixiLockError } from "./PixiLockError.js"
import { decode as decodeFile, type PixiLockFile, type Reference } from "./PixiLockFile.js"
import { type LockedPackage, makePackages, originOf } from "./PixiLockPackage.js"
import { pauseFor } from "./PlainYaml.js"
import { pypiSource } from "./PypiSource.js"

export { PixiLockError } from "./PixiLockError.js"
export { newestFormat } from "./PixiLockFile.js"
export type { LockedPackage } from "./PixiLockPackage.js"

/**
 * A lock file. Its strings can be slices of the text, and keep it in memory.
 *
 * @since 0.1.0
 * @category models
 */
export interface PixiLock {
  /** From 1 to 7. */
  readonly format: number
  readonly platforms: ReadonlyArray<Platform>
  readonly environments: ReadonlyMap<string, Environment>
  readonly packages: ReadonlyArray<LockedPackage>
}

/**
 * A platform of a lock file. Before format 7, the name is the subdirectory.
 *
 * @since 0.1.0
 * @category models
 */
export interface Platform {
  /** The subdirectory, or the name that the manifest gives the platform. */
  readonly name: string
  readonly subdir: string
  readonly virtualPackages: ReadonlyArray<string>
}

/**
 * The packages of one environment on all its platforms.
 *
 * @since 0.1.0
 * @category models
 */
export interface Environment {
  /** URLs, without a trailing slash; in formats 1 to 3 also names. */
  readonly channels: ReadonlyArray<string>
  /** URLs of Python package indexes, without a trailing slash. */
  readonly indexes: ReadonlyArray<string>
  /** By platform. */
  readonly packages: ReadonlyMap<string, ReadonlyArray<LockedPackage>>
}

const isPixiLockError = Schema.is(PixiLockError)

/** Errors are thrown, because an effect for each of many thousand packages would take longer than the rest. */
const attempt = <A>(make: () => A): Effect.Effect<A, PixiLockError> =>
  Effect.try({
    try: make,
    catch: (error) => {
      if (isPixiLockError(error)) return error
      throw error
    }
  })

const readWith = Effect.fnUntraced(function*(text: string, pause: Effect.Effect<void>) {
  const file = yield* decodeFile(text, pause)
  yield* pause
  const packages = yield* attempt(() => makePackages(file.packages))
  yield* pause
  return yield* attempt(() => resolved(file, packages))
})

/**
 * Reads the text of a lock file.
 *
 * @since 0.1.0
 * @category decoding
 */
export const read: (text: string) => Effect.Effect<PixiLock, PixiLockError> = Effect.fn("PixiLock.read")(
  (text) => readWith(text, Effect.void)
)

/**
 * Reads the text of a lock file. If it is large, others run in between: the effect cannot be run synchronously.
 *
 * @since 0.1.0
 * @category decoding
 */
export const readInParts: (text: string) => Effect.Effect<PixiLock, PixiLockError> = Effect.fn("PixiLock.readInParts")(
  (text) => readWith(text, pauseFor(text))
)

/**
 * The packages of each environment and platform, from the text of a lock file.
 *
 * @since 0.1.0
 * @category decoding
 */
export const decode: (text: string) => Effect.Effect<ReadonlyArray<Changes.Entry>, PixiLockError> = (text) =>
  Effect.map(read(text), (lock) => entries(lock))

/**
 * The packages of each environment and platform, or of one environment. The names of Python packages are normalized (PEP 503).
 *
 * @since 0.1.0
 * @category operations
 */
export const entries = (lock: PixiLock, only?: string): ReadonlyArray<Changes.Entry> => {
  const placed: Array<Changes.Entry> = []
  for (const [environment, { indexes, packages }] of lock.environments) {
    if (only !== undefined && environment !== only) continue
    for (const [platform, locked] of packages) {
      for (const found of locked) {
        const { build, kind, version } = found
        const name = kind === "pypi" ? Pep508.normalized(found.name) : found.name
        placed.push({ environment, platform, kind, name, version, build, source: sourceOf(found, indexes) })
      }
    }
  }
  return placed
}

const sourceOf = ({ channel, index, kind, location }: LockedPackage, indexes: ReadonlyArray<string>): string =>
  kind === "pypi" ? pypiSource(location, index, indexes) : channel ?? normalized(location)

const resolved = (file: PixiLockFile, packages: ReadonlyArray<LockedPackage>): PixiLock => {
  const platforms = platformsOf(file)
  const resolve = makeResolve(packages, file.format)
  const environments = Object.entries(file.environments).map(([name, environment]) => {
    const resolvedPackages = Object.entries(environment.packages).map(([platform, references]) => {
      if (!platforms.has(platform)) throw invalid(`environment ${name} has an unknown platform: ${platform}`)
      return [platform, references.map((reference) => resolve(reference, name, platform))] as const
    })
    return [name, {
      channels: (environment.channels ?? []).map((channel) =>
        normalized(typeof channel === "string" ? channel : channel.url)
      ),
      indexes: (environment.indexes ?? []).map(normalized),
      packages: new Map(resolvedPackages)
    }] as const
  })
  return { format: file.format, platforms: [...platforms.values()], environments: new Map(environments), packages }
}

const platformsOf = ({ environments, format, platforms }: PixiLockFile): ReadonlyMap<string, Platform> => {
  if (format < 7) {
    if (platforms !== undefined) throw invalid(`it has platforms, which format ${format} does not have`)
    const names = Object.values(environments).flatMap(({ packages }) => Object.keys(packages))
    return new Map(names.map((name) => [name, { name, subdir: name, virtualPackages: [] }]))
  }
  const known = new Map<string, Platform>()
  for (const { name, subdir: given, "virtual-packages": virtualPackages } of platforms ?? []) {
    const subdir = given ?? name
    if (known.has(name)) throw invalid(`it has the platform ${name} twice`)
    if (!/^(?:noarch|unknown|[a-z]+-[a-z0-9]+)$/.test(subdir)) {
      throw invalid(`its platform ${name} has an unknown subdirectory: ${subdir}`)
    }
    known.set(name, { name, subdir, virtualPackages: virtualPackages ?? [] })
  }
  return known
}

/** How many packages may have the same location. Each reference to it is compared with all of them. */
const most = 1000

/** How many packages are compared before a location is looked up. */
const near = 16

const makeResolve = (packages: ReadonlyArray<LockedPackage>, format: number) => {
  const indices = new Map<string, number>()
  /** The packages of locations that several packages have. */
  const variants = new Map<string, Array<LockedPackage>>()
  packages.forEach((found, index) => {
    const { reference } = found
    const first = packages[indices.get(reference) ?? index] ?? found
    if (first === found) return indices.set(reference, index)
    const same = variants.get(reference) ?? [first]
    // Formats 1 to 3 have no references.
    if (same.push(found) > most && format > 3) {
      throw invalid(`it has more than ${most} packages of one location: ${reference}`)
    }
    return variants.set(reference, same)
  })

  /** The index of a location. pixi writes references in the order of the packages. */
  let last = -1
  const indexOf = (location: string): number | undefined => {
    for (let index = last + 1; index < last + near; index++) {
      if (packages[index]?.reference === location) return index
    }
    return indices.get(location)
  }

  const find = (reference: Reference, platform: string): LockedPackage | undefined => {
    const { kind, reference: location } = originOf(reference)
    const isMeant = (found: LockedPackage) => found.kind === kind && (format < 6 || matches(reference, found))
    const candidates = (variants.size > 0 && variants.get(location)?.filter(isMeant)) || undefined
    if (candidates !== undefined) {
      return (format < 6 ? candidates.find(({ subdir }) => subdir === platform) : undefined) ?? candidates[0]
    }
    last = indexOf(location) ?? last
    const only = packages[last]
    return only?.reference === location && isMeant(only) ? only : undefined
  }

  return (reference: Reference | number, environment: string, platform: string): LockedPackage => {
    const found = typeof reference === "number" ? packages[reference] : find(reference, platform)
    if (found !== undefined) return found
    const location = typeof reference === "number" ? reference : originOf(reference).reference
    throw invalid(`environment ${environment} refers to a package for ${platform} that does not exist: ${location}`)
  }
}

/** The fields of a reference beside its location are those in which packages at one location differ. */
const matches = ({ build, name, subdir, version }: Reference, found: LockedPackage): boolean =>
  (name ?? found.name) === found.name &&
  (version ?? found.version) === found.version &&
  (build ?? found.build ?? "") === (found.build ?? "") &&
  (subdir ?? found.subdir) === found.subdir
