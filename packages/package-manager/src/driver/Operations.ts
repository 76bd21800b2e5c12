/**
 * The path of an operation: validate, lock, recover, snapshot, run, then diff or rollback, and unlock.
 *
 * @module
 * @since 0.1.0
 */
import type { PlatformError } from "@effect/platform/Error"
import * as Effect from "effect/Effect"
import * as Changes from "../Changes.js"
import type { GetManifestError, StatusError } from "../OperationErrors.js"
import type { DryRun, Place, Selection } from "../OperationOptions.js"
import * as Output from "../Output.js"
import type * as Errors from "../PackageManagerError.js"
import type { Identity, Status } from "../Status.js"
import * as Events from "./Events.js"
import * as OperationProgress from "./executable/OperationProgress.js"
import type { EnvironmentOperation, Operation } from "./Operation.js"
import { fileError, operationError } from "./OperationError.js"
import type { Committed } from "./transaction/Contents.js"
import type { Isolation } from "./transaction/Isolation.js"

/**
 * How a manager tells what is still to be installed.
 *
 * @since 0.1.0
 * @category models
 */
export interface Totals<Environment, Lock> {
  /** The installed packages, as far as names of files say. Empty if there is no prefix that works. */
  readonly linked: (environment: Environment) => Effect.Effect<Installed, unknown>
  /** Selects the packages of a lock file to install on this machine, and returns those of them that are not installed. */
  readonly toLink: (
    environment: Environment,
    lock: Lock,
    options: Chosen
  ) => Effect.Effect<(installed: Installed) => OperationProgress.Remaining, unknown>
  /** The names of the archives in the manager's cache, if that can be known. */
  readonly cached?: ((environment: Environment) => Effect.Effect<ReadonlySet<string>>) | undefined
}

/**
 * How a manager reads the files of an environment.
 *
 * @since 0.1.0
 * @category models
 */
export interface Files<Environment extends EnvironmentOperation, Lock> {
  /**
   * Reads the manifest. While a change runs, the committed files take precedence. Returns the environment that is `known` if its
   * manifest is still the same.
   */
  readonly open: (
    operation: Operation,
    committed?: Committed,
    known?: Environment
  ) => Effect.Effect<Environment, GetManifestError>
  /** Reads the lock file; `undefined` if there is none. Returns the same object while the file is the same. */
  readonly readLock: (environment: Environment) => Effect.Effect<Lock | undefined, Errors.PackageManagerError>
  /** Does the same whether or not the executable reads the format of the lock file. */
  readonly readAnyLock: (environment: Environment) => Effect.Effect<Lock | undefined, StatusError>
  /** The packages of a lock file, for the comparison with another one. */
  readonly entries: (lock: Lock, environment: Environment) => ReadonlyArray<Changes.Entry>
  /** Compares the manifest, a lock file that has been read already, and the prefix. */
  readonly statusWith: (
    environment: Environment,
    lock: Lock | undefined
  ) => Effect.Effect<Status, StatusError>
  /** What the progress of an operation is measured with; without it, progress has no totals. */
  readonly totals?: Totals<Environment, Lock> | undefined
  /** The directory of the prefix. A rollback removes it if the operation created it. */
  readonly prefix: (environment: Environment) => string
  /** What solving may create without installing; by default the prefix. */
  readonly createdBySolving?: ((environment: Environment) => ReadonlyArray<string>) | undefined
  /** The name in the manifest, if there is one. */
  readonly nameOf: (environment: Environment) => string | null
  /** The names of the manager's temporary files beside the manifest. */
  readonly temporaryFiles?: RegExp | undefined
}

type Installed = ReadonlyArray<Identity>

/**
 * The options that say what an operation installs.
 *
 * @since 0.1.0
 * @category models
 */
export interface Chosen extends DryRun, Place, Selection {
  readonly noInstall?: boolean | undefined
}

/**
 * Changes the files of an environment. Gets the lock file as it was before.
 *
 * @since 0.1.0
 * @category models
 */
export type Change<Lock> = (
  lock: Lock | undefined
) => Effect.Effect<unknown, Errors.PackageManagerError | PlatformError>

