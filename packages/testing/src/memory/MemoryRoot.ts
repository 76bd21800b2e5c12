/**
 * The directory of all environments of a manager in memory.
 *
 * @module
 * @since 0.1.0
 */
import type { Operation } from "@darb/package-manager/driver/Operation"
import { refuse } from "@darb/package-manager/driver/Options"
import { Environment } from "@darb/package-manager/Environment"
import type { Kind } from "@darb/package-manager/Package"
import type * as Errors from "@darb/package-manager/PackageManagerError"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Memory from "./MemoryState.js"
import type { Store } from "./MemoryStore.js"

/**
 * Makes what depends on the option `root`: the resolution of paths, `destroy` and `environments`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeRoot = (given: string | undefined, store: Store, kind: Kind) => {
  const root = given === undefined ? undefined : Memory.normalize(given)

  /** The path of an environment. A relative one starts at the root. */
  const resolve = (path: string): string =>
    Memory.normalize(root === undefined || path.startsWith("/") ? path : `${root}/${path}`)

  /** Fails if the environment is not below the root. */
  const check = (operation: Operation, path: string): Effect.Effect<void, Errors.InvalidOption> => {
    const { environment } = operation
    if (root === undefined || (environment !== root && environment.startsWith(root === "/" ? root : `${root}/`))) {
      return Effect.void
    }
    const reason = `it is ${environment === root ? "" : "outside "}${root}, the directory of all environments`
    return refuse(operation, "path", path, reason)
  }

  const required = (operation: Operation) =>
    root === undefined
      ? refuse(operation, "root", "", `${operation.operation} needs the directory of all environments: set root`)
      : Effect.succeed(root)

  const destroy = (operation: Operation) => Effect.andThen(required(operation), store.destroy(operation))

  const listed: Operation = { manager: "memory", operation: "environments", environment: "", marker: "" }

  const read = (path: string) =>
    Effect.map(
      store.read({ ...listed, environment: path }),
      (state) => new Environment({ path, name: state.name, status: Memory.status(path, kind, state), error: null })
    )

  const environments: Stream.Stream<Environment, Errors.InvalidOption> = Stream.fromIterableEffect(
    Effect.flatMap(required(listed), store.below)
  ).pipe(
    // One may have been destroyed meanwhile.
    Stream.flatMap((path) => Stream.catchAll(Stream.fromEffect(read(path)), () => Stream.empty)),
    Stream.withSpan("Memory.environments")
  )

  return { check, destroy, environments, resolve }
}
