/**
 * Reads regular files only, since opening anything else may never end: a pipe waits for a writer.
 *
 * @module
 * @since 0.1.0
 */
import type * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { unusable } from "./transaction/FileErrors.js"

/**
 * Fails with a reason if the path leads to something else than a file.
 *
 * @since 0.1.0
 * @category decoding
 */
export const readRegular = Effect.fnUntraced(function*(fs: FileSystem.FileSystem, file: string) {
  const info = yield* fs.stat(file)
  if (info.type !== "File") return yield* unusable(file, `it is not a file (${info.type})`)
  return { bytes: yield* fs.readFile(file), info }
})

/**
 * Two stamps are equal if they are of the same file, and it has not changed.
 *
 * @since 0.1.0
 * @category getters
 */
export const stampOf = ({ dev, ino, mtime, size }: FileSystem.File.Info): string =>
  [dev, size, Option.getOrNull(ino), Option.getOrNull(mtime)?.getTime()].join(" ")

/**
 * Whether two files have the same bytes.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isSame = (a: Uint8Array, b: Uint8Array): boolean => {
  let at = a.length === b.length ? 0 : -1
  while (at >= 0 && at < a.length && a[at] === b[at]) at++
  return at === a.length
}

/**
 * The text of a file, as UTF-8.
 *
 * @since 0.1.0
 * @category decoding
 */
export const readRegularText = (fs: FileSystem.FileSystem, file: string) =>
  Effect.map(readRegular(fs, file), ({ bytes }) => new TextDecoder().decode(bytes))

/**
 * Fails with a reason where something else has the place of an own file or directory: links are not followed.
 *
 * @since 0.1.0
 * @category validation
 */
export const checkPlace = Effect.fnUntraced(
  function*(fs: FileSystem.FileSystem, place: string, expected: "Directory" | "File") {
    const target = yield* Effect.option(fs.readLink(place))
    const found = Option.isSome(target) ? `a link to ${target.value}` : (yield* fs.stat(place)).type
    if (found !== expected) {
      return yield* unusable(place, `its name is for own files (${found}); remove it or rename it`)
    }
  }
)
