/** Measures two effects in interleaved rounds of one process, and compares their medians with goals. */
import * as Effect from "effect/Effect"

/** What one run took. `wall` and `cpu` (of this process alone) are milliseconds; an effect can return more figures. */
export type Figures = Readonly<Record<string, number>>

/** Without a bound, only a figure. */
export interface Goal {
  /** The figure that counts. */
  readonly figure: string
  /** `times` the baseline, `more` than the baseline, or the `value` itself. */
  readonly is: "times" | "more" | "value"
  readonly atMost?: number | undefined
  readonly atLeast?: number | undefined
  /** Of `more` and `value`; milliseconds by default. */
  readonly unit?: string | undefined
}

export interface Comparison {
  /** Runs what is measured, and may return figures of its own. */
  readonly ours: Effect.Effect<unknown>
  /** The name of the baseline. */
  readonly than: string
  readonly baseline: Effect.Effect<unknown>
  readonly goals: ReadonlyArray<Goal>
  /** 15 by default. */
  readonly rounds?: number | undefined
  /** Measured at once, without a run before it. */
  readonly isLong?: boolean | undefined
  /** Rounds before the first that counts; 3 by default. */
  readonly warmUp?: number | undefined
}

/** Returns figures of an effect from inside it, beside those that each run has. */
export class Measured {
  constructor(readonly figures: Figures) {}
}

/** The titles of the columns. */
export const header = ["", "figure", "ours", "baseline", "", "is", "goal", ""]

export interface Result {
  readonly cells: ReadonlyArray<string>
  /** `undefined` without a bound. */
  readonly isMet: boolean | undefined
}

/** A result for each goal. */
export const run = Effect.fnUntraced(
  function*(what: string, { baseline, goals, isLong = false, ours, rounds = 15, than, warmUp = 3 }: Comparison) {
    const all: { own: Array<Figures>; other: Array<Figures> } = { own: [], other: [] }
    for (let round = -warmUp; round < rounds; round++) {
      const other = yield* measure(baseline, isLong)
      const own = yield* measure(ours, isLong)
      if (round < 0) continue
      all.other.push(other)
      all.own.push(own)
    }
    return goals.map((goal): Result => {
      const own = median(all.own, goal.figure)
      const other = median(all.other, goal.figure)
      const is = goal.is === "times" ? own / other : goal.is === "more" ? own - other : own
      const unit = goal.is === "times" ? "×" : (goal.unit ?? "ms") + (goal.is === "more" ? " more" : "")
      const { atLeast, atMost } = goal
      const isMet = atMost === undefined && atLeast === undefined
        ? undefined
        : is <= (atMost ?? Infinity) && is >= (atLeast ?? -Infinity)
      const bound = isMet === undefined ? "" : atMost === undefined ? `≥ ${atLeast}` : `≤ ${atMost}`
      return {
        cells: [
          what,
          goal.figure,
          own.toFixed(1),
          other.toFixed(1),
          than,
          `${is.toFixed(2)} ${unit}`,
          bound,
          isMet === undefined ? "" : isMet ? "met" : "MISSED"
        ],
        isMet
      }
    })
  }
)

/** The second of two runs, so that each collects its own garbage and not that of the other; a long run is measured at once. */
const measure = (run: Effect.Effect<unknown>, isLong: boolean): Effect.Effect<Figures> =>
  Effect.gen(function*() {
    if (!isLong) yield* run
    const cpu = process.cpuUsage()
    const start = performance.now()
    const result = yield* run
    const wall = performance.now() - start
    const { system, user } = process.cpuUsage(cpu)
    return { wall, cpu: (user + system) / 1000, ...(result instanceof Measured ? result.figures : {}) }
  })

const median = (all: ReadonlyArray<Figures>, figure: string): number =>
  all.map((figures) => figures[figure] ?? NaN).sort((a, b) => a - b)[all.length >> 1] ?? NaN
