/**
 * Resolves and checks the directories of environments, and reads their files.
 *
 * @module
 * @since 0.1.0
 */
import type { PlatformError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Errors from "../PackageManagerError.js"
import * as Delivery from "./Delivery.js"
import { contextOf, type EnvironmentOperation, type Operation } from "./Operation.js"
import { fileError, storageFailed } from "./OperationError.js"
import { readRegular } from "./RegularFile.js"
import { isNotFound } from "./transaction/FileErrors.js"

/**
 * Fails with a reason if the path is relative and the working directory no longer exists.
 *
 * @since 0.1.0
 * @category operations
 */
export const absolute = (path: Path.Path, ...parts: ReadonlyArray<string>): Effect.Effect<string, string> =>
  Effect.try({
    try: () => path.resolve(...parts),
    catch: () => "the working directory is gone; give an absolute path"
  })

/**
 * How all operations of a driver resolve paths and read files. A path is made canonical, without links, before anything
 * else: two paths of the same directory are the same environment.
 *
 * @since 0.1.0
 * @category models
 */
export interface Directories {
  /** The directory that contains all environments, if there is one. */
  readonly root: string | undefined
  /** Starts an operation in the directory of a path, which need not exist. */
  readonly locate: (
    operation: Errors.OperationName,
    directory: string
  ) => Effect.Effect<Operation, Errors.InvalidOption | Errors.StorageFailed>
  /** Fails if a file or directory is outside the root. */
  readonly checkInRoot: (
    operation: Operation,
    file: string
  ) => Effect.Effect<void, Errors.InvalidOption | Errors.StorageFailed>
  /** Fails if the directory of the operation does not exist. */
  readonly checkExists: (
    operation: Operation
  ) => Effect.Effect<unknown, Errors.EnvironmentNotFound | Errors.StorageFailed>
  /** The bytes of a file; `undefined` if it does not exist. */
  readonly read: (
    operation: Operation,
    file: string
  ) => Effect.Effect<Uint8Array | undefined, Errors.StorageFailed>
  /** The bytes of a file of an environment. While a change runs, those from before it. */
  readonly readCommitted: (
    operation: Operation & Pick<EnvironmentOperation, "committed">,
    file: string
  ) => Effect.Effect<Uint8Array | undefined, Errors.StorageFailed>
  /** The path of a file with all links resolved; the same path if that fails. */
  readonly realPath: (file: string) => Effect.Effect<string>
}

/**
 * `root` is the directory that contains all environments, if there is one.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeDirectories = Effect.fnUntraced(function*(manager: string, root: string | undefined) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path

  /** Resolves all links of a path, whose last parts need not exist. */
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
    function*(operation: Operation, file: string, value: string = operation.environment) {
      if (root === undefined) return
      const [real, realRoot] = yield* Effect.all([canonical(file), canonical(path.resolve(root))])
      const relative = path.relative(realRoot, real)
      if (relative !== "" && relative.split(path.sep)[0] !== ".." && !path.isAbsolute(relative)) return
      const reason = `it is ${relative === "" ? "" : "outside "}${realRoot}, the directory of all environments`
      return yield* new Errors.InvalidOption({ ...contextOf(operation), option: "path", value, reason })
    },
    (effect, operation) => Effect.mapError(effect, fileError(operation))
  )

  const locate = Effect.fnUntraced(function*(name: Errors.OperationName, value: string) {
    const refuse = (reason: string) =>
      new Errors.InvalidOption({ manager, operation: name, environment: value, option: "path", value, reason })
    if (value === "") return yield* refuse("it is empty")
    if (value.includes("\0")) return yield* refuse("it has a NUL byte")
    const environment = yield* Effect.mapError(absolute(path, ...(root === undefined ? [] : [root]), value), refuse)
    const operation: Operation = { manager, operation: name, environment, marker: yield* Delivery.marker }
    yield* checkInRoot(operation, environment, value)
    yield* Effect.annotateCurrentSpan({ environment, operation: name, manager })
    return yield* canonical(environment).pipe(
      Effect.map((environment): Operation => ({ ...operation, environment })),
      Effect.mapError(fileError(operation))
    )
  })

  const read = (operation: Operation, file: string) =>
    readRegular(fs, file).pipe(
      Effect.map(({ bytes }) => bytes),
      Effect.catchIf(isNotFound, () => Effect.succeed(undefined)),
      Effect.mapError(fileError(operation))
    )

  const checkExists = Effect.fnUntraced(function*(operation: Operation) {
    const missing = (reason: string) => new Errors.EnvironmentNotFound({ ...contextOf(operation), reason })
    const { type } = yield* Effect.mapError(
      fs.stat(operation.environment),
      (error) => isNotFound(error) ? missing("there is no such directory") : storageFailed(operation, error)
    )
    if (type !== "Directory") return yield* missing("it is a file, not a directory")
  })

  const realPath = (file: string) => Effect.orElseSucceed(fs.realPath(file), () => file)

  const readCommitted: Directories["readCommitted"] = Effect.fnUntraced(function*(operation, file) {
    const { committed = new Map<string, null>() } = operation
    const before = committed.size === 0 ? undefined : committed.get(committed.has(file) ? file : yield* realPath(file))
    return before === undefined ? yield* read(operation, file) : before ?? undefined
  })

  const directories: Directories = {
    root,
    readCommitted,
    locate,
    checkInRoot,
    checkExists,
    read,
    realPath
  }
  return directories
})
