/** Bad weather: jobs on several runners that are killed, stopped and suspended, with a database that goes away. */
import * as Client from "@darb/cluster/Client"
import { Jobs } from "@darb/cluster/Jobs"
import * as Memory from "@darb/testing/Memory"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as PgClient from "@effect/sql-pg/PgClient"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import { existsSync, mkdirSync } from "node:fs"
import { join } from "node:path"
import * as Postgres from "../Postgres.js"
import { environments, installed, notes, runner, type Started } from "./Started.js"

export interface WeatherOptions {
  /** The directory of the executables of PostgreSQL. */
  readonly bin: string
  /** A directory that is empty. */
  readonly base: string
  readonly seed: number
  /** How long there is bad weather, in milliseconds. */
  readonly duration: number
  readonly runners: number
  readonly environments: number
  readonly jobs: number
}

export interface Report {
  readonly weather: ReadonlyArray<string>
  /** What must not be; empty if all is well. */
  readonly problems: ReadonlyArray<string>
  readonly redelivered: number
}

const kinds = ["kill", "kill", "stop", "suspend", "database"] as const

export const run = Effect.fnUntraced(function*(options: WeatherOptions) {
  const { base, bin, duration, seed } = options
  const random = Random.make(seed)
  const postgres = yield* Postgres.make(bin)
  const root = join(base, "environments")
  const log = join(base, "log")
  mkdirSync(root)
  const names = Array.from({ length: options.environments }, (_, at) => `e${at}`)
  yield* environments(root, names)

  const start = Effect.flatMap(
    Postgres.freePort,
    (port) => runner({ url: postgres.url, port, root, log, duration: 200, stopTimeout: 2000 })
  ).pipe(Effect.retry({ times: 5, schedule: Schedule.spaced("1 second") }))
  const all: Array<Started> = yield* Effect.all(Array.from({ length: options.runners }, () => start), {
    concurrency: "unbounded"
  })

  const memory = yield* Memory.make()
  const context = yield* Layer.build(
    Client.layer({ manager: { ...memory, name: "witness" }, environmentsRoot: root, groups: ["127-0-0-1"] }).pipe(
      Layer.provide(PgClient.layer({ url: Redacted.make(postgres.url), maxConnections: 5 })),
      Layer.provide(NodeContext.layer)
    )
  )
  const jobs = Context.get(context, Jobs)

  /** Tries again what the weather prevents. */
  const patiently = <A, E extends { readonly _tag: string }>(effect: Effect.Effect<A, E>) =>
    Effect.retry(effect, { while: ({ _tag }) => _tag === "JobsUnavailable", schedule: Schedule.spaced("500 millis") })

  const submitted = yield* Effect.forEach(Array.from({ length: options.jobs }, (_, at) => at), (at) => {
    const path = names[at % names.length] ?? ""
    const name = `p${at}`
    return patiently(jobs.submit({ operation: "install", options: { path, packages: [name] } }, { key: name }))
  }, { concurrency: 8 })

  const weather: Array<string> = []
  const bad = Effect.gen(function*() {
    const kind = kinds[yield* random.nextIntBetween(0, kinds.length)] ?? "kill"
    const at = yield* random.nextIntBetween(0, all.length)
    const victim = all[at]
    weather.push(`${kind}${kind === "database" ? "" : ` runner ${at}`}`)
    if (kind === "database") {
      yield* postgres.stop
      yield* Effect.sleep(3000)
      yield* postgres.start
    } else if (kind === "suspend") {
      yield* victim?.signal("SIGSTOP") ?? Effect.void
      yield* Effect.sleep(10_000)
      yield* victim?.signal("SIGCONT") ?? Effect.void
    } else {
      yield* victim?.end(kind === "kill" ? "SIGKILL" : "SIGTERM") ?? Effect.void
      all[at] = yield* start
    }
    yield* Effect.sleep(yield* random.nextIntBetween(500, 3000))
  })
  const end = Date.now() + duration
  yield* Effect.whileLoop({ while: () => Date.now() < end, body: () => bad, step: () => {} })

  const problems: Array<string> = []
  const results = yield* Effect.forEach(
    submitted,
    (id) =>
      patiently(jobs.result(id)).pipe(
        Effect.timeoutOption("2 minutes"),
        Effect.map((found) => found._tag === "None" ? `${id} has no result` : undefined),
        Effect.catchAllCause((cause) => Effect.succeed(`${id} failed: ${Cause.pretty(cause)}`))
      ),
    { concurrency: 32 }
  )
  problems.push(...results.flatMap((problem) => problem === undefined ? [] : [problem]))
  for (const [at, name] of names.entries()) {
    const expected = Array.from({ length: options.jobs }, (_, job) => job)
      .filter((job) => job % names.length === at).map((job) => `p${job}`)
    const found = installed(root, name)
    if ([...found].sort().join() !== [...expected].sort().join()) {
      problems.push(`${name} has ${found.join()}, not ${expected.join()}`)
    }
    if (existsSync(join(root, name, "at-work"))) problems.push(`somebody is at work in ${name}`)
  }
  const seen = notes(log)
  problems.push(...seen.filter(({ what }) => what === "overlap").map((note) => `overlap: ${JSON.stringify(note)}`))
  const starts = seen.filter(({ what }) => what === "start").length
  const report: Report = { weather, problems, redelivered: starts - options.jobs }
  return report
})
