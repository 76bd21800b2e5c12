/**
 * Reads the explanation of the solver of uv. Pure.
 *
 * @module
 * @since 0.1.0
 */
import type { Report } from "./UvReport.js"

/** A hint that follows every failed `add`. */
const generalHint = /^If you want to add the package regardless of the failed resolution/

/**
 * The explanation and its hints, or `undefined` if the solver did not fail.
 *
 * @since 0.1.0
 * @category getters
 */
export const explanationOf = ({ causes, hints }: Report): string | undefined => {
  const at = causes.findIndex(({ text }) => /^No solution found when resolving/.test(text))
  if (at === -1) return undefined
  const explanation = at + 1 < causes.length ? causes.slice(at + 1) : causes.slice(at)
  return [...explanation.map(({ text }) => text), ...hints.filter((hint) => !generalHint.test(hint))].join("\n")
}

/**
 * Whether packages conflict. If the only cause is a missing package, all steps conclude that something cannot be used. A
 * step that concludes that something depends on something else has other causes too.
 */
const isConflict = (explanation: string): boolean =>
  [...explanation.matchAll(/we can conclude that ([^]*?)(?=\.(?:\s|$)|we can conclude|$)/g)]
    .some(([, conclusion = ""]) => /\b(?:depends? on|requires?|incompatible)\b/.test(conclusion))

const matching = (explanation: string, pattern: RegExp): ReadonlyArray<string> =>
  isConflict(explanation)
    ? []
    : [...new Set([...explanation.replaceAll("`", "").matchAll(pattern)].map(([, name = ""]) => name))]

/**
 * The packages that no index has, if that is the only cause.
 *
 * @since 0.1.0
 * @category operations
 */
export const notFound = (explanation: string): ReadonlyArray<string> =>
  matching(
    explanation,
    /(?<![^\s(])([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])? (?:was|were) not found in the (?:package registry|provided package locations)/g
  )

/**
 * The packages with unreadable archives, such as `greet==1.0`, if that is the only cause.
 *
 * @since 0.1.0
 * @category operations
 */
export const notReadable = (explanation: string): ReadonlyArray<string> =>
  matching(explanation, /(\S+) (?:has|have) (?:an )?invalid (?:package format|metadata)/g)
