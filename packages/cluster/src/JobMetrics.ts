/** The metrics of jobs on this runner. */
import * as Metric from "effect/Metric"

/** Ended jobs by `operation` and `outcome`: `succeeded`, `failed` or `cancelled`. */
export const ended = Metric.counter("darb_jobs_ended", { incremental: true })

/** Jobs that started again, because the runner that had them was lost or stopped, by `operation`. */
export const redelivered = Metric.counter("darb_jobs_redelivered", { incremental: true })

/** Jobs that run on this runner. */
export const running = Metric.gauge("darb_jobs_running")

/** Jobs that wait, in the whole cluster. */
export const queued = Metric.gauge("darb_jobs_queued")
