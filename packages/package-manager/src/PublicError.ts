/**
 * What a server may show of an error to its users: no command line, no output of commands, no path outside the environment
 * and no credentials.
 *
 * @module
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { isRetryable, type OperationName, PackageManagerError } from "./PackageManagerError.js"
import * as PublicText from "./PublicText.js"

/**
 * Plain data, ready for JSON.
 *
 * @since 0.1.0
 * @category errors
 */
export interface PublicError {
  readonly _tag: PackageManagerError["_tag"]
  /** In the words of `PackageManagerError`, with nothing that `details` does not have. */
  readonly message: string
  readonly manager: string
  readonly operation: OperationName
  /** The name of the environment, never its path; empty if the operation concerns no environment. */
  readonly environment: string
  /** Whether the same operation may succeed later without any other change. */
  readonly isRetryable: boolean
  /** The other fields of the error, such as `packages` or `file`. */
  readonly details: Readonly<Record<string, unknown>>
}

/**
 * How the public error names the environment.
 *
 * @since 0.1.0
 * @category options
 */
export interface Options {
  /** What users call the environment; the last part of its path by default. */
  readonly environment?: string | undefined
}

/**
 * The public part of an error. Paths inside the environment become relative to it, and all others `[path]`. In URLs,
 * `***` replaces credentials, and the query is left out. Reasons that quote the output of a program are left out too. A
 * password that no word around it marks as one cannot be recognized.
 *
 * ```ts
 * const answer = packageManager.install({ path, packages: ["numpy"] }).pipe(
 *   Effect.mapError((error) => PublicError.of(error, { environment: "analysis" })),
 *   Effect.either
 * )
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const of = (error: PackageManagerError, options: Options = {}): PublicError => {
  const encoded = Schema.encodeSync(PackageManagerError)(error)
  const { _tag, environment: directory, manager, message: _, operation, ...fields } = encoded
  const environment = directory === "" ? "" : options.environment ?? lastPart(directory)
  const text = PublicText.make(directory, environment)
  const details = Object.fromEntries(
    Object.entries({ ...fields, ...replaced(error) })
      .filter(([name, value]) => !hidden.has(name) && value !== undefined)
      .map(([name, value]) => [name, mapTexts(value, prose.has(name) ? text.prose : text.value)])
  )
  const shown = { evidence: noEvidence, command: [manager], executable: manager, ...details }
  const whole = { ...shown, _tag, manager, operation, environment }
  const { message } = Schema.decodeUnknownSync(PackageManagerError)(whole)
  return { _tag, message, manager, operation, environment, isRetryable: isRetryable(error), details }
}

/** Fields that say nothing to users. */
const hidden: ReadonlySet<string> = new Set(["evidence", "command", "executable"])

const noEvidence = { command: [], exitCode: null, signal: null, stdout: "", stderr: "" }

/** Fields with words. All others are values, which may be a path as a whole. */
const prose: ReadonlySet<string> = new Set(["reason", "explanation", "hint", "expected"])

/** What to show in place of the output of a program, which may contain anything, and of hints to administrators. */
const replaced = (error: PackageManagerError): Readonly<Record<string, string | undefined>> => {
  switch (error._tag) {
    case "BuildFailed":
      return { reason: "its build failed" }
    case "CommandFailed":
      return {
        reason: error.evidence.exitCode === null ? "the command failed" : `exit code ${error.evidence.exitCode}`
      }
    case "EnvironmentBusy":
      return { hint: undefined }
    case "OutputInvalid":
      return { reason: "it is not as expected" }
    case "UnsupportedVersion":
      return { found: /^\d[\w.+-]*$/.test(error.found) ? error.found : "unknown" }
    default:
      return {}
  }
}

const lastPart = (path: string): string => {
  const part = path.split(/[/\\]+/).findLast((part) => part !== "") ?? ""
  return /^(?:\.*|~.*|[A-Za-z]:)$/.test(part) ? "environment" : part
}

/** Changes all texts in a value of JSON. */
const mapTexts = (value: unknown, change: (text: string) => string): unknown => {
  if (typeof value === "string") return change(value)
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change))
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value).map(([name, item]) => [name, mapTexts(item, change)]))
    : value
}
