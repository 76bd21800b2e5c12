/**
 * Parses error reports of uv from standard error. Pure.
 *
 * Until 0.12.13 uv draws errors of the solver, of builds and of downloads as trees, and prints others as `error:` with
 * `Caused by:`. Later versions print all as `error:` with `cause:`.
 *
 * @module
 * @since 0.1.0
 */

/**
 * One message of a report.
 *
 * @since 0.1.0
 * @category models
 */
export interface Cause {
  /** One line, except for explanations, lists and paragraphs. Without quoted lines of files. */
  readonly text: string
  /** The last line of the output of a build. */
  readonly output: string | undefined
}

/**
 * What uv prints when it fails.
 *
 * @since 0.1.0
 * @category models
 */
export interface Report {
  /** Outermost first. */
  readonly causes: ReadonlyArray<Cause>
  readonly hints: ReadonlyArray<string>
}

/**
 * Ignores what precedes the error, such as warnings about the same file.
 *
 * @since 0.1.0
 * @category decoding
 */
export const report = (stderr: string): Report => {
  const lines = plain(stderr).split("\n")
  const start = lines.findIndex((line) => opening.test(line))
  return start === -1
    ? { causes: undrawn(lines), hints: [] }
    : drawn(lines.slice(start), lines.slice(0, start).filter((line) => hint.test(line)))
}

/**
 * The output without the lines and values of TOML files that uv quotes: they may contain credentials.
 *
 * @since 0.1.0
 * @category operations
 */
export const withoutSource = (stderr: string): string => {
  const kept: Array<string> = []
  let state: "text" | "quoting" | "source" = "text"
  for (const line of stderr.split("\n")) {
    const source = state === "text" ? undefined : /^ *\d+ \|/.exec(line)?.[0]
    if (line.includes("TOML parse error at ")) state = "quoting"
    if (source !== undefined) {
      state = "source"
      kept.push(`${source} …`)
    } else if (state !== "source" || /^ *\||^\s*$/.test(line)) {
      if (state === "source") state = "text"
      kept.push(line)
    }
  }
  return kept.join("\n").replace(/(\binvalid (?:type|value): string) "[^]*?"(?=,\s+expected)/g, "$1")
}

// A literal may not contain the control character that starts a colour.
const colour = new RegExp("\\u001b\\[[\\d;]*m", "g")

const plain = (stderr: string): string => withoutSource(stderr.replace(colour, "").replace(/\r\n?/g, "\n"))

const opening = /^(?:error: | {0,2}× )/
const hint = /^(?: {6})?hint: | {2}help: /
const ending = /^(?:Usage: |For more information, try |warning: )/

/** The marks of causes, with the indentation of the lines that follow. */
const marks: ReadonlyArray<readonly [mark: RegExp, indent: number]> = [
  [/^error: /, 7],
  [/^ {0,2}× /, 6],
  [/^ {2}[├╰]─▶ /, 6],
  [/^ {2}cause: /, 9],
  [/^ {2}Caused by: /, 4]
]

const drawn = (lines: ReadonlyArray<string>, earlier: ReadonlyArray<string>): Report => {
  const causes: Array<Array<string>> = []
  const hints = earlier.map((line) => [line.replace(hint, "")])
  let indent = 0
  let part: Array<string> = []

  for (const line of lines) {
    if (ending.test(line)) break
    const mark = marks.find(([mark]) => mark.test(line))
    if (mark !== undefined && hints.length === earlier.length && (causes.length === 0 || !opening.test(line))) {
      indent = mark[1]
      causes.push(part = [line.replace(mark[0], "")])
    } else if (hint.test(line)) {
      indent = 8
      hints.push(part = [line.replace(hint, "")])
    } else {
      // Other branches of the tree are drawn at the left.
      const bare = line.replace(/^ {2}│/, "   ")
      part.push(bare.slice(Math.min(indent, bare.search(/\S|$/))))
    }
  }

  return { causes: causes.map(causeOf), hints: hints.map(unwrap) }
}

const causeOf = (lines: ReadonlyArray<string>): Cause => {
  const end = lines.findIndex((line) => /^\s*(?:\[(?:stdout|stderr)\]|--- (?:stdout|stderr))$/.test(line))
  const output = end === -1 ? [] : lines.slice(end + 1).filter((line) => /[^\s^]/.test(line))
  return { text: unwrap(unquoted(end === -1 ? lines : lines.slice(0, end))), output: output.at(-1)?.trim() }
}

/** Removes quoted lines of a file, between bars, and quoted specs: `greet>>1` above `^^^`. */
const unquoted = (lines: ReadonlyArray<string>): ReadonlyArray<string> => {
  const isBar = (line: string) => /^\s*(?:\d+ )?\|/.test(line)
  const [first, last] = [lines.findIndex(isBar), lines.findLastIndex(isBar)]
  const rest = first === -1 ? lines : [...lines.slice(0, first), ...lines.slice(last + 1)]
  const isMark = (line: string | undefined) => line !== undefined && /^\s*\^+\s*$/.test(line)
  return rest.filter((line, at) => !isMark(line) && (at === 0 || !isMark(rest[at + 1])))
}

/** Joins lines that uv wrapped. It wraps between words only. */
const unwrap = (lines: ReadonlyArray<string>): string => {
  let text = ""
  let previous = ""
  for (const line of lines) {
    const words = line.trim()
    const isItem = (line: string) => /^(?: {4}|- )/.test(line)
    const starts = isItem(line) || isItem(previous) || previous.trim() === "" ||
      /(?:\.|\(\d+\))$/.test(previous.trimEnd()) && /^[A-Z]/.test(words)
    if (words !== "") text += `${starts ? "\n" : " "}${isItem(line) ? line.trimEnd() : words}`
    previous = line
  }
  return text.trim()
}

/** Lines that report progress. */
const progress =
  /^(?:Using|Creating|Removed|Resolved|Prepared|Installed|Uninstalled|Checked|Audited|Would|Downloading|Initialized|Added) /
const lists = /^ (?:[-+~] \S+==| *(?:Downloaded|Building|Built|Updating|Updated) )/

/** An error without a mark: a panic, or until 0.12.13 that a lock file or a prefix is outdated. */
const undrawn = (lines: ReadonlyArray<string>): ReadonlyArray<Cause> => {
  const panic = /^thread '.*panicked at .*(?:\n(?!note: |stack backtrace:).+)*/m.exec(lines.join("\n"))?.[0]
  const last = panic?.replace(/\s+/g, " ") ?? lines.findLast((line) => line.trim() !== "")
  return last === undefined || progress.test(last) || lists.test(last) ? [] : [{ text: last.trim(), output: undefined }]
}
