/**
 * Parses environment markers (PEP 508), such as `python_version < '3.11' and sys_platform == 'win32'`, as uv does.
 *
 * @module
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import { normalizedName } from "./Name.js"
import * as Version from "./Version.js"

const versionKeys = ["implementation_version", "python_full_version", "python_version"] as const
const stringKeys = [
  "implementation_name",
  "os_name",
  "platform_machine",
  "platform_python_implementation",
  "platform_release",
  "platform_system",
  "platform_version",
  "sys_platform"
] as const
const listKeys = ["extras", "dependency_groups"] as const

/**
 * Variables whose values are compared as versions (PEP 440).
 *
 * @since 0.1.0
 * @category models
 */
export type VersionKey = typeof versionKeys[number]
/**
 * Variables whose values are compared as text.
 *
 * @since 0.1.0
 * @category models
 */
export type StringKey = typeof stringKeys[number]
/**
 * Variables of lock files that hold a set of names (PEP 751). They stand on the right of `in` and `not in` only.
 *
 * @since 0.1.0
 * @category models
 */
export type ListKey = typeof listKeys[number]

/**
 * A parsed marker. Comparisons without a meaning, such as those of two literals, are left out.
 *
 * @since 0.1.0
 * @category models
 */
export type Expression =
  | { readonly _tag: "And" | "Or"; readonly members: ReadonlyArray<Expression> }
  | { readonly _tag: "Version"; readonly key: VersionKey; readonly specifier: Version.Specifier }
  | {
    readonly _tag: "VersionIn"
    readonly key: VersionKey
    readonly versions: ReadonlyArray<Version.Version>
    readonly negated: boolean
  }
  | { readonly _tag: "String"; readonly key: StringKey; readonly operator: StringOperator; readonly value: string }
  | { readonly _tag: "Extra"; readonly name: string; readonly negated: boolean }
  | { readonly _tag: "List"; readonly key: ListKey; readonly name: string; readonly negated: boolean }

/**
 * `in`: the literal contains the variable. `contains`: the variable contains the literal.
 *
 * @since 0.1.0
 * @category models
 */
export type StringOperator = "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not in" | "contains" | "not contains"

/**
 * Why a text is not a marker, and where.
 *
 * @since 0.1.0
 * @category errors
 */
export interface MarkerProblem {
  readonly reason: string
  /** The index of the wrong character. */
  readonly at: number
}

interface Cursor {
  readonly text: string
  at: number
}

type Parsed = Either.Either<Expression | undefined, MarkerProblem>

/**
 * Parses from an index to the end. `undefined` is always true: no comparison had a meaning.
 *
 * @since 0.1.0
 * @category decoding
 */
export const parse = (text: string, start = 0): Parsed => {
  const cursor: Cursor = { text, at: start }
  return Either.flatMap(joined(cursor, "or", 0), (expression) =>
    cursor.at < text.length
      ? problem(cursor, `expected \`and\`, \`or\` or the end, found ${shown(cursor)}`)
      : Either.right(expression))
}

/** Bounds the recursion on hostile input. */
const maxDepth = 200

const problem = (cursor: Cursor, reason: string, at = cursor.at): Either.Either<never, MarkerProblem> =>
  Either.left({ reason, at })

const matchAt = (pattern: RegExp, { at, text }: Cursor): string | undefined => {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0]
}

/** Skips space, then takes the match of a sticky pattern; `undefined` if there is none. */
const take = (cursor: Cursor, pattern: RegExp): string | undefined => {
  cursor.at += matchAt(/\s*/y, cursor)?.length ?? 0
  const found = matchAt(pattern, cursor)
  cursor.at += found?.length ?? 0
  return found
}

const shown = (cursor: Cursor): string =>
  cursor.at >= cursor.text.length ? "the end" : JSON.stringify(cursor.text.slice(cursor.at, cursor.at + 20))

const joined = (cursor: Cursor, word: "and" | "or", depth: number): Parsed => {
  const members: Array<Expression> = []
  for (;;) {
    const member = word === "or" ? joined(cursor, "and", depth) : single(cursor, depth)
    if (Either.isLeft(member)) return member
    if (member.right !== undefined) members.push(member.right)
    if (take(cursor, word === "or" ? /or(?![\w.])/y : /and(?![\w.])/y) === undefined) break
  }
  const [first, ...others] = members
  return Either.right(others.length === 0 ? first : { _tag: word === "or" ? "Or" : "And", members })
}

const single = (cursor: Cursor, depth: number): Parsed => {
  if (take(cursor, /\(/y) === undefined) return comparison(cursor)
  const start = cursor.at - 1
  if (depth >= maxDepth) return problem(cursor, "it is nested too deeply")
  const inner = joined(cursor, "or", depth + 1)
  if (Either.isLeft(inner)) return inner
  return take(cursor, /\)/y) === undefined
    ? problem(cursor, `expected \`)\`, found ${shown(cursor)}`, cursor.at < cursor.text.length ? cursor.at : start)
    : inner
}

