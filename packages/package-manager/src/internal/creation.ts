/** Makes an environment, or nothing at all. */
import type { PlatformError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Errors from "../PackageManagerError.js"
import { translated } from "./directories.js"
import type { Guard } from "./guard.js"
import { contextOf, type Task } from "./task.js"

export interface Creation {
  /** The names of the files that the manager writes, its manifest first. */
  readonly files: ReadonlyArray<string>
  /** The names of the directories that it may make. */
  readonly directories: ReadonlyArray<string>
  /** The file that makes the directory an environment already. */
  readonly find: (task: Task) => Effect.Effect<string | undefined, Errors.PackageManagerError>
  /** Names that the manager gives to files for a moment. */
  readonly litter?: RegExp | undefined
  /** What must be so before anything is made. */
  readonly check: Effect.Effect<unknown, Errors.PackageManagerError>
}

export const makeCreation = Effect.fnUntraced(function*(guard: Guard) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path

  /** The directories that have to be made for a path, the outermost first. */
  const missingDirectories = (directory: string): Effect.Effect<ReadonlyArray<string>, PlatformError> =>
    Effect.flatMap(fs.exists(directory), (exists) =>
      exists
        ? Effect.succeed([])
        : Effect.map(missingDirectories(path.dirname(directory)), (missing) => [...missing, directory]))

  /** Makes directories, and removes those that were made, if nothing else is in them, when the effect does not succeed. */
  const withDirectories = <A, E>(task: Task, effect: Effect.Effect<A, E>) =>
    Effect.acquireUseRelease(
      Effect.tap(missingDirectories(task.environment), () => fs.makeDirectory(task.environment, { recursive: true })),
      () => effect,
      (made, exit) =>
        Exit.isSuccess(exit) ? Effect.void : Effect.forEach([...made].reverse(), removeIfEmpty, { discard: true })
    )

  const removeIfEmpty = (directory: string) =>
    fs.readDirectory(directory).pipe(
      Effect.filterOrFail((entries) => entries.length === 0),
      Effect.andThen(fs.remove(directory, { recursive: true })),
      Effect.ignore
    )

  const checkVacant = Effect.fnUntraced(function*(task: Task, { find }: Creation) {
    const info = yield* Effect.option(fs.stat(task.environment))
    if (Option.isSome(info) && info.value.type !== "Directory") {
      const reason = "it is a file, not a directory"
      return yield* new Errors.InvalidOption({ ...contextOf(task), option: "path", value: task.environment, reason })
    }
    const manifest = yield* find(task)
    if (manifest !== undefined) return yield* new Errors.EnvironmentExists({ ...contextOf(task), manifest })
  })

  return <A>(
    task: Task,
    creation: Creation,
    write: Effect.Effect<A, Errors.PackageManagerError | PlatformError>
  ): Effect.Effect<A, Errors.PackageManagerError> =>
    Effect.gen(function*() {
      const inDirectory = (name: string) => path.join(task.environment, name)
      const what = {
        files: creation.files.map(inDirectory),
        creates: creation.directories.map(inDirectory),
        litter: creation.litter && { directory: task.environment, pattern: creation.litter }
      }
      const made = Effect.andThen(checkVacant(task, creation), guard.protect(task, what)(write))
      yield* guard.recover(task)
      // Both are asked before anything is made.
      yield* checkVacant(task, creation)
      yield* creation.check
      const makeDirectory = fs.makeDirectory(task.environment, { recursive: true })
      return yield* withDirectories(task, guard.alone(task, makeDirectory, made))
    }).pipe(Effect.mapError(translated(task)))
})
