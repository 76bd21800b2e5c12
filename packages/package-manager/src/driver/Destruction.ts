/**
 * Removes what is installed in an environment, or the whole environment: renamed aside first, deleted then.
 *
 * @module
 * @since 0.1.0
 */
import type { PlatformError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Environment } from "../Environment.js"
import type { CleanError, DestroyError, GetManifestError } from "../OperationErrors.js"
import type { DestroyOptions } from "../OperationOptions.js"
import * as Errors from "../PackageManagerError.js"
import type { Directories } from "./Directories.js"
import { contextOf, type Operation } from "./Operation.js"
import { operationError } from "./OperationError.js"
import { refuse } from "./Options.js"
import { isNotFound } from "./transaction/FileErrors.js"
import type { Isolation } from "./transaction/Isolation.js"
import type { RunRecords } from "./transaction/RunRecords.js"

/**
 * What belongs to an environment of a manager.
 *
 * @since 0.1.0
 * @category models
 */
export interface Belongings {
  /** Fails if the directory is not an environment. */
  readonly check: (operation: Operation) => Effect.Effect<unknown, GetManifestError>
  /**
   * The files, directories and links that are there because something was installed. Links are not followed. Fails if the
   * prefix is not the manager's to remove. `aside` is the pattern of what an earlier removal has renamed.
   */
  readonly removable: (
    operation: Operation,
    aside: RegExp
  ) => Effect.Effect<ReadonlyArray<string>, Errors.InvalidOption | Errors.StorageFailed>
  /** The directories in the environment that are not environments of their own, such as the members of a workspace. */
  readonly parts: (operation: Operation) => Effect.Effect<ReadonlyArray<string>>
}

/**
 * The services that `makeDestruction` works with. `makeDriver` provides them.
 *
 * @since 0.1.0
 * @category options
 */
export interface DestructionOptions {
  readonly directories: Directories
  readonly isolation: Isolation
  readonly belongings: Belongings
  /** The environments below the directory of an operation. `visit` runs for each directory that is read. */
  readonly environmentsBelow: (
    operation: Operation,
    visit?: (directory: string) => Effect.Effect<unknown>
  ) => Stream.Stream<Environment>
  /** The programs that run in an environment. */
  readonly running: RunRecords["running"]
}

/** What a removal has renamed. The lock of an environment removes such directories in it too. */
const aside = /^\.darb-\w{6}$/

/** An environment that was destroyed, below the root. */
const destroyed = /^\.darb-destroyed-\w{8}$/

const unique = (length: number) => globalThis.crypto.randomUUID().slice(0, length)

