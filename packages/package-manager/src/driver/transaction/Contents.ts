/**
 * The files of a change as they are when it begins.
 *
 * @module
 * @since 0.1.0
 */
import type { PlatformError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { stampOf } from "../RegularFile.js"
import { type FileContent, makeFileSnapshots } from "./FileSnapshot.js"

/**
 * The bytes of files by path, with and without links; `null` for a file that did not exist.
 *
 * @since 0.1.0
 * @category models
 */
export type Committed = ReadonlyMap<string, Uint8Array | null>

/**
 * What is known of the files of a change, and of the directory of its environment.
 *
 * @since 0.1.0
 * @category models
 */
export interface Contents {
  readonly files: ReadonlyArray<FileContent>
  readonly committed: Committed
  /** The names in the directory of the environment. */
  readonly names: ReadonlyArray<string>
  /** Whether a path exists, as far as these names say. */
  readonly exists: (file: string) => boolean | undefined
  /** Whether a file is sure to be as it was, as far as can be told without reading it. */
  readonly isUnchanged: (file: string) => Effect.Effect<boolean>
}

/** In milliseconds. A file that was written just before may change once more without a new time. */
const rounding = 2000

/**
 * Makes what reads the files of a change that is about to begin.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeRead = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const snapshots = yield* makeFileSnapshots

  return Effect.fnUntraced(
    function*(environment: string, paths: ReadonlyArray<string>): Effect.fn.Return<Contents, PlatformError> {
      const names = yield* Effect.orElseSucceed(fs.readDirectory(environment), () => undefined)
      const known = new Set(names?.map((name) => name.toLowerCase()))
      const exists = (file: string) => {
        const [name = "", ...below] = path.relative(environment, file).split(path.sep)
        if (below.length === 0 && names?.includes(name)) return true
        // A file system may ignore case, and spell other letters in another way.
        return names === undefined || !/^\.?\w[\w.-]*$/.test(name) || known.has(name.toLowerCase()) ? undefined : false
      }
      const files = yield* Effect.forEach(
        paths,
        (file) => exists(file) === false ? Effect.succeed({ file, content: null }) : snapshots.readTarget(file),
        { concurrency: "unbounded" }
      )
      const start = yield* Clock.currentTimeMillis
      const isUnchanged = (file: string) => {
        const before = files[paths.indexOf(file)]?.content?.info
        const isOld = before !== undefined && Option.exists(before.mtime, (time) => time.getTime() < start - rounding)
        if (!isOld) return Effect.succeed(false)
        const stamp = stampOf(before)
        return Effect.match(fs.stat(file), { onFailure: () => false, onSuccess: (info) => stampOf(info) === stamp })
      }
      const committed = files.flatMap(({ content, file }, at) =>
        [paths[at] ?? file, file].map((file) => [file, content && content.bytes] as const)
      )
      return { files, committed: new Map(committed), names: names ?? [], exists, isUnchanged }
    }
  )
})
