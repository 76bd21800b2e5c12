/** What is linked into an environment of pixi, read from its files: no process is started. */
import type { PlatformError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { normalized } from "./internal/location.js"
import * as Record from "./internal/pixiPrefixRecord.js"
import type * as Package from "./Package.js"

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
)(function*(directory) {
  const path = yield* Path.Path
  const meta = path.join(directory, "conda-meta")
  const records = (yield* namesIn(meta)).filter((name) => name.endsWith(".json")).map((name) => path.join(meta, name))
  const conda = yield* forEach(records, condaPackage)
  const information = yield* distInfosIn(directory)
  const pypi = yield* forEach(information, pypiPackage)
  return [...conda, ...pypi.flatMap(Option.toArray)].sort((a, b) => a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
})

const workers = 8

/** For each with bounded concurrency, but with no fiber and no buffer for each: they take longer than reading a head. */
const forEach = <A, B, E, R>(
  items: ReadonlyArray<A>,
  f: (item: A, buffer: Uint8Array) => Effect.Effect<B, E, R>
) =>
  Effect.map(
    Effect.forEach(
      Array.from({ length: workers }, (_, worker) => items.filter((_, at) => at % workers === worker)),
      (share) => {
        const buffer = new Uint8Array(headSize)
        return Effect.forEach(share, (item) => f(item, buffer))
      },
      { concurrency: workers }
    ),
    (found) => found.flat()
  )

/** Bytes: of a file that are read first, and that a file may have where those are not enough. */
const [headSize, longest] = [4 * 1024, 64 * 1024 * 1024]

const condaPackage = Effect.fnUntraced(function*(file: string, buffer: Uint8Array) {
  const head = yield* headOf(file, buffer).pipe(Effect.catchTag("Absent", absentMeanwhile))
  const record = Record.ofHead(head.text) ?? (yield* wholeRecord(file, head))
  const { build, channel, name, version } = record
  const linked: LinkedPackage = { kind: "conda", name, version, build, channel: channel && normalized(channel) }
  return linked
})

const wholeRecord = Effect.fnUntraced(function*(file: string, head: Head) {
  const text = yield* wholeOf(file, head)
  const json = yield* Effect.try({
    try: (): unknown => JSON.parse(text),
    catch: (cause) => new PixiPrefixError({ file, reason: `it is not JSON: ${String(cause).slice(0, 200)}` })
  })
  const record = Record.ofJson(json)
  return typeof record === "string" ? yield* new PixiPrefixError({ file, reason: record }) : record
})

const pypiPackage = Effect.fnUntraced(function*(directory: string, buffer: Uint8Array) {
  const path = yield* Path.Path
  const by = yield* headOf(path.join(directory, "INSTALLER"), buffer).pipe(
    Effect.catchTag("Absent", () => Effect.succeed(none))
  )
  if (!/^(?:uv-)?pixi\s*$/.test(by.text)) return Option.none()
  const file = path.join(directory, "METADATA")
  const head = yield* headOf(file, buffer).pipe(Effect.catchTag("Absent", absentMeanwhile))
  const found = metadataOf(head.text) ?? metadataOf(`${yield* wholeOf(file, head)}\n`)
  if (found === undefined) return yield* new PixiPrefixError({ file, reason: "it has no name, or no version" })
  const name = found.name.toLowerCase().replace(/[-_.]+/g, "-")
  const linked: LinkedPackage = { kind: "pypi", name, version: found.version, build: null, channel: null }
  return Option.some(linked)
})

/** The fields of an e-mail's head: what follows the first empty line is the description. */
const metadataOf = (text: string): { readonly name: string; readonly version: string } | undefined => {
  const end = text.search(/\r?\n\r?\n/)
  const fields = end < 0 ? text.slice(0, text.lastIndexOf("\n") + 1) : text.slice(0, end + 1)
  const name = /^name:[ \t]*(\S+)[ \t\r]*$/im.exec(fields)?.[1]
  const version = /^version:[ \t]*(\S+)[ \t\r]*$/im.exec(fields)?.[1]
  return name === undefined || version === undefined ? undefined : { name, version }
}

const distInfosIn = Effect.fnUntraced(function*(directory: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const versions = (yield* namesIn(path.join(directory, "lib"))).filter((name) => /^python3\.\d+t?$/.test(name))
  const candidates = [
    ...versions.map((version) => path.join(directory, "lib", version, "site-packages")),
    path.join(directory, "Lib", "site-packages")
  ]
  const found = new Map<string, ReadonlyArray<string>>()
  for (const candidate of candidates) {
    const names = (yield* namesIn(candidate)).filter((name) => name.endsWith(".dist-info"))
    if (names.length === 0) continue
    // `lib/python3.1` is a link to `lib/python3.12`.
    const place = yield* Effect.mapError(fs.realPath(candidate), unreadable(candidate))
    found.set(place, names.map((name) => path.join(candidate, name)))
  }
  return [...found.values()].flat()
})

const namesIn = Effect.fnUntraced(function*(directory: string) {
  const fs = yield* FileSystem.FileSystem
  return yield* fs.readDirectory(directory).pipe(
    Effect.catchIf(isAbsent, () => Effect.succeed([])),
    Effect.mapError(unreadable(directory))
  )
})

interface Head {
  readonly text: string
  readonly size: number
}

const none: Head = { text: "", size: 0 }

class Absent extends Data.TaggedError("Absent")<{ readonly file: string }> {}

const absentMeanwhile = ({ file }: Absent) => new PixiPrefixError({ file, reason: "it is not there" })

/** The first bytes of a file. Whatever is no file, such as a pipe, is not even opened: that could wait for ever. */
const headOf = Effect.fnUntraced(function*(file: string, buffer: Uint8Array) {
  const fs = yield* FileSystem.FileSystem
  const failed = (error: PlatformError) => isAbsent(error) ? new Absent({ file }) : unreadable(file)(error)
  const { size, type } = yield* Effect.mapError(fs.stat(file), failed)
  if (type !== "File") return yield* new PixiPrefixError({ file, reason: "it is not a file" })
  const read = yield* fs.open(file, { flag: "r" }).pipe(
    Effect.flatMap((handle) => handle.read(buffer)),
    Effect.scoped,
    Effect.mapError(failed)
  )
  const head = buffer.subarray(0, Number(read))
  return { text: yield* decoded(file, size > headSize ? whole(head) : head), size: Number(size) }
})

const wholeOf = Effect.fnUntraced(function*(file: string, head: Head) {
  if (head.size <= headSize) return head.text
  if (head.size > longest) return yield* new PixiPrefixError({ file, reason: `it has more than ${longest} bytes` })
  const fs = yield* FileSystem.FileSystem
  const bytes = yield* Effect.mapError(fs.readFile(file), unreadable(file))
  return yield* decoded(file, bytes)
})

const decoder = new TextDecoder("utf-8", { fatal: true })

const decoded = (file: string, bytes: Uint8Array): Effect.Effect<string, PixiPrefixError> =>
  Effect.try({
    try: () => decoder.decode(bytes),
    catch: () => new PixiPrefixError({ file, reason: "it is not UTF-8" })
  })

/** Without a character at the end that may be there in part. */
const whole = (bytes: Uint8Array): Uint8Array => {
  let end = bytes.length
  while (end > 0 && ((bytes[end - 1] ?? 0) & 0xc0) === 0x80) end--
  if ((bytes[end - 1] ?? 0) >= 0xc0) end--
  return bytes.subarray(0, end)
}

const isAbsent = (error: PlatformError): boolean => error._tag === "SystemError" && error.reason === "NotFound"

const unreadable = (file: string) => (error: PlatformError): PixiPrefixError =>
  new PixiPrefixError({ file, reason: `it cannot be read: ${error.message}` })