/**
 * Makes `clean`, `destroy` and `environments`, which are the same for all managers, and `sweepRoot`, which deletes what
 * an interrupted `destroy` has left below the root.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeDestruction = Effect.fnUntraced(function*(options: DestructionOptions) {
  const { belongings, directories, environmentsBelow, isolation, running } = options
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path

  /** Another program may delete the same leftovers at the same time. */
  const remove = (file: string) => Effect.retry(fs.remove(file, { recursive: true, force: true }), { times: 5 })

  /** Renames a file, a directory or a link to the first place on the same file system. */
  const rename = (file: string, places: ReadonlyArray<string>) =>
    Effect.firstSuccessOf(places.map((place) => Effect.as(fs.rename(file, place), place)))

  /** Renames, so that it is gone at once, and then removes. Nothing interrupts that. */
  const removeAside = (file: string, ...places: ReadonlyArray<string>) =>
    rename(file, places).pipe(
      // A mounted file system cannot be renamed: its content is removed.
      Effect.catchIf((error) => /EBUSY|EXDEV/.test(error.message), () => Effect.succeed(file)),
      Effect.andThen(remove),
      Effect.catchIf(isNotFound, () => Effect.void),
      Effect.uninterruptible
    )

  const contains = (directory: string, file: string) => {
    const relative = path.relative(directory, file)
    return relative.split(path.sep)[0] !== ".." && !path.isAbsolute(relative)
  }

  const removeIfEmpty = (directory: string) =>
    fs.readDirectory(directory).pipe(
      Effect.andThen((names) => names.length === 0 ? fs.remove(directory, { recursive: true }) : Effect.void),
      Effect.ignore
    )

  /** Removes what is installed: within the environment, and elsewhere. */
  const removeInstalled = (operation: Operation, files: ReadonlyArray<string>) =>
    Effect.forEach(files, (file) => {
      const { environment } = operation
      const name = `.darb-${unique(6)}`
      const directory = path.dirname(file)
      return contains(environment, file)
        ? removeAside(file, path.join(environment, name), path.join(directory, name))
        : Effect.andThen(removeAside(file, path.join(directory, name)), removeIfEmpty(directory))
    }, { discard: true })

  /** What is removed does not matter if a link leads out of the root: no link is followed. */
  const check = (operation: Operation) =>
    Effect.catchTag(belongings.check(operation), "InvalidOption", () => directories.checkExists(operation))

  /** Fails with `EnvironmentBusy` if a program runs in the environment. */
  const checkIdle = Effect.fnUntraced(function*(operation: Operation) {
    const [holder] = yield* running(operation.environment)
    if (holder === undefined) return
    const hint = "end the program that runs in it first, or wait until it has ended"
    return yield* new Errors.EnvironmentBusy({ ...contextOf(operation), holder, hint })
  })

  /** Renames the prefix, then deletes it. Waits for its turn, like a change. */
  const clean = (operation: Operation): Effect.Effect<void, CleanError> =>
    isolation.exclusively(
      operation,
      check(operation),
      Effect.andThen(checkIdle(operation), belongings.removable(operation, aside)).pipe(
        Effect.flatMap((files) => removeInstalled(operation, files))
      )
    ).pipe(Effect.mapError(operationError(operation)))

  const rootOf = Effect.fnUntraced(function*(operation: Operation) {
    if (directories.root !== undefined) return yield* directories.realPath(path.resolve(directories.root))
    const reason = `${operation.operation} needs the directory of all environments: set the driver's option root, ` +
      "package_manager.environments_root in the configuration"
    return yield* refuse(operation, "root", "", reason)
  })

  /** Deletes the environments that a program which died has renamed. */
  const sweep = (directory: string) =>
    fs.readDirectory(directory).pipe(
      Effect.map((names) => names.filter((name) => destroyed.test(name))),
      Effect.flatMap(Effect.forEach((name) => remove(path.join(directory, name)))),
      Effect.catchAll((error) => Effect.logDebug("Cannot delete the rest of a destroyed environment", error))
    )

  const sweepRoot = Effect.suspend(() => directories.root === undefined ? Effect.void : sweep(directories.root))

  /** Fails if a part of the path below the root is a link. */
  const checkNoLink = Effect.fnUntraced(function*(operation: Operation, root: string, given: string) {
    for (let file = path.resolve(root, given);; file = path.dirname(file)) {
      if (path.dirname(file) === file || (yield* directories.realPath(file)) === root) return
      if (yield* Effect.isSuccess(fs.readLink(file))) {
        const reason = `${file} is a link, which is not followed; give ${operation.environment}, or remove the link`
        return yield* refuse(operation, "path", given, reason)
      }
    }
  })

  /** Fails if there are other environments in the directory. */
  const checkAlone = Effect.fnUntraced(function*(operation: Operation, given: string) {
    const parts = yield* belongings.parts(operation)
    const others = yield* Stream.runCollect(
      environmentsBelow(operation).pipe(
        Stream.map(({ path }) => path),
        Stream.filter((other) => !parts.includes(other)),
        Stream.take(10)
      )
    )
    if (others.length === 0) return
    const reason = `it contains other environments: ${[...others].join(", ")}. Destroy or move them first.`
    return yield* refuse(operation, "path", given, reason)
  })

  /** Renames the directory aside, into the root if that is on the same file system, then deletes it. */
  const destroy = Effect.fnUntraced(function*(operation: Operation, { path: given }: DestroyOptions) {
    const { environment } = operation
    const root = yield* rootOf(operation)
    yield* checkNoLink(operation, root, given)
    yield* sweep(root)
    const removal: Effect.Effect<void, DestroyError | PlatformError> = Effect.gen(function*() {
      yield* checkIdle(operation)
      yield* checkAlone(operation, given)
      // What is elsewhere names this directory as its own.
      const installed = yield* Effect.orElseSucceed(belongings.removable(operation, aside), () => [])
      yield* removeInstalled(operation, installed.filter((file) => !contains(environment, file)))
      const name = `.darb-destroyed-${unique(8)}`
      const places = [root, path.dirname(environment)].map((directory) => path.join(directory, name))
      yield* Effect.uninterruptible(Effect.flatMap(rename(environment, places), remove))
    })
    yield* isolation.exclusively(operation, check(operation), removal)
  }, (effect, operation) => Effect.mapError(effect, operationError(operation)))

  /** All environments below the root. Fails with `InvalidOption` if there is none. */
  const environments = (manager: string): Stream.Stream<Environment, Errors.InvalidOption> =>
    Stream.unwrap(Effect.gen(function*() {
      const operation: Operation = { manager, operation: "environments", environment: "", marker: "" }
      const root = yield* rootOf(operation)
      return environmentsBelow({ ...operation, environment: root }, sweep)
    }))

  return { clean, destroy, environments, sweepRoot }
})

/**
 * Fails because a prefix is not the manager's to remove.
 *
 * @since 0.1.0
 * @category errors
 */
export const notRemovable = (operation: Operation, file: string, why: string) =>
  new Errors.InvalidOption({
    ...contextOf(operation),
    option: "path",
    value: operation.environment,
    reason: `its prefix ${file} ${why}; nothing was removed`
  })
