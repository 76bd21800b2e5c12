/**
 * The fields that several events have. `Output` exports them.
 *
 * @module
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"

/**
 * Names the operation that an event is about. During a recovery that is the recovered operation, not the one that recovers.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Identity = Schema.Struct({
  /** The name of the method, such as `install`. */
  operation: Schema.String,
  /** The canonical path of the environment; empty for `version`. */
  environment: Schema.String,
  /**
   * Unique for each run of an operation: one that is retried has a new one. The journal has the same `marker`, and the processes
   * have it in the variable `DARB_OPERATION`.
   */
  id: Schema.String
})
export type Identity = typeof Identity.Type

/**
 * The operation that holds an environment.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Holder = Schema.Struct({
  operation: Schema.String,
  /** Its start, in milliseconds since 1970. */
  since: Schema.Number
})
export type Holder = typeof Holder.Type

/**
 * Why a process runs: to ask the executable for its version, or for the operation itself.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Purpose = Schema.Literal("version", "operation")
export type Purpose = typeof Purpose.Type

/**
 * What the manager is doing, as far as it says.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Phase = Schema.Literal("solving", "downloading", "linking", "done")
export type Phase = typeof Phase.Type

const Amount = Schema.Struct({ done: Schema.NullOr(Schema.Number), total: Schema.NullOr(Schema.Number) })

/**
 * The packages to install, which the lock file has and the prefix lacked before the operation, and the bytes of their archives:
 * how many are done, and how many there are. `null` if unknown: the lock file of pixi has no sizes of PyPI packages, and that of
 * uv those that the index tells.
 *
 * A package is done when it is installed. The bytes of an archive are done when it is downloaded, as far as the manager says,
 * and at the latest when it is installed. Archives in the cache of pixi are done from the start, if its directory is known: from
 * `PIXI_CACHE_DIR` or `RATTLER_CACHE_DIR`, or else as the default of rattler. The cache of uv is not read, since its layout
 * changes between versions: with uv such bytes are done when linking begins.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Totals = Schema.Struct({ packages: Amount, bytes: Amount })
export type Totals = typeof Totals.Type
