/** What is installed in a virtual environment such as uv's `.venv`, read from its files: no process is started. */
import { normalized } from "@darb/package-manager/driver/Location"
import * as DistInfo from "@darb/python/DistInfo"
import * as FileHead from "@darb/python/FileHead"
import * as Pep508 from "@darb/python/Pep508"
import * as PepVersion from "@darb/python/Version"
import type * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Array from "effect/Array"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Predicate from "effect/Predicate"

/** A file of the environment cannot be read, or is not what it should be. */
export class UvPrefixError extends Data.TaggedError("UvPrefixError")<{
  readonly file: string
  readonly reason: string
}> {
  override get message() {
    return `${this.file}: ${this.reason}`
  }
}

/** A package that is installed. */
export interface InstalledPackage {
  /** Normalized: lower case, with single `-` for `-`, `_` and `.`. */
  readonly name: string
  /** As uv writes it: `1.0rc1` for `01.0-RC1`. */
  readonly version: string
  /** Such as `uv` or `pip`, where it is known. */
  readonly installer: string | null
  /** The URL of what is from no index, without credentials, as it compares with `UvLock.sourceOf` (PEP 610). */
  readonly location: string | null
  /** Whether the package is used where its sources are. */
  readonly editable: boolean
}

/** Something that is named like an installed package, and is none. */
export interface BrokenPackage {
  /** The `.dist-info`, or the file in it that is at fault. */
  readonly file: string
  readonly reason: string
}

export interface Installed {
  readonly packages: ReadonlyArray<InstalledPackage>
  /**
   * Sorted by file. Of a package without `METADATA` nobody knows what works. uv takes some of these for installed and fails
   * for others; making the environment anew helps.
   */
  readonly broken: ReadonlyArray<BrokenPackage>
}

/** The Python of an environment. */
export interface Python {
  /** Such as `3.11.7`. */
  readonly version: string
  /** Such as `CPython` or `PyPy`. */
  readonly implementation: string
  /** The directory that has the executable which the environment was made with. */
  readonly home: string
}

/**
 * The packages of the virtual environment in a directory, such as `.venv`, whoever installed them, sorted by name, then by
 * version: there are two where an installer left an old one behind. A package is what has a `.dist-info` in `site-packages`,
 * for the Python of the environment if there are several. A directory that does not exist has none. What is there only in
 * part is none: `inspect` tells of it. It fails where something cannot be read, because then nobody knows.
 */
export const read: (
  directory: string
) => Effect.Effect<ReadonlyArray<InstalledPackage>, UvPrefixError, FileSystem.FileSystem | Path.Path> = Effect.fn(
  "UvPrefix.read"
)((directory) => Effect.map(found(directory), ({ packages }) => packages))

/** The packages as `read` has them, and what is there only in part: an installer that is killed leaves that. */
export const inspect: (
  directory: string
) => Effect.Effect<Installed, UvPrefixError, FileSystem.FileSystem | Path.Path> = Effect.fn("UvPrefix.inspect")(
  (directory) => found(directory)
)

/**
 * What `pyvenv.cfg` says of the Python of the virtual environment in a directory, whoever made it; `undefined` where there
 * is no such file.
 */
export const python: (
  directory: string
) => Effect.Effect<Python | undefined, UvPrefixError, FileSystem.FileSystem | Path.Path> = Effect.fn(
  "UvPrefix.python"
)(
  function*(directory) {
    const path = yield* Path.Path
    const file = path.join(directory, "pyvenv.cfg")
    const text = yield* textOf(file, FileHead.makeBuffer())
    if (text === undefined) return undefined
    const found = pythonOf(text)
    return typeof found === "string" ? yield* new UvPrefixError({ file, reason: found }) : found
  },
  Effect.catchTag("Unread", ({ file, reason }) => new UvPrefixError({ file, reason }))
)

const found = Effect.fnUntraced(
  function*(directory: string) {
    const places = yield* DistInfo.sitePackagesIn(directory, ["lib", "lib64"])
    const minor = yield* minorOf(directory)
    const used = places.filter((place) => minor === undefined || place.python === undefined || place.python === minor)
    const all = yield* FileHead.forEach(used.flatMap(({ packages }) => packages), packageIn)
    const [broken, packages] = Array.separate(all)
    const installed: Installed = {
      packages: packages.sort((a, b) => compare(a.name, b.name) || Pep508.compareVersions(a.version, b.version)),
      broken: broken.sort((a, b) => compare(a.file, b.file))
    }
    return installed
  },
  Effect.catchTag("Unread", ({ file, reason }) => new UvPrefixError({ file, reason }))
)

