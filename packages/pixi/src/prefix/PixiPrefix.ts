/** Reads the packages that are linked into a prefix, without pixi. */
import { normalized } from "@darb/package-manager/driver/Location"
import type * as Package from "@darb/package-manager/Package"
import * as DistInfo from "@darb/python/DistInfo"
import * as FileHead from "@darb/python/FileHead"
import type * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { firstIssue } from "../FirstIssue.js"
import * as Record from "./PixiPrefixRecord.js"

/** A file of the prefix cannot be read or decoded. */
export class PixiPrefixError extends Schema.TaggedError<PixiPrefixError>("@darb/pixi/PixiPrefixError")(
  "PixiPrefixError",
  { file: Schema.String, reason: Schema.String }
) {
  override get message() {
    return `${this.file}: ${this.reason}`
  }
}

/** A linked package. */
export interface LinkedPackage {
  readonly kind: Package.Kind
  readonly name: string
  readonly version: string
  /** The build string of a conda package. */
  readonly build: string | null
  /** The URL of the channel of a conda package, without a trailing slash, if the record has it. */
  readonly channel: string | null
}

/**
 * Reads the packages of a prefix, such as `.pixi/envs/default`, sorted by name. A directory that does not exist has none.
 * Python packages are those that pixi itself installed, from an index, a URL or a path.
 */
export const read: (
  directory: string
) => Effect.Effect<ReadonlyArray<LinkedPackage>, PixiPrefixError, FileSystem.FileSystem | Path.Path> = Effect.fn(
  "PixiPrefix.read"
)(
  function*(directory) {
    const path = yield* Path.Path
    const meta = path.join(directory, "conda-meta")
    const records = (yield* FileHead.namesIn(meta)).filter((name) => name.endsWith(".json"))
    const conda = yield* FileHead.forEach(records.map((name) => path.join(meta, name)), condaPackage)
    const places = yield* DistInfo.sitePackagesIn(directory, ["lib"])
    const pypi = yield* FileHead.forEach(places.flatMap(({ packages }) => packages), pypiPackage)
    return [...conda, ...pypi.flatMap(Option.toArray)].sort((a, b) => a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
  },
  Effect.catchTag("Unread", ({ file, reason }) => new PixiPrefixError({ file, reason }))
)

/** In bytes. */
const longest = 64 * 1024 * 1024

const condaPackage = Effect.fnUntraced(function*(file: string, buffer: Uint8Array) {
  const head = yield* FileHead.read(file, buffer, FileHead.strict)
  const decoded = Record.decodeHead(head.text)
  const { build, channel, name, version } = Option.isSome(decoded) ? decoded.value : yield* wholeRecord(file, head)
  const linked: LinkedPackage = { kind: "conda", name, version, build, channel: channel && normalized(channel) }
  return linked
})

const wholeRecord = Effect.fnUntraced(function*(file: string, head: FileHead.Head) {
  const text = yield* FileHead.readWhole(file, head, longest, FileHead.strict)
  return yield* Effect.mapError(
    Record.decode(text),
    (error) => new PixiPrefixError({ file, reason: `it is not a record of a package: ${firstIssue(error)}` })
  )
})

const pypiPackage = Effect.fnUntraced(function*(directory: string, buffer: Uint8Array) {
  const installer = yield* DistInfo.installerOf(directory, buffer)
  if (installer === undefined || !/^(?:uv-)?pixi\s*$/.test(installer)) return Option.none()
  const found = yield* DistInfo.metadataIn(directory, buffer)
  const name = found.name.toLowerCase().replace(/[-_.]+/g, "-")
  const linked: LinkedPackage = { kind: "pypi", name, version: found.version, build: null, channel: null }
  return Option.some(linked)
})
