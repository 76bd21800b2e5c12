/**
 * An operation of a manager in an environment.
 *
 * @module
 * @since 0.1.0
 */
import type * as Errors from "../PackageManagerError.js"

/**
 * What is known of a call when its options are validated. Events, errors, the journal and the variables of processes
 * all name it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Operation {
  /** The name of the manager. */
  readonly manager: string
  readonly operation: Errors.OperationName
  /** The canonical path of the directory. */
  readonly environment: string
  /** A unique value that all processes of the operation have in a variable. */
  readonly marker: string
  /** The chosen environment, if the manifest can have several. */
  readonly selected?: string | undefined
}

/**
 * An operation in an existing environment.
 *
 * @since 0.1.0
 * @category models
 */
export interface EnvironmentOperation extends Operation {
  /** The absolute path of the manifest. */
  readonly manifest: string
  /** The absolute path of the lock file, which may not exist. */
  readonly lock: string
  /** While a change runs, the files as they were before it, by path; `null` for one that did not exist. */
  readonly committed?: ReadonlyMap<string, Uint8Array | null> | undefined
}

/**
 * The fields that all errors have.
 *
 * @since 0.1.0
 * @category getters
 */
export const contextOf = ({ environment, manager, operation }: Operation) => ({ manager, operation, environment })
