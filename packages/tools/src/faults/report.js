// @ts-check
import { columns } from "./judge.js"

/** @typedef {import("./judge.js").Column} Column */

/**
 * @typedef {object} Entry
 * @property {number} number
 * @property {string} kind
 * @property {string} environment
 * @property {import("./judge.js").Verdict} verdict
 */

const fixed = ["succeeded", "interrupted", "recovered"]
const names = /** @type {ReadonlyArray<Column>} */ (Object.keys(columns))

/**
 * Columns side by side, the first to the left and the others to the right.
 *
 * @param {ReadonlyArray<ReadonlyArray<string>>} rows
 */
const aligned = (rows) => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) =>
    row.map((cell, column) => {
      const width = widths[column] ?? 0
      return column === 0 ? cell.padEnd(width) : cell.padStart(width)
    }).join("  ")
  ).join("\n")
}

/** @param {number} count */
const shown = (count) => count === 0 ? "." : String(count)

/**
 * A line for each kind of fault: how the operations ended, and what must be zero.
 *
 * @param {ReadonlyArray<Entry>} entries
 * @param {ReadonlyArray<string>} kinds
 */
export const table = (entries, kinds) => {
  /**
   * @param {string} title
   * @param {ReadonlyArray<Entry>} of
   */
  const row = (title, of) => {
    const failed = of.filter(({ verdict }) => !fixed.includes(verdict.outcome))
    return [
      title,
      String(of.length),
      ...fixed.map((outcome) => shown(of.filter(({ verdict }) => verdict.outcome === outcome).length)),
      shown(failed.length),
      ...names.map((name) =>
        String(of.filter(({ verdict }) => verdict.problems.some(({ column }) => column === name)).length)
      )
    ]
  }
  const header = ["fault", "count", ...fixed, "failed", ...names.map((name) => columns[name])]
  return aligned([
    header,
    ...kinds.map((kind) => row(kind, entries.filter((entry) => entry.kind === kind))),
    row("all", entries)
  ])
}

/**
 * The classes of the failures of each kind of fault.
 *
 * @param {ReadonlyArray<Entry>} entries
 * @param {ReadonlyArray<string>} kinds
 */
export const classes = (entries, kinds) => {
  const width = Math.max(...kinds.map(({ length }) => length))
  return kinds.flatMap((kind) => {
    /** @type {Map<string, number>} */
    const counts = new Map()
    for (const { kind: its, verdict: { outcome } } of entries) {
      if (its === kind && !fixed.includes(outcome)) counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
    }
    const list = [...counts].sort(([, a], [, b]) => b - a).map(([name, count]) => `${name} ${count}`)
    return list.length === 0 ? [] : [`${kind.padEnd(width)}  ${list.join(", ")}`]
  }).join("\n")
}

/** @param {Entry} entry */
export const problemsOf = ({ environment, kind, number, verdict }) =>
  verdict.problems.map(({ column, text }) =>
    `#${number} ${kind} (${environment}): ${columns[column]}: ${text}\n    the operation: ${verdict.detail}`
  )
