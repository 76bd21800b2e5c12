/** Changes as durable jobs beside the same changes without jobs, on the manager in memory. */
import type { PackageManager } from "@darb/package-manager/PackageManager"
import * as Memory from "@darb/testing/Memory"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { embed } from "../../DurableSubject.js"
import { type Goal, Measured } from "../Comparison.js"
import type { Row } from "../Row.js"
import { output } from "../Subprocess.js"

type Work = (manager: PackageManager["Type"]) => Effect.Effect<unknown>

const paths = Array.from({ length: 200 }, (_, at) => `/memory/e${at}`)

const row = (name: string, duration: Duration.DurationInput, work: Work, goals: ReadonlyArray<Goal>): Row => ({
  name,
  prepare: Effect.gen(function*() {
    const environments = paths.map((path) => ({ path, packages: [] }))
    const local = yield* Memory.make({ environments, duration })
    const { manager } = yield* embed(local, "/memory")
    return {
      ours: work(manager),
      than: "without jobs",
      baseline: work(local),
      goals,
      rounds: 3,
      warmUp: 1,
      isLong: true
    }
  })
})

/** Twenty changes of one environment, one after another. */
const one: Work = (manager) =>
  Effect.gen(function*() {
    const start = performance.now()
    yield* Effect.repeatN(Effect.orDie(manager.install({ path: "/memory/e0" })), 19)
    return new Measured({ change: (performance.now() - start) / 20 })
  })

/** Five changes in each of 200 environments. */
const many: Work = (manager) =>
  Effect.gen(function*() {
    const start = performance.now()
    const install = (path: string) => Effect.orDie(manager.install({ path }))
    yield* Effect.forEach(
      paths.flatMap((path) => [path, path, path, path, path]),
      install,
      { concurrency: "unbounded", discard: true }
    )
    return new Measured({ rate: 1000 * 5 * paths.length / (performance.now() - start) })
  })

const script = fileURLToPath(new URL("../../../../cluster/build/test/test/processes/rate.js", import.meta.url))

/** In processes of their own. Needs the executables of PostgreSQL: `DARB_TEST_POSTGRES`. */
const runners: Row = {
  name: "jobs: 50 ms, PostgreSQL, 3 runners",
  prepare: Effect.sync(() => {
    const bin = process.env.DARB_TEST_POSTGRES
    return bin === undefined || !existsSync(script) ? undefined : {
      ours: Effect.map(
        output(process.execPath, [script, bin]),
        (text) => new Measured(JSON.parse(text.trim().split("\n").at(-1) ?? ""))
      ),
      than: "nothing",
      baseline: Effect.void,
      goals: [
        { figure: "rate", is: "value", atLeast: 300, unit: "a second" },
        { figure: "interruption", is: "value", atMost: 50 }
      ],
      rounds: 1,
      warmUp: 0,
      isLong: true
    }
  })
}

export const rows: ReadonlyArray<Row> = [
  row("jobs: one change after another", 0, one, [{ figure: "change", is: "more", atMost: 3 }]),
  row("jobs: 50 ms, 200 environments", "50 millis", many, [
    { figure: "rate", is: "value", atLeast: 700, unit: "a second" }
  ]),
  runners
]
