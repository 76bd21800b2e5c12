/** What is being done where. */
import type * as Errors from "../PackageManagerError.js"

export interface Task {
  /** The name of the manager. */
  readonly manager: string
  readonly operation: Errors.Operation
  /** The canonical path of the directory. */
  readonly environment: string
  /** The value of the variable that all processes of the task have. */
  readonly marker: string
  /** The environment of the manifest that is meant, where a manifest can have several. */
  readonly selected?: string | undefined
}

/** A task in an environment that is there. */
export interface EnvironmentTask extends Task {
  /** The absolute path of its manifest. */
  readonly manifest: string
  /** The absolute path of its lock file, which may not be there. */
  readonly lock: string
}

/** What every error names. */
export const contextOf = ({ environment, manager, operation }: Task) => ({ manager, operation, environment })
