/** Renders values as text for people. */
import type { ChangedPackage, Changes, LockedPackage, Side } from "@darb/package-manager/Changes"
import type { Environment } from "@darb/package-manager/Environment"
import type { Manifest } from "@darb/package-manager/Manifest"
import type * as Output from "@darb/package-manager/Output"
import type { Package } from "@darb/package-manager/Package"
import type { RunResult } from "@darb/package-manager/RunResult"
import type { Status } from "@darb/package-manager/Status"
import type { Cancellation } from "./Cancellation.js"
import type { Told } from "./Told.js"

/** The look of the parts of a text. */
export interface Style {
  readonly strong: (text: string) => string
  readonly faint: (text: string) => string
  readonly good: (text: string) => string
  readonly bad: (text: string) => string
  readonly changed: (text: string) => string
  /** The width of the terminal; tables are cut there, and other lines wrapped. */
  readonly columns: number
}

const same = (text: string): string => text

export const plain: Style = { strong: same, faint: same, good: same, bad: same, changed: same, columns: Infinity }

const sgr = (on: number, off: number) => (text: string): string => `\u001b[${on}m${text}\u001b[${off}m`

export const colored: Style = {
  strong: sgr(1, 22),
  faint: sgr(2, 22),
  good: sgr(32, 39),
  bad: sgr(31, 39),
  changed: sgr(33, 39),
  columns: Infinity
}

/** Aligns the cells of each column. */
export const table = (rows: ReadonlyArray<ReadonlyArray<string>>, columns: number): ReadonlyArray<string> => {
  const cells = rows.map((row) => row.map(oneLine))
  const widths = cells.reduce<ReadonlyArray<number>>(
    (widest, row) => row.map((cell, column) => Math.max(cell.length, widest[column] ?? 0)),
    []
  )
  return cells.map((row) => {
    const line = row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd()
    return line.length <= columns ? line : `${line.slice(0, columns - 1)}…`
  })
}

const lines = (texts: ReadonlyArray<string>): string => texts.join("\n")

export const packages = (list: ReadonlyArray<Package>, style: Style): string => {
  if (list.length === 0) return "no packages"
  const [head = "", ...rows] = table([
    ["name", "version", "installed", "build", "kind", "direct", "source"],
    ...list.map(({ build, direct, installed, kind, name, source, version }) => [
      name,
      version ?? "",
      installed !== null && installed === version ? "yes" : installed ?? "",
      build ?? "",
      kind,
      direct ? "yes" : "",
      source ?? ""
    ])
  ], style.columns)
  return lines([style.strong(head), ...rows])
}

export const changes = ({ added, changed, isEmpty, removed }: Changes, style: Style): string => {
  if (isEmpty) return "no changes"
  const kinds = [
    ...added.map(() => style.good),
    ...removed.map(() => style.bad),
    ...changed.map(() => style.changed)
  ]
  return lines(
    table([...added.map(locked("+")), ...removed.map(locked("-")), ...changed.map(moved)], style.columns)
      .map((line, index) => kinds[index]?.(line) ?? line)
  )
}

const locked = (sign: string) => ({ build, name, source, version }: LockedPackage): ReadonlyArray<string> => [
  sign,
  name,
  versionOf({ version, build, source }),
  source ?? ""
]

const moved = ({ after, before, name }: ChangedPackage): ReadonlyArray<string> => [
  "~",
  name,
  before.version === after.version && before.build === after.build
    ? versionOf(after)
    : `${versionOf(before)} -> ${versionOf(after)}`,
  before.source === after.source ? after.source ?? "" : `${before.source ?? ""} -> ${after.source ?? ""}`
]

const versionOf = ({ build, version }: Side): string => [version ?? "?", ...(build === null ? [] : [build])].join(" ")

export const manifest = (
  { channels, file, name, packages, platforms, pypiPackages }: Manifest,
  style: Style
): string => {
  const specs = (record: Readonly<Record<string, string>>) =>
    Object.entries(record).map(([name, spec]) => `${name} ${spec}`)
  const groups: ReadonlyArray<readonly [string, ReadonlyArray<string>]> = [
    ["name", [name]],
    ["file", [file]],
    ["channels", channels],
    ["platforms", platforms],
    ["packages", specs(packages)],
    ["PyPI packages", specs(pypiPackages)]
  ]
  return fields(groups, style)
}