/**
 * Makes what all operations share: `change` for those that write, `inspect` for those that read, and `status`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeOperations = <Environment extends EnvironmentOperation, Lock>(
  files: Files<Environment, Lock>,
  isolation: Isolation
) => {
  const diff = (environment: Environment, before: Lock | undefined, after: Lock | undefined) => {
    const entries = (lock: Lock | undefined) =>
      lock === undefined || before === after ? [] : files.entries(lock, environment)
    return Changes.between(entries(before), entries(after))
  }

  /** Compares the manifest, the lock file and the prefix. Runs no process. */
  const status = (environment: Environment) =>
    Effect.flatMap(files.readAnyLock(environment), (lock) => files.statusWith(environment, lock))

  /** Reports the status after a rollback, which does not restore the prefix. */
  const reportStatus = Effect.fnUntraced(function*(operation: Operation) {
    if ((yield* Output.Observer) === Output.nobody) return
    const after = yield* status(yield* files.open(operation))
    yield* Events.emit((about) => new Output.StatusAfter({ ...about, status: after }))
  }, Effect.ignore)

  /** Reports the progress of processes that may install packages. */
  const withProgress = (environment: Environment, options: Chosen = {}) => {
    const { dryRun = false, noInstall = false } = options
    const { totals } = files
    return OperationProgress.withProgress(
      totals === undefined || dryRun || noInstall ? undefined : {
        cached: totals.cached?.(environment) ?? Effect.succeed(new Set()),
        installed: Effect.orElseSucceed(totals.linked(environment), () => undefined),
        locked: files.readAnyLock(environment).pipe(
          Effect.flatMap((lock) => lock === undefined ? Effect.fail(lock) : totals.toLink(environment, lock, options)),
          Effect.orElseSucceed(() => undefined)
        )
      }
    )
  }

  type Decide = (environment: Environment) => Effect.Effect<Change<Lock>, Errors.PackageManagerError>

  /** Changes an environment that is locked. `known` is what it was just before. */
  const changeLocked = Effect.fnUntraced(function*(
    operation: Operation,
    decide: Decide,
    options: Chosen,
    known: Environment | undefined
  ) {
    const { dryRun = false } = options
    const found = known ?? (yield* files.open(operation))
    const contents = yield* isolation.read(operation, [found.manifest, found.lock])
    const { committed } = contents
    // A driver may keep the committed files in its environment, but from now on the change reads what it has written.
    const environment = { ...yield* files.open(operation, committed, found), committed: undefined }
    const run = yield* decide(environment)
    const before = yield* files.readLock({ ...environment, committed })
    return yield* Effect.gen(function*() {
      yield* withProgress(environment, options)(run(before))
      // The directory may have been removed or moved meanwhile.
      const current = (yield* contents.isUnchanged(environment.manifest)) ? environment : yield* Effect.catchTag(
        files.open(operation, undefined, environment),
        "ManifestInvalid",
        () => Effect.succeed(undefined)
      )
      const isSameLock = yield* contents.isUnchanged(environment.lock)
      const after = isSameLock ? before : yield* files.readLock(environment)
      const changes = diff(environment, before, after)
      if (current === undefined) return changes
      const status = dryRun ? files.statusWith(environment, before) : files.statusWith(current, after)
      return yield* status.pipe(
        Effect.map((status) => new Changes.Changes({ ...changes, status }, { disableValidation: true })),
        // The operation has succeeded, even if the prefix cannot be read.
        Effect.orElseSucceed(() => changes)
      )
    }).pipe(
      isolation.transactional(operation, {
        files: [environment.manifest, environment.lock],
        contents: environment.manifest === found.manifest ? contents : undefined,
        creates: (dryRun ? files.createdBySolving?.(environment) : undefined) ?? [files.prefix(environment)],
        temporaryFiles: files.temporaryFiles,
        discards: dryRun
      }),
      Effect.onError((cause) => dryRun ? Effect.void : Events.after(cause)(reportStatus(operation)))
    )
  })

  /**
   * Changes an environment and returns what changed in the lock file. `decide` validates against the manifest, before anything
   * runs. With `dryRun`, the change must not touch the prefix, and is always rolled back.
   */
  const change = (
    operation: Operation,
    decide: Decide,
    options: Chosen = {}
  ): Effect.Effect<Changes.Changes, Errors.PackageManagerError> =>
    Effect.suspend(() => {
      let known: Environment | undefined
      const check = files.open(operation).pipe(
        Effect.tap((environment) => Effect.sync(() => known = environment)),
        // The operation that holds the lock may be writing the manifest.
        Effect.catchTag("ManifestInvalid", () => Effect.void)
      )
      const locked = Effect.suspend(() => changeLocked(operation, decide, options, known))
      return isolation.exclusively(operation, check, locked)
    }).pipe(Effect.mapError(operationError(operation)))

  /** Opens an environment to read it. Recovers it if necessary, and never waits for a running change. */
  const inspect = Effect.fnUntraced(function*(operation: Operation) {
    const committed = yield* Effect.mapError(isolation.committed(operation), fileError(operation))
    return { ...yield* files.open(operation, committed), committed }
  })

  return { change, inspect, status, withProgress }
}
