import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as MetricBoundaries from "effect/MetricBoundaries"
import * as Metrics from "../src/Metrics.js"

it.effect("each kind of metric is written, with its labels escaped", () =>
  Effect.gen(function*() {
    const counter = Metric.tagged(Metric.counter("test_counter", { description: "a\ncounter" }), "path", "a\"\\\n")
    yield* Metric.incrementBy(counter, 2)
    yield* Metric.set(Metric.gauge("test.gauge"), 1.5)
    yield* Metric.update(Metric.frequency("test_frequency"), "seen")
    const histogram = Metric.histogram("test_histogram", MetricBoundaries.fromIterable([1, 10]))
    for (const value of [0.5, 5, 50]) yield* Metric.update(histogram, value)
    const text = yield* Metrics.text
    const lines = text.split("\n").filter((line) => line.includes("test"))
    assert.sameMembers(lines, [
      "# HELP test_counter a counter",
      "# TYPE test_counter counter",
      "test_counter{path=\"a\\\"\\\\\\n\"} 2",
      "# TYPE test_gauge gauge",
      "test_gauge 1.5",
      "# TYPE test_frequency counter",
      "test_frequency{value=\"seen\"} 1",
      "# TYPE test_histogram histogram",
      "test_histogram_bucket{le=\"1\"} 1",
      "test_histogram_bucket{le=\"10\"} 2",
      "test_histogram_bucket{le=\"+Inf\"} 3",
      "test_histogram_sum 55.5",
      "test_histogram_count 3"
    ])
  }))
