/** All or nothing for the files of an environment, also when the program dies in the middle. */
import type { PlatformError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Array from "effect/Array"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Output from "../../Output.js"
import { type OrphanProcesses, reportUnsearched } from "../process/OrphanProcesses.js"
import { isNotFound } from "./FileErrors.js"
import * as Journal from "./Journal.js"

export interface Change {
  readonly operation: string
  /** The value of the variable that all its processes have. */
  readonly marker: string
  /** Where the journal is kept while it runs: there already, and of nobody else. */
  readonly stateDirectory: string
  readonly files: ReadonlyArray<string>
  /** What it may make, and what is removed with everything in it if it was not there before. */
  readonly creates?: ReadonlyArray<string> | undefined
  /** Names that the manager gives to files of a directory for a moment. */
  readonly temporaryFiles?: { readonly directory: string; readonly pattern: RegExp } | undefined
}

/** The bytes of files by their real path; `null` where there was no file. */
export type Committed = ReadonlyMap<string, Uint8Array | null>

export interface Transaction {
  /**
   * Runs an effect, and if it does not succeed puts the files back byte for byte, with their modes. The effect must have
   * ended what it started: nobody else may be writing the files by then.
   */
  readonly protect: (
    change: Change
  ) => <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E | PlatformError, R>

  /** Undoes what a program that died has left: ends its processes, and puts the files back. */
  readonly recover: (stateDirectory: string) => Effect.Effect<void, PlatformError>

  /** Whether a program has left something to undo, or is at work. */
  readonly isUnfinished: (stateDirectory: string) => Effect.Effect<boolean>

  /** The files of a change that is under way as they were before it; none if there is none. */
  readonly committed: (stateDirectory: string) => Effect.Effect<Committed>

  /** Replaces a file in one step: whoever reads it sees the old or the new content. */
  readonly replace: (file: string, bytes: Uint8Array) => Effect.Effect<void, PlatformError>

  /** Removes a file, if there is one. */
  readonly remove: (file: string) => Effect.Effect<void, PlatformError>
}

const modeOf = ({ mode }: FileSystem.File.Info): number => mode & 0o7777

const equal = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, at) => byte === b[at])

