/** The report of a run: what came of each fault, as text. */
import { type Column, columns, type Result } from "./Check.js"

export interface Entry {
  readonly number: number
  readonly fault: string
  readonly environment: string
  readonly result: Result
}

const fixed = ["succeeded", "interrupted", "recovered"]
const names = Object.keys(columns) as ReadonlyArray<Column>

/** A line for each fault: how the operations ended, and what must be zero. */
export const table = (entries: ReadonlyArray<Entry>, faults: ReadonlyArray<string>): string => {
  const row = (title: string, of: ReadonlyArray<Entry>) => {
    const count = (matches: (entry: Entry) => boolean) => of.filter(matches).length
    return [
      title,
      String(of.length),
      ...fixed.map((outcome) => shown(count(({ result }) => result.outcome === outcome))),
      shown(count(({ result }) => !fixed.includes(result.outcome))),
      ...names.map((name) => String(count(({ result }) => result.problems.some(({ column }) => column === name))))
    ]
  }
  return aligned([
    ["fault", "count", ...fixed, "failed", ...names.map((name) => columns[name])],
    ...faults.map((fault) => row(fault, entries.filter((entry) => entry.fault === fault))),
    row("all", entries)
  ])
}

/** The classes of the failures of each fault, the most frequent first. */
export const classes = (entries: ReadonlyArray<Entry>, faults: ReadonlyArray<string>): string => {
  const width = Math.max(...faults.map(({ length }) => length))
  return faults.flatMap((fault) => {
    const counts = new Map<string, number>()
    for (const { fault: its, result: { outcome } } of entries) {
      if (its === fault && !fixed.includes(outcome)) counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
    }
    const list = [...counts].sort(([, a], [, b]) => b - a).map(([name, count]) => `${name} ${count}`)
    return list.length === 0 ? [] : [`${fault.padEnd(width)}  ${list.join(", ")}`]
  }).join("\n")
}

export const problemsOf = ({ environment, fault, number, result }: Entry): ReadonlyArray<string> =>
  result.problems.map(({ column, text }) =>
    `#${number} ${fault} (${environment}): ${columns[column]}: ${text}\n    the operation: ${result.detail}`
  )

const shown = (count: number): string => count === 0 ? "." : String(count)

/** Columns side by side, the first to the left and the others to the right. */
const aligned = (rows: ReadonlyArray<ReadonlyArray<string>>): string => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) =>
    row.map((cell, column) => {
      const width = widths[column] ?? 0
      return column === 0 ? cell.padEnd(width) : cell.padStart(width)
    }).join("  ")
  ).join("\n")
}
