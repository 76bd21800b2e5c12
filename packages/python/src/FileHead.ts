/** Files of which the beginning is mostly enough: nothing here waits for a pipe, or takes more memory than is said. */
import type { PlatformError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"

/** A file or directory that cannot be read; `unfit` is what is there, but never will be what is looked for. */
export class Unread extends Data.TaggedError("Unread")<{
  readonly file: string
  readonly why: "absent" | "unfit" | "unreadable"
  readonly reason: string
}> {}

export interface Head {
  readonly text: string
  /** Bytes of the whole file. */
  readonly size: number
}

/** Bytes that are read first. */
export const size = 4 * 1024

export const makeBuffer = () => new Uint8Array(size)

/** Fails for what is not UTF-8. */
export const strict = new TextDecoder("utf-8", { fatal: true })

/** Takes any bytes: for files of which only ASCII is looked at. */
export const lenient = new TextDecoder("utf-8")

/** The first bytes of a file. Whatever is no file, such as a pipe, is not even opened: that could wait for ever. */
export const read = Effect.fnUntraced(function*(file: string, buffer: Uint8Array, decoder: TextDecoder) {
  const fs = yield* FileSystem.FileSystem
  const failed = unreadable(file)
  const stat = yield* Effect.mapError(fs.stat(file), failed)
  if (stat.type !== "File") return yield* new Unread({ file, why: "unfit", reason: "it is not a file" })
  const length = yield* fs.open(file, { flag: "r" }).pipe(
    Effect.flatMap((handle) => handle.read(buffer)),
    Effect.scoped,
    Effect.mapError(failed)
  )
  const bytes = buffer.subarray(0, Number(length))
  const text = yield* decoded(file, stat.size > size ? whole(bytes) : bytes, decoder)
  const head: Head = { text, size: Number(stat.size) }
  return head
})

/** The text of a whole file of which the head is there, if it has at most so many bytes. */
export const readWhole = Effect.fnUntraced(function*(file: string, head: Head, longest: number, decoder: TextDecoder) {
  if (head.size <= size) return head.text
  if (head.size > longest) {
    return yield* new Unread({ file, why: "unfit", reason: `it has more than ${longest} bytes` })
  }
  const fs = yield* FileSystem.FileSystem
  const bytes = yield* Effect.mapError(fs.readFile(file), unreadable(file))
  return yield* decoded(file, bytes, decoder)
})

/** What a directory has; nothing if it is not there. */
export const namesIn = Effect.fnUntraced(function*(directory: string) {
  const fs = yield* FileSystem.FileSystem
  return yield* fs.readDirectory(directory).pipe(
    Effect.catchIf(isAbsent, () => Effect.succeed([])),
    Effect.mapError(unreadable(directory))
  )
})

const workers = 8

/** For each with bounded concurrency, but with no fiber and no buffer for each: they take longer than reading a head. */
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

const decoded = (file: string, bytes: Uint8Array, decoder: TextDecoder): Effect.Effect<string, Unread> =>
  Effect.try({
    try: () => decoder.decode(bytes),
    catch: () => new Unread({ file, why: "unfit", reason: "it is not UTF-8" })
  })

/** Without a character at the end that may be there in part. */
const whole = (bytes: Uint8Array): Uint8Array => {
  let end = bytes.length
  while (end > 0 && ((bytes[end - 1] ?? 0) & 0xc0) === 0x80) end--
  if ((bytes[end - 1] ?? 0) >= 0xc0) end--
  return bytes.subarray(0, end)
}

const isAbsent = (error: PlatformError): boolean => error._tag === "SystemError" && error.reason === "NotFound"

/** What is below a file, or a link to itself. */
const isUnfit = (error: PlatformError): boolean => error._tag === "SystemError" && error.reason === "BadResource"

export const unreadable = (file: string) => (error: PlatformError): Unread =>
  isAbsent(error)
    ? new Unread({ file, why: "absent", reason: "it is not there" })
    : new Unread({
      file,
      why: isUnfit(error) ? "unfit" : "unreadable",
      reason: `it cannot be read: ${error.message}`
    })
