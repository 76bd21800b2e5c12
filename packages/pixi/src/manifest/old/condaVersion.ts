/** The syntax of versions and version specs of conda, as pixi 0.77 judges it: each check says what is wrong, if it is. */
import { show } from "@darb/package-manager/driver/old/tomlDecoder"

type Check = (text: string) => string | undefined

const component = "[0-9A-Za-z]+(?:[-._][0-9A-Za-z]+)*(?:[-._]?[-_])?"
const versionPattern = new RegExp(`^(?:\\d+!)?${component}(?:\\+${component})?`)

const largest = 2n ** 64n - 1n

/** The rest after a version, or why there is none. */
const afterVersion = (text: string): { readonly rest: string } | { readonly problem: string } => {
  const version = versionPattern.exec(text)?.[0]
  if (version === undefined) return { problem: `${show(text)} is not a version` }
  if (version.includes("_") && /-/.test(version)) {
    const mixes = version.split("+").some((part) => part.includes("_") && part.includes("-"))
    if (mixes) return { problem: "a version has dashes or underscores, not both" }
  }
  if (/\d{20}/.test(version) && version.match(/\d+/g)?.some((digits) => BigInt(digits.slice(0, 1000)) > largest)) {
    return { problem: "a number of the version is too large" }
  }
  return { rest: text.slice(version.length) }
}

export const version: Check = (text) => {
  const after = afterVersion(text)
  if ("problem" in after) return after.problem
  return after.rest === "" ? undefined : `${show(text)} is not a version`
}

/** Nearly all specs that are written. */
const commonSpec = /^(?:\*|\d+(?:\.\d+)*\.\*|(?:[=!<>~]=|[<>=])\d+(?:\.\d+)*(?:,(?:[=!<>~]=|[<>=])\d+(?:\.\d+)*)*)$/

/** A version without an operator makes pixi read the whole again, and less strictly. */
class Ambiguous {}

export const versionSpec: Check = (text) => {
  if (commonSpec.test(text)) return undefined
  const strict = parseSpec(text, true)
  const problem = strict instanceof Ambiguous ? parseSpec(text, false) : strict
  return typeof problem === "string" ? `${show(text)} is not a version spec: ${problem}` : undefined
}

/** Before 0.40 what follows a name in a match spec was taken: less strict versions, and a build. */
export const oldSpec: Check = (text) => {
  const [version = "", ...builds] = text.trim().replace(/([=!<>~,|])\s+/g, "$1").replace(/\s+([,|])/g, "$1").split(
    /\s+/
  )
  if (version === "" || builds.length > 1) return "it is not a version, or one with a build"
  const problem = parseSpec(version, false)
  return typeof problem === "string" ? problem : builds[0] === undefined ? undefined : matcher(builds[0])
}

const parseSpec = (text: string, strict: boolean): string | Ambiguous | undefined => {
  let at = 0
  const space = () => {
    while (/\s/.test(text.charAt(at))) at++
  }
  const separated = (separator: string, item: () => string | Ambiguous | undefined): string | Ambiguous | undefined => {
    for (;;) {
      const problem = item()
      if (problem !== undefined) return problem
      const before = at
      space()
      if (text[at] !== separator) {
        at = before
        return undefined
      }
      at++
      space()
    }
  }
  const term = (): string | Ambiguous | undefined => {
    if (text[at] === "(") {
      at++
      if (at > 100) return "it has too many parentheses"
      space()
      const problem = or()
      if (problem !== undefined) return problem
      space()
      if (text[at] !== ")") return "a parenthesis is not closed"
      at++
      return undefined
    }
    if (text[at] === "*") {
      at += text.startsWith("*.*", at) ? 3 : 1
      return undefined
    }
    if (text[at] === "^") return "regular expressions are not supported"
    const operator = /^[=!<>~]*/.exec(text.slice(at))?.[0] ?? ""
    if (!["", "==", "!=", "<=", ">=", "<", ">", "=", "~="].includes(operator)) return `there is no operator ${operator}`
    at += operator.length
    const written = /^[\p{L}\p{N}!\-_.*+]+/u.exec(text.slice(at))?.[0]
    if (written === undefined) return "a version is missing"
    at += written.length
    if (written === "*") {
      return strict || ["<", ">", "!="].includes(operator) ? `* does not go with ${operator}` : undefined
    }
    const after = afterVersion(written)
    if ("problem" in after) return after.problem
    return glob(after.rest, operator, strict)
  }
  const and = () => separated(",", term)
  const or = (): string | Ambiguous | undefined => separated("|", and)
  return or() ?? (at < text.length ? `${show(text.slice(at))} is not expected` : undefined)
}

const glob = (rest: string, operator: string, strict: boolean): string | Ambiguous | undefined => {
  if (rest === "") return operator === "" && strict ? new Ambiguous() : undefined
  if (rest === "*" || rest === ".*") {
    if (operator === "" || operator === "!=" || !strict) return undefined
    return `* does not go with ${operator}`
  }
  if (!strict && /^(?:\.\*)+\.?$/.test(rest)) return undefined
  return `${show(rest)} is not expected`
}

/** The version that strict decoding judges by. */
export const judge = "0.77.0"

/** Unlike elsewhere a version needs an operator here. */
export const requiresPixi: Check = (spec) => {
  const problem = versionSpec(spec)
  if (problem !== undefined) return problem
  if (parseSpec(spec, true) !== undefined) return `${show(spec)} has a version without an operator`
  return admits(spec, judge) ? undefined : `pixi ${judge} is not what it asks for`
}

/** Whether a spec admits a version of numbers. */
const admits = (spec: string, version: string): boolean =>
  spec.replace(/[()\s]/g, "").split("|").some((all) => all.split(",").every((one) => admitsOne(one, version)))

const admitsOne = (constraint: string, version: string): boolean => {
  const [, operator = "", written = ""] = /^([=!<>~]*)(.*)$/.exec(constraint) ?? []
  const isGlob = written.endsWith("*")
  const base = written.replace(/\.?\*$/, "")
  if (base === "") return true
  const order = compareVersions(version, base)
  const starts = compareVersions(version.split(".").slice(0, base.split(".").length).join("."), base) === 0
  if (operator === "!=") return isGlob ? !starts : order !== 0
  if (operator === "=" || isGlob) return starts
  if (operator === "~=") return order >= 0 && compareStart(version, base)
  if (operator === "<") return order < 0
  if (operator === "<=") return order <= 0
  if (operator === ">") return order > 0
  return operator === ">=" ? order >= 0 : order === 0
}

const compareStart = (version: string, base: string) => {
  const length = Math.max(base.split(".").length - 1, 1)
  return compareVersions(version.split(".").slice(0, length).join("."), base.split(".").slice(0, length).join(".")) ===
    0
}

export const compareVersions = (a: string, b: string): number => {
  const [left, right] = [a.split("."), b.split(".")]
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (Number.parseInt(left[index] ?? "0") || 0) - (Number.parseInt(right[index] ?? "0") || 0)
    if (difference !== 0) return difference
  }
  return 0
}

/** An exact text, a glob or a regular expression. */
export const matcher: Check = (text) => {
  if (text.startsWith("^") && text.endsWith("$")) {
    try {
      new RegExp(text, "u")
    } catch {
      return "it is not a regular expression"
    }
  } else if (/\*\*\*|[^/*]\*\*|\*\*[^/*]/.test(text)) return "it is not a pattern"
  return undefined
}
