/** Decoders for what uv reads, beside those that all managers share. */
import { isTable, show } from "@darb/package-manager/driver/old/tomlDecoder"
import { positionsOf } from "@darb/package-manager/driver/old/tomlPosition"
import { redact } from "@darb/package-manager/driver/process/Redact"
import * as Pep508 from "@darb/python/Pep508"
import * as Either from "effect/Either"
import * as Toml from "smol-toml"
import { type Decoder, type Issue, type Path } from "./UvContext.js"

/** What is wrong with a file, and where. Lines and columns are counted from 1. */
export interface Problem {
  readonly reason: string
  /** The path of the key: `tool.uv.sources.torch`. */
  readonly path?: string | undefined
  /** What would be right there. */
  readonly expected?: string | undefined
  readonly hint?: string | undefined
  readonly line?: number | undefined
  readonly column?: number | undefined
}

/** Parses TOML that is no longer than a limit. Bytes must be UTF-8, as uv wants them. */
export const parseToml = (
  source: Uint8Array | string,
  limit: number
): Either.Either<{ readonly text: string; readonly document: Toml.TomlTable }, Problem> => {
  if (source.length > limit) {
    return Either.left({ reason: `it has ${source.length} bytes, and ${limit} are the most that are read` })
  }
  return Either.flatMap(textOf(source), (text) =>
    Either.try({
      try: () => ({ text, document: Toml.parse(text, { integersAsBigInt: "asNeeded" }) }),
      catch: (cause) => tomlProblem(cause, text)
    }))
}

const textOf = (source: Uint8Array | string): Either.Either<string, Problem> =>
  typeof source === "string" ? Either.right(source) : Either.try({
    try: () => new TextDecoder("utf-8", { fatal: true }).decode(source),
    catch: () => ({ reason: "it is not UTF-8" })
  })

const tomlProblem = (cause: unknown, text: string): Problem => {
  const marker = text.search(/^(?:<{7}|\|{7}|={7}|>{7})(?=\s|$)/m)
  if (marker >= 0) {
    return { reason: "it has the marks of a merge conflict", line: text.slice(0, marker).split("\n").length, column: 1 }
  }
  if (!(cause instanceof Toml.TomlError)) return { reason: `it is not TOML: ${String(cause)}` }
  // The first line: a picture of the place follows it.
  const reason = cause.message.split("\n", 1)[0]?.replace(/^Invalid TOML document: /, "") ?? cause.message
  return { reason: `it is not TOML: ${reason}`, line: cause.line, column: cause.column }
}

/** Issues with their places in the text. */
export const problemsOf = (issues: ReadonlyArray<Issue>, text: string): ReadonlyArray<Problem> => {
  if (issues.length === 0) return []
  const positions = positionsOf(text, issues.map(({ path }) => path))
  return issues.map(({ expected, hint, path, reason }, index) => ({
    reason: redact(path.length === 0 ? reason : `${pathText(path)}: ${reason}`),
    path: pathText(path),
    expected,
    hint: hint ?? quotedHint(expected, positions[index]?.written),
    line: positions[index]?.line,
    column: positions[index]?.column
  }))
}

/** A number that is to be a version, as it is written. */
const quotedHint = (expected: string | undefined, written: string | undefined): string | undefined =>
  expected === "a version" && written !== undefined && /^[\d.]+$/.test(written)
    ? `Did you mean "${written}"?`
    : undefined

const pathText = (path: Path): string =>
  path.map((key, index) =>
    typeof key === "number"
      ? `[${key}]`
      : `${index === 0 ? "" : "."}${/^[\w-]+$/.test(key) ? key : JSON.stringify(key)}`
  ).join("")

/** A string that is read further. */
export const parsed = <A>(
  expected: string,
  parse: (text: string) => Either.Either<A, string>
): Decoder<A> =>
(value, context) => {
  if (typeof value !== "string") return context.wrongType(expected, value)
  const result = parse(value)
  return Either.isRight(result)
    ? result.right
    : context.fail(`expected ${expected}, found ${show(value)}: ${result.left}`, expected)
}

/** A string with a condition. */
export const checked = (expected: string, isRight: (text: string) => boolean): Decoder<string> => (value, context) => {
  if (typeof value !== "string") return context.wrongType(expected, value)
  return isRight(value) ? value : context.wrongType(expected, value)
}

/** A URL with its scheme, and with a host where the scheme wants one. */
export const url = checked(
  "a URL",
  (text) => /^[a-z][a-z0-9+.-]*:/i.test(text.trim()) && !/^(?:git\+)?https?:\/*(?:$|[?#])/i.test(text.trim())
)

/** The name of a package, an extra or a group; normalized. */
export const name: Decoder<string> = (value, context) => {
  if (typeof value !== "string") return context.wrongType("a string", value)
  return Pep508.normalizedName(value) ??
    context.wrongType("a name of letters, digits, and `-`, `_` or `.` between them", value)
}

/** Names as keys; two that are the same when normalized are refused. */
export const named = <A>(item: Decoder<A>): Decoder<ReadonlyMap<string, A>> => (value, context) => {
  if (!isTable(value)) return context.wrongType("a table", value)
  const entries = new Map<string, A>()
  for (const key of Object.keys(value)) {
    const normal = context.at(key, name, key)
    const one = context.at(key, item, value[key])
    if (normal === undefined || one === undefined) continue
    if (entries.has(normal)) context.failAt([key], `is there twice: both are ${show(normal)}`)
    entries.set(normal, one)
  }
  return entries
}

export const version = checked("a version", Pep508.isVersion)

export const specifiers = parsed("version specifiers such as `>=3.10`", (text) => {
  const reason = Pep508.specifierProblem(text)
  return reason === undefined ? Either.right(text) : Either.left(reason)
})

const reasonOf = ({ reason }: Pep508.Pep508Problem): string => reason

export const requirement = parsed(
  "a requirement such as `numpy>=2`",
  (text) => Either.mapLeft(Pep508.parse(text), reasonOf)
)

export const marker = parsed(
  "a marker such as `sys_platform == 'linux'`",
  (text) => Either.mapLeft(Pep508.parseMarker(text), reasonOf)
)
