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
  /** All groups of runners, the same list everywhere. Names have 1 to 40 letters, digits, `-` and `_`. */
  readonly groups?: ReadonlyArray<string> | undefined
  /**
   * The group that owns an environment, given its path from the root: the same function everywhere. It is needed where there are
   * several groups.
   */
  readonly groupOf?: ((environment: string) => string) | undefined
}

/**
 * The group of the runners of a host: its name or address, with hyphens in place of other characters than letters and digits.
 *
 * @since 0.1.0
 * @category operations
 */
export const groupOfHost = (host: string): string => host.replace(/[^A-Za-z0-9]/g, "-").slice(-40)

/**
 * The SHA-256 of a text, in hexadecimal.
 *
 * @since 0.1.0
 * @category operations
 */
export const sha256 = (text: string): Effect.Effect<string> =>
  Effect.map(
    Effect.promise(() => globalThis.crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))),
    (digest) => Encoding.encodeHex(new Uint8Array(digest))
  )

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
  { environmentsRoot, groupOf, groups = ["default"] }: LocationOptions
) {
  const path = yield* Path.Path
  const root = path.resolve(environmentsRoot)
  const hashes = new Map<string, string>()

  const hashOf = Effect.fnUntraced(function*(environment: string) {
    const known = hashes.get(environment)
    if (known !== undefined) return known
    const hash = (yield* sha256(environment)).slice(0, 32)
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
    const group = groupOf === undefined && groups.length === 1 ? groups[0] : groupOf?.(environment)
    if (group === undefined) return yield* refuse(operation, "path", given, "`groupOf` has to say which group owns it")
    // Nobody would ever answer.
    if (!groups.includes(group) || !/^[\w-]{1,40}$/.test(group)) {
      return yield* refuse(
        operation,
        "path",
        given,
        `${group} owns it, which is none of the groups ${groups.join(", ")}`
      )
    }
    yield* checkOptions(operation, options, capabilities.options[operationName])
    return {
      environment,
      path: operation.environment,
      entityId: `${group}.${yield* hashOf(environment)}`
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
