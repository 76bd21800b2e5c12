/** A runner of tests: `runner.js OPTIONS`, which are JSON. Says `ready` when it can be used, then one line for each answer. */
import * as Embedded from "@darb/cluster/Embedded"
import { Jobs } from "@darb/cluster/Jobs"
import * as Runner from "@darb/cluster/Runner"
import { PackageManager } from "@darb/package-manager/PackageManager"
import * as Pixi from "@darb/pixi/Pixi"
import * as Uv from "@darb/uv/Uv"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as PgClient from "@effect/sql-pg/PgClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Witness from "./Witness.js"

export interface RunnerProcessOptions extends Witness.WitnessOptions {
  readonly root: string
  /** The directory for the results of committed jobs. */
  readonly records?: string
  /** SQLite: embedded. */
  readonly filename?: string
  /** PostgreSQL: a runner on this port. */
  readonly url?: string
  readonly port?: number
  readonly stopTimeout?: number
  /** A real manager instead of the witness. */
  readonly driver?: { readonly name: "pixi" | "uv"; readonly options: Uv.UvOptions & Pixi.PixiOptions }
  /** Jobs to submit at the start: `ENVIRONMENT PACKAGE`, with the package as the key. */
  readonly submit?: ReadonlyArray<string>
}

const options: RunnerProcessOptions = JSON.parse(process.argv[2] ?? "{}")
const { filename, port = 0, records, root: environmentsRoot, stopTimeout = 15_000, url } = options

const cluster: Layer.Layer<PackageManager | Jobs, unknown, PackageManager | NodeContext.NodeContext> = url === undefined
  ? Embedded.layer({ filename: filename ?? "", environmentsRoot, stopTimeout })
  : Runner.layer({ host: "127.0.0.1", port, environmentsRoot, records, stopTimeout }).pipe(
    Layer.provide(PgClient.layer({ url: Redacted.make(url), maxConnections: 10 }))
  )

const local = options.driver === undefined
  ? Layer.effect(PackageManager, Witness.make(options))
  : options.driver.name === "uv"
  ? Uv.layer(options.driver.options)
  : Pixi.layer(options.driver.options)

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
    Layer.provide(local),
    Layer.provide(NodeContext.layer)
  )),
  Effect.tapErrorCause((cause) => Effect.sync(() => say(`failed ${cause}`))),
  NodeRuntime.runMain
)
