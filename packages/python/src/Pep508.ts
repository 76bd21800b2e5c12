/** What a Python project asks for: requirements and environment markers (PEP 508), versions (PEP 440). Pure. */
import * as Either from "effect/Either"
import * as PepMarker from "./Marker.js"
import { evaluated } from "./MarkerEvaluation.js"
import * as PepVersion from "./Version.js"

export { environmentOf } from "./MarkerEnvironment.js"

/** A requirement or a marker cannot be read. */
export interface Pep508Problem {
  readonly reason: string
  /** The index of the character at fault. */
  readonly at: number
}

/** Where a requirement applies. */
export interface Marker {
  readonly text: string
  /** `undefined` is true everywhere. */
  readonly expression: PepMarker.Expression | undefined
}

/** A package that something needs. */
export interface Requirement {
  /** Normalized: lower case, with single `-` for `-`, `_` and `.`. */
  readonly name: string
  /** Normalized likewise. */
  readonly extras: ReadonlyArray<string>
  /** Such as `>=1.19,<2`; empty for any version. */
  readonly specifier: string
  readonly url: string | null
  readonly marker: Marker | null
}

/** What markers are evaluated for. */
export interface Environment {
  readonly implementation_name: string
  readonly implementation_version: string
  readonly os_name: string
  readonly platform_machine: string
  readonly platform_python_implementation: string
  readonly platform_release: string
  readonly platform_system: string
  readonly platform_version: string
  readonly python_full_version: string
  readonly python_version: string
  readonly sys_platform: string
}

/** What is chosen beside the environment. */
export interface Choice {
  /** Normalized names, or what uv puts in their place. */
  readonly extras?: ReadonlySet<string> | undefined
  readonly groups?: ReadonlySet<string> | undefined
}

/** A name as it compares; `undefined` if it is no name of a package, an extra or a group. */
export const normalizedName = PepMarker.normalizedName

/** The same where a name that is none is to be looked for, and not found. */
export const normalized = (name: string): string => normalizedName(name) ?? name

/** Whether a text is a version of a Python package. */
export const isVersion = (text: string): boolean => PepVersion.parse(text) !== undefined

/** The order of two versions: negative, zero or positive; what is no version is below all that are. */
export const compareVersions = (a: string, b: string): number => {
  const [left, right] = [PepVersion.parse(a), PepVersion.parse(b)]
  if (left === undefined || right === undefined) return Number(left !== undefined) - Number(right !== undefined)
  return PepVersion.compare(left, right)
}

/** Whether two texts spell the same version. */
export const isSameVersion = (a: string, b: string): boolean =>
  a === b || (isVersion(a) && isVersion(b) && compareVersions(a, b) === 0)

/** Why a text is no list of version specifiers such as `>=1.19,<2`; `undefined` if it is one. */
export const specifierProblem = (text: string): string | undefined =>
  Either.match(PepVersion.parseSpecifiers(text), { onLeft: (reason) => reason, onRight: () => undefined })

/** Whether version specifiers admit a version; `false` if either cannot be read. */
export const admits = (specifiers: string, version: string): boolean => {
  const wanted = PepVersion.parseSpecifiers(specifiers)
  const given = PepVersion.parse(version)
  return Either.isRight(wanted) && given !== undefined && PepVersion.admitsAll(wanted.right, given)
}

export const parseMarker = (text: string): Either.Either<Marker, Pep508Problem> =>
  Either.map(PepMarker.parse(text), (expression) => ({ text: text.trim(), expression }))

/** Nearly all that are written. */
const common =
  /^([A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*) ?((?:[<>=!]=|[<>])\d{1,15}(?:\.\d{1,15})*(?:,(?:[<>=!]=|[<>])\d{1,15}(?:\.\d{1,15})*)*)?$/

/** Parses a requirement such as `httpx[http2]>=0.27,<1; python_version < '3.13'`, or `name @ https://…`. */
export const parse = (text: string): Either.Either<Requirement, Pep508Problem> => {
  const [simple, simpleName = "", specifier = ""] = common.exec(text) ?? []
  if (simple !== undefined) {
    const name = normalizedName(simpleName) ?? simpleName
    return Either.right({ name, extras: [], specifier, url: null, marker: null })
  }
  const [, space = "", name = "", gap = ""] = /^(\s*)([A-Za-z0-9._-]*)(\s*)/.exec(text) ?? []
  const normal = normalizedName(name)
  if (normal === undefined) return wrong(text, space.length, "the name of a package")
  const extras = extrasOf(text, space.length + name.length + gap.length)
  if (Either.isLeft(extras)) return Either.left(extras.left)
  const { at, names } = extras.right
  const found = { name: normal, extras: names }
  const next = text[at]
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

const extrasOf = (
  text: string,
  at: number
): Either.Either<{ readonly names: ReadonlyArray<string>; readonly at: number }, Pep508Problem> => {
  if (text[at] !== "[") return Either.right({ names: [], at })
  const end = text.indexOf("]", at)
  if (end === -1) return Either.left({ reason: "expected `]`, found the end", at })
  const inside = text.slice(at + 1, end)
  const parts = inside.trim() === "" ? [] : inside.split(",")
  const names = parts.map((part) => normalizedName(part.trim()))
  const known = names.filter((name) => name !== undefined)
  return known.length < names.length
    ? wrong(text, at + 1, "the names of extras and `]`")
    : Either.right({ names: known, at: skipped(text, end + 1) })
}

/** Such as `>=1.19, <2`; a comma may be at the end. */
const specifierOf = (text: string): Either.Either<string, string> => {
  const parts = text.split(",")
  if (parts.length > 1 && parts.at(-1)?.trim() === "") parts.pop()
  return Either.map(Either.all(parts.map(PepVersion.parseSpecifier)), PepVersion.formatSpecifiers)
}

const withUrl = (
  text: string,
  after: number,
  found: Pick<Requirement, "name" | "extras">
): Either.Either<Requirement, Pep508Problem> => {
  const start = skipped(text, after)
  const line = indexOfEnd(text, start, "\n")
  // What follows the URL: a marker or a comment, with space before or after its first character.
  const marker = text.slice(start, line).search(/\s+[;#]|[;#]\s/)
  const end = marker === -1 ? line : start + marker
  const url = text.slice(start, end).trim()
  if (url === "") return wrong(text, start, "a URL")
  const expected = wantedOfUrl(url)
  if (expected !== undefined) return wrong(text, start, expected)
  return withMarker(text, end, { ...found, specifier: "", url })
}

/** What a URL should be; `undefined` if it is. What has `${` in it is known only where it is used. */
const wantedOfUrl = (url: string): string | undefined => {
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
  return Either.map(PepMarker.parse(text, at + 1), (expression) => ({
    ...found,
    marker: { text: text.slice(at + 1).trim(), expression }
  }))
}

/** Whether a marker is true; no marker is. */
export const evaluate = (marker: Marker | null, environment: Environment, choice: Choice = {}): boolean =>
  marker?.expression === undefined || evaluated(marker.expression, environment, choice)
