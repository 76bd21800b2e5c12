/** How the solver of uv says that there is no solution. Pure. */
import type { Report } from "./UvReport.js"

/** It is said after every failed `add`, and about its command line. */
const always = /^If you want to add the package regardless of the failed resolution/

/** The solver's own words, with its hints; `undefined` if the failure is not the solver's. */
export const explanationOf = ({ causes, hints }: Report): string | undefined => {
  const at = causes.findIndex(({ text }) => /^No solution found when resolving/.test(text))
  if (at === -1) return undefined
  const said = at + 1 < causes.length ? causes.slice(at + 1) : causes.slice(at)
  return [...said.map(({ text }) => text), ...hints.filter((hint) => !always.test(hint))].join("\n")
}

/**
 * Whether packages stand in each other's way. Where only something that is not there does, each step concludes that
 * something cannot be used; where a step concludes that something depends on another thing, it is one of several reasons.
 */
const isConflict = (explanation: string): boolean =>
  [...explanation.matchAll(/we can conclude that ([^]*?)(?=\.(?:\s|$)|we can conclude|$)/g)]
    .some(([, conclusion = ""]) => /\b(?:depends? on|requires?|incompatible)\b/.test(conclusion))

const matching = (explanation: string, pattern: RegExp): ReadonlyArray<string> =>
  isConflict(explanation)
    ? []
    : [...new Set([...explanation.replaceAll("`", "").matchAll(pattern)].map(([, name = ""]) => name))]

/** The packages that no index has, if that is why there is no solution. */
export const notFound = (explanation: string): ReadonlyArray<string> =>
  matching(
    explanation,
    /(?<![^\s(])([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])? (?:was|were) not found in the (?:package registry|provided package locations)/g
  )

/** The packages whose archives cannot be read, if that is why there is no solution: `greet==1.0`. */
export const notReadable = (explanation: string): ReadonlyArray<string> =>
  matching(explanation, /(\S+) (?:has|have) (?:an )?invalid (?:package format|metadata)/g)
