/** All or nothing for files. */
import type { PlatformError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Output from "../Output.js"

/** A file as it was; `undefined` if there was none. */
interface Snapshot {
  readonly file: string
  readonly content: { readonly bytes: Uint8Array; readonly mode: number } | undefined
}

const equal = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, at) => byte === b[at])

export interface Transaction {
  /**
   * Runs an effect, and if it does not succeed puts the files back byte for byte, with their modes. The effect must have
   * ended what it started: nobody else may be writing the files by then.
   */
  readonly protect: (
    files: ReadonlyArray<string>
  ) => <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E | PlatformError, R>

  /** Replaces a file in one step: whoever reads it sees the old or the new content. */
  readonly replace: (file: string, bytes: Uint8Array) => Effect.Effect<void, PlatformError>

  /** Removes a file, if there is one. */
  readonly remove: (file: string) => Effect.Effect<void, PlatformError>
}

export const makeTransaction: Effect.Effect<Transaction, never, FileSystem.FileSystem | Path.Path> = Effect.gen(
  function*() {
    const fs = yield* FileSystem.FileSystem
    const path = yield* Path.Path

    const read = Effect.fnUntraced(
      function*(file: string) {
        const bytes = yield* fs.readFile(file)
        const { mode } = yield* fs.stat(file)
        return { bytes, mode: mode & 0o7777 }
      },
      Effect.catchIf(
        (error) => error._tag === "SystemError" && error.reason === "NotFound",
        () => Effect.succeed(undefined)
      )
    )

    // What a link points at is the file: a rename would replace the link itself.
    const target = (file: string) => Effect.orElseSucceed(fs.realPath(file), () => file)

    // A directory beside the file is on the same file system, so that the rename is one step.
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

    const snapshot = (file: string) =>
      Effect.flatMap(target(file), (real) => Effect.map(read(real), (content): Snapshot => ({ file: real, content })))

    /** Whether the file had changed. */
    const restore = Effect.fnUntraced(function*({ content, file }: Snapshot) {
      const current = yield* read(file)
      if (content === undefined) {
        if (current === undefined) return false
        yield* fs.remove(file, { force: true })
        return true
      }
      if (current !== undefined && current.mode === content.mode && equal(current.bytes, content.bytes)) return false
      yield* write(file, content.bytes, content.mode)
      return true
    })

    const rollback = Effect.fnUntraced(function*(snapshots: ReadonlyArray<Snapshot>) {
      const observe = yield* Output.Observer
      const restored = yield* Effect.filter(snapshots, (snapshot) =>
        restore(snapshot).pipe(
          // The error that led here is the one that the caller gets.
          Effect.catchAll((error) =>
            Effect.as(Effect.logError(`${snapshot.file} could not be put back as it was`, error), false)
          )
        ))
      if (restored.length > 0) yield* observe(new Output.Restored({ files: restored.map(({ file }) => file) }))
    })

    return {
      replace,
      remove: (file) => fs.remove(file, { force: true }),
      protect: (files) => (effect) =>
        Effect.uninterruptibleMask((interruptible) =>
          Effect.flatMap(
            Effect.forEach(files, snapshot),
            (snapshots) =>
              Effect.onExit(
                interruptible(effect),
                (exit) => Exit.isSuccess(exit) ? Effect.void : rollback(snapshots)
              )
          )
        )
    }
  }
)
