/**
 * Parses error reports of pixi from standard error. Pure.
 *
 * @module
 * @since 0.1.0
 */

/**
 * Where pixi points to in a file. Counted from 1.
 *
 * @since 0.1.0
 * @category models
 */
export interface Position {
  /** The path as pixi prints it: not always absolute. */
  readonly file: string
  readonly line: number
  readonly column: number
}

/**
 * What pixi prints when it fails: causes as a tree, a help text, and quoted lines of a file.
 *
 * @since 0.1.0
 * @category models
 */
export interface Report {
  /** Outermost first. Each is one line, except for trees, lists and paragraphs. */
  readonly causes: ReadonlyArray<string>
  readonly help: string | undefined
  /** The texts at the marks in the lines of a file that pixi quotes. */
  readonly labels: ReadonlyArray<string>
  /** The position of those lines. */
  readonly position: Position | undefined
}

const log = /^(?: WARN| INFO|ERROR|DEBUG|TRACE) /

// From 0.39.5 on a report starts with `Error:`, which the name of a diagnostic may follow.
const marked = /^Error:\s*(?:[\w:-]+\s+)?× /m
const bare = /^ {0,2}× /m

/**
 * Ignores what precedes the report, such as warnings that are drawn alike.
 *
 * @since 0.1.0
 * @category decoding
 */
export const report = (stderr: string): Report => {
  const text = stderr.split(/\r?\n/).filter((line) => !log.test(line)).join("\n")
  const start = marked.exec(text) ?? bare.exec(text)
  return start === null
    ? { causes: undrawn(text), help: undefined, labels: [], position: undefined }
    : drawn(text.slice(start.index + start[0].length).split("\n"))
}

/** An error without a report: a panic, an error or the help of the command line, or the last line. */
const undrawn = (text: string): ReadonlyArray<string> => {
  const message = /^thread '.*panicked at .*(?:\n(?!note: |stack backtrace:).+)*/m.exec(text)?.[0] ??
    /^error: .*(?:\n.+)*/m.exec(text)?.[0] ??
    /^Usage: .*/m.exec(text)?.[0] ??
    text.trimEnd().split("\n").at(-1)
  return message === undefined || message === "" ? [] : [message.trim().replace(/\s+/g, " ")]
}

interface Part {
  readonly kind: "cause" | "help"
  /** The width of the drawing at the left. */
  readonly gutter: number
  readonly lines: Array<string>
}

const drawn = ([first = "", ...rest]: ReadonlyArray<string>): Report => {
  let part: Part = { kind: "cause", gutter: 4, lines: [first] }
  const parts = [part]
  const labels: Array<string> = []
  let position: Position | undefined
  let quoting = false

  for (const line of rest) {
    if (/^\S/.test(line)) break
    const mark = /^[ │]*╭─+\[(?:(.+):)?(\d+):(\d+)\]/.exec(line)
    const cause = /^ *[├╰]─▶ ( *× )?(.*)$/.exec(line)
    const help = /^[ │]*help: (.*)$/.exec(line)
    if (mark !== null) {
      position ??= { file: mark[1] ?? "", line: Number(mark[2]), column: Number(mark[3]) }
      quoting = true
    } else if (quoting) {
      const [, label, rest] = /^[ │]*·(?:.*?[├╰](?:─{2,}|─+┤) (.+)| +│ (.+))$/.exec(line) ?? []
      if (label !== undefined) labels.push(label.trim())
      // A label of several lines.
      else if (rest !== undefined) labels.push(`${labels.pop() ?? ""} ${rest.trim()}`.trim())
      quoting = !/^[ │]*╰─+\s*$/.test(line)
    } else if (cause !== null) {
      // From 0.48 on a cause may be a report of its own.
      parts.push(part = { kind: "cause", gutter: cause[1] === undefined ? 6 : 10, lines: [cause[2] ?? ""] })
    } else if (help !== null) {
      parts.push(part = { kind: "help", gutter: 0, lines: [help[1] ?? ""] })
    } else {
      const drawing = /^[ │]*/.exec(line)?.[0].length ?? 0
      part.lines.push(line.slice(Math.min(part.gutter, drawing)))
    }
  }

  const texts = (kind: Part["kind"]) => parts.filter((part) => part.kind === kind).map(({ lines }) => unwrap(lines))
  return { causes: texts("cause"), help: texts("help")[0], labels, position }
}

/** A branch of the solver's tree, or a list item. */
const branch = /^[│ ]*[├└]─|^ +[-*•] /

/**
 * Whether a line was wrapped without a space. Before 0.49 pixi wraps lines at 80 columns, also after hyphens and slashes,
 * and breaks words that are longer than a line.
 */
const isCut = (line: string): boolean => /\S[-/|]$/.test(line) || /^\S{70,}$/.test(line)

const unwrap = (lines: ReadonlyArray<string>): string => {
  let text = ""
  let previous = ""
  for (const line of lines) {
    const words = line.trim()
    if (words !== "") {
      const starts = branch.test(line)
      const space = previous === "" || starts ? "\n" : isCut(previous) ? "" : " "
      text += space + (starts ? line.trimEnd() : words)
    }
    previous = words
  }
  return text.trim()
}
