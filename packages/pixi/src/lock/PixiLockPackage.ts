/** A package of a lock file, in any of its formats. */
import { normalized } from "@darb/package-manager/driver/Location"
import type * as Package from "@darb/package-manager/Package"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { invalid } from "./PixiLockError.js"
import type { Item } from "./PixiLockNode.js"

const Scalar = Schema.optional(Schema.NullOr(Schema.String))
const Texts = Schema.optional(Schema.NullOr(Schema.Array(Schema.String)))

/** What is read of a package, or of a reference to one. */
export const Entry = Schema.Struct({
  conda: Scalar,
  conda_source: Scalar,
  pypi: Scalar,
  kind: Scalar,
  manager: Scalar,
  url: Scalar,
  path: Scalar,
  name: Scalar,
  version: Scalar,
  build: Scalar,
  subdir: Scalar,
  platform: Scalar,
  channel: Scalar,
  index: Scalar,
  sha256: Scalar,
  md5: Scalar,
  size: Scalar,
  depends: Texts,
  requires_dist: Texts
})
export type Entry = typeof Entry.Type

/** How an environment refers to a package. */
export const Reference = Schema.Struct({
  conda: Scalar,
  conda_source: Scalar,
  pypi: Scalar,
  name: Scalar,
  version: Scalar,
  build: Scalar,
  subdir: Scalar
})
export type Reference = typeof Reference.Type

/** The same as `Schema.is`, which takes as long for each as all else that is done with a package. */
export const isEntry = (item: Item): item is Item & Entry =>
  isReference(item) && isScalar(item.kind) && isScalar(item.url) && isScalar(item.path) && isScalar(item.channel) &&
  isScalar(item.index) && isScalar(item.sha256) && isScalar(item.md5) && isScalar(item.size) &&
  areTexts(item.depends) && areTexts(item.requires_dist)

export const isReference = (item: unknown): item is Reference => Predicate.isRecord(item) && isReferenceRecord(item)

const isReferenceRecord = (item: Partial<Record<keyof Reference, unknown>>): boolean =>
  isScalar(item.conda) && isScalar(item.conda_source) && isScalar(item.pypi) && isScalar(item.name) &&
  isScalar(item.version) && isScalar(item.build) && isScalar(item.subdir)

const isScalar = (value: unknown): value is string | null | undefined =>
  typeof value === "string" || value === undefined || value === null

const areTexts = (value: unknown): value is ReadonlyArray<string> | null | undefined =>
  Array.isArray(value) ? value.every(Predicate.isString) : value === undefined || value === null

/** A package as a lock file has it. What the format does not say, and what does not follow from the rest, is `null`. */
export interface LockedPackage {
  readonly kind: Package.Kind
  /** A source is built on the machine: a directory or repository, instead of an archive that somebody made. */
  readonly type: "archive" | "source"
  readonly name: string
  readonly version: string | null
  /** The build string of a conda package. */
  readonly build: string | null
  readonly subdir: string | null
  /** The URL or path, as it is written. */
  readonly location: string
  /** The URL of the channel of a conda package. */
  readonly channel: string | null
  /** The index of a Python package. Only format 7 says it. */
  readonly index: string | null
  readonly sha256: string | null
  readonly md5: string | null
  /** Bytes of the archive. */
  readonly size: number | null
  /** As they are written: match specs, and requirements of PEP 508. */
  readonly dependencies: ReadonlyArray<string>
  /** By what environments refer to it. */
  readonly reference: string
}

