/**
 * Reads the packages that are linked into a prefix, without pixi.
 *
 * @module
 * @since 0.1.0
 */
import type * as Package from "@darb/package-manager/Package"
import * as DistInfo from "@darb/python/DistInfo"
import * as FileHead from "@darb/python/FileHead"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"

/**
 * A file of the prefix cannot be read or decoded.
 *
 * @since 0.1.0
 * @category errors
 */
export class PixiPrefixError extends Schema.TaggedError<PixiPrefixError>("@darb/pixi/PixiPrefixError")(
  "PixiPrefixError",
  { file: Schema.String, reason: Schema.String }
) {
  override get message() {
    return `${this.file}: ${this.reason}`
  }
}

/**
 * A linked package.
 *
 * @since 0.1.0
 * @category models
 */
export interface LinkedPackage {
  readonly kind: Package.Kind
  readonly name: string
  readonly version: string
  /** The build string of a conda package. */
  readonly build: string | null
}

/**
 * A prefix, with the names in its directory.
 *
 * @since 0.1.0
 * @category models
 */
export interface PixiPrefix {
  readonly directory: string
  readonly names: ReadonlyArray<string>
  /** The names in its `conda-meta`. */
  readonly meta: ReadonlyArray<string>
}

/**
 * Lists the directory of a prefix.
 *
 * @since 0.1.0
 * @category constructors
 */
export const open = Effect.fnUntraced(function*(directory: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const names = yield* Effect.mapError(fs.readDirectory(directory), FileHead.unreadable(directory))
  const meta = names.includes("conda-meta") ? yield* FileHead.namesIn(path.join(directory, "conda-meta")) : []
  const prefix: PixiPrefix = { directory, names, meta }
  return prefix
})

type Read = (
  prefix: PixiPrefix
) => Effect.Effect<ReadonlyArray<LinkedPackage>, PixiPrefixError, FileSystem.FileSystem | Path.Path>

/** The name of a record: neither version nor build has a dash. */
const recordName = /^(.+)-([^-/\\]+)-([^-/\\]*)\.json$/

type Check = (
  files: ReadonlyArray<string>
) => Effect.Effect<ReadonlyArray<Either.Either<unknown, FileHead.Unread>>, never, FileSystem.FileSystem>

const prefixError = ({ file, reason }: FileHead.Unread) => new PixiPrefixError({ file, reason })

const readWith = (check: Check): Read =>
  Effect.fnUntraced(
    function*({ directory, meta, names }) {
      const path = yield* Path.Path
      const place = path.join(directory, "conda-meta")
      const records = meta.filter((name) => name.endsWith(".json"))
      const conda = records.flatMap((file): ReadonlyArray<LinkedPackage> => {
        const [, name, version = "", build = ""] = recordName.exec(file) ?? []
        return name === undefined ? [] : [{ kind: "conda", name, version, build }]
      })
      yield* Either.all(yield* check(records.map((name) => `${place}/${name}`)))
      const places = yield* DistInfo.sitePackagesIn(directory, ["lib"], { names })
      const pypi = yield* Either.all(yield* pypiPackages(places.flatMap(({ packages }) => packages)))
      return [...conda, ...pypi.flatMap(Option.toArray)].sort((a, b) => a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
    },
    Effect.mapError(prefixError)
  )

/** Fails for a record that is damaged: empty, without its end, or not a JSON object at its start. */
const checkRecords = FileHead.remembering(Effect.fnUntraced(function*(file: string) {
  const head = yield* FileHead.read(file)
  const text = (bytes: Uint8Array) => new TextDecoder("latin1").decode(bytes)
  const isWhole = recordName.test(file) && /^\s*\{\s*"/.test(text(head.bytes.subarray(0, 100))) &&
    /\}\s*$/.test(text((yield* FileHead.end(file, head)).subarray(-100)))
  if (!isWhole) {
    return yield* new FileHead.Unread({ file, why: "unfit", reason: "it is not a whole record of a package" })
  }
}))

/**
 * The packages of a prefix. Fails if a record is damaged: empty, without its end, or not JSON at its start.
 *
 * @since 0.1.0
 * @category operations
 */
export const check: Read = readWith(checkRecords)

/**
 * The same without a look into the records.
 *
 * @since 0.1.0
 * @category operations
 */
export const list: Read = readWith(() => Effect.succeed([]))

/**
 * Reads the packages of a prefix, such as `.pixi/envs/default`, sorted by name. A directory that does not exist has none.
 * Conda packages are known by the names of their records; Python packages are those that pixi itself installed, from an index,
 * a URL or a path. Fails if a record is damaged: empty, without its end, or not JSON at its start.
 *
 * @since 0.1.0
 * @category decoding
 */
export const read = Effect.fn("PixiPrefix.read")((directory: string) =>
  open(directory).pipe(
    Effect.catchIf(({ why }) => why === "absent", () => Effect.succeed({ directory, names: [], meta: [] })),
    Effect.mapError(prefixError),
    Effect.flatMap(check)
  )
)

const pypiPackages = FileHead.remembering(
  Effect.fnUntraced(function*(directory: string) {
    const installer = yield* DistInfo.installerOf(directory)
    if (installer === undefined || !/^(?:uv-)?pixi\s*$/.test(installer)) return Option.none()
    const found = yield* DistInfo.metadataIn(directory)
    const name = found.name.toLowerCase().replace(/[-_.]+/g, "-")
    const linked: LinkedPackage = { kind: "pypi", name, version: found.version, build: null }
    return Option.some(linked)
  }),
  ["METADATA"]
)
