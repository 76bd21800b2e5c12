/** Classifies errors of the file system. */
import { type PlatformError, SystemError } from "@effect/platform/Error"

export const isNotFound = (error: PlatformError): boolean => error._tag === "SystemError" && error.reason === "NotFound"

/** A file cannot be used. `description` tells the user why, and what to do. */
export const unusable = (file: string, description: string): SystemError =>
  new SystemError({
    reason: "InvalidData",
    module: "FileSystem",
    method: "recover",
    pathOrDescriptor: file,
    description
  })

export const isUnusable = (error: PlatformError): boolean =>
  error._tag === "SystemError" && error.reason === "InvalidData"

export const alreadyExists = (error: PlatformError): boolean =>
  error._tag === "SystemError" && error.reason === "AlreadyExists"
