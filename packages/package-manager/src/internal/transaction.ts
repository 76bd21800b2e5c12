/** All or nothing for the files of an environment, also when the program dies in the middle. */
import type { PlatformError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Output from "../Output.js"
import * as Journal from "./journal.js"
import type { Strays } from "./strays.js"

export interface Change {
  readonly operation: string
  /** The value of the variable that all its processes have. */
  readonly marker: string
  /** Where the journal is kept while it runs: there already, and of nobody else. */
  readonly stateDirectory: string
  readonly files: ReadonlyArray<string>
  /** What it may make, and what is removed with everything in it if it was not there before. */
  readonly creates?: ReadonlyArray<string> | undefined
}

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

  /** Replaces a file in one step: whoever reads it sees the old or the new content. */
  readonly replace: (file: string, bytes: Uint8Array) => Effect.Effect<void, PlatformError>

  /** Removes a file, if there is one. */
  readonly remove: (file: string) => Effect.Effect<void, PlatformError>
}

const equal = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, at) => byte === b[at])

export const makeTransaction = Effect.fnUntraced(function*(strays: Strays) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path

  const read = Effect.fnUntraced(
    function*(file: string) {
      const bytes = yield* fs.readFile(file)
      const { mode } = yield* fs.stat(file)
      return { bytes, mode: mode & 0o7777 }
    },
    Effect.catchIf((error) => error._tag === "SystemError" && error.reason === "NotFound", () => Effect.succeed(null))
  )

  // What a link points at is the file: a rename would replace the link itself.
  const target = (file: string) => Effect.orElseSucceed(fs.realPath(file), () => file)

  // A directory beside the file is on the same file system, so that the rename is one step.
  const write = (file: string, bytes: Uint8Array, mode: number) =>
    Effect.acquireUseRelease(
      fs.makeTempDirectory({ directory: path.dirname(file), prefix: ".darb-" }),
      (directory) => {
        const temporary = path.join(directory, path.basename(file))
        return fs.writeFile(temporary, bytes).pipe(
          Effect.andThen(fs.chmod(temporary, mode)),
          Effect.andThen(fs.rename(temporary, file))
        )
      },
      (directory) => Effect.ignore(fs.remove(directory, { recursive: true, force: true }))
    )

  const replace = Effect.fnUntraced(function*(file: string, bytes: Uint8Array) {
    const current = yield* read(file)
    yield* write(yield* target(file), bytes, current?.mode ?? 0o644)
  })

  const remove = (file: string) => fs.remove(file, { force: true })

  const journalFile = (stateDirectory: string) => path.join(stateDirectory, "journal")

  const snapshot = (file: string) =>
    Effect.flatMap(target(file), (real) => Effect.map(read(real), (content) => ({ file: real, content })))

  /** Whether the file had changed. */
  const restore = Effect.fnUntraced(function*({ content, file }: Journal.Snapshot) {
    const current = yield* read(file)
    if (content === null) {
      if (current === null) return false
      yield* remove(file)
      return true
    }
    if (current !== null && current.mode === content.mode && equal(current.bytes, content.bytes)) return false
    yield* write(file, content.bytes, content.mode)
    return true
  })

  /** The journal stays where something could not be put back: the next operation tries again. */
  const undo = Effect.fnUntraced(function*(journal: Journal.Journal, stateDirectory: string) {
    const observe = yield* Output.Observer
    yield* Effect.forEach(journal.created, (name) => fs.remove(name, { recursive: true, force: true }))
    const restored = yield* Effect.filter(journal.files, restore)
    if (restored.length > 0) yield* observe(new Output.Restored({ files: restored.map(({ file }) => file) }))
    yield* remove(journalFile(stateDirectory))
  })

  const protect =
    ({ creates = [], files, marker, operation, stateDirectory }: Change) =>
    <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E | PlatformError, R> =>
      Effect.uninterruptibleMask((interruptible) =>
        Effect.gen(function*() {
          const journal: Journal.Journal = {
            version: 1,
            operation,
            marker,
            files: yield* Effect.forEach(files, snapshot),
            created: yield* Effect.filter(creates, (name) => Effect.map(fs.exists(name), (exists) => !exists))
          }
          yield* write(journalFile(stateDirectory), Journal.encode(journal), 0o600)
          return yield* interruptible(effect).pipe(
            Effect.zipLeft(remove(journalFile(stateDirectory))),
            Effect.onExit((exit) =>
              Exit.isSuccess(exit)
                ? Effect.void
                : Effect.catchAll(
                  undo(journal, stateDirectory),
                  // The error that led here is the one that the caller gets.
                  (error) => Effect.logError("What an operation changed could not be put back as it was", error)
                )
            )
          )
        })
      )

  const recover = Effect.fnUntraced(function*(stateDirectory: string) {
    const file = yield* read(journalFile(stateDirectory))
    const journal = file === null ? undefined : Journal.decode(file.bytes)
    if (journal === undefined) return
    yield* Effect.logWarning(`The program ended in the middle of ${journal.operation}: it is undone`)
    yield* strays.end(journal.marker)
    yield* undo(journal, stateDirectory)
  }, Effect.uninterruptible)

  return {
    protect,
    recover,
    isUnfinished: (stateDirectory) => Effect.orElseSucceed(fs.exists(journalFile(stateDirectory)), () => false),
    replace,
    remove
  } satisfies Transaction as Transaction
})
