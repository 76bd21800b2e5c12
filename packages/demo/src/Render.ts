/** Texts for people. */
import type { ChangedPackage, Changes, LockedPackage, Side } from "@darb/package-manager/Changes"
import type { Manifest } from "@darb/package-manager/Manifest"
import type { Package } from "@darb/package-manager/Package"
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
    ["name", "version", "build", "kind", "asked for", "source"],
    ...list.map(({ build, direct, kind, name, source, version }) => [
      name,
      version ?? "",
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
  const shown = groups.filter(([, values]) => values.length > 0)
  const width = Math.max(...shown.map(([title]) => title.length))
  return lines(
    shown.flatMap(([title, values]) =>
      values.map((value, index) => `${style.strong((index === 0 ? title : "").padEnd(width))}  ${oneLine(value)}`)
    )
  )
}

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
