/** Turns errors of the file system and of the lock into errors of a `PackageManager`. */
import { PlatformError } from "@effect/platform/Error"
import * as Schema from "effect/Schema"
import * as Errors from "../PackageManagerError.js"
import { contextOf, type Operation } from "./Operation.js"
import { Busy } from "./transaction/Owner.js"

const isPlatformError = Schema.is(PlatformError)

export const operationError = (operation: Operation) =>
<E>(
  error: E | Busy | PlatformError
): Exclude<E, Busy | PlatformError> | Errors.EnvironmentBusy | Errors.StorageFailed => {
  if (error instanceof Busy) {
    return new Errors.EnvironmentBusy({ ...contextOf(operation), holder: error.holder, hint: error.hint })
  }
  return isPlatformError(error) ? storageFailed(operation, error) : error as Exclude<E, Busy | PlatformError>
}

export const storageFailed = (operation: Operation, error: PlatformError): Errors.StorageFailed =>
  new Errors.StorageFailed({
    ...contextOf(operation),
    file: error._tag === "SystemError" && typeof error.pathOrDescriptor === "string" ? error.pathOrDescriptor : null,
    reason: error._tag === "SystemError" && error.reason === "InvalidData" && error.description !== undefined
      ? error.description
      : error.message
  })
