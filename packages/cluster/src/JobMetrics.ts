/**
 * The metrics of jobs on this runner.
 *
 * @module
 * @since 0.1.0
 */
import * as Metric from "effect/Metric"
import type { Change } from "./OperationSchema.js"
import type { Outcome } from "./store/JobStore.js"

/**
 * Ended jobs by `operation` and `outcome`: `succeeded`, `failed` or `cancelled`.
 *
 * @since 0.1.0
 * @category metrics
 */
export const ended = Metric.counter("darb_jobs_ended", { incremental: true })

const tagged = new Map<string, typeof ended>()

/**
 * The counter of ended jobs with these tags, which is made once.
 *
 * @since 0.1.0
 * @category getters
 */
export const endedBy = (operation: Change["operation"], outcome: Outcome): typeof ended => {
  const key = `${operation} ${outcome}`
  const known = tagged.get(key)
  if (known !== undefined) return known
  const counter = Metric.tagged(Metric.tagged(ended, "operation", operation), "outcome", outcome)
  tagged.set(key, counter)
  return counter
}

/**
 * Jobs that started again, because the runner that had them was lost or stopped, by `operation`.
 *
 * @since 0.1.0
 * @category metrics
 */
export const redelivered = Metric.counter("darb_jobs_redelivered", { incremental: true })

/**
 * Jobs that run on this runner.
 *
 * @since 0.1.0
 * @category metrics
 */
export const running = Metric.gauge("darb_jobs_running")

/**
 * Jobs that wait, in the whole cluster.
 *
 * @since 0.1.0
 * @category metrics
 */
export const queued = Metric.gauge("darb_jobs_queued")
