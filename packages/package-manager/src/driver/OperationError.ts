/**
 * Turns errors of the file system and of the lock into errors of a `PackageManager`, and those into the declared ones.
 *
 * @module
 * @since 0.1.0
 */
import { isPlatformError, type PlatformError } from "@effect/platform/Error"
import * as Schema from "effect/Schema"
import * as Errors from "../PackageManagerError.js"
import { contextOf, type Operation } from "./Operation.js"
import { Busy } from "./transaction/Owner.js"

/**
 * Maps `Busy` to `EnvironmentBusy` and errors of the file system to `StorageFailed`. All other errors pass.
 *
 * @since 0.1.0
 * @category errors
 */
export const operationError = (operation: Operation) =>
<E>(
  error: E | Busy | PlatformError
): Exclude<E, Busy | PlatformError> | Errors.EnvironmentBusy | Errors.StorageFailed => {
  if (error instanceof Busy) {
    return new Errors.EnvironmentBusy({ ...contextOf(operation), holder: error.holder, hint: error.hint })
  }
  return isPlatformError(error) ? storageFailed(operation, error) : error as Exclude<E, Busy | PlatformError>
}

/**
 * The same where there is no lock.
 *
 * @since 0.1.0
 * @category errors
 */
export const fileError =
  (operation: Operation) => <E>(error: E | PlatformError): Exclude<E, PlatformError> | Errors.StorageFailed =>
    isPlatformError(error) ? storageFailed(operation, error) : error as Exclude<E, PlatformError>

/**
 * The error of an operation for an error of the file system, with the file if it is known.
 *
 * @since 0.1.0
 * @category errors
 */
export const storageFailed = (operation: Operation, error: PlatformError): Errors.StorageFailed =>
  new Errors.StorageFailed({
    ...contextOf(operation),
    file: error._tag === "SystemError" && typeof error.pathOrDescriptor === "string" ? error.pathOrDescriptor : null,
    reason: error._tag === "SystemError" && error.reason === "InvalidData" && error.description !== undefined
      ? error.description
      : error.message
  })

/** The evidence of an error that no command caused. */
const none: Errors.Evidence = { command: [], exitCode: null, signal: null, stdout: "", stderr: "" }

/**
 * Makes the error of an operation one that the operation declares. The text of a failed command may mean an error that makes
 * no sense in this operation, such as an outdated lock file in `update`: that is `CommandFailed`, with the same evidence.
 *
 * @since 0.1.0
 * @category errors
 */
export const declared = <E, I>(errors: Schema.Schema<E, I>) => {
  const isDeclared = Schema.is(errors)
  return (error: Errors.PackageManagerError): E | Errors.CommandFailed => {
    if (isDeclared(error)) return error
    const evidence = "evidence" in error ? error.evidence ?? none : none
    const { environment, manager, message: reason, operation } = error
    return new Errors.CommandFailed({ manager, operation, environment, evidence, reason })
  }
}
