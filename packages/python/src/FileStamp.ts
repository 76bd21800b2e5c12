/**
 * Tells whether files have changed, many at once.
 *
 * @module
 * @since 0.1.0
 */
import * as Array from "effect/Array"
import * as Effect from "effect/Effect"
// `FileSystem` has one effect for each file.
// @effect-diagnostics-next-line nodeBuiltinImport:off
import { stat } from "node:fs"

/**
 * Two stamps are equal if they are of the same file, and it has not changed.
 *
 * @since 0.1.0
 * @category getters
 */
export const of = (ino: number | undefined, size: number | bigint, mtime: Date | undefined): string =>
  `${ino} ${size} ${mtime?.getTime()}`

/** How many files are asked for at once. */
const most = 1000

/** One call of `Effect.async` for all: a fiber that waits for each file costs ten times as much as the file. */
const ofSome = (files: ReadonlyArray<string>) =>
  Effect.async<ReadonlyArray<string | undefined>>((resume) => {
    const stamps = Array.makeBy<string | undefined>(files.length, () => undefined)
    let left = files.length
    files.forEach((file, at) =>
      stat(file, (error, stats) => {
        if (error === null) stamps[at] = of(stats.ino, stats.size, stats.mtime)
        if (--left === 0) resume(Effect.succeed(stamps))
      })
    )
  })

/**
 * The stamps of the files of this machine; `undefined` for a file that does not exist or cannot be read. Another `FileSystem`
 * may have other files at these paths: only a stamp that equals one of a file of the `FileSystem` says something about it.
 *
 * @since 0.1.0
 * @category getters
 */
export const ofAll = (files: ReadonlyArray<string>): Effect.Effect<ReadonlyArray<string | undefined>> =>
  Effect.map(Effect.forEach(Array.chunksOf(files, most), ofSome), (stamps) => stamps.flat())
