/** What markers say of an environment. */
import type { Expression, StringOperator } from "./Marker.js"
import type { Choice, Environment } from "./Pep508.js"
import * as PepVersion from "./Version.js"

export const evaluated = (expression: Expression, environment: Environment, choice: Choice): boolean => {
  switch (expression._tag) {
    case "And":
      return expression.members.every((member) => evaluated(member, environment, choice))
    case "Or":
      return expression.members.some((member) => evaluated(member, environment, choice))
    case "Version": {
      const { specifier } = expression
      const version = releaseOf(environment[expression.key])
      return version !== undefined &&
        PepVersion.admits({ ...specifier, version: PepVersion.onlyRelease(specifier.version) }, version)
    }
    case "VersionIn": {
      const version = releaseOf(environment[expression.key])
      return expression.negated !==
        expression.versions.some((listed) => version !== undefined && PepVersion.compare(listed, version) === 0)
    }
    case "String":
      return compareStrings(environment[expression.key], expression)
    case "Extra":
      return expression.negated !== (choice.extras?.has(expression.name) ?? false)
    case "List": {
      const chosen = expression.key === "extras" ? choice.extras : choice.groups
      return expression.negated !== (chosen?.has(expression.name) ?? false)
    }
  }
}

const releaseOf = (text: string): PepVersion.Version | undefined => {
  // A build of Python from its repository ends in `+`.
  const version = PepVersion.parse(text.replace(/\+$/, ""))
  return version === undefined ? undefined : PepVersion.onlyRelease(version)
}

const compareStrings = (
  given: string,
  { operator, value }: { readonly operator: StringOperator; readonly value: string }
): boolean => {
  switch (operator) {
    case "==":
      return given === value
    case "!=":
      return given !== value
    case "<":
      return given < value
    case "<=":
      return given <= value
    case ">":
      return given > value
    case ">=":
      return given >= value
    case "in":
      return value.includes(given)
    case "not in":
      return !value.includes(given)
    case "contains":
      return given.includes(value)
    case "not contains":
      return !given.includes(value)
  }
}
