/** A runner of tests: `runner.js OPTIONS`, which are JSON. Says `ready` when it can be used, then one line for each answer. */
import * as Embedded from "@darb/cluster/Embedded"
import { Jobs } from "@darb/cluster/Jobs"
import * as Runner from "@darb/cluster/Runner"
import { PackageManager } from "@darb/package-manager/PackageManager"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as PgClient from "@effect/sql-pg/PgClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Witness from "./Witness.js"

export interface RunnerProcessOptions extends Witness.WitnessOptions {
  readonly root: string
  /** SQLite: embedded. */
  readonly filename?: string
  /** PostgreSQL: a runner on this port. */
  readonly url?: string
  readonly port?: number
  readonly stopTimeout?: number
  /** Jobs to submit at the start: `ENVIRONMENT PACKAGE`, with the package as the key. */
  readonly submit?: ReadonlyArray<string>
}

const options: RunnerProcessOptions = JSON.parse(process.argv[2] ?? "{}")
const { filename, port = 0, root: environmentsRoot, stopTimeout = 15_000, url } = options

const cluster: Layer.Layer<PackageManager | Jobs, unknown, PackageManager | NodeContext.NodeContext> = url === undefined
  ? Embedded.layer({ filename: filename ?? "", environmentsRoot, stopTimeout })
  : Runner.layer({ host: "127.0.0.1", port, environmentsRoot, stopTimeout }).pipe(
    Layer.provide(PgClient.layer({ url: Redacted.make(url), maxConnections: 10 }))
  )

const say = (line: string) => process.stdout.write(`${line}\n`)

const program = Effect.gen(function*() {
  const jobs = yield* Jobs
  for (const line of options.submit ?? []) {
    const [path = "", name = ""] = line.split(" ")
    yield* jobs.submit({ operation: "install", options: { path, packages: [name] } }, { key: name })
  }
  say("ready")
  yield* Effect.never
})

program.pipe(
  Effect.provide(cluster.pipe(
    Layer.provide(Layer.effect(PackageManager, Witness.make(options))),
    Layer.provide(NodeContext.layer)
  )),
  Effect.tapErrorCause((cause) => Effect.sync(() => say(`failed ${cause}`))),
  NodeRuntime.runMain
)
