/**
 * Reads the installed packages and the Python of a virtual environment from its files.
 *
 * @module
 * @since 0.1.0
 */
import { normalized } from "@darb/package-manager/driver/Location"
import * as DistInfo from "@darb/python/DistInfo"
import * as FileHead from "@darb/python/FileHead"
import * as Pep508 from "@darb/python/Pep508"
import * as PepVersion from "@darb/python/Version"
import type * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Array from "effect/Array"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Order from "effect/Order"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"

/**
 * A file of the environment cannot be read or is invalid.
 *
 * @since 0.1.0
 * @category errors
 */
export class UvPrefixError extends Schema.TaggedError<UvPrefixError>()("UvPrefixError", {
  file: Schema.String,
  reason: Schema.String
}) {
  override get message() {
    return `${this.file}: ${this.reason}`
  }
}

/**
 * A package in `site-packages`, as its `.dist-info` describes it.
 *
 * @since 0.1.0
 * @category models
 */
export interface InstalledPackage {
  /** Normalized (PEP 503). */
  readonly name: string
  /** Normalized (PEP 440): `1.0rc1` for `01.0-RC1`. */
  readonly version: string
  /** The program that installed it, such as `uv` or `pip`, if known. */
  readonly installer: string | null
  /** The URL of a package from no index (PEP 610), without credentials. It compares with `UvLock.sourceOf`. */
  readonly location: string | null
  /** Whether Python imports the package from its source directory. */
  readonly editable: boolean
}

/**
 * An incomplete or invalid package, such as an installer that was killed leaves.
 *
 * @since 0.1.0
 * @category models
 */
export interface BrokenPackage {
  /** The `.dist-info` directory, or the invalid file in it. */
  readonly file: string
  readonly reason: string
}

/**
 * All packages of a prefix, and those whose description is broken.
 *
 * @since 0.1.0
 * @category models
 */
export interface Installed {
  /** Sorted by name, then by version. An installer may have left an older version behind. */
  readonly packages: ReadonlyArray<InstalledPackage>
  /** Sorted by file. uv ignores some broken packages and fails on others; a new environment has none. */
  readonly broken: ReadonlyArray<BrokenPackage>
}

/**
 * The Python of a virtual environment, as `pyvenv.cfg` names it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Python {
  /** Such as `3.11.7`. */
  readonly version: string
  /** Such as `CPython` or `PyPy`. */
  readonly implementation: string
  /** The directory of the Python executable that the environment was created with. */
  readonly home: string
}

type Read<A> = Effect.Effect<A, UvPrefixError, FileSystem.FileSystem | Path.Path>

/**
 * The packages of a virtual environment, such as `.venv`, from the `.dist-info` directories for its Python. Any program may
 * have installed them. Broken packages are left out. A directory that does not exist has no packages.
 *
 * @since 0.1.0
 * @category decoding
 */
export const read: (directory: string) => Read<ReadonlyArray<InstalledPackage>> = Effect.fn("UvPrefix.read")(
  (directory) => Effect.map(readAll(directory), ({ packages }) => packages)
)

/**
 * The packages of a virtual environment, including the broken ones.
 *
 * @since 0.1.0
 * @category decoding
 */
export const inspect: (directory: string) => Read<Installed> = Effect.fn("UvPrefix.inspect")(
  (directory) => readAll(directory)
)

/**
 * The Python of a virtual environment from its `pyvenv.cfg`, or `undefined` if it has none.
 *
 * @since 0.1.0
 * @category operations
 */
export const python: (directory: string) => Read<Python | undefined> = Effect.fn("UvPrefix.python")(
  function*(directory) {
    const path = yield* Path.Path
    const file = path.join(directory, "pyvenv.cfg")
    const text = yield* readText(file)
    if (text === undefined) return undefined
    return yield* Either.mapLeft(parsePyvenv(text), (reason) => new UvPrefixError({ file, reason }))
  },
  Effect.catchTag("Unread", ({ file, reason }) => new UvPrefixError({ file, reason }))
)