/** Bytes of `pyvenv.cfg` and of `direct_url.json`. */
const longest = 256 * 1024

const packageIn = (directory: string, buffer: Uint8Array) =>
  installedIn(directory, buffer).pipe(
    Effect.map(Either.right),
    Effect.catchIf(
      ({ why }) => why !== "unreadable",
      ({ file, reason }) => Effect.succeed(Either.left({ file, reason }))
    )
  )

const installedIn = Effect.fnUntraced(function*(directory: string, buffer: Uint8Array) {
  const path = yield* Path.Path
  const unfit = (name: string, reason: string) =>
    new FileHead.Unread({ file: path.join(directory, name), why: "unfit", reason })
  if (path.basename(directory).startsWith("~")) {
    return yield* unfit("", "pip renamed it to remove it, and did not: it can be deleted")
  }
  const metadata = yield* DistInfo.metadataIn(directory, buffer)
  const name = Pep508.normalizedName(metadata.name)
  if (name === undefined) return yield* unfit("METADATA", `${shown(metadata.name)} is no name of a package`)
  const version = PepVersion.parse(metadata.version)
  if (version === undefined) return yield* unfit("METADATA", `${shown(metadata.version)} is no version`)
  const installer = yield* DistInfo.installerOf(directory, buffer)
  const json = yield* textOf(path.join(directory, "direct_url.json"), buffer)
  const origin = json === undefined ? { location: null, editable: false } : originOf(json)
  if (origin === undefined) return yield* unfit("direct_url.json", "it is no JSON object with a `url`")
  const installed: InstalledPackage = {
    name,
    version: PepVersion.format(version),
    installer: installer?.trim().split(/[\r\n]/, 1)[0] || null,
    location: origin.location,
    editable: origin.editable
  }
  return installed
})

const textOf = Effect.fnUntraced(function*(file: string, buffer: Uint8Array) {
  const head = yield* FileHead.read(file, buffer, FileHead.strict).pipe(
    Effect.catchIf(({ why }) => why === "absent", () => Effect.succeed(undefined))
  )
  return head && (yield* FileHead.readWhole(file, head, longest, FileHead.strict))
})

/** Where `direct_url.json` says that a package is from. */
const originOf = (text: string) => {
  const json = Either.getOrUndefined(Either.try((): unknown => JSON.parse(text)))
  if (!Predicate.hasProperty(json, "url") || !Predicate.isString(json.url)) return undefined
  const info = Predicate.hasProperty(json, "dir_info") ? json.dir_info : undefined
  return {
    location: normalized(json.url),
    editable: Predicate.hasProperty(info, "editable") && info.editable === true
  }
}

/** The minor version of Python, if `pyvenv.cfg` says it. */
const minorOf = (directory: string) =>
  python(directory).pipe(
    Effect.map((found) => /^\d+\.\d+/.exec(found?.version ?? "")?.[0]),
    Effect.orElseSucceed(() => undefined)
  )

/** What the text of a `pyvenv.cfg` says, or what is wrong with it. */
const pythonOf = (text: string): Python | string => {
  const values = new Map<string, string>()
  for (const line of text.split(/\r\n|\r|\n/)) {
    const [key = "", ...value] = line.split("=")
    if (value.length > 0) values.set(key.trim().toLowerCase(), value.join("=").trim())
  }
  // uv and virtualenv write the first of these, `python -m venv` the second.
  const written = values.get("version_info") ?? values.get("version")
  if (written === undefined) return "it has no `version_info` and no `version`: make the environment anew"
  const version = versionOf(written)
  if (version === undefined) return `${shown(written)} is no version of Python: make the environment anew`
  const home = values.get("home")
  if (!home) return "it has no `home`, where its Python is: make the environment anew"
  return { version, implementation: values.get("implementation") || "CPython", home }
}

const phases: Readonly<Record<string, string>> = { alpha: "a", beta: "b", candidate: "rc" }

/** virtualenv writes `3.11.7.final.0` and `3.14.0.candidate.2`; a Python between two releases has a `+` at the end. */
const versionOf = (text: string): string | undefined => {
  const plain = text
    .replace(/\.final\.\d+$/, "")
    .replace(/\.(alpha|beta|candidate)\.(\d+)$/, (_, phase: string, number) => `${phases[phase]}${number}`)
    .replace(/\+$/, "")
  return /^\d+\.\d+/.test(plain) && Pep508.isVersion(plain) ? plain : undefined
}

const shown = (text: string): string => JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text)

const compare = (a: string, b: string): number => a < b ? -1 : a > b ? 1 : 0
