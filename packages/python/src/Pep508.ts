/**
 * Requirements and environment markers of Python packages (PEP 508). Also compares versions as text.
 *
 * @module
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import * as MarkerSyntax from "./Marker.js"
import type { Environment } from "./MarkerEnvironment.js"
import * as MarkerEvaluation from "./MarkerEvaluation.js"
import { normalizedName } from "./Name.js"
import * as Version from "./Version.js"

export { type Environment, environmentOf } from "./MarkerEnvironment.js"
export { type Choice } from "./MarkerEvaluation.js"
export { normalized, normalizedName } from "./Name.js"

/**
 * Why a text is not a requirement or a marker.
 *
 * @since 0.1.0
 * @category errors
 */
export interface Pep508Problem {
  readonly reason: string
  /** The index of the wrong character. */
  readonly at: number
}

/**
 * The condition under which a requirement applies.
 *
 * @since 0.1.0
 * @category models
 */
export interface Marker {
  readonly text: string
  /** `undefined` is always true. */
  readonly expression: MarkerSyntax.Expression | undefined
}

/**
 * A dependency on a package.
 *
 * @since 0.1.0
 * @category models
 */
export interface Requirement {
  /** Normalized, as in PEP 503. */
  readonly name: string
  /** Normalized. */
  readonly extras: ReadonlyArray<string>
  /** Such as `>=1.19,<2`; empty for any version. */
  readonly specifier: string
  readonly url: string | null
  readonly marker: Marker | null
}

/**
 * Whether a text is a version of a Python package.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isVersion = (text: string): boolean => Version.parse(text) !== undefined

/**
 * The order of two versions: negative, zero or positive. A text that is not a version comes before every version.
 *
 * @since 0.1.0
 * @category operations
 */
export const compareVersions = (a: string, b: string): number => {
  const [left, right] = [Version.parse(a), Version.parse(b)]
  if (left === undefined || right === undefined) return Number(left !== undefined) - Number(right !== undefined)
  return Version.compare(left, right)
}

/**
 * Whether two texts are spellings of the same version.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isSameVersion = (a: string, b: string): boolean =>
  a === b || (isVersion(a) && isVersion(b) && compareVersions(a, b) === 0)

/**
 * Why a text is not a list of version specifiers such as `>=1.19,<2`; `undefined` if it is one.
 *
 * @since 0.1.0
 * @category validation
 */
export const specifierProblem = (text: string): string | undefined =>
  Either.match(Version.parseSpecifiers(text), { onLeft: (reason) => reason, onRight: () => undefined })

/**
 * Whether version specifiers admit a version; `false` if either is invalid.
 *
 * @since 0.1.0
 * @category predicates
 */
export const admits = (specifiers: string, version: string): boolean => {
  const required = Version.parseSpecifiers(specifiers)
  const candidate = Version.parse(version)
  return Either.isRight(required) && candidate !== undefined && Version.admitsAll(required.right, candidate)
}

/**
 * Parses a marker alone, without a requirement before it: `sys_platform == 'win32'`. The problem has the index of the
 * wrong character.
 *
 * @since 0.1.0
 * @category decoding
 */
export const parseMarker = (text: string): Either.Either<Marker, Pep508Problem> =>
  Either.map(MarkerSyntax.parse(text), (expression) => ({ text: text.trim(), expression }))

/** Matches nearly all requirements of lock files and manifests, without a parser. */
const simplePattern =
  /^([A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*) ?((?:[<>=!]=|[<>])\d{1,15}(?:\.\d{1,15})*(?:,(?:[<>=!]=|[<>])\d{1,15}(?:\.\d{1,15})*)*)?$/

/** Space, a name, and extras in brackets. */
const headPattern = /^(\s*)([A-Za-z0-9._-]*)\s*(?:\[([^\]]*)\]\s*)?/

/**
 * Parses a requirement such as `httpx[http2]>=0.27,<1; python_version < '3.13'`, or `name @ https://…`.
 *
 * @since 0.1.0
 * @category decoding
 */
