/** Runners with the witness on a new PostgreSQL database, and a client of them. */
import * as Client from "@darb/cluster/Client"
import type { Job, JobId } from "@darb/cluster/Job"
import type { JobNotFound, JobsUnavailable } from "@darb/cluster/JobError"
import { Jobs } from "@darb/cluster/Jobs"
import { PackageManager } from "@darb/package-manager/PackageManager"
import * as Memory from "@darb/testing/Memory"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as PgClient from "@effect/sql-pg/PgClient"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { until } from "../fixtures.js"
import * as Postgres from "../Postgres.js"
import { directory } from "./Directory.js"
import type { RunnerProcessOptions } from "./runner.js"
import { environments, notes, runner } from "./Started.js"

export interface ClusterOptions extends Partial<RunnerProcessOptions> {
  /** The directory of the executables of PostgreSQL. */
  readonly bin: string
  readonly runners: number
  /** The environments of the witness. */
  readonly names: ReadonlyArray<string>
  /** The manager of the runners; by default the witness. */
  readonly manager?: Client.ClientOptions["manager"] | undefined
}

export type Cluster = Effect.Effect.Success<ReturnType<typeof make>>

/** Starts all runners at once. */
export const make = Effect.fnUntraced(function*({ bin, manager, names, runners: count, ...given }: ClusterOptions) {
  const postgres = yield* Postgres.make(bin)
  const base = yield* directory
  const root = join(base, "environments")
  const log = join(base, "log")
  mkdirSync(root)
  yield* environments(root, names)
  const options = { url: postgres.url, root, log, duration: 50, stopTimeout: 5000, ...given }

  const start = (more: Partial<RunnerProcessOptions> = {}) =>
    Effect.flatMap(Postgres.freePort, (port) => runner({ ...options, port, ...more })).pipe(
      // The port was taken, or the database is away.
      Effect.retry({ times: 5, schedule: Schedule.spaced("1 second") })
    )
  const runners = yield* Effect.all(Array.from({ length: count }, () => start()), { concurrency: "unbounded" })
  const memory = yield* Memory.make()
  const context = yield* Layer.build(
    Client.layer({ manager: manager ?? { ...memory, name: "witness" }, environmentsRoot: root, groups: ["127-0-0-1"] })
      .pipe(
        Layer.provide(PgClient.layer({ url: Redacted.make(postgres.url), maxConnections: 5 })),
        Layer.provide(NodeContext.layer)
      )
  )
  return {
    base,
    postgres,
    root,
    runners,
    /** The runner with a process number. Dies if there is none. */
    runnerOf: (pid: number | undefined) =>
      Effect.orDie(Effect.fromNullable(runners.find((runner) => runner.pid === pid))),
    start,
    /** A process that is a client. */
    client: (more: Partial<RunnerProcessOptions>) => runner({ ...options, ...more }),
    notes: () => notes(log),
    jobs: Context.get(context, Jobs),
    manager: Context.get(context, PackageManager)
  }
})

/** Waits until something is known about a job. */
export const isKnown = (
  { jobs }: Pick<Cluster, "jobs">,
  id: JobId,
  holds: (job: Job) => boolean
): Effect.Effect<void, JobNotFound | JobsUnavailable> => Effect.asVoid(until(jobs.get(id), holds))

/** Tries again what the weather prevents. */
export const patiently = <A, E extends { readonly _tag: string }, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.retry(effect, { while: ({ _tag }) => _tag === "JobsUnavailable", schedule: Schedule.spaced("500 millis") })
