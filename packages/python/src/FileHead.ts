/** Reads the first bytes of files, with bounded memory and without waiting for pipes. */
import type { PlatformError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"

/** A file or directory cannot be read. `unfit`: it exists, but is not of the expected kind. */
export class Unread extends Data.TaggedError("Unread")<{
  readonly file: string
  readonly why: "absent" | "unfit" | "unreadable"
  readonly reason: string
}> {}

/** The beginning of a file, as much of it as the buffer holds. */
export interface Head {
  readonly text: string
  /** The size of the whole file in bytes. */
  readonly size: number
}

/** The number of bytes that are read first. */
export const size = 4 * 1024

/** A buffer for `read`. Reading many files one after another with one buffer saves an allocation for each. */
export const makeBuffer = () => new Uint8Array(size)

/** Fails if the bytes are not UTF-8. */
export const strict: TextDecoderOptions = { fatal: true }

/** Accepts all bytes: for files of which only ASCII matters. */
export const lenient: TextDecoderOptions = {}

/** Reads the first bytes of a file. Never opens anything else, such as a pipe, since that could block forever. */
export const read = Effect.fnUntraced(function*(file: string, buffer: Uint8Array, decoding: TextDecoderOptions) {
  const fs = yield* FileSystem.FileSystem
  const failed = unreadable(file)
  const stat = yield* Effect.mapError(fs.stat(file), failed)
  if (stat.type !== "File") return yield* new Unread({ file, why: "unfit", reason: "it is not a file" })
  const length = yield* fs.open(file, { flag: "r" }).pipe(
    Effect.flatMap((handle) => handle.read(buffer)),
    Effect.scoped,
    Effect.mapError(failed)
  )
  // The head of a longer file may end in the middle of a character.
  const text = yield* decode(file, buffer.subarray(0, Number(length)), decoding, stat.size > size)
  const head: Head = { text, size: Number(stat.size) }
  return head
})

/** Reads a whole file whose head is known, up to a number of bytes. */
export const readWhole = Effect.fnUntraced(
  function*(file: string, head: Head, limit: number, decoding: TextDecoderOptions) {
    if (head.size <= size) return head.text
    if (head.size > limit) return yield* new Unread({ file, why: "unfit", reason: `it is larger than ${limit} bytes` })
    const fs = yield* FileSystem.FileSystem
    const bytes = yield* Effect.mapError(fs.readFile(file), unreadable(file))
    return yield* decode(file, bytes, decoding, false)
  }
)

/** The names in a directory; none if it does not exist. */
export const namesIn = Effect.fnUntraced(function*(directory: string) {
  const fs = yield* FileSystem.FileSystem
  return yield* fs.readDirectory(directory).pipe(
    Effect.catchIf(isAbsent, () => Effect.succeed([])),
    Effect.mapError(unreadable(directory))
  )
})

const workers = 8

/** Like `Effect.forEach` with bounded concurrency, but with one fiber and one buffer per worker, not per file. */
export const forEach = <A, B, E, R>(
  items: ReadonlyArray<A>,
  f: (item: A, buffer: Uint8Array) => Effect.Effect<B, E, R>
) =>
  Effect.map(
    Effect.forEach(
      Array.from({ length: workers }, (_, worker) => items.filter((_, at) => at % workers === worker)),
      (share) => {
        const buffer = makeBuffer()
        return Effect.forEach(share, (item) => f(item, buffer))
      },
      { concurrency: workers }
    ),
    (found) => found.flat()
  )

const decode = (
  file: string,
  bytes: Uint8Array,
  options: TextDecoderOptions,
  stream: boolean
): Effect.Effect<string, Unread> =>
  Effect.try({
    try: () => new TextDecoder("utf-8", options).decode(bytes, { stream }),
    catch: () => new Unread({ file, why: "unfit", reason: "it is not UTF-8" })
  })

const isAbsent = (error: PlatformError): boolean => error._tag === "SystemError" && error.reason === "NotFound"

/** `BadResource`: a part of the path is a file, or a link points at itself. */
export const unreadable = (file: string) => (error: PlatformError): Unread => {
  if (isAbsent(error)) return new Unread({ file, why: "absent", reason: "it does not exist" })
  const isUnfit = error._tag === "SystemError" && error.reason === "BadResource"
  return new Unread({ file, why: isUnfit ? "unfit" : "unreadable", reason: `it cannot be read: ${error.message}` })
}