const readAll = Effect.fnUntraced(
  function*(directory: string) {
    const places = yield* DistInfo.sitePackagesIn(directory, ["lib", "lib64"])
    const found = yield* Effect.orElseSucceed(python(directory), () => undefined)
    const minor = /^\d+\.\d+/.exec(found?.version ?? "")?.[0]
    const directories = places
      .filter((place) => minor === undefined || place.python === undefined || place.python === minor)
      .flatMap(({ packages }) => packages)
    const [broken, packages] = Array.separate(yield* readPackages(directories))
    // Nobody knows whether the package is broken.
    const unreadable = broken.find(({ why }) => why === "unreadable")
    if (unreadable !== undefined) return yield* unreadable
    const byName = Order.mapInput(Order.string, ({ name }: InstalledPackage) => name)
    const byVersion = (a: InstalledPackage, b: InstalledPackage) => Pep508.compareVersions(a.version, b.version)
    const installed: Installed = {
      packages: packages.sort((a, b) => byName(a, b) || byVersion(a, b)),
      broken: broken.map(({ file, reason }) => ({ file, reason })).sort(
        Order.mapInput(Order.string, ({ file }) => file)
      )
    }
    return installed
  },
  Effect.catchTag("Unread", ({ file, reason }) => new UvPrefixError({ file, reason }))
)

const readPackages = FileHead.remembering(
  Effect.fnUntraced(function*(directory: string) {
    const path = yield* Path.Path
    const invalid = (name: string, reason: string) =>
      new FileHead.Unread({ file: path.join(directory, name), why: "unfit", reason })
    if (path.basename(directory).startsWith("~")) {
      return yield* invalid("", "pip renamed it but did not remove it; delete it")
    }
    const metadata = yield* DistInfo.metadataIn(directory)
    const name = Pep508.normalizedName(metadata.name)
    if (name === undefined) return yield* invalid("METADATA", `${shorten(metadata.name)} is not the name of a package`)
    const version = PepVersion.parse(metadata.version)
    if (version === undefined) return yield* invalid("METADATA", `${shorten(metadata.version)} is not a version`)
    const installer = yield* DistInfo.installerOf(directory)
    const json = yield* readText(path.join(directory, "direct_url.json"))
    const origin = json === undefined ? { location: null, editable: false } : parseDirectUrl(json)
    if (origin === undefined) return yield* invalid("direct_url.json", "it is not a JSON object with a `url`")
    const installed: InstalledPackage = {
      name,
      version: PepVersion.format(version),
      installer: installer?.trim().split(/[\r\n]/, 1)[0] || null,
      ...origin
    }
    return installed
  }),
  ["METADATA"]
)

/** The limit for `pyvenv.cfg` and `direct_url.json` in bytes. */
const longest = 256 * 1024

/** The text of a file, or `undefined` if it does not exist. */
const readText = (file: string) =>
  FileHead.read(file).pipe(
    Effect.flatMap((head) => FileHead.wholeText(file, head, longest, FileHead.strict)),
    Effect.catchIf(({ why }) => why === "absent", () => Effect.succeed(undefined))
  )

const parseDirectUrl = (text: string) => {
  const json = Either.getOrUndefined(Either.try((): unknown => JSON.parse(text)))
  if (!Predicate.hasProperty(json, "url") || !Predicate.isString(json.url)) return undefined
  const info = Predicate.hasProperty(json, "dir_info") ? json.dir_info : undefined
  return {
    location: normalized(json.url),
    editable: Predicate.hasProperty(info, "editable") && info.editable === true
  }
}

const parsePyvenv = (text: string): Either.Either<Python, string> => {
  const lines = text.split(/\r\n|\r|\n/).map((line) => line.split("="))
  const values = new Map(
    lines.flatMap(([key = "", ...value]) =>
      value.length === 0 ? [] : [[key.trim().toLowerCase(), value.join("=").trim()]]
    )
  )
  // uv and virtualenv write `version_info`, `python -m venv` writes `version`.
  const written = values.get("version_info") ?? values.get("version")
  const remedy = "create the environment again"
  if (written === undefined) return Either.left(`it has no \`version_info\` and no \`version\`; ${remedy}`)
  const version = parsePythonVersion(written)
  if (version === undefined) return Either.left(`${shorten(written)} is not a version of Python; ${remedy}`)
  const home = values.get("home")
  if (!home) return Either.left(`it has no \`home\`, the directory of its Python; ${remedy}`)
  return Either.right({ version, implementation: values.get("implementation") || "CPython", home })
}

const phases: Readonly<Record<string, string>> = { alpha: "a", beta: "b", candidate: "rc" }

/** virtualenv writes `3.11.7.final.0` and `3.14.0.candidate.2`. A development version of Python ends with `+`. */
const parsePythonVersion = (text: string): string | undefined => {
  const version = text
    .replace(/\.final\.\d+$/, "")
    .replace(/\.(alpha|beta|candidate)\.(\d+)$/, (_, phase: string, number) => `${phases[phase]}${number}`)
    .replace(/\+$/, "")
  return /^\d+\.\d+/.test(version) && Pep508.isVersion(version) ? version : undefined
}

const shorten = (text: string): string => JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text)
