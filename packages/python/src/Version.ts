/**
 * Versions and version specifiers of Python packages (PEP 440), as uv reads and compares them.
 *
 * @module
 * @since 0.1.0
 */
import * as Either from "effect/Either"

/**
 * A parsed version. Numbers are strings of digits without leading zeros, since they may exceed a safe integer.
 *
 * @since 0.1.0
 * @category models
 */
export interface Version {
  readonly epoch: string
  readonly release: ReadonlyArray<string>
  readonly pre: readonly ["a" | "b" | "rc", string] | undefined
  readonly post: string | undefined
  readonly dev: string | undefined
  readonly local: ReadonlyArray<string>
}

const operators = ["==", "!=", "<=", ">=", "<", ">", "~=", "==="] as const
/**
 * The comparison operators of PEP 440. `===` compares the normalized spellings.
 *
 * @since 0.1.0
 * @category models
 */
export type Operator = typeof operators[number]

/**
 * One condition on a version, such as `>=1.19` or `==1.1.*`.
 *
 * @since 0.1.0
 * @category models
 */
export interface Specifier {
  readonly operator: Operator
  readonly version: Version
  /** The version as written. */
  readonly text: string
  /** Whether the version ends in `.*`. */
  readonly prefix: boolean
}

const pattern =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(alpha|a|beta|b|preview|pre|c|rc)[-_.]?(\d+)?)?(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d+)?)?(?:[-_.]?(dev)[-_.]?(\d+)?)?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$/i

// uv stores numbers in 64 bits.
const largest = "18446744073709551615"

/**
 * Parses a version in any spelling that PEP 440 allows, such as `v1.0-RC1` for `1.0rc1`. `undefined` if it is not a
 * version, or if one of its numbers exceeds 64 bits, which uv refuses too.
 *
 * @since 0.1.0
 * @category decoding
 */
export const parse = (text: string): Version | undefined => {
  const [
    found,
    epoch = "0",
    release = "0",
    pre,
    preNumber = "0",
    implicitPost,
    post,
    postNumber = "0",
    dev,
    devNumber = "0",
    local
  ] = pattern.exec(text.trim()) ?? []
  if (found === undefined) return undefined
  const version: Version = {
    epoch: digits(epoch),
    release: release.split(".").map(digits),
    pre: pre === undefined ? undefined : [preKind(pre.toLowerCase()), digits(preNumber)],
    post: implicitPost !== undefined ? digits(implicitPost) : post === undefined ? undefined : digits(postNumber),
    dev: dev === undefined ? undefined : digits(devNumber),
    local: local === undefined
      ? []
      : local.toLowerCase().split(/[-_.]/).map((part) => isNumber(part) ? digits(part) : part)
  }
  const numbers = [version.epoch, ...version.release, version.pre?.[1] ?? "0", version.post ?? "0", version.dev ?? "0"]
  return numbers.some((number) => compareNumbers(number, largest) > 0) ? undefined : version
}

const digits = (text: string): string => text.replace(/^0+(?=\d)/, "")

const isNumber = (part: string): boolean => /^\d+$/.test(part)

const preKind = (word: string): "a" | "b" | "rc" => word.startsWith("a") ? "a" : word.startsWith("b") ? "b" : "rc"

const compareText = (a: string, b: string): number => a < b ? -1 : a > b ? 1 : 0

const compareNumbers = (a: string, b: string): number => a.length - b.length || compareText(a, b)

/** A missing part comes first, then words, then numbers. */
const rank = (part: string): number => part === "" ? 0 : isNumber(part) ? 2 : 1

const comparePart = (a: string, b: string): number =>
  rank(a) - rank(b) || (isNumber(a) ? compareNumbers(a, b) : compareText(a, b))

/** Compares part by part; `filler` stands for the parts that the shorter list lacks. */
const compareParts = (a: ReadonlyArray<string>, b: ReadonlyArray<string>, filler: string): number => {
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const order = comparePart(a[at] ?? filler, b[at] ?? filler)
    if (order !== 0) return order
  }
  return 0
}

/** The order of stages: development releases, `a`, `b`, `rc`, then the release and its post-releases. */
const stage = ({ dev, post, pre }: Version): number =>
  pre !== undefined ? { a: 1, b: 2, rc: 3 }[pre[0]] : post === undefined && dev !== undefined ? 0 : 4

/**
 * The order of two versions: negative, zero or positive.
 *
 * @since 0.1.0
 * @category operations
 */
export const compare = (a: Version, b: Version): number =>
  compareNumbers(a.epoch, b.epoch)
  || compareParts(a.release, b.release, "0")
  || stage(a) - stage(b)
  || compareNumbers(a.pre?.[1] ?? "0", b.pre?.[1] ?? "0")
  || comparePart(a.post ?? "", b.post ?? "")
  || Number(a.dev === undefined) - Number(b.dev === undefined)
  || compareNumbers(a.dev ?? "0", b.dev ?? "0")
  || compareParts(a.local, b.local, "")

/**
 * The normalized spelling of a version.
 *
 * @since 0.1.0
 * @category encoding
 */
export const format = ({ dev, epoch, local, post, pre, release }: Version): string =>
  [
    epoch === "0" ? "" : `${epoch}!`,
    release.join("."),
    pre === undefined ? "" : pre.join(""),
    post === undefined ? "" : `.post${post}`,
    dev === undefined ? "" : `.dev${dev}`,
    local.length === 0 ? "" : `+${local.join(".")}`
  ].join("")

