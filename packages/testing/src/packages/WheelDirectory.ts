/**
 * A small package index of wheels, generated on disk, for tests that run the real uv without a network.
 *
 * ```ts
 * const { url, wheels } = yield* WheelDirectory.make(WheelDirectory.examples)
 * // uv add --default-index ${url} -- app
 * // uv add --no-index --find-links ${wheels} -- app
 * ```
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
import * as Array from "effect/Array"
import * as Effect from "effect/Effect"
import * as Encoding from "effect/Encoding"
import type * as Scope from "effect/Scope"
import * as Bytes from "./Bytes.js"
import * as FileServer from "./FileServer.js"
import * as Wheel from "./Wheel.js"

/**
 * A package of the index, and how its archive is broken, if it is.
 *
 * @since 0.1.0
 * @category models
 */
export interface PythonPackage extends Wheel.Contents {
  /**
   * `missing`: the index lists the wheel, but the file does not exist. `broken`: the file exists, but is not an archive.
   * Over HTTP the download fails; on disk the choice of versions does.
   */
  readonly archive?: "missing" | "broken" | undefined
}

/**
 * An index on disk. It needs no server.
 *
 * @since 0.1.0
 * @category models
 */
export interface WheelDirectory {
  /** The absolute path. The index is in `simple`, its files in `wheels`. */
  readonly directory: string
  /** The absolute path of the directory with the wheels, for `--find-links`. */
  readonly wheels: string
  /** The URL of the index, without a trailing slash, for `--default-index` and `--index`. */
  readonly url: string
}

/**
 * Writes an index and its wheels into a directory.
 *
 * @since 0.1.0
 * @category constructors
 */
export const write = Effect.fn("WheelDirectory.write")(function*(
  directory: string,
  packages: ReadonlyArray<PythonPackage>
): Effect.fn.Return<WheelDirectory, PlatformError, FileSystem.FileSystem | Path.Path> {
  const fileSystem = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const root = path.resolve(directory)
  const [simple, wheels] = [path.join(root, "simple"), path.join(root, "wheels")]
  const built = yield* Effect.forEach(packages, build)
  const byProject = Array.groupBy(built, ({ project }) => project)

  yield* fileSystem.makeDirectory(simple, { recursive: true })
  yield* fileSystem.makeDirectory(wheels, { recursive: true })
  for (const { archive, fileName, metadata } of built) {
    if (archive !== undefined) yield* fileSystem.writeFile(path.join(wheels, fileName), archive)
    yield* fileSystem.writeFile(path.join(wheels, `${fileName}.metadata`), metadata)
  }
  for (const [project, releases] of Object.entries(byProject)) {
    yield* fileSystem.makeDirectory(path.join(simple, project), { recursive: true })
    yield* fileSystem.writeFileString(
      path.join(simple, project, "index.html"),
      page(releases.map(({ anchor }) => anchor))
    )
  }
  yield* fileSystem.writeFileString(
    path.join(simple, "index.html"),
    page(Object.keys(byProject).map((project) => `<a href="${project}/">${project}</a>`))
  )

  const { href } = yield* path.toFileUrl(simple)
  return { directory: root, wheels, url: href.replace(/\/$/, "") }
})

/**
 * Writes an index into a temporary directory, which is removed when the scope closes.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.fn("WheelDirectory.make")(function*(
  packages: ReadonlyArray<PythonPackage>
): Effect.fn.Return<WheelDirectory, PlatformError, FileSystem.FileSystem | Path.Path | Scope.Scope> {
  const fileSystem = yield* FileSystem.FileSystem
  return yield* write(yield* fileSystem.makeTempDirectoryScoped({ prefix: "wheel-directory-" }), packages)
})

/**
 * Serves an index over HTTP with `FileServer.serve`; the URL is that of the index. Metadata is served beside each wheel, so
 * that versions are chosen before anything is downloaded.
 *
 * @since 0.1.0
 * @category constructors
 */
export const serve = Effect.fn("WheelDirectory.serve")((
  { directory }: WheelDirectory,
  options?: FileServer.ServeOptions
): Effect.Effect<
  FileServer.Served,
  never,
  HttpServer.HttpServer | FileSystem.FileSystem | Path.Path | Scope.Scope
> => Effect.map(FileServer.serve(directory, options), (served) => ({ ...served, url: `${served.url}/simple` })))

/**
 * Example packages, as far as possible those of `CondaChannel.examples`: several versions, dependencies, one that is
 * unsatisfiable (`orphan`), a long download (`bulky`), a wheel that is not an archive (`broken`), one for a future Python
 * (`py4`), and one for another platform (`winonly`).
 *
 * @since 0.1.0
 * @category values
 */
export const examples: ReadonlyArray<PythonPackage> = [
  { name: "greet", version: "1.0" },
  { name: "greet", version: "1.1" },
  { name: "greet", version: "2.0" },
  { name: "libleaf", version: "0.1.0" },
  { name: "libleaf", version: "0.2.0" },
  { name: "app", version: "1.0", requires: ["libleaf>=0.1", "greet>=1,<2"] },
  { name: "app", version: "2.0", requires: ["libleaf>=0.2", "greet>=2"] },
  { name: "orphan", version: "1.0", requires: ["nowhere>=1"] },
  { name: "bulky", version: "1.0", padding: 4 * 1024 * 1024 },
  { name: "broken", version: "1.0", archive: "broken" },
  { name: "py4", version: "1.0", requiresPython: ">=4" },
  { name: "winonly", version: "1.0", tags: "py3-none-win_amd64" }
]

const build = Effect.fnUntraced(function*(options: PythonPackage) {
  const { bytes, fileName, metadata, project } = yield* Wheel.make(options)
  const archive = options.archive === "broken" ? Bytes.encode("This is not an archive.\n") : bytes
  const attributes = {
    href: `../../wheels/${encodeURIComponent(fileName)}#sha256=${yield* sha256(archive)}`,
    ...(options.requiresPython === undefined ? {} : { "data-requires-python": options.requiresPython }),
    "data-core-metadata": `sha256=${yield* sha256(metadata)}`
  }
  const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${escaped(value)}"`).join("")
  return {
    project,
    fileName,
    metadata,
    archive: options.archive === "missing" ? undefined : archive,
    anchor: `<a${written}>${escaped(fileName)}</a>`
  }
})

const sha256 = (bytes: Bytes.Bytes): Effect.Effect<string> => Effect.map(Bytes.sha256(bytes), Encoding.encodeHex)

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("\"", "&quot;")

const page = (anchors: ReadonlyArray<string>): string =>
  `<!DOCTYPE html>\n<html><body>\n${anchors.map((anchor) => `${anchor}<br>\n`).join("")}</body></html>\n`
