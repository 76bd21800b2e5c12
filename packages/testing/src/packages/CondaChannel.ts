/**
 * A small conda channel, generated on disk, for tests that run the real pixi without a network.
 *
 * The same packages give the same bytes.
 *
 * @module
 * @since 0.1.0
 */
import type { PlatformError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import type * as HttpServer from "@effect/platform/HttpServer"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Encoding from "effect/Encoding"
import * as Record from "effect/Record"
import type * as Scope from "effect/Scope"
import * as Bytes from "./Bytes.js"
import * as CondaArchive from "./CondaArchive.js"
import * as FileServer from "./FileServer.js"

/**
 * A package of the channel. Only name and version are required.
 *
 * @since 0.1.0
 * @category models
 */
export interface CondaPackage {
  readonly name: string
  readonly version: string
  /** By default `0`. */
  readonly build?: string | undefined
  readonly depends?: ReadonlyArray<string> | undefined
  readonly constrains?: ReadonlyArray<string> | undefined
  /** By default `noarch`. */
  readonly subdir?: string | undefined
  /** Texts by path in the environment; by default `share/NAME.txt` with the name and the version. */
  readonly files?: Readonly<Record<string, string>> | undefined
  /** The targets of symbolic links by path in the environment. */
  readonly links?: Readonly<Record<string, string>> | undefined
  /** Bytes of one more file, `share/NAME.bin`, for a long download. */
  readonly padding?: number | undefined
  /** `missing`: the channel lists the package but does not have the file, so that its download fails. */
  readonly archive?: "missing" | undefined
  /** A checksum to list instead of the true one. */
  readonly sha256?: string | undefined
}

/**
 * A channel on disk.
 *
 * @since 0.1.0
 * @category models
 */
export interface CondaChannel {
  /** The absolute path of the directory. */
  readonly directory: string
  /** The URL of the directory, without a trailing slash. */
  readonly url: string
}

/**
 * What a channel has besides its packages.
 *
 * @since 0.1.0
 * @category options
 */
export interface WriteOptions {
  /** Subdirectories to create even without a package; by default those of the common platforms. */
  readonly subdirs?: ReadonlyArray<string> | undefined
}

/**
 * Writes a channel into a directory.
 *
 * @since 0.1.0
 * @category constructors
 */
export const write = Effect.fn("CondaChannel.write")(function*(
  directory: string,
  packages: ReadonlyArray<CondaPackage>,
  options: WriteOptions = {}
): Effect.fn.Return<CondaChannel, PlatformError, FileSystem.FileSystem | Path.Path> {
  const fileSystem = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const root = path.resolve(directory)
  const built = yield* Effect.forEach(packages, build)

  for (const subdir of new Set([...options.subdirs ?? commonSubdirs, ...built.map(({ record }) => record.subdir)])) {
    const here = built.filter(({ record }) => record.subdir === subdir)
    yield* fileSystem.makeDirectory(path.join(root, subdir), { recursive: true })
    yield* fileSystem.writeFileString(
      path.join(root, subdir, "repodata.json"),
      json({
        info: { subdir },
        packages: {},
        "packages.conda": Object.fromEntries(here.map(({ fileName, record }) => [fileName, record])),
        removed: [],
        repodata_version: 1
      })
    )
    yield* Effect.forEach(
      here.filter(({ missing }) => !missing),
      ({ archive, fileName }) => fileSystem.writeFile(path.join(root, subdir, fileName), archive),
      { discard: true }
    )
  }

  const { href } = yield* path.toFileUrl(root)
  return { directory: root, url: href.replace(/\/$/, "") }
})

/**
 * Writes a channel into a temporary directory, which is removed when the scope closes.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.fn("CondaChannel.make")(function*(
  packages: ReadonlyArray<CondaPackage>
): Effect.fn.Return<CondaChannel, PlatformError, FileSystem.FileSystem | Path.Path | Scope.Scope> {
  const fileSystem = yield* FileSystem.FileSystem
  return yield* write(yield* fileSystem.makeTempDirectoryScoped({ prefix: "conda-channel-" }), packages)
})

/**
 * How the channel is served.
 *
 * @since 0.1.0
 * @category options
 */
export type ServeOptions = FileServer.ServeOptions

/**
 * A channel over HTTP, and the requests for it.
 *
 * @since 0.1.0
 * @category models
 */
export type ServedChannel = FileServer.Served

/**
 * Serves a channel over HTTP with `FileServer.serve`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const serve = Effect.fn("CondaChannel.serve")((
  channel: CondaChannel,
  options?: ServeOptions
): Effect.Effect<
  ServedChannel,
  never,
  HttpServer.HttpServer | FileSystem.FileSystem | Path.Path | Scope.Scope
> => FileServer.serve(channel.directory, options))

/**
 * Example packages: several versions, dependencies, one that is unsatisfiable (`orphan`), a long download (`bulky`), a
 * failing one (`broken`), and a package that some platforms lack (`native`). `python` is only a text file.
 *
 * @since 0.1.0
 * @category values
 */
export const examples: ReadonlyArray<CondaPackage> = [
  { name: "greet", version: "1.0" },
  { name: "greet", version: "1.1" },
  { name: "greet", version: "2.0" },
  { name: "libleaf", version: "0.1.0" },
  { name: "libleaf", version: "0.2.0" },
  { name: "app", version: "1.0", depends: ["libleaf >=0.1", "greet >=1,<2"] },
  { name: "app", version: "2.0", depends: ["libleaf >=0.2", "greet >=2"] },
  { name: "orphan", version: "1.0", depends: ["nowhere >=1"] },
  { name: "bulky", version: "1.0", padding: 4 * 1024 * 1024 },
  { name: "broken", version: "1.0", archive: "missing" },
  { name: "python", version: "3.11.9" },
  { name: "python", version: "3.12.4" },
  { name: "native", version: "1.0", subdir: "linux-64" },
  { name: "native", version: "1.0", subdir: "osx-arm64" }
]

const commonSubdirs = ["noarch", "linux-64", "linux-aarch64", "osx-64", "osx-arm64", "win-64"]

const build = Effect.fnUntraced(function*(options: CondaPackage) {
  const { build = "0", constrains = [], depends = [], links = {}, name, padding, subdir = "noarch", version } = options
  const texts = options.files ?? { [`share/${name}.txt`]: `${name} ${version}\n` }
  const files: Bytes.Files = {
    ...Record.map(texts, Bytes.encode),
    ...(padding === undefined ? {} : { [`share/${name}.bin`]: Bytes.filler(padding) })
  }
  const index = {
    name,
    version,
    build,
    build_number: Number(/(?:^|_)(\d+)$/.exec(build)?.[1] ?? 0),
    depends,
    constrains,
    subdir,
    ...(subdir === "noarch" ? { noarch: "generic" } : {}),
    license: "MIT",
    timestamp: 1_700_000_000_000
  }
  const paths = yield* Effect.forEach(Object.entries(files), ([path, bytes]) =>
    Effect.map(sha256(bytes), (sha256) => ({
      _path: path,
      path_type: "hardlink",
      sha256,
      size_in_bytes: bytes.length
    })))
  const softLinks = Object.keys(links).map((path) => ({ _path: path, path_type: "softlink" }))
  const info = {
    "info/index.json": Bytes.encode(json(index)),
    "info/paths.json": Bytes.encode(json({ paths_version: 1, paths: [...paths, ...softLinks] })),
    "info/files": Bytes.encode([...paths, ...softLinks].map(({ _path }) => `${_path}\n`).join(""))
  }
  const stem = `${name}-${version}-${build}`
  const archive = CondaArchive.make(stem, { info, files, links })
  return {
    fileName: `${stem}.conda`,
    archive,
    missing: options.archive === "missing",
    record: { ...index, size: archive.length, sha256: options.sha256 ?? (yield* sha256(archive)) }
  }
})

const sha256 = (bytes: Bytes.Bytes): Effect.Effect<string> => Effect.map(Bytes.sha256(bytes), Encoding.encodeHex)

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`
