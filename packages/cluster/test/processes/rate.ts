/**
 * Measures three runners on PostgreSQL with the manager in memory: `rate.js DIRECTORY`, that of the executables of PostgreSQL.
 * Prints the jobs a second, and how many milliseconds an interruption takes from a client to the operation, as JSON.
 */
import * as Client from "@darb/cluster/Client"
import * as Runner from "@darb/cluster/Runner"
import { PackageManager } from "@darb/package-manager/PackageManager"
import * as Memory from "@darb/testing/Memory"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as PgClient from "@effect/sql-pg/PgClient"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { spawn } from "node:child_process"
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import * as Postgres from "../Postgres.js"
import { directory } from "./Directory.js"
import { eventually } from "./Started.js"

interface Options {
  readonly url: string
  readonly port: number
  readonly root: string
}

const names = Array.from({ length: 200 }, (_, at) => `e${at}`)
const rounds = 7

const database = (url: string, maxConnections: number) =>
  PgClient.layer({ url: Redacted.make(url), maxConnections }).pipe(Layer.merge(NodeContext.layer))

/** Changes take 50 ms. That of the package `never` goes on until it is interrupted. */
const runner = ({ port, root, url }: Options) => {
  const manager = Effect.gen(function*() {
    const environments = names.map((name) => ({ path: `${root}/${name}`, packages: [] }))
    const memory = yield* Memory.make({ environments, duration: "50 millis" })
    const note = (what: string) => Effect.sync(() => writeFileSync(`${root}/${what}`, `${Date.now()}`))
    const never = Effect.andThen(note("started"), Effect.never).pipe(Effect.onInterrupt(() => note("interrupted")))
    return PackageManager.of({
      ...memory,
      install: (options) => options.packages?.[0] === "never" ? never : memory.install(options)
    })
  })
  return Layer.launch(
    Runner.layer({ host: "127.0.0.1", port, environmentsRoot: root }).pipe(
      Layer.provide([Layer.effect(PackageManager, manager), database(url, 10)])
    )
  )
}

const start = (options: Options) =>
  Effect.acquireRelease(
    Effect.sync(() =>
      spawn(process.execPath, [fileURLToPath(import.meta.url), JSON.stringify(options)], { stdio: "ignore" })
    ),
    (child) => Effect.sync(() => child.kill("SIGKILL"))
  )

const median = (values: ReadonlyArray<number>) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN

const measure = Effect.fnUntraced(function*(bin: string) {
  const { url } = yield* Postgres.make(bin)
  const root = yield* directory
  for (let at = 0; at < 3; at++) yield* start({ url, root, port: yield* Postgres.freePort })
  const memory = yield* Memory.make()
  const context = yield* Layer.build(
    Client.layer({ manager: memory, environmentsRoot: root, groups: ["127-0-0-1"] }).pipe(
      Layer.provide(database(url, 10))
    )
  )
  const manager = Context.get(context, PackageManager)

  const paths = names.flatMap((name) => [name, name, name, name, name])
  const round = Effect.gen(function*() {
    const before = performance.now()
    yield* Effect.forEach(paths, (path) => manager.install({ path }), { concurrency: "unbounded", discard: true })
    return 1000 * paths.length / (performance.now() - before)
  })
  // Until each runner has its environments.
  yield* Effect.andThen(round, Effect.sleep("10 seconds"))
  // All is compiled after these.
  yield* Effect.repeatN(round, 2)
  const rates = yield* Effect.all(Array.from({ length: rounds }, () => round))

  const interruption = Effect.fnUntraced(function*(path: string) {
    const [started = "", interrupted = ""] = ["started", "interrupted"].map((what) => `${root}/${what}`)
    const fiber = yield* Effect.fork(manager.install({ path, packages: ["never"] }))
    yield* eventually(() => existsSync(started))
    const before = Date.now()
    yield* Fiber.interrupt(fiber)
    const latency = Number(readFileSync(interrupted, "utf8")) - before
    yield* Effect.sync(() => [started, interrupted].forEach((file) => rmSync(file)))
    return latency
  })
  const latencies = yield* Effect.forEach(names.slice(0, 15), interruption)
  process.stdout.write(`${JSON.stringify({ rate: median(rates), interruption: median(latencies) })}\n`)
})

const given = process.argv[2] ?? ""
if (given.startsWith("{")) NodeRuntime.runMain(runner(JSON.parse(given)))
else NodeRuntime.runMain(Effect.scoped(measure(given)))
