/**
 * A package of a lock file, in any format.
 *
 * @module
 * @since 0.1.0
 */
import { normalized } from "@darb/package-manager/driver/Location"
import type * as Package from "@darb/package-manager/Package"
import { invalid } from "./PixiLockError.js"
import type { Entry } from "./PixiLockFile.js"
import { isArchive } from "./PypiSource.js"

/**
 * A package as a lock file describes it. A field is `null` if the file neither has nor implies it.
 *
 * @since 0.1.0
 * @category models
 */
export interface LockedPackage {
  readonly kind: Package.Kind
  /** A source is built on this machine, from a directory or repository. */
  readonly type: "archive" | "source"
  readonly name: string
  readonly version: string | null
  /** The build string of a conda package. */
  readonly build: string | null
  readonly subdir: string | null
  /** The URL or path, unchanged. */
  readonly location: string
  /** The URL of the channel of a conda package. */
  readonly channel: string | null
  /** The URL of the index of a Python package. Only format 7 has it. */
  readonly index: string | null
  readonly sha256: string | null
  readonly md5: string | null
  /** The size of the archive in bytes. */
  readonly size: number | null
  /** Match specs or requirements, unchanged. */
  readonly dependencies: ReadonlyArray<string>
  /** What environments use to refer to the package. */
  readonly reference: string
}

/**
 * Where a locked package comes from.
 *
 * @since 0.1.0
 * @category models
 */
export interface Origin {
  readonly kind: Package.Kind
  /** The location; in format 7 also `NAME[HASH] @ LOCATION`, for sources of conda packages. */
  readonly reference: string
}

/**
 * Where the package of an entry or of a reference comes from.
 *
 * @since 0.1.0
 * @category getters
 */
export const originOf = (entry: Partial<Entry>): Origin => {
  const conda = entry.conda ?? entry.conda_source
  const reference = conda ?? entry.pypi ?? entry.url ?? entry.path
  const kind = typeof conda === "string" ? "conda" : typeof entry.pypi === "string" ? "pypi" : entry.kind
  if (typeof reference !== "string" || !kind) throw invalid("it has a package without a location")
  return { kind, reference }
}

/**
 * Makes the packages of one file. Most of them share a few directories.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makePackages = (entries: ReadonlyArray<Entry>): ReadonlyArray<LockedPackage> => {
  const directories = new Map<string, { readonly channel: string; readonly subdir: string }>()

  const directoryOf = (directory: string) => {
    const known = directories.get(directory)
    if (known !== undefined) return known
    const end = lastSlash(directory)
    const found = {
      channel: normalized(end >= 0 ? directory.slice(0, end) || "/" : directory || "."),
      subdir: directory.slice(end + 1)
    }
    directories.set(directory, found)
    return found
  }

  return entries.map((entry) => {
    const { kind, reference } = originOf(entry)
    const isSource = reference === entry.conda_source
    const [, sourceName, location = reference] = (isSource && /^([^[]+)\[[^\]]*\] @ (.+)$/.exec(reference)) || []
    const archive = kind === "conda" && !isSource ? archiveOf(location) : undefined
    const directory = archive && directoryOf(archive.directory)
    const name = entry.name ?? sourceName ?? archive?.name
    if (!name) throw invalid(`it has a package without a name: ${location}`)
    const isOfChannel = directory !== undefined && typeof entry.channel === "string"
    return {
      kind,
      type: archive !== undefined || (kind === "pypi" && isArchive(location)) ? "archive" : "source",
      name,
      version: entry.version ?? archive?.version ?? null,
      // The build string of a source package that was not built yet is empty.
      build: kind === "pypi" ? null : entry.build || (archive?.build ?? null),
      subdir: kind === "pypi" ? null : entry.subdir ?? directory?.subdir ?? null,
      location,
      channel: isOfChannel ? directoryOf(`${entry.channel}/-`).channel : directory?.channel ?? null,
      index: kind === "pypi" && typeof entry.index === "string" ? normalized(entry.index) : null,
      sha256: entry.sha256 ?? null,
      md5: entry.md5 ?? null,
      size: typeof entry.size === "string" ? Number(entry.size) : null,
      dependencies: entry.depends ?? entry.requires_dist ?? [],
      reference
    }
  })
}

/** The parts of `DIRECTORY/NAME-VERSION-BUILD.conda`. */
const archiveOf = (location: string) => {
  const extension = [".conda", ".tar.bz2", ".whl"].find((end) => location.endsWith(end))
  if (extension === undefined) return undefined
  const slash = lastSlash(location)
  const stem = location.slice(slash + 1, -extension.length)
  const build = stem.lastIndexOf("-")
  const version = stem.lastIndexOf("-", build - 1)
  if (version < 1 || version === build - 1 || build === stem.length - 1) return undefined
  return {
    name: stem.slice(0, version),
    version: stem.slice(version + 1, build),
    build: stem.slice(build + 1),
    directory: location.slice(0, Math.max(slash, 0))
  }
}

const lastSlash = (location: string): number => Math.max(location.lastIndexOf("/"), location.lastIndexOf("\\"))
