/**
 * Directories with files for tests.
 *
 * @module
 * @since 0.1.0
 */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Encoding from "effect/Encoding"
import * as Option from "effect/Option"

const sha256 = (bytes: Uint8Array<ArrayBuffer>) =>
  Effect.map(
    Effect.promise(() => globalThis.crypto.subtle.digest("SHA-256", bytes)),
    (digest) => Encoding.encodeHex(new Uint8Array(digest))
  )

/**
 * Makes a temporary directory with the given files; it is removed when the scope closes.
 *
 * @since 0.1.0
 * @category operations
 */
export const directoryWith = Effect.fnUntraced(function*(files: Readonly<Record<string, string>>) {
  const fs = yield* FileSystem.FileSystem
  const directory = yield* fs.realPath(yield* fs.makeTempDirectoryScoped({ prefix: "darb-test-" }))
  for (const [name, text] of Object.entries(files)) {
    const parent = `${directory}/${name}`.replace(/\/[^/]*$/, "")
    yield* fs.makeDirectory(parent, { recursive: true })
    yield* fs.writeFileString(`${directory}/${name}`, text)
  }
  return directory
})

/**
 * The texts of all files below a directory, by path.
 *
 * @since 0.1.0
 * @category getters
 */
export const filesOf = Effect.fnUntraced(function*(directory: string) {
  const fs = yield* FileSystem.FileSystem
  const found: Record<string, string> = {}
  for (const name of (yield* fs.readDirectory(directory, { recursive: true })).sort()) {
    const { type } = yield* fs.stat(`${directory}/${name}`)
    found[name] = type === "File" ? yield* fs.readFileString(`${directory}/${name}`) : `(${type})`
  }
  return found
})

/**
 * The mode, the time of change and the bytes of each file, and where each link points to, by path. Follows no link.
 *
 * @since 0.1.0
 * @category getters
 */
export const fingerprintsOf = Effect.fnUntraced(function*(directory: string) {
  const fs = yield* FileSystem.FileSystem
  const found: Record<string, string> = {}
  for (const name of (yield* fs.readDirectory(directory, { recursive: true })).sort()) {
    const file = `${directory}/${name}`
    const target = yield* Effect.option(fs.readLink(file))
    if (Option.isSome(target)) {
      found[name] = `-> ${target.value}`
      continue
    }
    const { mode, mtime, type } = yield* fs.stat(file)
    const bytes = type === "File"
      ? yield* sha256(new Uint8Array(yield* fs.readFile(file)))
      : type
    // The time of a directory changes when a temporary file is made in it.
    found[name] = `${mode.toString(8)} ${type === "File" ? Option.getOrThrow(mtime).getTime() : ""} ${bytes}`
  }
  return found
})

/**
 * Polls until a condition holds that depends on the file system, which the test clock does not drive.
 *
 * @since 0.1.0
 * @category operations
 */
export const settled = <S, E, R>(
  found: Effect.Effect<S, E, R>,
  until: (found: S) => boolean
): Effect.Effect<void, E, R> =>
  Effect.flatMap(found, (value) =>
    until(value)
      ? Effect.void
      : Effect.andThen(Effect.withClock(Effect.sleep("2 millis"), Clock.make()), settled(found, until)))