/** Groups of values, one value per line, with the title of the group before its first value. */
const fields = (groups: ReadonlyArray<readonly [string, ReadonlyArray<string>]>, style: Style): string => {
  const shown = groups.filter(([, values]) => values.length > 0)
  const width = Math.max(...shown.map(([title]) => title.length))
  return lines(
    shown.flatMap(([title, values]) =>
      values.map((value, index) => `${style.strong((index === 0 ? title : "").padEnd(width))}  ${oneLine(value)}`)
    )
  )
}

export const status = (
  { different, environment, lock, missing, prefix, unexpected, unlocked }: Status,
  style: Style
): string =>
  fields([
    ["environment", [environment]],
    ["lock file", [lock]],
    ["prefix", [prefix]],
    ["not locked", unlocked],
    ["missing", missing],
    ["different", different.map(({ installed, locked, name }) => `${name} ${installed}, locked ${locked}`)],
    ["unexpected", unexpected]
  ], style)

const locks = {
  absent: "there is no lock file",
  outdated: "the lock file is outdated",
  present: "the lock file is present"
}

/** A status in one line. */
export const standing = ({ different, lock, missing, prefix, unexpected }: Status): string => {
  const counts = [
    [missing.length, "missing"],
    [different.length, "different"],
    [unexpected.length, "unexpected"]
  ] as const
  const differences = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`).join(", ")
  const installed = {
    absent: "there is no prefix",
    differs: `the prefix differs from it: ${differences}`,
    matches: "the prefix matches it"
  }
  return `${locks[lock]}, and ${installed[prefix]}`
}

export const environments = (list: ReadonlyArray<Environment>, { columns }: Style): string =>
  list.length === 0
    ? "no environments"
    : lines(table(
      list.map(({ error, name, path, status }) => [
        path,
        name ?? "",
        status === null ? error?.message ?? "" : standing(status)
      ]),
      columns
    ))

export const ended = ({ exitCode, signal }: RunResult): string =>
  signal === null ? `ended with exit code ${exitCode}` : `ended by ${signal}`

/** The size of a download. */
export const bytes = (count: number): string =>
  count < 1024 ** 2 ? `${Math.ceil(count / 1024)} KiB` : `${(count / 1024 ** 2).toFixed(1)} MiB`

export const error = ({ _tag, message }: { readonly _tag: string; readonly message: string }, style: Style): string =>
  `${style.bad(_tag)}: ${printable(message)}`

export const cancellation = ({ files, interrupted, processes }: Cancellation, style: Style): string => {
  const verdict = (good: boolean, yes: string, no: string) => good ? style.good(yes) : style.bad(no)
  return lines([
    verdict(interrupted, "interrupted", "not interrupted: the operation completed"),
    ...processes.map(({ pid, runs }) => `process ${pid} ${verdict(!runs, "has ended", "still runs")}`),
    ...files.map(({ file, same }) => `${file} ${verdict(same, "is unchanged", "has changed")}`)
  ])
}

export const story = (steps: ReadonlyArray<Told>, style: Style): string =>
  `\n${style.good(`All ${steps.length} steps met their expectations.`)} The temporary directory is removed.`

/** Indents the lines of a text that are not empty. */
export const indented = (text: string, by = "   "): string => text.replace(/^(?=.)/gm, by)

/** Removes control characters, which could move the cursor of a terminal. */
export const printable = (text: string): string => text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "")

const oneLine = (text: string): string => printable(text).replace(/\n/g, " ")

/** `3/40 packages · 12/310 MB`, without the bytes if they are not known. */
export const totals = ({ bytes, packages }: Output.Totals): string => {
  const megabytes = (count: number) => Math.round(count / 1e6)
  const all = `${packages.done ?? "?"}/${packages.total ?? "?"} packages`
  return bytes.done === null || bytes.total === null
    ? all
    : `${all} · ${megabytes(bytes.done)}/${megabytes(bytes.total)} MB`
}
