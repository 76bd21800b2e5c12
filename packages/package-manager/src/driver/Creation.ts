/** Makes an environment, or nothing at all. */
import type { PlatformError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Errors from "../PackageManagerError.js"
import { translated } from "./Directories.js"
import { contextOf, type Operation } from "./Operation.js"
import type { Isolation } from "./transaction/Isolation.js"

export interface Creation {
  /** The names of the files that the manager writes, its manifest first. */
  readonly files: ReadonlyArray<string>
  /** The names of the directories that it may make. */
  readonly directories: ReadonlyArray<string>
  /** The file that makes the directory an environment already. */
  readonly find: (operation: Operation) => Effect.Effect<string | undefined, Errors.PackageManagerError>
  /** Names that the manager gives to files for a moment. */
  readonly temporaryFiles?: RegExp | undefined
  /** What must be so before anything is made. */
  readonly check: Effect.Effect<unknown, Errors.PackageManagerError>
}

export const makeCreation = Effect.fnUntraced(function*(isolation: Isolation) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path

  /** The directories that have to be made for a path, the outermost first. */
  const missingDirectories = (directory: string): Effect.Effect<ReadonlyArray<string>, PlatformError> =>
    Effect.flatMap(fs.exists(directory), (exists) =>
      exists
        ? Effect.succeed([])
        : Effect.map(missingDirectories(path.dirname(directory)), (missing) => [...missing, directory]))

  /** Makes directories, and removes those that were made, if nothing else is in them, when the effect does not succeed. */
  const withDirectories = <A, E>(operation: Operation, effect: Effect.Effect<A, E>) =>
    Effect.acquireUseRelease(
      Effect.tap(missingDirectories(operation.environment), () =>
        fs.makeDirectory(operation.environment, { recursive: true })),
      () =>
        effect,
      (made, exit) =>
        Exit.isSuccess(exit) ? Effect.void : Effect.forEach([...made].reverse(), removeIfEmpty, { discard: true })
    )

  const removeIfEmpty = (directory: string) =>
    fs.readDirectory(directory).pipe(
      Effect.filterOrFail((entries) => entries.length === 0),
      Effect.andThen(fs.remove(directory, { recursive: true })),
      Effect.ignore
    )

  const checkVacant = Effect.fnUntraced(function*(operation: Operation, { find }: Creation) {
    const info = yield* Effect.option(fs.stat(operation.environment))
    if (Option.isSome(info) && info.value.type !== "Directory") {
      const reason = "it is a file, not a directory"
      return yield* new Errors.InvalidOption({
        ...contextOf(operation),
        option: "path",
        value: operation.environment,
        reason
      })
    }
    const manifest = yield* find(operation)
    if (manifest !== undefined) return yield* new Errors.EnvironmentExists({ ...contextOf(operation), manifest })
  })

  return <A>(
    operation: Operation,
    creation: Creation,
    write: Effect.Effect<A, Errors.PackageManagerError | PlatformError>
  ): Effect.Effect<A, Errors.PackageManagerError> =>
    Effect.gen(function*() {
      const inDirectory = (name: string) => path.join(operation.environment, name)
      const what = {
        files: creation.files.map(inDirectory),
        creates: creation.directories.map(inDirectory),
        temporaryFiles: creation.temporaryFiles &&
          { directory: operation.environment, pattern: creation.temporaryFiles }
      }
      const made = Effect.andThen(checkVacant(operation, creation), isolation.protect(operation, what)(write))
      yield* isolation.recover(operation)
      // Both are asked before anything is made.
      yield* checkVacant(operation, creation)
      yield* creation.check
      const makeDirectory = fs.makeDirectory(operation.environment, { recursive: true })
      return yield* withDirectories(operation, isolation.alone(operation, makeDirectory, made))
    }).pipe(Effect.mapError(translated(operation)))
})
