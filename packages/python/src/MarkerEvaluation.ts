/**
 * Evaluates environment markers (PEP 508).
 *
 * @module
 * @since 0.1.0
 */
import type { Expression, StringOperator } from "./Marker.js"
import type { Environment } from "./MarkerEnvironment.js"
import * as Version from "./Version.js"

/**
 * The extras and dependency groups that are installed.
 *
 * @since 0.1.0
 * @category models
 */
export interface Choice {
  /** Normalized names, or the names that uv generates for conflicting extras. */
  readonly extras?: ReadonlySet<string> | undefined
  readonly groups?: ReadonlySet<string> | undefined
}

/**
 * Whether a marker is true in an environment, with a choice of extras and groups. Versions compare by epoch and release
 * only, so that a pre-release of Python counts as that Python. It never fails: an unknown value makes a comparison
 * false.
 *
 * @since 0.1.0
 * @category predicates
 */
export const evaluate = (expression: Expression, environment: Environment, choice: Choice): boolean => {
  switch (expression._tag) {
    case "And":
      return expression.members.every((member) => evaluate(member, environment, choice))
    case "Or":
      return expression.members.some((member) => evaluate(member, environment, choice))
    case "Version": {
      const { specifier } = expression
      const version = releaseOf(environment[expression.key])
      return version !== undefined &&
        Version.admits({ ...specifier, version: Version.onlyRelease(specifier.version) }, version)
    }
    case "VersionIn": {
      const version = releaseOf(environment[expression.key])
      return expression.negated !==
        expression.versions.some((listed) => version !== undefined && Version.compare(listed, version) === 0)
    }
    case "String":
      return comparisons[expression.operator](environment[expression.key], expression.value)
    case "Extra":
      return expression.negated !== (choice.extras?.has(expression.name) ?? false)
    case "List": {
      const chosen = expression.key === "extras" ? choice.extras : choice.groups
      return expression.negated !== (chosen?.has(expression.name) ?? false)
    }
  }
}

const releaseOf = (text: string): Version.Version | undefined => {
  // The version of a Python that was built from its repository ends in `+`.
  const version = Version.parse(text.replace(/\+$/, ""))
  return version === undefined ? undefined : Version.onlyRelease(version)
}

const comparisons: Readonly<Record<StringOperator, (actual: string, value: string) => boolean>> = {
  "==": (actual, value) => actual === value,
  "!=": (actual, value) => actual !== value,
  "<": (actual, value) => actual < value,
  "<=": (actual, value) => actual <= value,
  ">": (actual, value) => actual > value,
  ">=": (actual, value) => actual >= value,
  "in": (actual, value) => value.includes(actual),
  "not in": (actual, value) => !value.includes(actual),
  "contains": (actual, value) => actual.includes(value),
  "not contains": (actual, value) => !actual.includes(value)
}
