/**
 * Reads the beginning of files, without waiting for pipes, and remembers what became of files that have not changed.
 *
 * @module
 * @since 0.1.0
 */
import type { PlatformError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as FileStamp from "./FileStamp.js"

/**
 * A file or directory cannot be read. `unfit`: it exists, but is not of the expected kind.
 *
 * @since 0.1.0
 * @category errors
 */
export class Unread extends Data.TaggedError("Unread")<{
  readonly file: string
  readonly why: "absent" | "unfit" | "unreadable"
  readonly reason: string
}> {}

/**
 * The beginning of a file, as much of it as the buffer holds.
 *
 * @since 0.1.0
 * @category models
 */
export interface Head {
  /** All bytes of a small file, or the first ones of another. */
  readonly bytes: Uint8Array
  /** The size of the whole file in bytes. */
  readonly size: number
}

/** Files up to this number of bytes are read at once, which takes less time than to open them for a part. */
const small = 64 * 1024

/** The number of bytes that are read of a larger file. */
const first = 4 * 1024

/**
 * Fails if the bytes are not UTF-8.
 *
 * @since 0.1.0
 * @category values
 */
export const strict: TextDecoderOptions = { fatal: true }

/**
 * Accepts all bytes: for files of which only ASCII matters.
 *
 * @since 0.1.0
 * @category values
 */
export const lenient: TextDecoderOptions = {}

/** Never opens anything but a file, such as a pipe, since that could block forever. */
const statOf = Effect.fnUntraced(function*(fs: FileSystem.FileSystem, file: string) {
  const info = yield* Effect.mapError(fs.stat(file), unreadable(file))
  return info.type === "File" ? info : yield* new Unread({ file, why: "unfit", reason: "it is not a file" })
})

const headOf = (fs: FileSystem.FileSystem, file: string, { size }: FileSystem.File.Info) =>
  Effect.map(
    Number(size) > small ? part(fs, file, 0, first) : Effect.mapError(fs.readFile(file), unreadable(file)),
    (bytes): Head => ({ bytes, size: Number(size) })
  )

const part = (fs: FileSystem.FileSystem, file: string, start: number, length: number) =>
  Effect.gen(function*() {
    const handle = yield* fs.open(file, { flag: "r" })
    yield* handle.seek(start, "start")
    const bytes = new Uint8Array(length)
    return bytes.subarray(0, Number(yield* handle.read(bytes)))
  }).pipe(Effect.scoped, Effect.mapError(unreadable(file)))

/**
 * Reads the first bytes of a file.
 *
 * @since 0.1.0
 * @category decoding
 */
export const read = Effect.fnUntraced(function*(file: string) {
  const fs = yield* FileSystem.FileSystem
  return yield* headOf(fs, file, yield* statOf(fs, file))
})

/**
 * The last bytes of a file whose head is known; all of a small file.
 *
 * @since 0.1.0
 * @category operations
 */
export const end = Effect.fnUntraced(function*(file: string, { bytes, size }: Head) {
  if (size <= small) return bytes
  return yield* part(yield* FileSystem.FileSystem, file, size - first, first)
})

/**
 * The text of a head. That of a longer file may end in the middle of a character.
 *
 * @since 0.1.0
 * @category operations
 */
export const text = (
  file: string,
  { bytes, size }: Head,
  options: TextDecoderOptions
): Effect.Effect<string, Unread> =>
  Effect.try({
    try: () => new TextDecoder("utf-8", options).decode(bytes, { stream: size > bytes.length }),
    catch: () => new Unread({ file, why: "unfit", reason: "it is not UTF-8" })
  })

/**
 * The text of a whole file whose head is known, up to a number of bytes.
 *
 * @since 0.1.0
 * @category operations
 */
export const wholeText = Effect.fnUntraced(
  function*(file: string, head: Head, limit: number, decoding: TextDecoderOptions) {
    if (head.size > limit) return yield* new Unread({ file, why: "unfit", reason: `it is larger than ${limit} bytes` })
    if (head.size <= small) return yield* text(file, head, decoding)
    const fs = yield* FileSystem.FileSystem
    const bytes = yield* Effect.mapError(fs.readFile(file), unreadable(file))
    return yield* text(file, { bytes, size: bytes.length }, decoding)
  }
)

/** How many files are remembered. */
const most = 20_000

/** In milliseconds: a file system may round times, so that a younger file can change without a new time. */
const old = 2000

const stampOf = ({ ino, mtime, size }: FileSystem.File.Info): string =>
  FileStamp.of(Option.getOrUndefined(ino), size, Option.getOrUndefined(mtime))

/**
 * Reads many files or directories with `make`, in no order, but those that have not changed only once. A directory has changed
 * if its names have, or one of the files `inside` it that are named.
 *
 * @since 0.1.0
 * @category operations
 */
export const remembering = <A, E, R>(
  make: (file: string) => Effect.Effect<A, E, R>,
  inside: ReadonlyArray<string> = []
) => {
  const known = new Map<string, { readonly stamp: string; readonly value: A }>()
  const withInside = (file: string) => [file, ...inside.map((name) => `${file}/${name}`)]

  const read = Effect.fnUntraced(function*(file: string) {
    const fs = yield* FileSystem.FileSystem
    const infos = yield* Effect.orElseSucceed(Effect.forEach(withInside(file), (each) => fs.stat(each)), () => [])
    const value = yield* make(file)
    const limit = (yield* Clock.currentTimeMillis) - old
    if (infos.length > 0 && infos.every(({ mtime }) => Option.exists(mtime, (time) => time.getTime() < limit))) {
      if (known.size >= most) known.clear()
      known.set(file, { stamp: infos.map(stampOf).join(), value })
    }
    return value
  }, Effect.either)

  return Effect.fnUntraced(function*(files: ReadonlyArray<string>) {
    const stamps = yield* FileStamp.ofAll(files.flatMap(withInside))
    const each = 1 + inside.length
    const stampAt = (at: number) => each === 1 ? stamps[at] : stamps.slice(at * each, (at + 1) * each).join()
    const values: Array<Either.Either<A, E>> = []
    const changed: Array<string> = []
    files.forEach((file, at) => {
      const found = known.get(file)
      if (found !== undefined && found.stamp === stampAt(at)) values.push(Either.right(found.value))
      else changed.push(file)
    })
    return [...values, ...(yield* forEach(changed, read))]
  })
}

/**
 * The names in a directory; none if it does not exist.
 *
 * @since 0.1.0
 * @category getters
 */
export const namesIn = Effect.fnUntraced(function*(directory: string) {
  const fs = yield* FileSystem.FileSystem
  return yield* fs.readDirectory(directory).pipe(
    Effect.catchIf(isAbsent, () => Effect.succeed([])),
    Effect.mapError(unreadable(directory))
  )
})

/** Like `Effect.forEach` with bounded concurrency, but with one fiber for several files, since a fiber costs as much as they do. */
const forEach = <A, B, E, R>(items: ReadonlyArray<A>, f: (item: A) => Effect.Effect<B, E, R>) => {
  const workers = Math.min(Math.ceil(items.length / 8), 32)
  return Effect.map(
    Effect.forEach(
      Array.from({ length: workers }, (_, worker) => items.filter((_, at) => at % workers === worker)),
      (share) => Effect.forEach(share, f),
      { concurrency: workers }
    ),
    (found) => found.flat()
  )
}

const isAbsent = (error: PlatformError): boolean => error._tag === "SystemError" && error.reason === "NotFound"

/**
 * `BadResource`: a part of the path is a file, or a link points at itself.
 *
 * @since 0.1.0
 * @category operations
 */
export const unreadable = (file: string) => (error: PlatformError): Unread => {
  if (isAbsent(error)) return new Unread({ file, why: "absent", reason: "it does not exist" })
  const isUnfit = error._tag === "SystemError" && error.reason === "BadResource"
  return new Unread({ file, why: isUnfit ? "unfit" : "unreadable", reason: `it cannot be read: ${error.message}` })
}
