/**
 * Classifies errors of the file system.
 *
 * @module
 * @since 0.1.0
 */
import { type PlatformError, SystemError } from "@effect/platform/Error"

/**
 * Whether a file or a part of its path does not exist.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isNotFound = (error: PlatformError): boolean => error._tag === "SystemError" && error.reason === "NotFound"

/**
 * A file cannot be used. `description` tells the user why, and what to do.
 *
 * @since 0.1.0
 * @category errors
 */
export const unusable = (file: string, description: string): SystemError =>
  new SystemError({
    reason: "InvalidData",
    module: "FileSystem",
    method: "recover",
    pathOrDescriptor: file,
    description
  })

/**
 * Whether this is an error of `unusable`.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isUnusable = (error: PlatformError): boolean =>
  error._tag === "SystemError" && error.reason === "InvalidData"

/**
 * Whether a file that had to be new exists.
 *
 * @since 0.1.0
 * @category predicates
 */
export const alreadyExists = (error: PlatformError): boolean =>
  error._tag === "SystemError" && error.reason === "AlreadyExists"