export const parse = (text: string): Either.Either<Requirement, Pep508Problem> => {
  const [simple, simpleName = "", specifier = ""] = simplePattern.exec(text) ?? []
  if (simple !== undefined) {
    const name = normalizedName(simpleName) ?? simpleName
    return Either.right({ name, extras: [], specifier, url: null, marker: null })
  }
  const [head = "", space = "", name = "", extras] = headPattern.exec(text) ?? []
  const normal = normalizedName(name)
  if (normal === undefined) return wrong(text, space.length, "the name of a package")
  const names = extrasOf(extras)
  if (names === undefined) return wrong(text, text.indexOf("[") + 1, "the names of extras and `]`")
  const at = head.length
  const found = { name: normal, extras: names }
  const next = text[at]
  if (next === "[") return Either.left({ reason: "expected `]`, found the end", at })
  if (next === "@") return withUrl(text, at + 1, found)
  if (next !== undefined && !";(<=>~!".includes(next)) {
    return wrong(text, at, "one of `@`, `(`, `<`, `=`, `>`, `~`, `!`, `;`")
  }
  if (next === undefined || next === ";") {
    return /\.(?:whl|zip|tgz|tar|tar\.gz)$/.test(name)
      ? Either.left({ reason: "a URL must have the name of the package and `@` before it", at: space.length })
      : withMarker(text, at, { ...found, specifier: "", url: null })
  }
  const inParentheses = next === "("
  const start = inParentheses ? at + 1 : at
  const end = indexOfEnd(text, start, inParentheses ? ")" : ";")
  if (inParentheses && end === text.length) return Either.left({ reason: "expected `)`, found the end", at })
  return specifierOf(text.slice(start, end)).pipe(
    Either.mapLeft((reason) => ({ reason, at: start })),
    Either.flatMap((specifier) => withMarker(text, inParentheses ? end + 1 : end, { ...found, specifier, url: null }))
  )
}

const wrong = (text: string, at: number, expected: string): Either.Either<never, Pep508Problem> =>
  Either.left({
    reason: `expected ${expected}, found ${at < text.length ? JSON.stringify(text.slice(at, at + 20)) : "the end"}`,
    at
  })

const indexOfEnd = (text: string, start: number, end: string): number => {
  const found = text.indexOf(end, start)
  return found === -1 ? text.length : found
}

const skipped = (text: string, from: number): number => {
  const space = /\s*/y
  space.lastIndex = from
  space.exec(text)
  return Math.max(from, space.lastIndex)
}

/** The normalized names of extras; `undefined` if one of them is not a name. */
const extrasOf = (text = ""): ReadonlyArray<string> | undefined => {
  const parts = text.trim() === "" ? [] : text.split(",")
  const names = parts.map((part) => normalizedName(part.trim())).filter((name) => name !== undefined)
  return names.length < parts.length ? undefined : names
}

/** The normalized specifiers. A trailing comma is allowed. */
const specifierOf = (text: string): Either.Either<string, string> => {
  const parts = text.split(",")
  if (parts.length > 1 && parts.at(-1)?.trim() === "") parts.pop()
  return Either.map(Either.all(parts.map(Version.parseSpecifier)), Version.formatSpecifiers)
}

const withUrl = (
  text: string,
  after: number,
  found: Pick<Requirement, "name" | "extras">
): Either.Either<Requirement, Pep508Problem> => {
  const start = skipped(text, after)
  const line = indexOfEnd(text, start, "\n")
  // A marker or a comment follows the URL, with space before or after its first character.
  const marker = text.slice(start, line).search(/\s+[;#]|[;#]\s/)
  const end = marker === -1 ? line : start + marker
  const url = text.slice(start, end).trim()
  if (url === "") return wrong(text, start, "a URL")
  const expected = expectedUrl(url)
  if (expected !== undefined) return wrong(text, start, expected)
  return withMarker(text, end, { ...found, specifier: "", url })
}

/** What was expected instead of the URL; `undefined` if it is valid. A URL with `${` is checked where it is expanded. */
const expectedUrl = (url: string): string | undefined => {
  if (url.includes("${") || /^(?:[/\\]|[a-z]:[/\\])/i.test(url)) return undefined
  if (!/^(?:https?:\/\/|file:\/|(?:git|hg|svn|bzr)\+[a-z]+:)/i.test(url)) return "a URL or an absolute path"
  if (/^(?:git\+)?https?:\/\/(?:$|[/?#])/i.test(url)) return "a URL with a host"
  const isArchive = /\.(?:whl|zip|tar|t[bglx]z|tar\.(?:gz|bz2|lz|lzma|xz|zst))$/.test(url.replace(/[?#].*$/s, ""))
  return /^https?:/i.test(url) && !isArchive ? "the URL of a wheel or a source archive" : undefined
}

const withMarker = (
  text: string,
  after: number,
  found: Omit<Requirement, "marker">
): Either.Either<Requirement, Pep508Problem> => {
  const at = skipped(text, after)
  if (at >= text.length || text[at] === "#") return Either.right({ ...found, marker: null })
  if (text[at] !== ";") return wrong(text, at, "`;` or the end")
  return Either.map(MarkerSyntax.parse(text, at + 1), (expression) => ({
    ...found,
    marker: { text: text.slice(at + 1).trim(), expression }
  }))
}

/**
 * Whether a marker is true. `null` always is.
 *
 * @since 0.1.0
 * @category predicates
 */
export const evaluate = (
  marker: Marker | null,
  environment: Environment,
  choice: MarkerEvaluation.Choice = {}
): boolean => marker?.expression === undefined || MarkerEvaluation.evaluate(marker.expression, environment, choice)
