/**
 * Finds the entity of an environment.
 *
 * @module
 * @since 0.1.0
 */
import type { Capabilities } from "@darb/package-manager/Capabilities"
import type { Operation } from "@darb/package-manager/driver/Operation"
import { checkOptions, refuse } from "@darb/package-manager/driver/Options"
import type { InvalidOption, UnsupportedOption } from "@darb/package-manager/PackageManagerError"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Encoding from "effect/Encoding"
import type { JobId } from "./Job.js"

/**
 * An environment, and the entity that runs its jobs.
 *
 * @since 0.1.0
 * @category models
 */
export interface Location {
  readonly entityId: string
  /** The absolute path. */
  readonly path: string
  /** The path from the directory of all environments. */
  readonly environment: string
}

/**
 * The name of the manager, and what it supports.
 *
 * @since 0.1.0
 * @category models
 */
export interface Described {
  readonly name: string
  readonly capabilities: Capabilities
}

/**
 * Where environments are, and which runners own them.
 *
 * @since 0.1.0
 * @category options
 */
export interface LocationOptions {
  /** The directory that contains all environments. A relative path starts there. */
  readonly environmentsRoot: string
  /** The shard group of an environment, given its path from the root: the host that has it. By default always `default`. */
  readonly groupOf?: ((environment: string) => string) | undefined
}

/** How many hashes are remembered. */
const maxHashes = 20_000

/**
 * Checks the options of an operation and resolves its path, without looking at any file.
 *
 * @since 0.1.0
 * @category models
 */
export type Locate = <Name extends keyof Capabilities["options"]>(
  operation: Name,
  options: { readonly path: string }
) => Effect.Effect<Location, InvalidOption | UnsupportedOption>

/**
 * Makes that function for the manager of the runners. A path outside of the root fails with `InvalidOption`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeLocate = Effect.fnUntraced(function*(
  { capabilities, name }: Described,
  { environmentsRoot, groupOf = () => "default" }: LocationOptions
) {
  const path = yield* Path.Path
  const root = path.resolve(environmentsRoot)
  const hashes = new Map<string, string>()

  const hashOf = Effect.fnUntraced(function*(environment: string) {
    const known = hashes.get(environment)
    if (known !== undefined) return known
    const bytes = new TextEncoder().encode(environment)
    const digest = yield* Effect.promise(() => globalThis.crypto.subtle.digest("SHA-256", bytes))
    const hash = Encoding.encodeHex(new Uint8Array(digest)).slice(0, 32)
    if (hashes.size >= maxHashes) hashes.clear()
    hashes.set(environment, hash)
    return hash
  })

  const locate: Locate = Effect.fnUntraced(function*(operationName, options) {
    const { path: given } = options
    const at = (environment: string): Operation => ({
      manager: name,
      operation: operationName,
      environment,
      marker: ""
    })
    if (given === "") return yield* refuse(at(given), "path", given, "it is empty")
    if (given.includes("\0")) return yield* refuse(at(given), "path", given, "it has a NUL byte")
    const operation = at(path.resolve(root, given))
    const environment = path.relative(root, operation.environment)
    if (environment === "" || environment.split(path.sep)[0] === ".." || path.isAbsolute(environment)) {
      const reason = `it is ${environment === "" ? "" : "outside "}${root}, the directory of all environments`
      return yield* refuse(operation, "path", given, reason)
    }
    yield* checkOptions(operation, options, capabilities.options[operationName])
    return {
      environment,
      path: operation.environment,
      entityId: `${groupOf(environment)}.${yield* hashOf(environment)}`
    }
  })
  return locate
})

/**
 * The entity of a job.
 *
 * @since 0.1.0
 * @category getters
 */
export const entityIdOf = (id: JobId): string => id.split(".", 2).join(".")

/**
 * An entity on some runner of a group, for what concerns no environment.
 *
 * @since 0.1.0
 * @category operations
 */
export const entityOfGroup = (group: string): string => `${group}.${"0".repeat(32)}`
