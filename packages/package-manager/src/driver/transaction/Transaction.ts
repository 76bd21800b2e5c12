/**
 * Makes a change of an environment's files all or nothing, even if the process dies in between.
 *
 * @module
 * @since 0.1.0
 */
import type { PlatformError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Array from "effect/Array"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Output from "../../Output.js"
import * as Delivery from "../Delivery.js"
import * as Events from "../Events.js"
import { type OrphanProcesses, reportUnsearched } from "../process/OrphanProcesses.js"
import { type Committed, type Contents, makeRead } from "./Contents.js"
import { isUnusable, unusable } from "./FileErrors.js"
import { makeFileSnapshots } from "./FileSnapshot.js"
import * as Journal from "./Journal.js"

/**
 * What a change may write.
 *
 * @since 0.1.0
 * @category models
 */
export interface Scope {
  readonly files: ReadonlyArray<string>
  /** What `read` has found of these files since the environment is locked. */
  readonly contents?: Contents | undefined
  /** Files and directories that it may create. A rollback removes those that did not exist before, with their content. */
  readonly creates?: ReadonlyArray<string> | undefined
  /** The names of the manager's temporary files in the environment. A rollback removes new ones. */
  readonly temporaryFiles?: RegExp | undefined
  /** Rolls back in any case, as for a dry run. Fails if the rollback fails. */
  readonly discards?: boolean | undefined
}

/**
 * An operation, and the files that it changes.
 *
 * @since 0.1.0
 * @category models
 */
export interface Change extends Scope {
  readonly operation: string
  readonly environment: string
  /** The marker in the variables of all its processes. */
  readonly marker: string
  /** The directory for the journal and the snapshots. It exists, and no other operation uses it. */
  readonly stateDirectory: string
}

/**
 * Makes changes of files all or nothing.
 *
 * @since 0.1.0
 * @category models
 */
export interface Transaction {
  /** Reads the files of a change that is about to begin. */
  readonly read: (environment: string, files: ReadonlyArray<string>) => Effect.Effect<Contents, PlatformError>

  /**
   * Runs an effect. If it does not succeed, a rollback restores the files byte for byte, with their modes. By then the effect
   * must have ended its processes, so that nothing else writes the files.
   */
  readonly transactional: (
    change: Change
  ) => <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E | PlatformError, R>

  /** Ends the processes of an operation whose own process died, then rolls it back. The events name that operation. */
  readonly recover: (stateDirectory: string) => Effect.Effect<void, PlatformError>

  /** Whether there is a journal: an operation runs, or its process died. */
  readonly isUnfinished: (stateDirectory: string) => Effect.Effect<boolean>

  /** The files of a running change as they were before it; empty if no change runs. */
  readonly committed: (stateDirectory: string) => Effect.Effect<Committed, PlatformError>

  /** Replaces the content of a file in one step. */
  readonly replace: (file: string, bytes: Uint8Array) => Effect.Effect<void, PlatformError>

  /** Removes a file if it exists. */
  readonly remove: (file: string) => Effect.Effect<void, PlatformError>
}

/**
 * Makes the transactions of a driver. The journal is written before the first change, and removed when the change is
 * complete.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeTransaction = Effect.fnUntraced(function*(orphans: OrphanProcesses) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const snapshots = yield* makeFileSnapshots
  const read = yield* makeRead

  const journalFile = (stateDirectory: string) => path.join(stateDirectory, "journal")

  /** The record of processes on platforms that do not show them. */
  const processesFile = (stateDirectory: string) => path.join(stateDirectory, "processes")

  const readJournal = Effect.fnUntraced(function*(stateDirectory: string) {
    const file = yield* snapshots.read(journalFile(stateDirectory))
    if (file === null) return undefined
    return Journal.decode(file.bytes) ?? (yield* unusable(
      journalFile(stateDirectory),
      "the journal of an unfinished operation cannot be decoded, so that nothing was restored. A newer version may have " +
        `written it. The copies of the files are in ${stateDirectory}: restore them, then remove the journal.`
    ))
  })

  const removeTemporaryFiles = Effect.fnUntraced(function*({ directory, pattern, present }: Journal.TemporaryFiles) {
    const names = yield* Effect.orElseSucceed(fs.readDirectory(directory), () => [])
    const left = names.filter((name) => new RegExp(pattern).test(name) && !present.includes(name))
    yield* Effect.forEach(left, (name) => fs.remove(path.join(directory, name), { force: true }))
  })

  const begin = Effect.fnUntraced(function*(change: Change) {
    const { creates = [], environment, marker, operation, stateDirectory, temporaryFiles } = change
    const { exists, files, names } = change.contents ?? (yield* read(environment, change.files))
    const copyOf = (at: number) => `copy-${at}`
    const journal: Journal.Journal = {
      version: 2,
      operation,
      marker,
      record: (yield* Delivery.Current)?.record,
      files: yield* Effect.forEach(files, (file, at) => snapshots.describe(file, copyOf(at))),
      created: yield* Effect.filter(creates, (name) => {
        const isThere = exists(name)
        return Effect.negate(isThere === undefined ? snapshots.exists(name) : Effect.succeed(isThere))
      }),
      temporaryFiles: temporaryFiles && {
        directory: environment,
        pattern: temporaryFiles.source,
        present: names.filter((name) => temporaryFiles.test(name))
      }
    }
    // The journal gets its name when all that it tells of is on the disk.
    const made = `${journalFile(stateDirectory)}.new`
    const copying = files.map((file, at) => snapshots.writeCopy(file, path.join(stateDirectory, copyOf(at))))
    const writing = snapshots.writeNew(made, Journal.encode(journal), 0o600)
    yield* Effect.all([...copying, writing], { concurrency: "unbounded", discard: true })
    yield* fs.rename(made, journalFile(stateDirectory))
    yield* snapshots.flushDirectory(stateDirectory)
    return journal
  })

  /**
   * Fails if the journal is gone, because the directory was moved or replaced. The journal is renamed, since removing a file
   * that has vanished does not fail. The result is recorded before, and counts once the journal is gone. What is left goes with
   * the directory.
   */
  const commit = Effect.fnUntraced(function*(stateDirectory: string, result: unknown) {
    const delivery = yield* Delivery.Current
    if (delivery !== undefined) {
      const text = yield* delivery.encode(result)
      yield* snapshots.writePrivate(delivery.record, new TextEncoder().encode(text))
    }
    yield* fs.rename(journalFile(stateDirectory), path.join(stateDirectory, "done"))
  })

  /** Keeps the journal if a file cannot be restored, so that the next operation tries again. Reports nothing if `quiet`. */
  const rollback = Effect.fnUntraced(
    function*(journal: Journal.Journal, stateDirectory: string, quiet: boolean = false) {
      yield* Effect.forEach(journal.files, (snapshot) => snapshots.readCopy(snapshot, stateDirectory))
      const [errors, changed] = yield* Effect.partition(
        journal.files,
        (snapshot) =>
          Effect.map(snapshots.restore(snapshot, stateDirectory), (changed) => changed ? [snapshot.file] : [])
      )
      const files = Array.flatten(changed)
      if (files.length > 0 && !quiet) yield* Events.emit((about) => new Output.Restored({ ...about, files }))
      yield* Effect.forEach(journal.created, (name) => fs.remove(name, { recursive: true, force: true }))
      if (journal.temporaryFiles !== undefined) yield* removeTemporaryFiles(journal.temporaryFiles)
      yield* Effect.forEach(errors, Effect.fail)
      if (journal.record !== undefined) yield* fs.remove(journal.record, { force: true })
      yield* fs.remove(journalFile(stateDirectory), { force: true })
    },
    (effect, { files }) =>
      Effect.tapError(
        effect,
        (error) =>
          Events.emit((about) =>
            new Output.NotRestored({ ...about, files: files.map(({ file }) => file), reason: error.message })
          ).pipe(Effect.andThen(Effect.logError("The rollback failed. The next operation tries again.", error)))
      )
  )

  const committed = (stateDirectory: string): Effect.Effect<Committed, PlatformError> =>
    Effect.gen(function*() {
      const journal = yield* readJournal(stateDirectory)
      const copies = yield* Effect.either(
        Effect.forEach(journal?.files ?? [], (snapshot) =>
          Effect.map(
            snapshots.readCopy(snapshot, stateDirectory),
            (content): ReadonlyArray<readonly [string, Uint8Array | null]> =>
              // Without its copy, the file is as it was.
              snapshot.copy !== null && content === null ? [] : [[snapshot.file, content && content.bytes]]
          ))
      )
      if (Either.isRight(copies)) {
        return new Map(copies.right.flat())
      }
      // The change may have ended meanwhile.
      const current = yield* readJournal(stateDirectory)
      return current?.marker === journal?.marker ? yield* copies.left : yield* committed(stateDirectory)
    }).pipe(Effect.catchIf((error) => !isUnusable(error), () => Effect.succeed<Committed>(new Map())))

  const transaction: Transaction = {
    read,

    transactional: (change) => (effect) =>
      Effect.uninterruptibleMask(Effect.fnUntraced(function*(restore) {
        const { stateDirectory } = change
        const journal = yield* begin(change)
        const running = restore(orphans.record(processesFile(stateDirectory))(effect))
        if (change.discards === true) {
          const discard = rollback(journal, stateDirectory, true)
          return yield* running.pipe(Effect.onError(() => Effect.ignore(discard)), Effect.zipLeft(discard))
        }
        return yield* running.pipe(
          Effect.tap((result) => commit(stateDirectory, result)),
          // The caller gets the original error.
          Effect.onError((cause) => Effect.ignore(Events.after(cause)(rollback(journal, stateDirectory))))
        )
      })),

    recover: Effect.fnUntraced(function*(stateDirectory) {
      const journal = yield* readJournal(stateDirectory)
      if (journal === undefined) return
      yield* Effect.logWarning(`Rolls back the operation ${journal.operation}, whose process died`)
      const { environment } = yield* Events.Current
      yield* Effect.gen(function*() {
        yield* orphans.endRecorded(processesFile(stateDirectory))
        if (!(yield* orphans.end(journal.marker))) yield* reportUnsearched
        yield* rollback(journal, stateDirectory)
      }).pipe(Events.within({ ...journal, environment }))
    }, Effect.uninterruptible),

    committed,
    isUnfinished: (stateDirectory) => Effect.orElseSucceed(fs.exists(journalFile(stateDirectory)), () => false),
    replace: snapshots.replace,
    remove: snapshots.remove
  }
  return transaction
})
