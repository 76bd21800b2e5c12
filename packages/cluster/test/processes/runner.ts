/**
 * A runner or a client of tests: `runner.js OPTIONS`, which are JSON. Says `ready` when it can be used, and answers SIGUSR2 with
 * the number of its fibers.
 */
import * as Client from "@darb/cluster/Client"
import * as Embedded from "@darb/cluster/Embedded"
import { Jobs } from "@darb/cluster/Jobs"
import * as JobsOptions from "@darb/cluster/Jobs"
import * as Runner from "@darb/cluster/Runner"
import { PackageManager } from "@darb/package-manager/PackageManager"
import * as Pixi from "@darb/pixi/Pixi"
import * as Uv from "@darb/uv/Uv"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as PgClient from "@effect/sql-pg/PgClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as Redacted from "effect/Redacted"
import * as Runtime from "effect/Runtime"
import * as Deadly from "./Deadly.js"
import * as Witness from "./Witness.js"

export interface RunnerProcessOptions extends Witness.WitnessOptions {
  readonly root: string
  /** The directory for the results of committed jobs. */
  readonly records?: string
  /** SQLite: embedded. */
  readonly filename?: string
  /** PostgreSQL: a runner on this port, or a client without a port. */
  readonly url?: string
  readonly port?: number
  readonly stopTimeout?: number
  /** A real manager instead of the witness. */
  readonly driver?: { readonly name: "pixi" | "uv"; readonly options: Uv.UvOptions & Pixi.PixiOptions }
  /** Jobs to submit at the start: `ENVIRONMENT PACKAGE`, with the package as the key. */
  readonly submit?: ReadonlyArray<string>
  /** Jobs to submit at SIGHUP: some at once, and more when they have ended. */
  readonly more?: ReadonlyArray<string>
  /** The same as an operation that it waits for, after it said `ready`. */
  readonly wait?: string
  /** Kills this process. */
  readonly dies?: Deadly.DeadlyOptions
}

const options: RunnerProcessOptions = JSON.parse(process.argv[2] ?? "{}")
const { filename, port, records, root: environmentsRoot, stopTimeout = 15_000, url } = options

const client = Layer.unwrapEffect(
  Effect.map(PackageManager, (manager) => Client.layer({ manager, environmentsRoot, groups: ["127-0-0-1"] }))
)

const cluster: Layer.Layer<PackageManager | Jobs, unknown, PackageManager | NodeContext.NodeContext> = url === undefined
  ? Embedded.layer({ filename: filename ?? "", environmentsRoot, stopTimeout })
  : Layer.provide(
    port === undefined
      ? client
      : Runner.layer({ host: "127.0.0.1", port, environmentsRoot, records, stopTimeout, maxEvents: 200_000 }),
    PgClient.layer({ url: Redacted.make(url), maxConnections: 10 })
  )

const local = options.driver === undefined
  ? Layer.effect(PackageManager, Witness.make(options))
  : options.driver.name === "uv"
  ? Uv.layer(options.driver.options)
  : Pixi.layer(options.driver.options)

/** The number of fibers, whatever their metrics are tagged with. */
const activeFibers = () =>
  Metric.unsafeSnapshot().reduce(
    (total, { metricKey, metricState }) =>
      metricKey.name === "effect_fiber_active" && "count" in metricState ? total + Number(metricState.count) : total,
    0
  )

const say = (line: string) => process.stdout.write(`${line}\n`)

const program = Effect.gen(function*() {
  const [jobs, manager] = [yield* Jobs, yield* PackageManager]
  const submit = (line: string) => {
    const [path = "", name = ""] = line.split(" ")
    return jobs.submit({ operation: "install", options: { path, packages: [name] } }, { key: name })
  }
  yield* Effect.forEach(options.submit ?? [], submit, { discard: true })
  const more = Effect.forEach(options.more ?? [], (line) => Effect.flatMap(submit(line), jobs.result), {
    concurrency: 20,
    discard: true
  })
  const runFork = Runtime.runFork(yield* Effect.runtime())
  process.on("SIGHUP", () => void runFork(more))
  process.on("SIGUSR2", () => say(`fibers ${activeFibers()}`))
  say("ready")
  if (options.wait !== undefined) {
    const [path = "", name = ""] = options.wait.split(" ")
    yield* JobsOptions.withOptions(manager.install({ path, packages: [name] }), { key: name })
    say("done")
  }
  yield* Effect.never
})

program.pipe(
  Effect.provide(cluster.pipe(
    Layer.provide(local),
    Layer.provide(options.dies === undefined ? Layer.empty : Deadly.layer(options.dies)),
    Layer.provide(NodeContext.layer)
  )),
  Effect.tapErrorCause((cause) => Effect.sync(() => say(`failed ${cause}`))),
  NodeRuntime.runMain
)
