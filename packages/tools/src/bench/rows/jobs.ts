/** Changes as durable jobs, beside the same changes without jobs and beside the engine alone, on the manager in memory. */
import type { PackageManager } from "@darb/package-manager/PackageManager"
import * as Memory from "@darb/testing/Memory"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { embed } from "../../DurableSubject.js"
import { type Goal, Measured } from "../Comparison.js"
import * as Engine from "../Engine.js"
import type { Row } from "../Row.js"
import { output } from "../Subprocess.js"

/** Changes an environment. */
type Change = (path: string) => Effect.Effect<unknown>

type Work = (change: Change) => Effect.Effect<Measured>

const paths = Array.from({ length: 200 }, (_, at) => `/memory/e${at}`)

interface Kind {
  readonly duration: Duration.DurationInput
  readonly work: Work
  readonly than: "without jobs" | "the engine alone"
  readonly goals: ReadonlyArray<Goal>
}

const row = (name: string, { duration, goals, than, work }: Kind): Row => ({
  name,
  prepare: Effect.gen(function*() {
    const environments = paths.map((path) => ({ path, packages: [] }))
    const local = yield* Memory.make({ environments, duration })
    const { manager } = yield* embed(local, "/memory")
    const install = (manager: PackageManager["Type"]): Change => (path) => Effect.orDie(manager.install({ path }))
    return {
      ours: work(install(manager)),
      than,
      baseline: work(than === "without jobs" ? install(local) : yield* Engine.make(duration)),
      goals,
      rounds: 5,
      warmUp: 3,
      isLong: true
    }
  })
})

/** Fifty changes of one environment, one after another: the median. */
const one: Work = (change) =>
  Effect.gen(function*() {
    const times: Array<number> = []
    for (let at = 0; at < 50; at++) {
      const start = performance.now()
      yield* change("/memory/e0")
      times.push(performance.now() - start)
    }
    return new Measured({ change: times.sort((a, b) => a - b)[25] ?? NaN })
  })

/** Five changes in each of 200 environments. */
const many: Work = (change) =>
  Effect.gen(function*() {
    const start = performance.now()
    yield* Effect.forEach(
      paths.flatMap((path) => [path, path, path, path, path]),
      change,
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
  row("jobs: one change after another", {
    duration: 0,
    work: one,
    than: "without jobs",
    goals: [{ figure: "change", is: "more", atMost: 3 }]
  }),
  // Where the goals above and below were set, the engine alone took 2.35 ms, and did about 820 jobs a second.
  row("jobs: one change beside the engine", {
    duration: 0,
    work: one,
    than: "the engine alone",
    goals: [{ figure: "change", is: "times", atMost: 1.83 }]
  }),
  row("jobs: 50 ms, 200 environments", {
    duration: "50 millis",
    work: many,
    than: "the engine alone",
    goals: [
      { figure: "rate", is: "value", atLeast: 700, unit: "a second" },
      { figure: "rate", is: "times", atLeast: 0.85 }
    ]
  }),
  runners
]
