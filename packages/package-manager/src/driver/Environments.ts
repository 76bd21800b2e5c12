/**
 * Finds the environments below the directory of all environments.
 *
 * @module
 * @since 0.1.0
 */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { Environment } from "../Environment.js"
import type { GetManifestError, StatusError } from "../OperationErrors.js"
import type * as Errors from "../PackageManagerError.js"
import type { Status } from "../Status.js"
import type { Operation } from "./Operation.js"
import { operationError } from "./OperationError.js"
import { isNotFound } from "./transaction/FileErrors.js"

/**
 * How a manager finds and reads its environments.
 *
 * @since 0.1.0
 * @category models
 */
export interface Finder<Found> {
  /** Fails with `EnvironmentNotFound` if the directory is not an environment. */
  readonly inspect: (operation: Operation) => Effect.Effect<Found, GetManifestError>
  /** The name in the manifest, if there is one. */
  readonly nameOf: (environment: Found) => string | null
  /** Compares the manifest, the lock file and the prefix. */
  readonly status: (environment: Found) => Effect.Effect<Status, StatusError>
}

const entryOf = ({ environment }: Operation) => (error: Errors.PackageManagerError, name: string | null = null) =>
  new Environment({ path: environment, name, status: null, error })

/**
 * Makes the stream of the environments below a directory. It reads directories as it is pulled, and does not enter
 * hidden directories, links and environments.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeEnvironments = Effect.fnUntraced(function*<Found>({ inspect, nameOf, status }: Finder<Found>) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path

  const isDirectory = (file: string) =>
    Effect.orElse(
      Effect.as(fs.readLink(file), false),
      () => Effect.match(fs.stat(file), { onFailure: () => false, onSuccess: ({ type }) => type === "Directory" })
    )

  /** The directories in a directory, without hidden ones and links. */
  const directoriesIn = Effect.fnUntraced(function*(directory: string) {
    const names = (yield* fs.readDirectory(directory)).filter((name) => !name.startsWith(".")).sort()
    return yield* Effect.filter(names.map((name) => path.join(directory, name)), isDirectory)
  })

  /** What is known about an environment; `undefined` if the directory is not one. */
  const read = (operation: Operation): Effect.Effect<Environment | undefined> =>
    Effect.gen(function*() {
      const found = yield* inspect(operation)
      const [name, { environment }] = [nameOf(found), operation]
      return yield* Effect.match(status(found), {
        onFailure: (error) => entryOf(operation)(error, name),
        onSuccess: (status) => new Environment({ path: environment, name, status, error: null })
      })
    }).pipe(Effect.catchAll((error) =>
      Effect.succeed(error._tag === "EnvironmentNotFound" ? undefined : entryOf(operation)(error))
    ))

  /**
   * The environments below the directory of an operation, but not inside each other. A directory that cannot be read is an
   * element too. `visit` runs for each directory that is read.
   */
  return (
    operation: Operation,
    visit: (directory: string) => Effect.Effect<unknown> = () => Effect.void
  ): Stream.Stream<Environment> => {
    const into = Effect.fnUntraced(function*(directory: string) {
      yield* visit(directory)
      const below = yield* Effect.either(directoriesIn(directory))
      if (below._tag === "Right") return { found: [], below: below.right }
      if (isNotFound(below.left)) return { found: [], below: [] }
      const at = { ...operation, environment: directory }
      return { found: [entryOf(at)(operationError(at)(below.left))], below: [] }
    })
    const next = Effect.fnUntraced(function*([directory, ...pending]: ReadonlyArray<string>) {
      if (directory === undefined) return [Chunk.empty<Environment>(), Option.none()] as const
      const marker = globalThis.crypto.randomUUID()
      const isStart = directory === operation.environment
      const environment = isStart ? undefined : yield* read({ ...operation, environment: directory, marker })
      const { below, found } = environment === undefined
        ? yield* into(directory)
        : { found: [environment], below: [] }
      return [Chunk.fromIterable(found), Option.some([...below, ...pending])] as const
    })
    return Stream.paginateChunkEffect([operation.environment], next)
  }
})