export const makeTransaction = Effect.fnUntraced(function*(orphans: OrphanProcesses) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path

  const ifPresent = <A>(effect: Effect.Effect<A, PlatformError>) =>
    Effect.catchIf(effect, isNotFound, () => Effect.succeed(null))

  const read = (file: string) => ifPresent(Effect.all({ bytes: fs.readFile(file), info: fs.stat(file) }))

  /** What a link points at, whether it is there or not: a rename would replace the link itself. */
  const target = (file: string): Effect.Effect<string> =>
    fs.realPath(file).pipe(
      Effect.orElse(() => Effect.map(fs.readLink(file), (link) => path.resolve(path.dirname(file), link))),
      Effect.orElseSucceed(() => file)
    )

  const temporary = <A, E, R>(directory: string, use: (directory: string) => Effect.Effect<A, E, R>) =>
    Effect.acquireUseRelease(
      fs.makeTempDirectory({ directory, prefix: ".darb-" }),
      use,
      (made) => Effect.ignore(fs.remove(made, { recursive: true, force: true }))
    )

  /** A directory beside the file is on the same file system, so that the rename is one step. */
  const write = (file: string, bytes: Uint8Array, mode: number) =>
    temporary(path.dirname(file), (directory) => {
      const copy = path.join(directory, path.basename(file))
      return fs.writeFile(copy, bytes).pipe(
        Effect.andThen(fs.chmod(copy, mode)),
        Effect.andThen(fs.rename(copy, file))
      )
    })

  const replace = Effect.fnUntraced(function*(file: string, bytes: Uint8Array) {
    const current = yield* read(file)
    yield* write(yield* target(file), bytes, current === null ? 0o644 : modeOf(current.info))
  })

  const remove = (file: string) => Effect.flatMap(target(file), (real) => fs.remove(real, { force: true }))

  const journalFile = (stateDirectory: string) => path.join(stateDirectory, "journal")

  /** Where processes are noted that could not be found otherwise. */
  const processesFile = (stateDirectory: string) => path.join(stateDirectory, "processes")

  /** Copies are made before, so that putting them back needs no space: a disk may be full by then. */
  const snapshot = Effect.fnUntraced(function*(file: string, stateDirectory: string, copy: string) {
    const real = yield* target(file)
    const content = yield* read(real)
    if (content === null) return { file: real, copy: null }
    const place = path.join(stateDirectory, copy)
    yield* fs.writeFile(place, content.bytes)
    yield* fs.chmod(place, modeOf(content.info))
    const owner = Option.all([content.info.uid, content.info.gid])
    // Only root can, and only root has to.
    yield* Effect.ignore(Option.match(owner, { onNone: () => Effect.void, onSome: ([u, g]) => fs.chown(place, u, g) }))
    return { file: real, copy }
  })

  /** Whether the file had changed. */
  const restore = Effect.fnUntraced(function*({ copy, file }: Journal.Snapshot, stateDirectory: string) {
    const current = yield* read(file)
    if (copy === null) {
      if (current !== null) yield* fs.remove(file, { force: true })
      return current !== null
    }
    const place = path.join(stateDirectory, copy)
    const before = yield* read(place)
    // It is back already: this is not the first try.
    if (before === null) return false
    if (current !== null && modeOf(current.info) === modeOf(before.info) && equal(current.bytes, before.bytes)) {
      return false
    }
    yield* fs.rename(place, file).pipe(
      // The directory is not ours, or is on another file system: then not in one step.
      Effect.orElse(() => Effect.andThen(fs.writeFile(file, before.bytes), fs.chmod(file, modeOf(before.info))))
    )
    return true
  })

  const litterIn = (directory: string, pattern: RegExp) =>
    fs.readDirectory(directory).pipe(
      Effect.map((names) => names.filter((name) => pattern.test(name))),
      Effect.orElseSucceed((): ReadonlyArray<string> => [])
    )

  const removeLitter = Effect.fnUntraced(function*({ directory, pattern, present }: Journal.TemporaryFiles) {
    const names = yield* litterIn(directory, new RegExp(pattern))
    const left = names.filter((name) => !present.includes(name))
    yield* Effect.forEach(left, (name) => fs.remove(path.join(directory, name), { force: true }))
  })

  /** The journal stays where something could not be put back: the next operation tries again. */
  const undo = Effect.fnUntraced(function*(journal: Journal.Journal, stateDirectory: string) {
    const observe = yield* Output.Observer
    const made = Effect.forEach(journal.created, (name) => fs.remove(name, { recursive: true, force: true }))
    const outcomes = yield* Effect.forEach(
      journal.files,
      (snapshot) =>
        Effect.either(Effect.map(restore(snapshot, stateDirectory), (changed) => ({ file: snapshot.file, changed })))
    )
    const restored = Array.getRights(outcomes).filter(({ changed }) => changed).map(({ file }) => file)
    if (restored.length > 0) yield* observe(new Output.Restored({ files: restored }))
    yield* made
    if (journal.temporaryFiles !== undefined) yield* removeLitter(journal.temporaryFiles)
    yield* Effect.all(Array.getLefts(outcomes).map((error) => Effect.fail(error)))
    yield* forget(journal, stateDirectory)
  })

  const removeCopies = ({ files }: Journal.Journal, stateDirectory: string) =>
    Effect.ignore(
      Effect.forEach([
        processesFile(stateDirectory),
        ...files.flatMap(({ copy }) => copy === null ? [] : [path.join(stateDirectory, copy)])
      ], (file) => fs.remove(file, { force: true }))
    )

  const forget = (journal: Journal.Journal, stateDirectory: string) =>
    Effect.andThen(fs.remove(journalFile(stateDirectory), { force: true }), removeCopies(journal, stateDirectory))

  /**
   * Fails where the journal is gone: so is the directory, or another one is in its place. It is renamed, because to remove
   * a file that vanishes meanwhile does not fail.
   */
  const commit = Effect.fnUntraced(function*(journal: Journal.Journal, stateDirectory: string) {
    const done = path.join(stateDirectory, "done")
    yield* fs.rename(journalFile(stateDirectory), done)
    yield* Effect.ignore(fs.remove(done))
    yield* removeCopies(journal, stateDirectory)
  })

  const notRestored = Effect.fnUntraced(function*(journal: Journal.Journal, error: PlatformError) {
    const observe = yield* Output.Observer
    yield* observe(
      new Output.NotRestored({ files: journal.files.map(({ file }) => file), reason: error.message })
    )
    yield* Effect.logError("What an operation changed could not be put back; the next operation tries again", error)
  })

  const protect =
    ({ creates = [], files, temporaryFiles, marker, operation, stateDirectory }: Change) =>
    <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E | PlatformError, R> =>
      Effect.uninterruptibleMask((interruptible) =>
        Effect.gen(function*() {
          const journal: Journal.Journal = {
            version: 1,
            operation,
            marker,
            files: yield* Effect.forEach(files, (file, at) => snapshot(file, stateDirectory, `copy-${at}`)),
            created: yield* Effect.filter(creates, (name) => Effect.map(fs.exists(name), (exists) => !exists)),
            temporaryFiles: temporaryFiles && {
              directory: temporaryFiles.directory,
              pattern: temporaryFiles.pattern.source,
              present: yield* litterIn(temporaryFiles.directory, temporaryFiles.pattern)
            }
          }
          yield* write(journalFile(stateDirectory), Journal.encode(journal), 0o600)
          const noted = orphans.noting(processesFile(stateDirectory))(effect)
          return yield* Effect.zipLeft(interruptible(noted), commit(journal, stateDirectory)).pipe(
            Effect.onExit((exit) =>
              Exit.isSuccess(exit)
                ? Effect.void
                // The error that led here is the one that the caller gets.
                : Effect.catchAll(undo(journal, stateDirectory), (error) => notRestored(journal, error))
            )
          )
        })
      )

  const readJournal = (stateDirectory: string) =>
    Effect.map(
      read(journalFile(stateDirectory)),
      (file) => file === null ? undefined : Journal.decode(file.bytes)
    )

  const committed = Effect.fnUntraced(function*(stateDirectory: string) {
    const journal = yield* readJournal(stateDirectory)
    const files = new Map<string, Uint8Array | null>()
    for (const { copy, file } of journal?.files ?? []) {
      files.set(file, copy === null ? null : yield* fs.readFile(path.join(stateDirectory, copy)))
    }
    return files
    // The change has ended meanwhile.
  }, Effect.orElseSucceed((): Committed => new Map<string, Uint8Array | null>()))

  const recover = Effect.fnUntraced(function*(stateDirectory: string) {
    const journal = yield* readJournal(stateDirectory)
    if (journal === undefined) return
    yield* Effect.logWarning(`The program ended in the middle of ${journal.operation}: it is undone`)
    yield* orphans.endNoted(processesFile(stateDirectory))
    yield* reportUnsearched(yield* orphans.end(journal.marker))
    yield* Effect.tapError(undo(journal, stateDirectory), (error) => notRestored(journal, error))
  }, Effect.uninterruptible)

  return {
    protect,
    recover,
    committed,
    isUnfinished: (stateDirectory) => Effect.orElseSucceed(fs.exists(journalFile(stateDirectory)), () => false),
    replace,
    remove
  } satisfies Transaction as Transaction
})