type Value = { readonly quoted: string } | { readonly key: string }

const aliases: ReadonlyMap<string, string> = new Map([
  ["os.name", "os_name"],
  ["sys.platform", "sys_platform"],
  ["platform.machine", "platform_machine"],
  ["platform.version", "platform_version"],
  ["platform.python_implementation", "platform_python_implementation"],
  ["python_implementation", "platform_python_implementation"],
  ...[...versionKeys, ...stringKeys, ...listKeys, "extra"].map((key) => [key, key] as const)
])

const value = (cursor: Cursor): Either.Either<Value, MarkerProblem> => {
  const quote = take(cursor, /["']/y)
  const start = cursor.at
  if (quote !== undefined) {
    const end = cursor.text.indexOf(quote, start)
    if (end === -1) return problem(cursor, "a string is not closed", start - 1)
    cursor.at = end + 1
    return Either.right({ quoted: cursor.text.slice(start, end) })
  }
  const word = take(cursor, /[^\s<>=!~)]+/y) ?? ""
  const key = aliases.get(word)
  if (key !== undefined) return Either.right({ key })
  cursor.at = start
  return problem(cursor, `expected a quoted string or the name of a marker, found ${shown(cursor)}`)
}

const operatorPattern = /not\s+in|[^\W\d][^\s'"]*|[<>=!~]+/y
const comparisons = ["==", "!=", "<", "<=", ">", ">=", "~=", "in", "not in"] as const
type Comparison = typeof comparisons[number]

const comparison = (cursor: Cursor): Parsed => {
  const start = cursor.at
  const left = value(cursor)
  if (Either.isLeft(left)) return Either.left(left.left)
  const word = take(cursor, operatorPattern) ?? ""
  const operator = comparisons.find((known) => known === word.replace(/^not\s+in$/, "not in"))
  if (operator === undefined) {
    cursor.at -= word.length
    return problem(cursor, `expected an operator such as \`>=\` or \`not in\`, found ${shown(cursor)}`)
  }
  const right = value(cursor)
  if (Either.isLeft(right)) return Either.left(right.left)
  const expression = "key" in left.right
    ? "key" in right.right ? keys(left.right.key) : compared(left.right.key, operator, right.right.quoted, false)
    : "key" in right.right
    ? compared(right.right.key, operator, left.right.quoted, true)
    : Either.right(undefined)
  return Either.mapLeft(expression, (reason) => ({ reason, at: start }))
}

const isList = (key: string): key is ListKey => listKeys.some((known) => known === key)
const isVersion = (key: string): key is VersionKey => versionKeys.some((known) => known === key)
const isString = (key: string): key is StringKey => stringKeys.some((known) => known === key)

/** A comparison of two variables has no meaning. */
const keys = (left: string): Either.Either<undefined, string> =>
  isList(left) ? Either.left(`\`${left}\` must be on the right of \`in\``) : Either.right(undefined)

const inverted: Partial<Record<Comparison, Comparison>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=" }

const compared = (
  key: string,
  operator: Comparison,
  text: string,
  reversed: boolean
): Either.Either<Expression | undefined, string> => {
  const isIn = operator === "in" || operator === "not in"
  const negated = operator === "not in" || operator === "!="
  if (isList(key)) {
    if (!reversed) return Either.left(`\`${key}\` must be on the right of \`in\``)
    return isIn
      ? Either.right({ _tag: "List", key, name: normalizedName(text) ?? "", negated })
      : Either.left(`\`${key}\` can only be used with \`in\` and \`not in\``)
  }
  const normal = reversed ? inverted[operator] ?? operator : operator
  if (isVersion(key)) return Either.right(comparedVersion(key, normal, text, reversed))
  if (isString(key)) {
    if (normal === "~=") return Either.right(undefined)
    const contains = normal === "in" ? "contains" : "not contains"
    return Either.right({ _tag: "String", key, operator: isIn && reversed ? contains : normal, value: text })
  }
  const name = normalizedName(text) ?? text
  return Either.right(operator === "==" || operator === "!=" ? { _tag: "Extra", name, negated } : undefined)
}

const comparedVersion = (
  key: VersionKey,
  operator: Comparison,
  text: string,
  reversed: boolean
): Expression | undefined => {
  if (operator === "in" || operator === "not in") {
    if (reversed) return undefined
    const versions = text.split(/\s+/).filter((part) => part !== "").map(Version.parse)
    const known = versions.filter((version) => version !== undefined)
    return known.length < versions.length
      ? undefined
      : { _tag: "VersionIn", key, versions: known, negated: operator === "not in" }
  }
  if (reversed && text.endsWith(".*")) return undefined
  const specifier = Version.makeSpecifier(operator, text.trim())
  return Either.isLeft(specifier) ? undefined : { _tag: "Version", key, specifier: specifier.right }
}
