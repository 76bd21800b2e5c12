/** What is linked into an environment of pixi, read from its files: no process is started. */
import { normalized } from "@darb/package-manager/driver/Location"
import type * as Package from "@darb/package-manager/Package"
import * as DistInfo from "@darb/python/DistInfo"
import * as FileHead from "@darb/python/FileHead"
import type * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Record from "./PixiPrefixRecord.js"

/** A file of the environment cannot be read, or is not what it should be. */
export class PixiPrefixError extends Data.TaggedError("PixiPrefixError")<{
  readonly file: string
  readonly reason: string
}> {
  override get message() {
    return `${this.file}: ${this.reason}`
  }
}

/** A package that is linked. */
export interface LinkedPackage {
  readonly kind: Package.Kind
  readonly name: string
  readonly version: string
  /** The build string of a conda package. */
  readonly build: string | null
  /** The URL of the channel of a conda package, without a trailing slash, where the record says it. */
  readonly channel: string | null
}

/**
 * The packages of the environment in a directory, such as `.pixi/envs/default`, sorted by name. A directory that does not
 * exist has none. Python packages are those that pixi installed from an index, a URL or a path.
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

/** Bytes that a record may have where its head does not tell all. */
const longest = 64 * 1024 * 1024

const condaPackage = Effect.fnUntraced(function*(file: string, buffer: Uint8Array) {
  const head = yield* FileHead.read(file, buffer, FileHead.strict)
  const record = Record.ofHead(head.text) ?? (yield* wholeRecord(file, head))
  const { build, channel, name, version } = record
  const linked: LinkedPackage = { kind: "conda", name, version, build, channel: channel && normalized(channel) }
  return linked
})

const wholeRecord = Effect.fnUntraced(function*(file: string, head: FileHead.Head) {
  const text = yield* FileHead.readWhole(file, head, longest, FileHead.strict)
  const json = yield* Effect.try({
    try: (): unknown => JSON.parse(text),
    catch: (cause) => new PixiPrefixError({ file, reason: `it is not JSON: ${String(cause).slice(0, 200)}` })
  })
  const record = Record.ofJson(json)
  return typeof record === "string" ? yield* new PixiPrefixError({ file, reason: record }) : record
})

const pypiPackage = Effect.fnUntraced(function*(directory: string, buffer: Uint8Array) {
  const installer = yield* DistInfo.installerOf(directory, buffer)
  if (installer === undefined || !/^(?:uv-)?pixi\s*$/.test(installer)) return Option.none()
  const found = yield* DistInfo.metadataIn(directory, buffer)
  const name = found.name.toLowerCase().replace(/[-_.]+/g, "-")
  const linked: LinkedPackage = { kind: "pypi", name, version: found.version, build: null, channel: null }
  return Option.some(linked)
})
