/** What every operation on an environment goes through, whatever the manager. */
import type { PlatformError } from "@effect/platform/Error"
import * as Effect from "effect/Effect"
import * as Changes from "../Changes.js"
import * as Output from "../Output.js"
import type * as Errors from "../PackageManagerError.js"
import type { Status } from "../Status.js"
import { translated } from "./Directories.js"
import type { EnvironmentOperation, Operation } from "./Operation.js"
import type { Isolation } from "./transaction/Isolation.js"
import type { Committed } from "./transaction/Transaction.js"

/** The files of a manager's environments. */
export interface Files<Environment extends EnvironmentOperation, Lock> {
  /** Fails where the directory is no environment. */
  readonly check: (operation: Operation) => Effect.Effect<unknown, Errors.PackageManagerError>
  /** Reads the manifest. What is committed counts, where a change is under way. */
  readonly open: (operation: Operation, committed?: Committed) => Effect.Effect<Environment, Errors.PackageManagerError>
  /** What the lock file holds; `undefined` if there is none. */
  readonly readLock: (environment: Environment) => Effect.Effect<Lock | undefined, Errors.PackageManagerError>
  readonly located: (lock: Lock, environment: Environment) => ReadonlyArray<Changes.Located>
  readonly status: (environment: Environment) => Effect.Effect<Status, Errors.PackageManagerError>
  /** The same with what the lock file holds. */
  readonly statusWith: (
    environment: Environment,
    lock: Lock | undefined
  ) => Effect.Effect<Status, Errors.PackageManagerError>
  /** The directory for what is installed. It is removed where an operation made it and did not succeed. */
  readonly prefix: (environment: Environment) => string
  /** Names that the manager gives to files beside the manifest for a moment. */
  readonly temporaryFiles?: RegExp | undefined
}

/** Changes the files of an environment; the lock file is as it was before. */
export type Change<Lock> = (
  lock: Lock | undefined
) => Effect.Effect<unknown, Errors.PackageManagerError | PlatformError>

export const makeOperations = <Environment extends EnvironmentOperation, Lock>(
  files: Files<Environment, Lock>,
  isolation: Isolation
) => {
  /** How the environment stands: what is installed is not put back with the files. */
  const tellStatus = Effect.fnUntraced(function*(operation: Operation) {
    const observe = yield* Output.Observer
    if (observe === Output.nobody) return
    yield* observe(new Output.Left({ status: yield* files.status(yield* files.open(operation)) }))
  }, Effect.ignore)

  /**
   * An operation that changes an environment: alone in it, all or nothing, and answered with what it did to the lock file.
   * What the manifest decides is decided before anything runs.
   */
  const change = (
    operation: Operation,
    decide: (environment: Environment) => Effect.Effect<Change<Lock>, Errors.PackageManagerError>
  ): Effect.Effect<Changes.Changes, Errors.PackageManagerError> =>
    Effect.gen(function*() {
      const environment = yield* files.open(operation)
      const run = yield* decide(environment)
      const before = yield* files.readLock(environment)
      return yield* run(before).pipe(
        // It may have been removed or moved away meanwhile.
        Effect.andThen(files.check(operation)),
        Effect.andThen(Effect.all([files.readLock(environment), files.open(operation)])),
        Effect.flatMap(([after, changed]) => {
          const located = (lock: Lock | undefined) => lock === undefined ? [] : files.located(lock, environment)
          const changes = Changes.between(located(before), located(after))
          return files.statusWith(changed, after).pipe(
            Effect.map((status) => new Changes.Changes({ ...changes, status })),
            // The operation has done what it was to do.
            Effect.orElseSucceed(() => changes)
          )
        }),
        isolation.protect(operation, {
          files: [environment.manifest, environment.lock],
          creates: [files.prefix(environment)],
          temporaryFiles: files.temporaryFiles && { directory: operation.environment, pattern: files.temporaryFiles }
        }),
        Effect.onError(() => tellStatus(operation))
      )
    }).pipe(
      (effect) => isolation.alone(operation, files.check(operation), effect),
      Effect.mapError(translated(operation))
    )

  /** An operation that only reads never waits; it undoes what a program that died has left. */
  const reading = Effect.fnUntraced(function*(operation: Operation) {
    yield* isolation.recover(operation)
    // A manager writes the manifest before it has succeeded, and not always in one step.
    return yield* files.open(operation, yield* isolation.committed(operation))
  })

  return { change, reading }
}
