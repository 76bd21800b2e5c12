/**
 * Copies, restores and replaces files with their modes, in one step where the file system allows it.
 *
 * @module
 * @since 0.1.0
 */
import type { PlatformError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { isSame, readRegular } from "../RegularFile.js"
import { alreadyExists, isNotFound, isUnusable, unusable } from "./FileErrors.js"
import type * as Journal from "./Journal.js"

/**
 * A file at the beginning of a change.
 *
 * @since 0.1.0
 * @category models
 */
export interface FileContent {
  /** The real path. */
  readonly file: string
  /** `null` if the file does not exist. */
  readonly content: { readonly bytes: Uint8Array; readonly info: FileSystem.File.Info } | null
}

const modeOf = ({ mode }: FileSystem.File.Info): number => mode & 0o7777

/** A microsecond more, since the fraction is cut off. */
const inSeconds = (time: Date): number => (time.getTime() + 0.001) / 1000

const sha256Of = (bytes: Uint8Array) =>
  Effect.map(
    Effect.promise(() => globalThis.crypto.subtle.digest("SHA-256", new Uint8Array(bytes))),
    (digest) => Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("")
  )

/**
 * Makes what copies and restores files. Files are replaced by a rename, so that nobody ever sees half of one.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeFileSnapshots = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path

  /** The content of a file; `null` if there is none. Fails if there is something else. */
  const read = (file: string) => Effect.catchIf(readRegular(fs, file), isNotFound, () => Effect.succeed(null))

  /** Whether there is a file, a directory or a link, even one that points at nothing. */
  const exists = (file: string) =>
    Effect.flatMap(fs.exists(file), (exists) => exists ? Effect.succeed(true) : Effect.isSuccess(fs.readLink(file)))

  /** The file that links point at, even if it does not exist: a rename would replace the link itself. */
  const target = (file: string, links = 0): Effect.Effect<string> =>
    fs.realPath(file).pipe(
      Effect.orElse(() => Effect.map(fs.readLink(file), (link) => path.resolve(path.dirname(file), link))),
      Effect.matchEffect({
        onFailure: () => Effect.succeed(file),
        onSuccess: (real) => real === file || links > 40 ? Effect.succeed(real) : target(real, links + 1)
      })
    )

  /**
   * Creates a file of this process. Never writes through a link or to a pipe: what a process that died has left there is
   * removed.
   */
  const creating = <A, R>(file: string, create: Effect.Effect<A, PlatformError, R>) =>
    Effect.catchIf(
      create,
      alreadyExists,
      () => Effect.andThen(fs.remove(file, { recursive: true, force: true }), create)
    )

  /** Opens a new file that is on the disk with these bytes. */
  const openNew = Effect.fnUntraced(function*(file: string, bytes: Uint8Array, mode: number) {
    const opened = yield* creating(file, fs.open(file, { flag: "wx", mode }))
    if (bytes.length > 0) yield* opened.writeAll(bytes)
    yield* opened.sync
    return opened
  })

  /** Writes a new file, and waits until it is on the disk. */
  const writeNew = (file: string, bytes: Uint8Array, mode: number) => Effect.scoped(openNew(file, bytes, mode))

  /** Waits until the names of a directory are on the disk. Not every platform can. */
  const flushDirectory = (directory: string) =>
    Effect.ignore(Effect.scoped(Effect.flatMap(fs.open(directory, { flag: "r" }), (opened) => opened.sync)))

  /** Writes a temporary file and renames it. A directory beside the file is on the same file system. */
  const write = (file: string, bytes: Uint8Array, mode: number): Effect.Effect<void, PlatformError> =>
    Effect.acquireUseRelease(
      fs.makeTempDirectory({ directory: path.dirname(file), prefix: ".darb-" }),
      (directory) => {
        const copy = path.join(directory, path.basename(file))
        return writeNew(copy, bytes, mode).pipe(
          Effect.andThen(fs.chmod(copy, mode)),
          Effect.andThen(fs.rename(copy, file))
        )
      },
      (directory) => Effect.ignore(fs.remove(directory, { recursive: true, force: true }))
    )

  /** Writes a file of the state directory, which need not outlast the machine. Readers see the old or the new content. */
  const writeState = (file: string, bytes: Uint8Array) => {
    const made = `${file}.new`
    return Effect.andThen(
      creating(made, fs.writeFile(made, bytes, { flag: "wx", mode: 0o644 })),
      fs.rename(made, file)
    )
  }

  /** Writes a private file, and waits until it is on the disk. Readers see the old or the new content. */
  const writePrivate = (file: string, bytes: Uint8Array) =>
    Effect.andThen(writeNew(`${file}.new`, bytes, 0o600), fs.rename(`${file}.new`, file))

  /** Replaces the content of a file. Readers see the old or the new content. */
  const replace = Effect.fnUntraced(function*(file: string, bytes: Uint8Array) {
    const current = yield* read(file)
    yield* write(yield* target(file), bytes, current === null ? 0o644 : modeOf(current.info))
  })

  /** Removes a file if it exists. */
  const remove = (file: string) => Effect.flatMap(target(file), (real) => fs.remove(real, { force: true }))

  /** Gives a file the times of another one, in milliseconds. */
  const copyTimes = ({ atime, mtime }: FileSystem.File.Info, file: string) =>
    Effect.ignore(
      Effect.flatMap(
        Option.all([atime, mtime]),
        ([atime, mtime]) => fs.utimes(file, inSeconds(atime), inSeconds(mtime))
      )
    )

  /** Follows the links of a path and reads the file. */
  const readTarget = Effect.fnUntraced(function*(file: string) {
    const real = yield* target(file)
    const found: FileContent = { file: real, content: yield* read(real) }
    return found
  })

  /** What the journal says of a file. */
  const describe = ({ content, file }: FileContent, copy: string): Effect.Effect<Journal.Snapshot> =>
    content === null
      ? Effect.succeed({ file, copy: null })
      : Effect.map(sha256Of(content.bytes), (sha256) => ({ file, copy, size: content.bytes.length, sha256 }))

  /** Copies a file in advance, so that restoring it needs no space on a full disk. */
  const writeCopy = Effect.fnUntraced(function*({ content }: FileContent, place: string) {
    if (content === null) return
    const { bytes, info } = content
    const made = yield* Effect.scoped(Effect.flatMap(openNew(place, bytes, modeOf(info)), (opened) => opened.stat))
    const owner = Option.all([info.uid, info.gid])
    // Only root can change the owner, and only root has to.
    if (Option.isSome(owner) && String(owner.value) !== String(Option.getOrNull(Option.all([made.uid, made.gid])))) {
      yield* Effect.ignore(fs.chown(place, ...owner.value))
    }
    if (modeOf(made) !== modeOf(info)) yield* fs.chmod(place, modeOf(info))
    yield* copyTimes(info, place)
  })

  /** The content of a copy; `null` if an earlier attempt has restored the file. Fails if the journal has another hash. */
  const readCopy = Effect.fnUntraced(function*({ copy, file, sha256, size }: Journal.Snapshot, directory: string) {
    if (copy === null) return null
    const place = path.join(directory, copy)
    const content = yield* read(place)
    if (sha256 === undefined) return content
    const bytes = (content ?? (yield* read(file)))?.bytes
    if (bytes !== undefined && bytes.length === size && (yield* sha256Of(bytes)) === sha256) return content
    return yield* unusable(
      place,
      `the copy of ${file} is not as the journal says, so that nothing was restored. The copies are in ${directory}: ` +
        `restore the files from them or from elsewhere, then remove ${path.join(directory, "journal")}.`
    )
  })

  /** Restores a file from its copy. Returns whether it had changed. */
  const restore = Effect.fnUntraced(function*(snapshot: Journal.Snapshot, directory: string) {
    const { copy, file } = snapshot
    // Something else may have taken the place of the file.
    const current = yield* Effect.catchIf(read(file), isUnusable, () => Effect.succeed(undefined))
    if (copy === null) {
      if (current !== null) yield* fs.remove(file, { force: true })
      return current !== null
    }
    const place = path.join(directory, copy)
    const before = yield* readCopy(snapshot, directory)
    if (before === null) return false
    if (current && modeOf(current.info) === modeOf(before.info) && isSame(current.bytes, before.bytes)) {
      yield* copyTimes(before.info, file)
      return false
    }
    yield* fs.rename(place, file).pipe(
      // The directory belongs to someone else or is on another file system.
      Effect.catchIf(
        () => current !== undefined,
        () => Effect.andThen(fs.writeFile(file, before.bytes), fs.chmod(file, modeOf(before.info)))
      )
    )
    return true
  })

  return {
    describe,
    exists,
    flushDirectory,
    read,
    readCopy,
    readTarget,
    remove,
    replace,
    restore,
    writeCopy,
    writeNew,
    writePrivate,
    writeState
  }
})
