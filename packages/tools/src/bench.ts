/** Measures the library beside baselines, in one process: `bench.js [ROW ...]`. Prints each figure with its goal. */
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Effect from "effect/Effect"
import * as Comparison from "./bench/Comparison.js"
import * as Decoders from "./bench/rows/decoders.js"
import * as Imports from "./bench/rows/imports.js"
import * as Jobs from "./bench/rows/jobs.js"
import * as Operations from "./bench/rows/operations.js"
import * as Processes from "./bench/rows/processes.js"
import * as Program from "./bench/rows/program.js"
import * as Reads from "./bench/rows/reads.js"

const rows = [
  ...Decoders.rows,
  ...Imports.rows,
  ...Jobs.rows,
  ...Operations.rows,
  ...Processes.rows,
  ...Program.rows,
  ...Reads.rows
]

const wanted = process.argv.slice(2)
const chosen = wanted.length === 0 ? rows : rows.filter(({ name }) => wanted.some((word) => name.startsWith(word)))

const print = (cells: ReadonlyArray<string>) => {
  const widths = [34, 10, 9, 9, 20, 14, 8]
  process.stdout.write(`${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(" ").trimEnd()}\n`)
}

const program = Effect.gen(function*() {
  if (chosen.length === 0) return yield* Effect.dieMessage(`no row starts with ${wanted.join(", ")}`)
  print(Comparison.header)
  const counts = { met: 0, missed: 0 }
  for (const { name, prepare } of chosen) {
    yield* Effect.scoped(Effect.gen(function*() {
      const comparison = yield* prepare
      if (comparison === undefined) return print([name, "not on this machine"])
      for (const { cells, isMet } of yield* Comparison.run(name, comparison)) {
        if (isMet !== undefined) counts[isMet ? "met" : "missed"]++
        print(cells)
      }
    }))
  }
  process.stdout.write(
    `Medians of interleaved rounds, Node ${process.version}.\n${counts.met} met, ${counts.missed} missed\n`
  )
})

program.pipe(Effect.provide(NodeContext.layer), NodeRuntime.runMain)
