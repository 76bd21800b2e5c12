/** The path of an operation: validate, lock, recover, snapshot, run, then diff or rollback, and unlock. */
import type { PlatformError } from "@effect/platform/Error"
import * as Effect from "effect/Effect"
import * as Changes from "../Changes.js"
import type { GetManifestError, StatusError } from "../OperationErrors.js"
import type { DryRun } from "../OperationOptions.js"
import * as Output from "../Output.js"
import type * as Errors from "../PackageManagerError.js"
import type { Status } from "../Status.js"
import * as Events from "./Events.js"
import * as OperationProgress from "./executable/OperationProgress.js"
import type { EnvironmentOperation, Operation } from "./Operation.js"
import { fileError, operationError } from "./OperationError.js"
import type { Isolation } from "./transaction/Isolation.js"
import type { Committed } from "./transaction/Transaction.js"

/** How a manager reads the files of an environment. */
export interface Files<Environment extends EnvironmentOperation, Lock> {
  /** Fails if the directory is not an environment. */
  readonly check: (operation: Operation) => Effect.Effect<unknown, GetManifestError>
  /**
   * Reads the manifest. While a change runs, the committed files take precedence. Returns the environment that is `known` if its
   * manifest is still the same.
   */
  readonly open: (
    operation: Operation,
    committed?: Committed,
    known?: Environment
  ) => Effect.Effect<Environment, GetManifestError>
  /** Reads the lock file; `undefined` if there is none. Returns the one that is `known` if it is still the same. */
  readonly readLock: (
    environment: Environment,
    known?: Lock
  ) => Effect.Effect<Lock | undefined, Errors.PackageManagerError>
  /** Does the same whether or not the executable reads the format of the lock file. */
  readonly readAnyLock: (environment: Environment) => Effect.Effect<Lock | undefined, StatusError>
  /** The packages of a lock file, for the comparison with another one. */
  readonly entries: (lock: Lock, environment: Environment) => ReadonlyArray<Changes.Entry>
  /** Compares the manifest, a lock file that has been read already, and the prefix. */
  readonly statusWith: (
    environment: Environment,
    lock: Lock | undefined
  ) => Effect.Effect<Status, StatusError>
  /** The size in bytes of the archive of a package on this machine, by name; `null` if not known. */
  readonly sizes: (
    environment: Environment,
    lock: Lock
  ) => Effect.Effect<(name: string) => number | null, Errors.PackageManagerError>
  /** The directory of the prefix. A rollback removes it if the operation created it. */
  readonly prefix: (environment: Environment) => string
  /** What solving may create without installing; by default the prefix. */
  readonly createdBySolving?: ((environment: Environment) => ReadonlyArray<string>) | undefined
  /** The name in the manifest, if there is one. */
  readonly nameOf: (environment: Environment) => string | null
  /** The names of the manager's temporary files beside the manifest. */
  readonly temporaryFiles?: RegExp | undefined
}

/** Changes the files of an environment. Gets the lock file as it was before. */
export type Change<Lock> = (
  lock: Lock | undefined
) => Effect.Effect<unknown, Errors.PackageManagerError | PlatformError>

export const makeOperations = <Environment extends EnvironmentOperation, Lock>(
  files: Files<Environment, Lock>,
  isolation: Isolation
) => {
  const diff = (environment: Environment, before: Lock | undefined, after: Lock | undefined) => {
    const entries = (lock: Lock | undefined) =>
      lock === undefined || before === after ? [] : files.entries(lock, environment)
    return Changes.between(entries(before), entries(after))
  }

  const status = (environment: Environment) =>
    Effect.flatMap(files.readAnyLock(environment), (lock) => files.statusWith(environment, lock))

  /** Reports the status after a rollback, which does not restore the prefix. */
  const reportStatus = Effect.fnUntraced(function*(operation: Operation) {
    if ((yield* Output.Observer) === Output.nobody) return
    const after = yield* status(yield* files.open(operation))
    yield* Events.emit((about) => new Output.StatusAfter({ ...about, status: after }))
  }, Effect.ignore)

  /** What the lock file has and the prefix lacks. */
  const remaining = (operation: EnvironmentOperation) =>
    Effect.gen(function*() {
      const environment = yield* files.open(operation)
      const lock = yield* files.readLock(environment)
      if (lock === undefined) return undefined
      const sizeOf = yield* files.sizes(environment, lock)
      const { different, missing } = yield* files.statusWith(environment, lock)
      return new Map([...missing, ...different.map(({ name }) => name)].map((name) => [name, sizeOf(name)]))
    }).pipe(Effect.orElseSucceed(() => undefined))

  /**
   * Changes an environment and returns what changed in the lock file. `decide` validates against the manifest, before anything
   * runs. With `dryRun`, the change must not touch the prefix, and is always rolled back.
   */
  const change = (
    operation: Operation,
    decide: (environment: Environment) => Effect.Effect<Change<Lock>, Errors.PackageManagerError>,
    { dryRun = false }: DryRun = {}
  ): Effect.Effect<Changes.Changes, Errors.PackageManagerError> =>
    Effect.gen(function*() {
      const environment = yield* files.open(operation)
      const run = yield* decide(environment)
      const before = yield* files.readLock(environment)
      return yield* Effect.gen(function*() {
        yield* OperationProgress.withProgress(remaining(environment))(run(before))
        // The directory may have been removed or moved meanwhile.
        const current = yield* Effect.catchTag(
          files.open(operation, undefined, environment),
          "ManifestInvalid",
          () => Effect.succeed(undefined)
        )
        const after = yield* files.readLock(environment, before)
        const changes = diff(environment, before, after)
        if (current === undefined) return changes
        const status = dryRun ? files.statusWith(environment, before) : files.statusWith(current, after)
        return yield* status.pipe(
          Effect.map((status) => new Changes.Changes({ ...changes, status })),
          // The operation has succeeded, even if the prefix cannot be read.
          Effect.orElseSucceed(() => changes)
        )
      }).pipe(
        isolation.transactional(operation, {
          files: [environment.manifest, environment.lock],
          creates: (dryRun ? files.createdBySolving?.(environment) : undefined) ?? [files.prefix(environment)],
          temporaryFiles: files.temporaryFiles,
          discards: dryRun
        }),
        Effect.onError((cause) => dryRun ? Effect.void : Events.after(cause)(reportStatus(operation)))
      )
    }).pipe(
      (effect) => isolation.exclusively(operation, files.check(operation), effect),
      Effect.mapError(operationError(operation))
    )

  /** Opens an environment to read it. Recovers it if necessary, and never waits for a running change. */
  const inspect = Effect.fnUntraced(function*(operation: Operation) {
    yield* isolation.recover(operation)
    const committed = yield* Effect.mapError(isolation.committed(operation), fileError(operation))
    return { ...yield* files.open(operation, committed), committed }
  })

  return { change, inspect, status }
}
