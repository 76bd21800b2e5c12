/** What an error of the file system means. */
import type { PlatformError } from "@effect/platform/Error"

export const isNotFound = (error: PlatformError): boolean => error._tag === "SystemError" && error.reason === "NotFound"
