/**
 * The metrics of operations.
 *
 * @module
 * @since 0.1.0
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Metric from "effect/Metric"
import * as MetricBoundaries from "effect/MetricBoundaries"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"

/**
 * Ended operations by `manager`, `operation` and `outcome`: `success`, the tag of an error, `interrupt` or `defect`.
 *
 * @since 0.1.0
 * @category metrics
 */
export const operations = Metric.counter("package_manager_operations", { incremental: true })

/**
 * The duration of operations in seconds, including waiting, by `manager` and `operation`.
 *
 * @since 0.1.0
 * @category metrics
 */
export const durations = Metric.histogram(
  "package_manager_operation_seconds",
  MetricBoundaries.fromIterable([0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000])
)

/**
 * Running processes of managers, by `manager` and `operation`.
 *
 * @since 0.1.0
 * @category metrics
 */
export const processes = Metric.gauge("package_manager_processes")

/**
 * Operations that wait for another one, by `manager` and `operation`.
 *
 * @since 0.1.0
 * @category metrics
 */
export const waiters = Metric.gauge("package_manager_waiting")

const during = (gauge: Metric.Metric.Gauge<number>) => <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.acquireUseRelease(
    Metric.increment(gauge),
    () => effect,
    () => Metric.incrementBy(gauge, -1)
  )

/**
 * Counts a running process for the duration of the effect.
 *
 * @since 0.1.0
 * @category metrics
 */
export const running = during(processes)

/**
 * Counts a waiting operation for the duration of the effect.
 *
 * @since 0.1.0
 * @category metrics
 */
export const waiting = during(waiters)

const outcomeOf = <A, E extends { readonly _tag: string }>(exit: Exit.Exit<A, E>): string =>
  Exit.match(exit, {
    onSuccess: () => "success",
    onFailure: (cause) =>
      Option.match(Cause.failureOption(cause), {
        onNone: () => Cause.isInterrupted(cause) ? "interrupt" : "defect",
        onSome: ({ _tag }) => _tag
      })
  })

const record = Effect.fnUntraced(
  function*<A, E extends { readonly _tag: string }>(start: number, exit: Exit.Exit<A, E>) {
    yield* Metric.increment(Metric.tagged(operations, "outcome", outcomeOf(exit)))
    yield* Metric.update(durations, ((yield* Clock.currentTimeMillis) - start) / 1000)
  }
)

/**
 * Counts and times an operation, and annotates its logs.
 *
 * @since 0.1.0
 * @category metrics
 */
export const operation =
  (manager: string, operation: string) =>
  <A, E extends { readonly _tag: string }, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.gen(function*() {
      const start = yield* Clock.currentTimeMillis
      return yield* Effect.onExit(effect, (exit) => record(start, exit))
    }).pipe(
      Effect.tagMetrics({ manager, operation }),
      Effect.annotateLogs({ manager, operation })
    )

/**
 * Counts and times a stream, from the first pull to its end.
 *
 * @since 0.1.0
 * @category metrics
 */
export const stream =
  (manager: string, operation: string) =>
  <A, E extends { readonly _tag: string }, R>(stream: Stream.Stream<A, E, R>): Stream.Stream<A, E, R> =>
    Stream.unwrap(Effect.map(
      Clock.currentTimeMillis,
      (start) => Stream.ensuringWith(stream, (exit) => Effect.tagMetrics(record(start, exit), { manager, operation }))
    ))
