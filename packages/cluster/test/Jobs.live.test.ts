import { describeEach } from "@darb/laws/LiveSuite"
import { PackageManager } from "@darb/package-manager/PackageManager"
import * as Memory from "@darb/testing/Memory"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as PgClient from "@effect/sql-pg/PgClient"
import * as SqlClient from "@effect/sql/SqlClient"
import { assert, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { join } from "node:path"
import * as Client from "../src/Client.js"
import { Jobs } from "../src/Jobs.js"
import * as Runner from "../src/Runner.js"
import { until } from "./fixtures.js"
import * as Postgres from "./Postgres.js"
import { directory } from "./processes/Directory.js"
import { environments, runner } from "./processes/Started.js"

const database = (url: string) => PgClient.layer({ url: Redacted.make(url), maxConnections: 5 })

describeEach(process.env, "DARB_TEST_POSTGRES", (bin) => {
  it.scopedLive("a job whose runner stopped or was killed is queued until it runs again", () =>
    Effect.gen(function*() {
      const { url } = yield* Postgres.make(bin)
      const base = yield* directory
      yield* environments(base, ["a"])
      const given = { url, root: base, log: join(base, "log"), duration: 0, stopTimeout: 100 }
      const start = Effect.flatMap(Postgres.freePort, (port) => runner({ ...given, port }))
      const first = yield* start
      const manager = yield* Memory.make()
      const context = yield* Layer.build(
        Client.layer({ manager: { ...manager, name: "witness" }, environmentsRoot: base, groups: ["127-0-0-1"] }).pipe(
          Layer.provide([database(url), NodeContext.layer])
        )
      )
      const jobs = Context.get(context, Jobs)
      const id = yield* jobs.submit({ operation: "install", options: { path: "a", packages: ["sleep-600000"] } })
      const becomes = (state: string, attempts: number) =>
        until(jobs.get(id), (job) => job.state === state && job.attempts === attempts)
      yield* becomes("running", 1)
      assert.deepStrictEqual(yield* jobs.counts, { queued: 0, running: 1 })
      yield* first.end("SIGTERM")
      yield* becomes("queued", 1)
      assert.deepStrictEqual(yield* jobs.counts, { queued: 1, running: 0 })
      assert.deepStrictEqual((yield* jobs.list({ state: "running" })).length, 0)

      const second = yield* start
      yield* becomes("running", 2)
      yield* second.end("SIGKILL")
      yield* becomes("queued", 2)
      assert.deepStrictEqual(yield* jobs.counts, { queued: 1, running: 0 })
      assert.deepStrictEqual((yield* jobs.list({ path: "a", state: "queued" })).map((job) => job.id), [id])

      yield* start
      yield* becomes("running", 3)
      // Its end is stored later.
      yield* Effect.flatMap(SqlClient.SqlClient, (sql) =>
        Effect.zipRight(sql`LOCK TABLE cluster_replies IN SHARE MODE`, Effect.sleep("1 second")).pipe(
          sql.withTransaction
        )).pipe(Effect.provide(database(url)), Effect.forkScoped)
      yield* Effect.sleep("300 millis")
      assert.strictEqual(yield* jobs.cancel(id), "running")
      assert.deepInclude(yield* jobs.get(id), { state: "cancelled", failure: null })
    }), 120_000)

  it.scopedLive("a runner has jobs with failures, lists them in pages, and removes them", () =>
    Effect.gen(function*() {
      const { url } = yield* Postgres.make(bin)
      const base = yield* directory
      const memory = yield* Memory.make({ environments: [{ path: join(base, "a"), packages: [] }] })
      // The message of such a job has a hash as its id.
      const [group, key] = ["g".repeat(30), "k".repeat(126)]
      const context = yield* Layer.build(
        Runner.layer({
          host: "127.0.0.1",
          port: yield* Postgres.freePort,
          environmentsRoot: base,
          group,
          groupOf: () => group,
          retention: "4 seconds"
        }).pipe(
          Layer.provide(Layer.succeed(PackageManager, memory)),
          Layer.provideMerge(database(url)),
          Layer.provide(NodeContext.layer)
        )
      )
      const jobs = Context.get(context, Jobs)
      const ids = yield* Effect.forEach(["greet", "nothing-like-that", "app"], (name, at) =>
        jobs.submit({ operation: "install", options: { path: "a", packages: [name] } }, { key: `${key}-${at}` }).pipe(
          Effect.tap((id) =>
            Effect.exit(jobs.result(id))
          )
        ))
      const page = yield* until(
        jobs.list({ limit: 2 }),
        (page) => page[0]?.id === ids[2] && page.every(({ endedAt }) => endedAt !== null)
      )
      assert.deepStrictEqual(page.map(({ id, state }) => [id, state]), [[ids[2], "succeeded"], [ids[1], "failed"]])
      assert.strictEqual(page[1]?.failure?._tag, "PackageNotFound")
      assert.deepStrictEqual(page[0]?.change.options, { path: "a", packages: ["app"] })
      const rest = yield* jobs.list({ limit: 2, before: page[1], path: "a", state: ["succeeded", "failed"] })
      assert.deepStrictEqual(rest.map(({ id }) => id), [ids[0]])
      assert.deepStrictEqual(yield* jobs.get(ids[0]!), rest[0])

      yield* until(jobs.list(), (all) => all.length === 0)
      const sql = Context.get(context, SqlClient.SqlClient)
      const left = yield* sql`SELECT message_id FROM cluster_messages`
      assert.strictEqual(left.length, 0)
    }), 60_000)
})
