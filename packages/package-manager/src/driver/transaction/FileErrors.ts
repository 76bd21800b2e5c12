/** Classifies errors of the file system. */
import type { PlatformError } from "@effect/platform/Error"

export const isNotFound = (error: PlatformError): boolean => error._tag === "SystemError" && error.reason === "NotFound"
