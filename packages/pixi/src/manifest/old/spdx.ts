/** License expressions, as far as pixi checks them. */
import { show } from "@darb/package-manager/driver/old/tomlDecoder"
import { exceptions, licenses } from "./spdxIdentifiers.js"

export const licenseProblem = (text: string): string | undefined => {
  const problem = `${show(text)} is not an SPDX expression`
  const tokens = text.match(/[()]|[^\s()]+/g) ?? []
  let depth = 0
  let expects: "license" | "join" | "exception" = "license"
  for (const token of tokens) {
    if (token === "(" && expects === "license") depth++
    else if (token === ")" && expects === "join" && depth > 0) depth--
    else if (expects === "license" && isLicense(token)) expects = "join"
    else if (expects === "exception" && exceptions.has(token)) expects = "join"
    else if (expects === "join" && (token === "AND" || token === "OR")) expects = "license"
    else if (expects === "join" && token === "WITH") expects = "exception"
    else return problem
  }
  return depth === 0 && expects === "join" ? undefined : problem
}

const isLicense = (token: string): boolean =>
  licenses.has(token) && !token.endsWith("+") ||
  token.endsWith("+") && licenses.has(token.slice(0, -1)) && !/^[AL]?GPL-/.test(token) ||
  /^(?:DocumentRef-[A-Za-z0-9.-]+:)?LicenseRef-[A-Za-z0-9.-]*$/.test(token)
