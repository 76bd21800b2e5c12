/** Measures two effects in interleaved rounds and compares their medians with a goal. */
import * as Effect from "effect/Effect"

export const warmUp = 3
export const rounds = 15

export interface Goal {
  /** At most this many times the baseline. */
  readonly atMost?: number | undefined
  readonly timesFaster?: number | undefined
  readonly milliseconds?: number | undefined
}

export interface Comparison {
  readonly what: string
  readonly ours: Effect.Effect<unknown>
  /** The name of the baseline. */
  readonly than: string
  readonly baseline: Effect.Effect<unknown>
  readonly goals: ReadonlyArray<Goal>
}

/** The title of the columns of a row. */
export const header = ["", "ms", "baseline", "ms", "ratio", "goal", ""]

/** A row for each goal. */
export const run = Effect.fnUntraced(function*({ baseline, goals, ours, than, what }: Comparison) {
  const times = { ours: [] as Array<number>, baseline: [] as Array<number> }
  for (let round = -warmUp; round < rounds; round++) {
    const other = yield* time(baseline)
    const own = yield* time(ours)
    if (round < 0) continue
    times.baseline.push(other)
    times.ours.push(own)
  }
  const [own, other] = [median(times.ours), median(times.baseline)]
  return goals.map(({ atMost, milliseconds, timesFaster }) => {
    const [ratio, goal, isMet] = timesFaster !== undefined
      ? [`${(other / own).toFixed(2)} × faster`, `at least ${timesFaster} × faster`, other / own >= timesFaster]
      : milliseconds !== undefined
      ? [`${(own / other).toFixed(2)} ×`, `at most ${milliseconds} ms`, own <= milliseconds]
      : [`${(own / other).toFixed(2)} ×`, `at most ${atMost} ×`, own / other <= (atMost ?? Infinity)]
    return [what, own.toFixed(1), than, other.toFixed(1), ratio, goal, isMet ? "met" : "MISSED"]
  })
})

/** The second of two runs, so that each collects its own garbage and not that of the other. */
const time = (run: Effect.Effect<unknown>): Effect.Effect<number> =>
  Effect.gen(function*() {
    yield* run
    const start = performance.now()
    yield* run
    return performance.now() - start
  })

const median = (values: ReadonlyArray<number>): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN
