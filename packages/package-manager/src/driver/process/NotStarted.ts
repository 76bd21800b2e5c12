/**
 * Explains why a process did not start.
 *
 * @module
 * @since 0.1.0
 */
import type { PlatformError } from "@effect/platform/Error"
import * as Data from "effect/Data"
import * as Predicate from "effect/Predicate"

/**
 * Why a process did not start, and what is at fault: only `machine` may pass by itself.
 *
 * @since 0.1.0
 * @category models
 */
export interface Reason {
  readonly culprit: "executable" | "directory" | "arguments" | "machine"
  readonly reason: string
}

/**
 * A command that did not start. No process was left.
 *
 * @since 0.1.0
 * @category errors
 */
export class NotStarted extends Data.TaggedError("NotStarted")<
  Reason & { readonly command: ReadonlyArray<string> }
> {}

/** The codes of a machine without processes, files or memory to spare, and of an executable that is being replaced. */
const transient = /EAGAIN|EBUSY|EMFILE|ENFILE|ENOMEM|ETXTBSY/

const machine = (code: string): Reason => ({
  culprit: "machine",
  reason: /BUSY|BSY/.test(code)
    ? `the executable is being replaced (${code})`
    : `the machine cannot start another process (${code})`
})

/**
 * The reason for an error of the command executor.
 *
 * @since 0.1.0
 * @category constructors
 */
export const ofError = (error: PlatformError): Reason => {
  if (error._tag === "SystemError" && error.method === "access") {
    return { culprit: "directory", reason: "there is no such directory" }
  }
  if (error._tag === "SystemError" && error.reason === "NotFound") {
    return { culprit: "executable", reason: "there is no such file" }
  }
  if (error._tag === "SystemError" && error.reason === "PermissionDenied") {
    return { culprit: "executable", reason: "it is not executable" }
  }
  const code = transient.exec(error.message)?.[0]
  return code === undefined ? { culprit: "executable", reason: error.message } : machine(code)
}

/**
 * `undefined` if the defect does not come from Node, which throws some of its errors instead of reporting them.
 *
 * @since 0.1.0
 * @category constructors
 */
export const ofDefect = (defect: unknown): Reason | undefined => {
  if (!Predicate.hasProperty(defect, "code") || typeof defect.code !== "string") return undefined
  switch (defect.code) {
    case "E2BIG":
      return { culprit: "arguments", reason: "the arguments are too long for the operating system: pass fewer at once" }
    case "ERR_INVALID_ARG_VALUE":
      return { culprit: "arguments", reason: "an argument has a NUL byte" }
    case "ENOTDIR":
      return { culprit: "directory", reason: "it is a file, not a directory" }
    default:
      return transient.test(defect.code) ? machine(defect.code) : { culprit: "executable", reason: defect.code }
  }
}

/**
 * `undefined` if Node accepts the executable and the variables.
 *
 * @since 0.1.0
 * @category constructors
 */
export const ofOptions = (executable: string, environment: Readonly<Record<string, string>>): Reason | undefined => {
  if (executable === "") return { culprit: "executable", reason: "its path is empty" }
  if (executable.includes("\0")) return { culprit: "executable", reason: "its path has a NUL byte" }
  const variable = Object.entries(environment).find((entry) => entry.join("").includes("\0"))
  return variable && { culprit: "arguments", reason: `the variable ${JSON.stringify(variable[0])} has a NUL byte` }
}
