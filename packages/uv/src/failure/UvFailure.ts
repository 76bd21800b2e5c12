/**
 * What a failed command of uv stands for. Pure.
 *
 * uv has one exit code for almost every error: only its text tells them apart, and that is drawn in one of two ways. What
 * the text does not tell for certain is `CommandFailed`.
 */
import type { Result } from "@darb/package-manager/driver/process/CommandResult"
import { evidenceOf } from "@darb/package-manager/driver/process/Evidence"
import * as Errors from "@darb/package-manager/PackageManagerError"
import { joined, oneLine } from "./UvErrors.js"
import { report, withoutSource } from "./UvReport.js"
import { rules } from "./UvRules.js"

export { type Cause, type Report, report } from "./UvReport.js"

/** A command that did not end with exit code 0. */
export interface Failure {
  readonly operation: Errors.OperationName
  /** The absolute path of the environment's directory. */
  readonly environment: string
  /** The absolute path of `pyproject.toml`. */
  readonly manifest: string
  /** The absolute path of `uv.lock`. */
  readonly lock: string
  readonly result: Result
}

/** What `add` and others put before the reason. */
const wrapper = /^Failed to (?:add|remove|upgrade|update) dependencies$/

/** Ctrl-C makes `add` and `remove` put the files back, and end with this code. */
const interrupted = 130

/** The error that a failed command stands for. The evidence has no lines of TOML files: they may be credentials. */
export const classify = (failure: Failure): Errors.PackageManagerError => {
  const { environment, operation, result } = failure
  const context = { manager: "uv", operation, environment }
  const base = { ...context, evidence: evidenceOf({ ...result, stderr: withoutSource(result.stderr) }) }
  if (result.signal !== null) return new Errors.CommandKilled({ ...base, signal: result.signal })

  const { causes: all, hints } = report(result.stderr)
  if (all.length === 0 && result.exitCode === interrupted) {
    return new Errors.CommandKilled({ ...base, signal: "SIGINT" })
  }
  const causes = all.length > 1 && wrapper.test(all[0]?.text ?? "") ? all.slice(1) : all
  const outermost = oneLine(causes[0]?.text ?? "")
  const innermost = oneLine(causes.at(-1)?.text ?? "")
  const text = [...causes.map(({ text }) => oneLine(text)), ...hints.map((hint) => `hint: ${oneLine(hint)}`)]
    .join("\n")
    .replaceAll("`", "")
  for (const [pattern, make] of rules) {
    const match = pattern.exec(text)
    if (match === null) continue
    const named = match.slice(1).find((group) => group !== undefined)
    const error = make({ failure, causes, hints, context, base, outermost, innermost }, named, match)
    if (error !== undefined) return error
  }
  const reason = joined(outermost, innermost) || `exit code ${result.exitCode}, and no word on why`
  return new Errors.CommandFailed({ ...base, reason })
}
