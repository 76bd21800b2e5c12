/** The directories of environments: which one a path stands for, and what is in it. */
import { PlatformError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Errors from "../PackageManagerError.js"
import { contextOf, type Operation } from "./Operation.js"
import { Busy } from "./transaction/EnvironmentLock.js"
import { isNotFound } from "./transaction/FileErrors.js"

const isPlatformError = Schema.is(PlatformError)

/** There is no absolute path where the working directory is gone. */
export const absolute = (path: Path.Path, ...parts: ReadonlyArray<string>): Effect.Effect<string, string> =>
  Effect.try({
    try: () => path.resolve(...parts),
    catch: () => "the working directory is gone; give an absolute path"
  })

/** Makes errors of the file system and of the lock those of the manager. */
export const translated = (operation: Operation) =>
<E>(
  error: E | Busy | PlatformError
): Exclude<E, Busy | PlatformError> | Errors.EnvironmentBusy | Errors.StorageFailed => {
  if (error instanceof Busy) return new Errors.EnvironmentBusy({ ...contextOf(operation), holder: error.holder })
  return isPlatformError(error) ? storageFailed(operation)(error) : error as Exclude<E, Busy | PlatformError>
}

const storageFailed = (operation: Operation) => (error: PlatformError): Errors.StorageFailed =>
  new Errors.StorageFailed({
    ...contextOf(operation),
    file: error._tag === "SystemError" && typeof error.pathOrDescriptor === "string" ? error.pathOrDescriptor : null,
    reason: error.message
  })

export interface Directories {
  /** The operation in the directory that a path stands for, which need not exist. */
  readonly locate: (
    operation: Errors.OperationName,
    given: string
  ) => Effect.Effect<Operation, Errors.PackageManagerError>
  /** Fails where a file or directory is not in the root, if there is one. */
  readonly checkInRoot: (operation: Operation, file: string) => Effect.Effect<void, Errors.PackageManagerError>
  /** Fails where the directory is not there. */
  readonly checkThere: (operation: Operation) => Effect.Effect<unknown, Errors.PackageManagerError>
  /** The bytes of a file; `undefined` if there is none. */
  readonly read: (
    operation: Operation,
    file: string
  ) => Effect.Effect<Uint8Array | undefined, Errors.PackageManagerError>
  /** What a file's name leads to in the end. */
  readonly real: (file: string) => Effect.Effect<string>
}

/** `root` is the directory that all environments are in. */
export const makeDirectories = Effect.fnUntraced(function*(manager: string, root: string | undefined) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path

  /** What a path stands for when all links are followed, also where its last parts do not exist yet. */
  const canonical = (absolute: string): Effect.Effect<string, PlatformError> =>
    fs.realPath(absolute).pipe(
      Effect.catchIf(isNotFound, (error) => {
        const parent = path.dirname(absolute)
        return parent === absolute
          ? Effect.fail(error)
          : Effect.map(canonical(parent), (real) => path.join(real, path.basename(absolute)))
      })
    )

  const checkInRoot = Effect.fnUntraced(
    function*(operation: Operation, file: string, given: string = operation.environment) {
      if (root === undefined) return
      const [real, realRoot] = yield* Effect.all([canonical(file), canonical(path.resolve(root))]).pipe(
        Effect.mapError(translated(operation))
      )
      const relative = path.relative(realRoot, real)
      if (relative !== "" && relative.split(path.sep)[0] !== ".." && !path.isAbsolute(relative)) return
      const reason = `it leads out of the directory that all environments are in, ${realRoot}`
      return yield* new Errors.InvalidOption({ ...contextOf(operation), option: "path", value: given, reason })
    }
  )

  const locate = Effect.fnUntraced(function*(name: Errors.OperationName, given: string) {
    const refuse = (reason: string) =>
      new Errors.InvalidOption({ manager, operation: name, environment: given, option: "path", value: given, reason })
    if (given === "") return yield* refuse("it is empty")
    if (given.includes("\0")) return yield* refuse("it has a NUL byte")
    const environment = yield* Effect.mapError(absolute(path, ...(root === undefined ? [] : [root]), given), refuse)
    const operation: Operation = { manager, operation: name, environment, marker: globalThis.crypto.randomUUID() }
    yield* checkInRoot(operation, environment, given)
    yield* Effect.annotateCurrentSpan({ environment, operation: name, manager })
    return yield* canonical(environment).pipe(
      Effect.map((environment): Operation => ({ ...operation, environment })),
      Effect.mapError(translated(operation))
    )
  })

  const read = (operation: Operation, file: string) =>
    Effect.gen(function*() {
      const { type } = yield* fs.stat(file)
      // Reading what is not a file may never end.
      if (type !== "File") {
        return yield* new Errors.StorageFailed({ ...contextOf(operation), file, reason: `it is not a file (${type})` })
      }
      return yield* fs.readFile(file)
    }).pipe(
      Effect.catchTag("SystemError", (error) => isNotFound(error) ? Effect.succeed(undefined) : Effect.fail(error)),
      Effect.mapError(translated(operation))
    )

  const checkThere = (operation: Operation) =>
    fs.stat(operation.environment).pipe(
      Effect.mapError((error) =>
        isNotFound(error)
          ? new Errors.EnvironmentNotFound({ ...contextOf(operation), reason: "there is no such directory" })
          : storageFailed(operation)(error)
      ),
      Effect.filterOrFail(
        ({ type }) => type === "Directory",
        () => new Errors.EnvironmentNotFound({ ...contextOf(operation), reason: "it is a file, not a directory" })
      )
    )

  const directories: Directories = {
    locate,
    checkInRoot,
    checkThere,
    read,
    real: (file) => Effect.orElseSucceed(fs.realPath(file), () => file)
  }
  return directories
})
