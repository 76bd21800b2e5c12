/** The metrics of Effect in the text format of Prometheus. */
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import type { MetricPair } from "effect/MetricPair"
import * as MetricState from "effect/MetricState"
import * as Option from "effect/Option"

type Labels = ReadonlyArray<readonly [name: string, value: string]>

const nameOf = (name: string) => name.replace(/[^A-Za-z0-9_:]/g, "_").replace(/^(?=\d)/, "_")

const escaped = (value: string) => value.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\"", "\\\"")

const valueOf = (value: number | bigint) => value === Infinity ? "+Inf" : value === -Infinity ? "-Inf" : String(value)

/** The type of a metric, and its samples. */
const samplesOf = (name: string, labels: Labels, state: MetricPair.Untyped["metricState"]) => {
  const sample = (suffix: string, value: number | bigint, more: Labels = []) => {
    const all = [...labels, ...more].map(([key, value]) => `${nameOf(key)}="${escaped(value)}"`)
    return `${name}${suffix}${all.length === 0 ? "" : `{${all.join(",")}}`} ${valueOf(value)}`
  }
  const total = ({ count, sum }: { readonly count: number | bigint; readonly sum: number }) => [
    sample("_sum", sum),
    sample("_count", count)
  ]
  if (MetricState.isCounterState(state)) return ["counter", [sample("", state.count)]] as const
  if (MetricState.isGaugeState(state)) return ["gauge", [sample("", state.value)]] as const
  if (MetricState.isFrequencyState(state)) {
    return ["counter", [...state.occurrences].map(([value, count]) => sample("", count, [["value", value]]))] as const
  }
  if (MetricState.isHistogramState(state)) {
    const buckets = [...state.buckets].filter(([boundary]) => boundary !== Number.MAX_VALUE && boundary !== Infinity)
    const samples = [...buckets, [Infinity, state.count] as const].map(([boundary, count]) =>
      sample("_bucket", count, [["le", valueOf(boundary)]])
    )
    return ["histogram", [...samples, ...total(state)]] as const
  }
  if (MetricState.isSummaryState(state)) {
    const quantiles = [...state.quantiles].flatMap(([quantile, value]) =>
      Option.isNone(value) ? [] : [sample("", value.value, [["quantile", String(quantile)]])]
    )
    return ["summary", [...quantiles, ...total(state)]] as const
  }
  return undefined
}

/** All metrics of this process. Those of one name are beside each other. */
export const text: Effect.Effect<string> = Effect.map(Metric.snapshot, (pairs) => {
  const families = new Map<string, Array<string>>()
  for (const { metricKey: { description, name: given, tags }, metricState } of pairs) {
    const name = nameOf(given)
    const labels = tags.map(({ key, value }) => [key, value] as const).sort(([a], [b]) => a < b ? -1 : 1)
    const found = samplesOf(name, labels, metricState)
    if (found === undefined) continue
    const [type, samples] = found
    const help = Option.map(description, (text) => `# HELP ${name} ${text.replaceAll("\n", " ")}`)
    const family = families.get(name) ?? [...Option.toArray(help), `# TYPE ${name} ${type}`]
    families.set(name, [...family, ...samples])
  }
  return [...families.values()].flat().map((line) => `${line}\n`).join("")
})
