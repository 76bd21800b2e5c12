/**
 * Classifies failed commands of pixi. Pure.
 *
 * pixi has one exit code for almost all errors, so that only its text tells them apart, and the text differs between
 * versions. Whatever the text leaves open is `CommandFailed`.
 *
 * @module
 * @since 0.1.0
 */
import * as FailureRules from "@darb/package-manager/driver/executable/FailureRules"
import type { Result } from "@darb/package-manager/driver/process/CommandResult"
import { evidenceOf } from "@darb/package-manager/driver/process/Evidence"
import * as Errors from "@darb/package-manager/PackageManagerError"
import { report } from "./PixiReport.js"
import { rules } from "./PixiRules.js"

export type { Failure } from "@darb/package-manager/driver/executable/FailureRules"
export { type Position, type Report, report } from "./PixiReport.js"

/**
 * The error that a failed command stands for.
 *
 * @since 0.1.0
 * @category errors
 */
export const classify = (failure: FailureRules.Failure): Errors.PackageManagerError => {
  const { environment, operation, result } = failure
  const base = { manager: "pixi", operation, environment, evidence: evidenceOf(result) }
  if (result.signal !== null) return new Errors.CommandKilled({ ...base, signal: result.signal })
  const parsed = report(result.stderr)
  const { causes, help } = parsed
  const text = [...causes, ...(help === undefined ? [] : [help])].join("\n")
  return FailureRules.classify(rules, { failure, report: parsed, causes, base }, text)
}

/**
 * The requested spec that the solver found no candidates for, if the command failed with that. The spec `*` means that no
 * channel has the package. For other specs a channel may have other versions.
 *
 * @since 0.1.0
 * @category operations
 */
export const missingCandidate = (stderr: string): { readonly name: string; readonly spec: string } | undefined => {
  const text = report(stderr).causes.join("\n")
  const [, name, spec] = /because of: No candidates were found for (\S+) (.+)\.$/m.exec(text) ?? []
  return name === undefined || spec === undefined ? undefined : { name, spec }
}

/**
 * Whether a failed `pixi search` reports that no channel has the package.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isUnknownPackage = ({ exitCode, stderr }: Result): boolean =>
  exitCode === 1 &&
  /^Package \S+ not found, please use a wildcard|^No packages found matching '/.test(report(stderr).causes[0] ?? "")
