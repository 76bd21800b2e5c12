/**
 * Removes jobs that ended long ago, and counts those that wait.
 *
 * @module
 * @since 0.1.0
 */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as JobMetrics from "../JobMetrics.js"
import { JobStore } from "../store/JobStore.js"

/**
 * What is kept of jobs, and how long.
 *
 * @since 0.1.0
 * @category options
 */
export interface HousekeepingOptions {
  /**
   * How long a job that has ended is kept, with its events and its result; 7 days by default. Afterwards its id is unknown, and
   * its key can be used again.
   */
  readonly retention?: Duration.DurationInput | undefined
  /**
   * How many events of a job are kept; 10,000 by default, and at least 2,048. Of a job that has more, the oldest are removed,
   * some hundreds at a time.
   */
  readonly maxEvents?: number | undefined
}

/** How often jobs are removed, unless the retention is shorter. */
const interval = Duration.minutes(10)

/**
 * `records` is the directory for the results of committed jobs.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (
  { records, retention = "7 days" }: HousekeepingOptions & { readonly records: string }
): Layer.Layer<never, never, JobStore | FileSystem.FileSystem | Path.Path> =>
  Layer.scopedDiscard(Effect.gen(function*() {
    const store = yield* JobStore
    const fs = yield* FileSystem.FileSystem
    const path = yield* Path.Path

    const removeRecord = Effect.fnUntraced(function*(file: string, before: number) {
      const { mtime } = yield* fs.stat(file)
      if (Option.isSome(mtime) && mtime.value.getTime() < before) yield* fs.remove(file, { force: true })
    }, Effect.ignore)

    const clean = Effect.gen(function*() {
      const before = (yield* Clock.currentTimeMillis) - Duration.toMillis(retention)
      // A part at a time, so that the database is not held up.
      yield* Effect.repeat(store.clean(before), { while: (count) => count > 0, schedule: Schedule.spaced("50 millis") })
      const names = yield* Effect.orElseSucceed(fs.readDirectory(records), () => [])
      yield* Effect.forEach(names, (name) => removeRecord(path.join(records, name), before), { discard: true })
    })

    const count = Effect.flatMap(store.counts, ({ queued }) => Metric.set(JobMetrics.queued, queued))

    const repeated = (effect: Effect.Effect<unknown, unknown>, every: Duration.DurationInput) =>
      effect.pipe(
        // If the connection is lost in a transaction, that is a defect.
        Effect.catchAllCause((cause) => Effect.logWarning("The jobs cannot be cleaned up or counted now.", cause)),
        Effect.repeat(Schedule.spaced(every)),
        Effect.withTracerEnabled(false),
        Effect.forkScoped
      )
    yield* repeated(clean, Duration.min(interval, retention))
    yield* repeated(count, "10 seconds")
  }))
