/** From the bytes of a manifest of pixi to what it says. */
import { Context, didYouMean, type Issue, type Path } from "@darb/package-manager/driver/old/tomlDecoder"
import { lineColumns, positionsOf } from "@darb/package-manager/driver/old/tomlPosition"
import * as Either from "effect/Either"
import * as Toml from "smol-toml"
import type { PixiDocument, Warning } from "../PixiDocument.js"
import type { FileName, ValueProblem } from "../PixiManifest.js"
import { decode as decodeDocument } from "./pixiDocument.js"
import { scan } from "./tomlScan.js"
import { isTable, plain, type Table } from "./tomlStruct.js"
import { fromObject } from "./tomlTable.js"

type Problems = readonly [ValueProblem, ...ReadonlyArray<ValueProblem>]

export const decode = (
  { bytes, fileName }: { readonly bytes: Uint8Array; readonly fileName: FileName },
  strict: boolean | "0.77"
): Either.Either<PixiDocument, Problems> => {
  const text = textOf(bytes)
  if (typeof text !== "string") return Either.left(text)
  const toml = parse(text)
  if (!isTable(toml)) return Either.left(toml)
  const context = new Context(strict !== false, strict === "0.77")
  const isPyproject = fileName === "pyproject.toml"
  const decoded = decodeDocument(toml, isPyproject, context)
  if (context.strict && context.errors.length === 0) checkAsPixi(text, toml, isPyproject, context)
  if (decoded !== undefined && context.errors.length === 0) {
    return Either.right({ ...decoded, warnings: warningsOf(context.warnings, text) })
  }
  const [first, ...rest] = problemsOf(context.errors, text)
  return Either.left(first === undefined ? [{ path: [], reason: "it is not a manifest" }] : [first, ...rest])
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

const textOf = (bytes: Uint8Array): string | Problems => {
  try {
    return utf8.decode(bytes)
  } catch {
    const valid = validPrefix(bytes)
    const [place = {}] = lineColumns(valid, [valid.length])
    return [{ path: [], reason: "it is not UTF-8", ...place }]
  }
}

/** The longest start of the bytes that is UTF-8. */
const validPrefix = (bytes: Uint8Array): string => {
  let [valid, invalid] = [0, bytes.length]
  let text = ""
  while (valid < invalid) {
    const middle = Math.ceil((valid + invalid) / 2)
    try {
      text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes.subarray(0, middle), {
        stream: true
      })
      valid = middle
    } catch {
      invalid = middle - 1
    }
  }
  return text
}

/** The tables, or why there are none. */
export const parse = (text: string): Table | Problems => scan(text) ?? parseAny(text)

const parseAny = (text: string): Table | Problems => {
  try {
    return fromObject(Toml.parse(text, { integersAsBigInt: "asNeeded" }))
  } catch (error) {
    return error instanceof Toml.TomlError
      ? [{ path: [], reason: reasonOf(error.message), line: error.line, column: error.column }]
      : [{ path: [], reason: error instanceof RangeError ? "it is nested too deeply" : String(error) }]
  }
}

/** The first line: a picture of the place follows it. */
const reasonOf = (message: string): string =>
  message.split("\n", 1)[0]?.replace(/^Invalid TOML document: /, "") ?? message

/** What pixi looks at before it reads keys, and what its parser of TOML does not take. */
const checkAsPixi = (text: string, toml: Table, isPyproject: boolean, context: Context) => {
  const sections = ["workspace", "project", "package"]
  const isThere = isPyproject
    ? sections.some((section) => text.includes(`[tool.pixi.${section}]`) || text.includes(`${section}.`))
    : /^\s*\[(?:workspace|project|package)/m.test(text.charCodeAt(0) === 0xfeff ? text.replace(/^[^\n]*/, "") : text)
  if (!isThere) context.fail("there is no line that starts with [workspace], which pixi looks for")
  const date = dateIn(toml)
  if (date !== undefined) context.failAt(date, "pixi does not read dates: put it into quotes")
}

interface Place {
  readonly above: Place | undefined
  readonly key: string | number
  readonly value: unknown
}

const dateIn = (toml: Table): Path | undefined => {
  const left: Array<Place> = [{ above: undefined, key: "", value: toml }]
  for (let place = left.pop(); place !== undefined; place = left.pop()) {
    const { value } = place
    if (value instanceof Date) return pathOf(place)
    const items: ReadonlyArray<unknown> = isTable(value) ? value.values : Array.isArray(value) ? value : []
    for (let index = 0; index < items.length; index++) {
      const item = items[index]
      if (typeof item !== "object") continue
      left.push({ above: place, key: isTable(value) ? value.keys[index] ?? "" : index, value: item })
    }
  }
  return undefined
}

const pathOf = (place: Place): Path => {
  const path: Array<string | number> = []
  for (let one: Place = place; one.above !== undefined; one = one.above) path.push(one.key)
  return path.reverse()
}

const shownPath = (path: Path): string =>
  path.map((key) => typeof key === "number" || /^[A-Za-z0-9_-]+$/.test(key) ? key : JSON.stringify(key)).join(".")

const withPath = ({ path, reason }: Issue): string => path.length === 0 ? reason : `${shownPath(path)}: ${reason}`

const problemsOf = (issues: ReadonlyArray<Issue>, text: string): ReadonlyArray<ValueProblem> => {
  if (issues.length === 0) return []
  const positions = positionsOf(text, issues.map(({ path }) => path))
  return issues.map((issue, index): ValueProblem => {
    const { column, line, written } = positions[index] ?? {}
    const hint = hintOf(issue, written, index)
    return {
      reason: withPath(issue),
      path: issue.path,
      ...(issue.path.length === 0 ? {} : { line, column }),
      ...(issue.expected === undefined ? {} : { expected: issue.expected }),
      ...(hint === undefined ? {} : { hint })
    }
  }).sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0))
}

/** To look for what is like a word takes long: nobody reads more than a hundred. */
const hintOf = (issue: Issue, written: string | undefined, index: number): string | undefined => {
  const key = issue.path.at(-1)
  if (issue.known !== undefined && typeof key === "string" && index < 100) return didYouMean(key, issue.known)
  return issue.hint ?? quotedHint(issue, written)
}

/** A number as it is written, which may be a version. */
const quotedHint = ({ expected, value }: Issue, written: string | undefined): string | undefined =>
  expected?.startsWith("string") && ["number", "boolean", "bigint"].includes(typeof value) && written !== undefined
    ? `Did you mean "${written}"?`
    : undefined

const warningsOf = (issues: ReadonlyArray<Issue>, text: string): ReadonlyArray<Warning> => {
  if (issues.length === 0) return noWarnings
  const positions = positionsOf(text, issues.map(({ path }) => path))
  return issues.map((issue, index): Warning => {
    const { column = 1, line = 1 } = positions[index] ?? {}
    const hint = hintOf(issue, undefined, index)
    return {
      reason: withPath(issue),
      path: issue.path,
      line,
      column,
      ...(hint === undefined ? {} : { hint }),
      ...(issue.value === undefined ? {} : { value: plain(issue.value) })
    }
  })
}

const noWarnings: ReadonlyArray<Warning> = []
