/** What Python's packaging says about versions, names and requirements, as far as pixi checks it. */

import { show } from "@darb/package-manager/driver/old/tomlDecoder"

const versionPattern = "v?(?:\\d+!)?\\d+(?:\\.\\d+)*(?:[-_.]?(?:alpha|a|beta|b|preview|pre|c|rc)[-_.]?\\d*)?" +
  "(?:-\\d+|[-_.]?(?:post|rev|r)[-_.]?\\d*)?(?:[-_.]?dev[-_.]?\\d*)?"
const local = "(?:\\+[a-z0-9]+(?:[-_.][a-z0-9]+)*)?"
const version = new RegExp(`^${versionPattern}${local}$`, "i")
const specifier = new RegExp(
  `^(?:(?:==|!=)\\s*${versionPattern}(?:${local}|\\.\\*)|(?:<=|>=|<|>)\\s*${versionPattern}|~=\\s*(?=[^.]*\\.)` +
    `${versionPattern}|===\\s*${versionPattern}${local})$`,
  "i"
)
/** Nearly all that are written. */
const commonSpecifiers = /^(?:[=!<>]=|[<>])\d+(?:\.\d+)*(?:,(?:[=!<>]=|[<>])\d+(?:\.\d+)*)*$/

export const versionProblem = (text: string): string | undefined =>
  version.test(text.trim()) ? undefined : `${show(text)} is not a version of Python's`

export const specifiersProblem = (text: string): string | undefined => {
  if (text === "" || commonSpecifiers.test(text)) return undefined
  const wrong = text.split(",").find((part) => !specifier.test(part.trim()))
  return wrong === undefined ? undefined : `${show(wrong.trim())} is not a version spec of Python's`
}

/** `*` is any version. */
export const versionOrStarProblem = (text: string): string | undefined =>
  text === "*" ? undefined : specifiersProblem(text)

export const nameProblem = (name: string): string | undefined =>
  name === "" || /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(name)
    ? undefined
    : `${show(name)} is not the name of a Python package`

/** As names are compared. */
export const normalize = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, "-")

export interface Requirement {
  readonly name: string
  readonly extras: ReadonlyArray<string>
  /** `>=2,<3`; empty for any version. */
  readonly version: string
  readonly url: string | undefined
  readonly marker: string | undefined
}

const head =
  /^\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[\s*([A-Za-z0-9._-]+(?:\s*,\s*[A-Za-z0-9._-]+)*)?\s*\])?\s*/

/** A requirement, or why it is none. */
export const parse = (text: string): Requirement | string => {
  const found = head.exec(text)
  const name = found?.[1]
  if (found === null || name === undefined) return `${show(text)} does not start with the name of a package`
  const extras = found[2]?.split(",").map((extra) => extra.trim()) ?? []
  const rest = text.slice(found[0].length)
  if (rest.startsWith("@")) {
    const [, url = "", marker] = /^@\s*(\S+?)(?:\s+;(.*)|;\s+(.*))?\s*$/s.exec(rest) ?? []
    return url === ""
      ? `${show(text)} has no URL`
      : { name, extras, version: "", url, marker: marker?.trim() }
  }
  const semicolon = rest.indexOf(";")
  const marker = semicolon === -1 ? undefined : rest.slice(semicolon + 1).trim()
  const written = (semicolon === -1 ? rest : rest.slice(0, semicolon)).trim()
  const version = written.startsWith("(") && written.endsWith(")") ? written.slice(1, -1).trim() : written
  const problem = specifiersProblem(version) ?? (marker === undefined ? undefined : markerProblem(marker))
  return problem ?? { name, extras, version, url: undefined, marker }
}

const markerNames = new Set([
  ...["os_name", "sys_platform", "platform_machine", "platform_python_implementation", "platform_release"],
  ...["platform_system", "platform_version", "python_version", "python_full_version", "implementation_name"],
  ...["implementation_version", "extra", "os.name", "sys.platform", "platform.version", "platform.machine"],
  ...["platform.python_implementation", "python_implementation"]
])

const markerToken =
  /\s*(?:([()])|(and|or)\b|(not\s+in|in)\b|(===|==|~=|!=|<=|>=|<|>)|("[^"]*"|'[^']*')|([A-Za-z_][A-Za-z0-9_.]*))\s*/y

export const markerProblem = (marker: string): string | undefined => {
  const problem = `${show(marker)} is not a marker`
  let depth = 0
  let expects: "value" | "operator" | "second" | "join" = "value"
  markerToken.lastIndex = 0
  while (markerToken.lastIndex < marker.length) {
    const token = markerToken.exec(marker)
    if (token === null) return problem
    const [, parenthesis, join, within, operator, quoted, word] = token
    if (parenthesis === "(" && expects === "value") depth++
    else if (parenthesis === ")" && expects === "join" && depth > 0) depth--
    else if (join !== undefined && expects === "join") expects = "value"
    else if ((within ?? operator) !== undefined && expects === "operator") expects = "second"
    else if (word !== undefined && !markerNames.has(word)) return problem
    else if ((quoted ?? word) !== undefined && expects === "value") expects = "operator"
    else if ((quoted ?? word) !== undefined && expects === "second") expects = "join"
    else return problem
  }
  return depth === 0 && expects === "join" ? undefined : problem
}
