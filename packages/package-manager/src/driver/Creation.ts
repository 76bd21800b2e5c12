/**
 * Creates environments. If that fails, nothing is left.
 *
 * @module
 * @since 0.1.0
 */
import type { PlatformError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as Errors from "../PackageManagerError.js"
import { contextOf, type Operation } from "./Operation.js"
import { operationError } from "./OperationError.js"
import { isNotFound } from "./transaction/FileErrors.js"
import type { Isolation } from "./transaction/Isolation.js"

/**
 * How a manager creates an environment: the files that it may write, and the step that writes them.
 *
 * @since 0.1.0
 * @category models
 */
export interface Creation {
  /** The names of the files that the manager creates, the manifest first. */
  readonly files: ReadonlyArray<string>
  /** The directories that it may create, as paths from the environment. */
  readonly directories: ReadonlyArray<string>
  /** The manifest that already exists; `undefined` if the directory is not an environment yet. */
  readonly find: (operation: Operation) => Effect.Effect<string | undefined, Errors.PackageManagerError>
  /** The names of the manager's temporary files. */
  readonly temporaryFiles?: RegExp | undefined
  /** Fails if the environment cannot be created. Runs before anything is written. */
  readonly check: Effect.Effect<unknown, Errors.PackageManagerError>
}

/**
 * Makes the function that creates environments: it locks the directory, refuses one that is an environment already with
 * `EnvironmentExists`, and removes everything that it has created, missing parent directories included, if the creation
 * fails or is interrupted.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeCreation = Effect.fnUntraced(function*(isolation: Isolation) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path

  /** The missing directories of a path, the outermost first. */
  const missingDirectories = (directory: string): Effect.Effect<ReadonlyArray<string>, PlatformError> =>
    Effect.flatMap(fs.exists(directory), (exists) =>
      exists
        ? Effect.succeed([])
        : Effect.map(missingDirectories(path.dirname(directory)), (missing) => [...missing, directory]))

  /**
   * Creates the missing directories of a path one by one: Node's recursive way never ends below `/proc`. Another process may
   * create or remove the same directories.
   */
  const makeDirectories = (directory: string): Effect.Effect<void, PlatformError> =>
    missingDirectories(directory).pipe(
      Effect.flatMap(Effect.forEach(makeDirectory, { discard: true })),
      Effect.retry({ times: 3, while: isNotFound })
    )

  const makeDirectory = (directory: string) =>
    Effect.catchAll(
      fs.makeDirectory(directory),
      (error) => Effect.unlessEffect(Effect.fail(error), fs.exists(directory))
    )

  const removeIfEmpty = (directory: string) =>
    fs.readDirectory(directory).pipe(
      Effect.filterOrFail((entries) => entries.length === 0),
      Effect.andThen(fs.remove(directory, { recursive: true })),
      Effect.ignore
    )

  /** Creates the directory of the environment. If the effect does not succeed, removes the new directories that are empty. */
  const withDirectory = <A, E>(operation: Operation, effect: Effect.Effect<A, E>) =>
    Effect.acquireUseRelease(
      missingDirectories(operation.environment),
      () => Effect.andThen(makeDirectories(operation.environment), effect),
      (created, exit) =>
        Exit.isSuccess(exit) ? Effect.void : Effect.forEach([...created].reverse(), removeIfEmpty, { discard: true })
    )

  const checkVacant = Effect.fnUntraced(function*(operation: Operation, { find }: Creation) {
    const { environment } = operation
    const refuse = (reason: string) =>
      new Errors.InvalidOption({ ...contextOf(operation), option: "path", value: environment, reason })
    const info = yield* Effect.either(fs.stat(environment))
    if (Either.isLeft(info) && isNotFound(info.left)) {
      const isLink = yield* Effect.isSuccess(fs.readLink(environment))
      return isLink ? yield* refuse("it is a link to a path that does not exist") : undefined
    }
    if (Either.isRight(info) && info.right.type !== "Directory") return yield* refuse("it is a file, not a directory")
    const manifest = yield* find(operation)
    if (manifest !== undefined) return yield* new Errors.EnvironmentExists({ ...contextOf(operation), manifest })
  })

  return <A>(
    operation: Operation,
    creation: Creation,
    write: Effect.Effect<A, Errors.PackageManagerError | PlatformError>
  ): Effect.Effect<A, Errors.PackageManagerError> =>
    Effect.gen(function*() {
      const { environment } = operation
      const inDirectory = (name: string) => path.resolve(environment, name)
      const scope = {
        files: creation.files.map(inDirectory),
        creates: creation.directories.map(inDirectory),
        temporaryFiles: creation.temporaryFiles
      }
      yield* checkVacant(operation, creation)
      yield* creation.check
      // Another operation may have created an environment in the meantime.
      const create = Effect.andThen(checkVacant(operation, creation), isolation.transactional(operation, scope)(write))
      return yield* withDirectory(operation, isolation.exclusively(operation, makeDirectories(environment), create))
    }).pipe(
      isolation.once,
      (effect) => Effect.andThen(isolation.recover(operation), effect),
      Effect.mapError(operationError(operation))
    )
})
