/** Texts for people. */
import type { ChangedPackage, Changes, LockedPackage, Side } from "@darb/package-manager/Changes"
import type { Manifest } from "@darb/package-manager/Manifest"
import type { Package } from "@darb/package-manager/Package"
import type { Status } from "@darb/package-manager/Status"
import type { Cancellation } from "./Cancellation.js"
import type { Told } from "./Steps.js"

/** How parts of a text look. */
export interface Style {
  readonly strong: (text: string) => string
  readonly faint: (text: string) => string
  readonly good: (text: string) => string
  readonly bad: (text: string) => string
  readonly changed: (text: string) => string
}

const same = (text: string): string => text

export const plain: Style = { strong: same, faint: same, good: same, bad: same, changed: same }

const sgr = (on: number, off: number) => (text: string): string => `\u001b[${on}m${text}\u001b[${off}m`

export const colored: Style = {
  strong: sgr(1, 22),
  faint: sgr(2, 22),
  good: sgr(32, 39),
  bad: sgr(31, 39),
  changed: sgr(33, 39)
}

/** Columns as wide as their widest cell. */
export const table = (rows: ReadonlyArray<ReadonlyArray<string>>): ReadonlyArray<string> => {
  const cells = rows.map((row) => row.map(oneLine))
  const widths = cells.reduce<ReadonlyArray<number>>(
    (widest, row) => row.map((cell, column) => Math.max(cell.length, widest[column] ?? 0)),
    []
  )
  return cells.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd())
}

const lines = (texts: ReadonlyArray<string>): string => texts.join("\n")

export const packages = (list: ReadonlyArray<Package>, style: Style): string => {
  if (list.length === 0) return "no packages"
  const [head = "", ...rows] = table([
    ["name", "version", "installed", "build", "kind", "asked for", "source"],
    ...list.map(({ build, direct, installed, kind, name, source, version }) => [
      name,
      version ?? "",
      installed !== null && installed === version ? "yes" : installed ?? "",
      build ?? "",
      kind,
      direct ? "yes" : "",
      source ?? ""
    ])
  ])
  return lines([style.strong(head), ...rows])
}

export const changes = ({ added, changed, isEmpty, removed }: Changes, style: Style): string => {
  if (isEmpty) return "nothing changed"
  const kinds = [
    ...added.map(() => style.good),
    ...removed.map(() => style.bad),
    ...changed.map(() => style.changed)
  ]
  return lines(
    table([...added.map(locked("+")), ...removed.map(locked("-")), ...changed.map(moved)])
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

/** Values, each on a line of its own, with a title before the first of a kind. */
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
    ["installed", [prefix]],
    ["not locked", unlocked],
    ["missing", missing],
    ["different", different.map(({ installed, locked, name }) => `${name} ${installed}, locked is ${locked}`)],
    ["unexpected", unexpected]
  ], style)

const locks = {
  absent: "there is no lock file",
  outdated: "the lock file is outdated",
  present: "the lock file is there"
}

/** How an environment stands, in a line. */
export const standing = ({ different, lock, missing, prefix, unexpected }: Status): string => {
  const counts = [
    [missing.length, "missing"],
    [different.length, "different"],
    [unexpected.length, "unexpected"]
  ] as const
  const differences = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`).join(", ")
  const installed = {
    absent: "nothing is installed",
    differs: `what is installed differs from it: ${differences}`,
    matches: "what is installed matches it"
  }
  return `${locks[lock]}, and ${installed[prefix]}`
}

/** A size of a download. */
export const bytes = (count: number): string =>
  count < 1024 ** 2 ? `${Math.ceil(count / 1024)} KiB` : `${(count / 1024 ** 2).toFixed(1)} MiB`

export const error = ({ _tag, message }: { readonly _tag: string; readonly message: string }, style: Style): string =>
  `${style.bad(_tag)}: ${printable(message)}`

export const cancellation = ({ files, interrupted, processes }: Cancellation, style: Style): string => {
  const verdict = (good: boolean, yes: string, no: string) => good ? style.good(yes) : style.bad(no)
  return lines([
    verdict(interrupted, "interrupted", "not interrupted: it ended by itself"),
    ...processes.map(({ pid, runs }) => `process ${pid} ${verdict(!runs, "is gone", "still runs")}`),
    ...files.map(({ file, same }) => `${file} ${verdict(same, "is the same, byte for byte", "is not the same")}`)
  ])
}

export const story = (steps: ReadonlyArray<Told>, style: Style): string =>
  `\n${style.good(`All ${steps.length} steps did what they should.`)} Their directory is removed.`

/** Moves a text to the right. */
export const indented = (text: string, by = "   "): string => text.replace(/^(?=.)/gm, by)

/** Without what would move the cursor of a terminal. */

export const printable = (text: string): string => text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "")

const oneLine = (text: string): string => printable(text).replace(/\n/g, " ")

/** Without colors. */

export const uncolored = (text: string): string => text.replace(/\u001b\[[0-9;]*m/g, "")
