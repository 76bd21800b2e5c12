/** Prints how each step of recorded runs of pixi or uv ended, and the class of its failure. */
import { classify } from "./classify/Failure.js"
import * as Recordings from "./classify/Recordings.js"

const usage = `usage: npm run classify DIRECTORY

For each recording in the directory (*.json, as of the README.md beside it): scenario, step, how it ended, the class of
the failure with what decides, and the arguments. They are of the manager that the directory is named after, or else of
the one whose arguments they have. The exit code is 1 if something was not a recording.
`

const shortArgv = (argv: ReadonlyArray<string>): string => {
  const text = argv.map((arg) => /^[\w@%+=:,./$<>~*-]+$/.test(arg) ? arg : JSON.stringify(arg)).join(" ")
  return text.length > 100 ? `${text.slice(0, 99)}…` : text
}

const aligned = (rows: ReadonlyArray<ReadonlyArray<string>>): ReadonlyArray<string> => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd())
}

const [directory, ...rest] = process.argv.slice(2)
if (directory === undefined || directory.startsWith("-") || rest.length > 0) {
  process.stderr.write(usage)
  process.exit(2)
}

const { manager, odd, recordings } = Recordings.read(directory)
const rows = recordings.flatMap(({ scenario, steps }) =>
  steps.map((step) => [scenario, String(step.index), ...classify(manager, step), shortArgv(step.argv)])
)
process.stdout.write([...aligned([["scenario", "step", "exit", "class", "arguments"], ...rows]), ""].join("\n"))
for (const text of odd) process.stderr.write(`odd: ${text}\n`)
process.exitCode = odd.length === 0 ? 0 : 1
