/** What is being done where. */
import type * as Errors from "../PackageManagerError.js"

export interface Operation {
  /** The name of the manager. */
  readonly manager: string
  readonly operation: Errors.OperationName
  /** The canonical path of the directory. */
  readonly environment: string
  /** The value of the variable that all processes of the operation have. */
  readonly marker: string
  /** The environment of the manifest that is meant, where a manifest can have several. */
  readonly selected?: string | undefined
}

/** A operation in an environment that is there. */
export interface EnvironmentOperation extends Operation {
  /** The absolute path of its manifest. */
  readonly manifest: string
  /** The absolute path of its lock file, which may not be there. */
  readonly lock: string
}

/** What every error names. */
export const contextOf = ({ environment, manager, operation }: Operation) => ({ manager, operation, environment })
