/**
 * Classifies failed commands of uv. Pure.
 *
 * uv has one exit code for almost all errors, so that only its text tells them apart. Whatever the text leaves open is
 * `CommandFailed`.
 *
 * @module
 * @since 0.1.0
 */
import * as FailureRules from "@darb/package-manager/driver/executable/FailureRules"
import { evidenceOf } from "@darb/package-manager/driver/process/Evidence"
import * as Errors from "@darb/package-manager/PackageManagerError"
import { report, withoutSource } from "./UvReport.js"
import { rules } from "./UvRules.js"

export type { Failure } from "@darb/package-manager/driver/executable/FailureRules"
export { type Cause, type Report, report } from "./UvReport.js"

/** How `add` and others introduce the cause. */
const wrapper = /^Failed to (?:add|remove|upgrade|update) dependencies$/

/** The exit code of `add` and `remove` after Ctrl-C, which makes them restore their files. */
const interrupted = 130

/**
 * The error that a failed command stands for. Its evidence has no lines of TOML files, because they may contain
 * credentials.
 *
 * @since 0.1.0
 * @category errors
 */
export const classify = (failure: FailureRules.Failure): Errors.PackageManagerError => {
  const { environment, operation, result } = failure
  const evidence = evidenceOf({ ...result, stderr: withoutSource(result.stderr) })
  const base = { manager: "uv", operation, environment, evidence }
  if (result.signal !== null) return new Errors.CommandKilled({ ...base, signal: result.signal })
  const { causes: all, hints } = report(result.stderr)
  if (all.length === 0 && result.exitCode === interrupted) {
    return new Errors.CommandKilled({ ...base, signal: "SIGINT" })
  }
  const causes = all.length > 1 && wrapper.test(all[0]?.text ?? "") ? all.slice(1) : all
  const texts = causes.map(({ text }) => text)
  const lines = [...texts, ...hints.map((hint) => `hint: ${hint}`)].map(FailureRules.oneLine)
  const failed = { failure, report: { causes, hints }, causes: texts, base }
  return FailureRules.classify(rules, failed, lines.join("\n").replaceAll("`", ""))
}