/**
 * Only epoch and release. Markers compare these, so that a pre-release of Python counts as that Python.
 *
 * @since 0.1.0
 * @category operations
 */
export const onlyRelease = ({ epoch, release }: Version): Version => ({
  epoch,
  release,
  pre: undefined,
  post: undefined,
  dev: undefined,
  local: []
})

/**
 * The version without its local part: `1.0` for `1.0+cpu`.
 *
 * @since 0.1.0
 * @category operations
 */
export const withoutLocal = (version: Version): Version => ({ ...version, local: [] })

/**
 * Parses one specifier, such as `>=1.19` or `==1.1.*`.
 *
 * @since 0.1.0
 * @category decoding
 */
export const parseSpecifier = (text: string): Either.Either<Specifier, string> => {
  const [found, operator, version] = /^\s*([=!~<>]+)\s*(\S+)\s*$/.exec(text) ?? []
  if (found === undefined || operator === undefined || version === undefined) {
    return Either.left(
      text.trim() === ""
        ? "a version specifier such as `>=1.0` is missing"
        : `${JSON.stringify(shortened(text.trim()))} is not an operator and a version, such as \`>=1.0\``
    )
  }
  return makeSpecifier(operator, version)
}

/**
 * Makes a specifier from an operator and the version after it. The left side is a sentence that says what is wrong: an
 * unknown operator, no version, or a `.*` or a local part where the operator does not allow one.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeSpecifier = (operator: string, text: string): Either.Either<Specifier, string> => {
  if (!isOperator(operator)) return Either.left(`${JSON.stringify(shortened(operator))} is not an operator`)
  const prefix = text.endsWith(".*")
  const version = parse(prefix ? text.slice(0, -2) : text)
  if (version === undefined) return Either.left(`${JSON.stringify(shortened(text))} is not a version`)
  if (prefix) {
    const isRelease = version.pre === undefined && version.post === undefined && version.dev === undefined &&
      version.local.length === 0
    if (!isRelease) return Either.left(`${JSON.stringify(shortened(text))}: only a release can end in \`.*\``)
    if (operator !== "==" && operator !== "!=") return Either.left(`\`${operator}\` cannot be used with \`.*\``)
  }
  if (version.local.length > 0 && !["==", "!=", "==="].includes(operator)) {
    return Either.left(`\`${operator}\` cannot be used with a local version`)
  }
  if (operator === "~=" && version.release.length < 2) {
    return Either.left("`~=` needs a version of at least two numbers")
  }
  return Either.right({ operator, version, prefix, text })
}

const isOperator = (text: string): text is Operator => operators.some((operator) => operator === text)

const shortened = (text: string): string => text.length > 100 ? `${text.slice(0, 100)}…` : text

/**
 * Parses a list of specifiers, such as `>=1.19,<2`.
 *
 * @since 0.1.0
 * @category decoding
 */
export const parseSpecifiers = (text: string): Either.Either<ReadonlyArray<Specifier>, string> =>
  text === "" ? Either.right([]) : Either.all(text.split(",").map(parseSpecifier))

/**
 * The specifiers as written, with commas between them and without spaces. Empty for no specifiers.
 *
 * @since 0.1.0
 * @category encoding
 */
export const formatSpecifiers = (specifiers: ReadonlyArray<Specifier>): string =>
  specifiers.map(({ operator, text }) => `${operator}${text}`).join(",")

/**
 * Whether a specifier admits a version.
 *
 * @since 0.1.0
 * @category predicates
 */
export const admits = ({ operator, prefix, version: required }: Specifier, version: Version): boolean => {
  // The local part of the version counts only if the specifier has one.
  const candidate = required.local.length === 0 ? withoutLocal(version) : version
  switch (operator) {
    case "==":
      return prefix ? startsWith(candidate, required, required.release.length) : compare(candidate, required) === 0
    case "!=":
      return prefix ? !startsWith(candidate, required, required.release.length) : compare(candidate, required) !== 0
    case "===":
      return format(version) === format(required)
    case "~=":
      return startsWith(candidate, required, required.release.length - 1) && compare(candidate, required) >= 0
    case "<=":
      return compare(candidate, required) <= 0
    case ">=":
      return compare(candidate, required) >= 0
    case "<":
      return compare(candidate, required) < 0
        && !(isPre(candidate) && !isPre(required) && sameRelease(candidate, required))
    case ">":
      return compare(candidate, required) > 0
        && !(sameRelease(candidate, required) &&
          (version.local.length > 0 || candidate.post !== undefined && required.post === undefined))
  }
}

/**
 * Whether all specifiers admit a version. No specifiers admit every version.
 *
 * @since 0.1.0
 * @category predicates
 */
export const admitsAll = (specifiers: ReadonlyArray<Specifier>, version: Version): boolean =>
  specifiers.every((specifier) => admits(specifier, version))

const isPre = ({ dev, pre }: Version): boolean => pre !== undefined || dev !== undefined

const sameRelease = (a: Version, b: Version): boolean =>
  compareNumbers(a.epoch, b.epoch) === 0 && compareParts(a.release, b.release, "0") === 0

const startsWith = (version: Version, prefix: Version, length: number): boolean =>
  version.epoch === prefix.epoch
  && prefix.release.slice(0, length).every((part, at) => part === (version.release[at] ?? "0"))