/** Makes packages of one file, of which many share channel and subdirectory. */
export const reader = () => {
  const places = new Map<string, { readonly channel: string; readonly subdir: string }>()

  const placeOf = (directory: string) => {
    const known = places.get(directory)
    if (known !== undefined) return known
    const end = lastSlash(directory)
    const place = {
      channel: normalized(end >= 0 ? directory.slice(0, end) || "/" : directory || "."),
      subdir: directory.slice(end + 1)
    }
    places.set(directory, place)
    return place
  }

  return (entry: Entry): LockedPackage => {
    const origin = originOf(entry)
    if (origin === undefined) throw invalid("it has a package of which it does not say where it comes from")
    const reference = origin.location
    const dependencies = entry.depends ?? entry.requires_dist ?? none
    const { sha256 = null, md5 = null } = entry
    const size = sizeOf(entry.size)
    if (origin.type === "pypi") {
      const name = named(entry.name, reference)
      const { index = null, version = null } = entry
      return {
        kind: "pypi",
        type: isArchive(reference) ? "archive" : "source",
        name,
        version,
        build: null,
        subdir: null,
        location: reference,
        channel: null,
        index: index === null ? null : normalized(index),
        sha256,
        md5,
        size,
        dependencies,
        reference
      }
    }
    const [, sourceName, location = reference] = origin.type === "conda_source"
      ? /^([^[]+)\[[^\]]*\] @ (.+)$/.exec(reference) ?? []
      : []
    const archive = origin.type === "conda" ? archiveOf(location) : undefined
    const place = archive === undefined ? undefined : placeOf(archive.directory)
    return {
      kind: "conda",
      type: archive === undefined ? "source" : "archive",
      name: named(entry.name ?? sourceName ?? archive?.name, location),
      version: entry.version ?? archive?.version ?? null,
      // A source package that was not built yet has the empty build string.
      build: (entry.build ?? "") === "" ? archive?.build ?? null : entry.build ?? null,
      subdir: entry.subdir ?? place?.subdir ?? null,
      location,
      channel: place === undefined
        ? null
        : Predicate.isString(entry.channel)
        ? placeOf(`${entry.channel}/-`).channel
        : place.channel,
      index: null,
      sha256,
      md5,
      size,
      dependencies,
      reference
    }
  }
}

const none: ReadonlyArray<string> = []

const named = (name: string | null | undefined, location: string): string => {
  if (name === undefined || name === null || name === "") throw invalid(`it has a package without a name: ${location}`)
  return name
}

const sizeOf = (size: string | null | undefined): number | null => {
  if (!Predicate.isString(size)) return null
  let bytes = size === "" ? NaN : 0
  for (let at = 0; at < size.length; at++) {
    const digit = size.charCodeAt(at) - 0x30
    bytes = digit >= 0 && digit <= 9 ? bytes * 10 + digit : NaN
  }
  if (!Number.isSafeInteger(bytes)) throw invalid(`it has a size that is not a number: ${size}`)
  return bytes
}

const isArchive = (location: string): boolean =>
  location.endsWith(".whl") ||
  /\.(?:whl|zip|tgz|tbz|tar(?:\.(?:gz|bz2|xz|Z))?)$/.test(location.replace(/^(https?:[^?#]*).*$/, "$1"))

/** What the name of an archive tells: `name-version-build.conda`. */
const archiveOf = (location: string) => {
  const length = location.endsWith(".conda") ? 6 : location.endsWith(".tar.bz2") ? 8 : location.endsWith(".whl") ? 4 : 0
  if (length === 0) return undefined
  const end = location.length - length
  let at = end - 1
  let [buildAt, versionAt] = [0, 0]
  for (; at >= 0 && !isSlash(location.charCodeAt(at)); at--) {
    if (versionAt > 0 || location.charCodeAt(at) !== 0x2d) continue
    if (buildAt === 0) buildAt = at + 1
    else versionAt = at + 1
  }
  if (versionAt < at + 3 || versionAt === buildAt - 1 || buildAt === end) return undefined
  return {
    name: location.slice(at + 1, versionAt - 1),
    version: location.slice(versionAt, buildAt - 1),
    build: location.slice(buildAt, end),
    directory: location.slice(0, Math.max(at, 0))
  }
}

const isSlash = (code: number): boolean => code === 0x2f || code === 0x5c

const lastSlash = (location: string): number => Math.max(location.lastIndexOf("/"), location.lastIndexOf("\\"))

type Origin = { readonly type: "conda" | "conda_source" | "pypi"; readonly location: string }

export const originOf = (entry: Entry): Origin | undefined => {
  const { conda, conda_source, kind, manager, pypi } = entry
  if (Predicate.isString(conda)) return { type: "conda", location: conda }
  if (Predicate.isString(conda_source)) return { type: "conda_source", location: conda_source }
  if (Predicate.isString(pypi)) return { type: "pypi", location: pypi }
  const location = entry.url ?? entry.path
  const type = kind ?? manager
  if (!Predicate.isString(location)) return undefined
  if (type === "conda") return { type: "conda", location }
  return type === "pypi" || type === "pip" ? { type: "pypi", location } : undefined
}
