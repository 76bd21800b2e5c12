/** Bad weather: jobs on several runners that are killed, stopped and suspended, with a database that goes away. */
import type { JobId } from "@darb/cluster/Job"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Random from "effect/Random"
import { existsSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as Cluster from "./Cluster.js"
import { installed, type Started } from "./Started.js"

export interface WeatherOptions {
  /** The directory of the executables of PostgreSQL. */
  readonly bin: string
  readonly seed: number
  /** How long there is bad weather, in milliseconds. */
  readonly duration: number
  readonly runners: number
  readonly environments: number
  readonly jobs: number
  /** What can happen; by default all of `kinds`. */
  readonly kinds?: ReadonlyArray<Kind> | undefined
}

export interface Report {
  readonly weather: ReadonlyArray<string>
  /** What must not be; empty if all is well. */
  readonly problems: ReadonlyArray<string>
  readonly redelivered: number
}

/**
 * What happens: a runner is killed, stopped or suspended, or dies right after a commit; a client is killed; a job has a defect;
 * the database is away for 3 or 20 seconds.
 */
export const kinds = ["kill", "stop", "suspend", "commit", "client", "poison", "database", "outage"] as const
export type Kind = typeof kinds[number]

const { patiently } = Cluster

export const run = Effect.fnUntraced(function*(options: WeatherOptions) {
  const { duration, seed } = options
  const possible = options.kinds ?? kinds
  const random = Random.make(seed)
  const names = Array.from({ length: options.environments }, (_, at) => `e${at}`)
  const cluster = yield* Cluster.make({
    bin: options.bin,
    runners: options.runners,
    names,
    duration: 1000,
    stopTimeout: 2000
  })
  const { base, jobs, postgres, root } = cluster
  const all: Array<Started> = [...cluster.runners]

  const submitters = 8
  const pathOf = (job: number) => names[job % names.length] ?? ""
  const submit = (path: string, name: string) =>
    patiently(jobs.submit({ operation: "install", options: { path, packages: [name] } }, { key: name }))

  // As long as the weather is bad, there are jobs.
  const submitting = yield* Effect.fork(Effect.forEach(
    Array.from({ length: options.jobs }, (_, job) => job),
    (job) => Effect.zipLeft(submit(pathOf(job), `p${job}`), Effect.sleep((duration / options.jobs) * submitters)),
    { concurrency: submitters }
  ))

  const weather: Array<string> = []
  /** The packages of other jobs, by environment. */
  const more: Array<readonly [path: string, name: string]> = []
  const others: Array<JobId> = []

  /** The database is away for some time. */
  const away = (milliseconds: number) =>
    postgres.stop.pipe(Effect.andThen(Effect.sleep(milliseconds)), Effect.andThen(postgres.start))

  const happen = Effect.fnUntraced(function*(kind: Kind, at: number, path: string) {
    const victim = all[at]
    const id = `${kind}${weather.length}`
    switch (kind) {
      case "database":
        return yield* away(3000)
      case "outage":
        return yield* away(20_000)
      case "suspend":
        yield* victim?.signal("SIGSTOP") ?? Effect.void
        yield* Effect.sleep(10_000)
        return yield* victim?.signal("SIGCONT") ?? Effect.void
      case "kill":
      case "stop":
        yield* victim?.end(kind === "kill" ? "SIGKILL" : "SIGTERM") ?? Effect.void
        all[at] = yield* cluster.start()
        return
      case "commit": {
        const once = join(base, id)
        writeFileSync(once, "")
        const dying = yield* cluster.start({ dies: { at: "committed", once } })
        // It may have nothing to do.
        yield* Effect.timeoutOption(dying.ended, "20 seconds")
        return yield* dying.end("SIGKILL")
      }
      case "client": {
        const client = yield* cluster.client({ wait: `${path} ${id}` })
        yield* Effect.raceFirst(client.says("done"), seen(id))
        yield* client.end("SIGKILL")
        more.push([path, id])
        others.push(yield* submit(path, id))
        return
      }
      case "poison":
        yield* patiently(jobs.submit({ operation: "install", options: { path, packages: ["poison"] } }, { key: id }))
        more.push([path, `after-${id}`])
        others.push(yield* submit(path, `after-${id}`))
        return
    }
  })

  /** Waits until a job starts. */
  const seen = (name: string): Effect.Effect<void> =>
    Effect.suspend(() =>
      cluster.notes().some(({ packages }) => packages.includes(name)) ? Effect.void : Effect.delay(seen(name), 50)
    )

  const bad = Effect.gen(function*() {
    const kind = possible[yield* random.nextIntBetween(0, possible.length)] ?? "kill"
    const at = yield* random.nextIntBetween(0, all.length)
    const path = names[yield* random.nextIntBetween(0, names.length)] ?? ""
    yield* happen(kind, at, path)
    weather.push(kind)
    yield* Effect.sleep(yield* random.nextIntBetween(500, 3000))
  })
  const end = Date.now() + duration
  yield* Effect.whileLoop({ while: () => Date.now() < end, body: () => bad, step: () => {} })
  const submitted = [...yield* Fiber.join(submitting), ...others]

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
    const expected = [
      ...Array.from({ length: options.jobs }, (_, job) => job)
        .filter((job) => job % names.length === at).map((job) => `p${job}`),
      ...more.filter(([path]) => path === name).map(([, other]) => other)
    ]
    const found = installed(root, name)
    if ([...found].sort().join() !== [...expected].sort().join()) {
      problems.push(`${name} has ${found.join()}, not ${expected.join()}`)
    }
    if (existsSync(join(root, name, "at-work"))) problems.push(`somebody is at work in ${name}`)
  }
  const found = cluster.notes()
  problems.push(...found.filter(({ what }) => what === "overlap").map((note) => `overlap: ${JSON.stringify(note)}`))
  const starts = found.filter(({ what }) => what === "start").length
  const report: Report = { weather, problems, redelivered: starts - submitted.length }
  return report
})
