import { describeEach } from "@darb/laws/LiveSuite"
import type * as Output from "@darb/package-manager/Output"
import { assert, it, layer } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { existsSync, writeFileSync } from "node:fs"
import { basename, join } from "node:path"
import type { JobId } from "../src/Job.js"
import * as Cluster from "./processes/Cluster.js"
import { directory } from "./processes/Directory.js"
import { eventually, installed, memoryOf } from "./processes/Started.js"

const names = Array.from({ length: 10 }, (_, at) => `e${at}`)

/** Two runners that no test kills. */
class Shared extends Context.Tag("Shared")<Shared, Cluster.Cluster>() {}

const install = (path: string, name: string) => ({ operation: "install", options: { path, packages: [name] } }) as const

const submit = ({ jobs }: Cluster.Cluster, path: string, name: string) =>
  Cluster.patiently(jobs.submit(install(path, name), { key: name }))

const starts = ({ notes }: Cluster.Cluster, name: string) =>
  notes().filter(({ packages, what }) => what === "start" && packages[0] === name)

const noOverlap = ({ notes }: Cluster.Cluster) =>
  assert.deepStrictEqual(notes().filter(({ what }) => what === "overlap"), [])

describeEach(process.env, "DARB_TEST_POSTGRES", (bin) => {
  for (const at of ["committing", "committed"] as const) {
    it.scopedLive(`a runner that dies when it is ${at}: the job is done once`, () =>
      Effect.gen(function*() {
        const once = join(yield* directory, "once")
        writeFileSync(once, "")
        const cluster = yield* Cluster.make({ bin, runners: 2, names, duration: 3000, dies: { at, once } })
        const id = yield* submit(cluster, "e0", "one")
        const result = yield* cluster.jobs.result(id)
        assert.strictEqual(result.operation, "install")
        assert.isFalse(existsSync(once))
        assert.deepStrictEqual(installed(cluster.root, "e0"), ["one"])
        // What was committed is not done again; what was not is rolled back, and then it is.
        assert.strictEqual(starts(cluster, "one").length, at === "committed" ? 1 : 2)
        yield* Cluster.isKnown(cluster, id, ({ attempts, state }) => state === "succeeded" && attempts === 2)
        yield* cluster.jobs.result(yield* submit(cluster, "e0", "two"))
        assert.deepStrictEqual(installed(cluster.root, "e0"), ["one", "two"])
        noOverlap(cluster)
      }), 120_000)
  }

  it.scopedLive(
    "while the database is away for 20 seconds, callers get typed errors, and no job is lost",
    () =>
      Effect.gen(function*() {
        const cluster = yield* Cluster.make({ bin, runners: 2, names, duration: 500 })
        const { jobs, manager, postgres } = cluster
        const submitted = yield* Effect.forEach(names, (path, at) =>
          Effect.forEach(
            Array.from({ length: 4 }, (_, job) => `p${at}-${job}`),
            (name) => submit(cluster, path, name)
          ), {
          concurrency: 4
        })
        yield* eventually(() => cluster.notes().filter(({ what }) => what === "end").length >= 4)
        yield* postgres.stop
        const since = Date.now()
        const tags = yield* Effect.all({
          submit: jobs.submit(install("e0", "later")),
          list: jobs.list(),
          counts: jobs.counts,
          result: jobs.result(submitted[0]?.[3] as JobId),
          attach: Stream.runDrain(jobs.attach(submitted[0]?.[3] as JobId)),
          install: manager.install({ path: "e0", packages: ["later"] })
        }, { concurrency: "unbounded", mode: "either" })
        const found = Object.entries(tags).map(([name, either]) => [name, either._tag === "Left" && either.left._tag])
        assert.deepStrictEqual(Object.fromEntries(found), {
          submit: "JobsUnavailable",
          list: "JobsUnavailable",
          counts: "JobsUnavailable",
          result: "JobsUnavailable",
          attach: "JobsUnavailable",
          install: "StorageFailed"
        })
        yield* Effect.sleep(Math.max(0, 20_000 - (Date.now() - since)))
        yield* postgres.start
        yield* Effect.forEach(submitted.flat(), (id) => Cluster.patiently(jobs.result(id)), {
          concurrency: "unbounded"
        })
        for (const [at, path] of names.entries()) {
          assert.deepStrictEqual(installed(cluster.root, path), [0, 1, 2, 3].map((job) => `p${at}-${job}`))
        }
        // The runners go on.
        yield* jobs.result(yield* submit(cluster, "e1", "after"))
        noOverlap(cluster)
      }),
    180_000
  )

  it.scopedLive(
    "a runner that stops hands its jobs over, and whoever waits for them does not notice",
    () =>
      Effect.gen(function*() {
        const cluster = yield* Cluster.make({ bin, runners: 2, names, duration: 4000, stopTimeout: 500 })
        const { jobs, manager, runnerOf } = cluster
        const ids = yield* Effect.forEach(names, (path) => submit(cluster, path, `for-${path}`))
        const waiting = yield* Effect.fork(Effect.all([
          Effect.forEach(ids, jobs.result, { concurrency: "unbounded" }),
          Effect.forEach(ids, (id) => Stream.runLast(jobs.attach(id)), { concurrency: "unbounded" }),
          manager.install({ path: "e0", packages: ["last"] })
        ], { concurrency: "unbounded" }))
        yield* eventually(() => names.every((path) => starts(cluster, `for-${path}`).length > 0))
        const programs = yield* Effect.forEach(
          names,
          (path) => Effect.fork(Effect.flip(manager.run({ path, command: ["sleep", "60000"] })))
        )
        const runs = () => cluster.notes().filter(({ what }) => what === "run")
        yield* eventually(() => runs().length > 0)
        const [{ pid } = { pid: 0 }] = runs()
        const lost = runs().filter((run) => run.pid === pid).map(({ environment }) => basename(environment))
        yield* (yield* runnerOf(pid)).end("SIGTERM")
        for (const [at, fiber] of programs.entries()) {
          if (!lost.includes(names[at] ?? "")) continue
          assert.strictEqual((yield* Fiber.join(fiber))._tag, "CommandFailed")
        }
        const [, ends] = yield* Fiber.join(waiting)
        for (const end of ends) {
          assert.isTrue(end._tag === "Some" && end.value._tag === "End" && Exit.isSuccess(end.value.exit))
        }
        for (const path of names.slice(1)) assert.deepStrictEqual(installed(cluster.root, path), [`for-${path}`])
        assert.deepStrictEqual(installed(cluster.root, "e0"), ["for-e0", "last"])
        noOverlap(cluster)
      }),
    120_000
  )

  it.scopedLive(
    "runners that start at once on an empty database prepare it once, and all of them work",
    () =>
      Effect.gen(function*() {
        const cluster = yield* Cluster.make({ bin, runners: 3, names })
        const pids = () => new Set(cluster.notes().map(({ pid }) => pid))
        yield* Effect.forEach(names, (path) => cluster.manager.run({ path, command: ["sleep", "1"] })).pipe(
          Effect.repeat({ until: () => cluster.runners.every(({ pid }) => pids().has(pid)) })
        )
        noOverlap(cluster)
      }),
    120_000
  )

  // Each of these tests has environments of its own.
  const shared = Layer.scoped(Shared, Cluster.make({ bin, runners: 2, names }))
  layer(shared, { excludeTestServices: true, timeout: "1 minute" })((it) => {
    it.scoped("a client that is killed while it waits: the job goes on", () =>
      Effect.gen(function*() {
        const cluster = yield* Shared
        const name = "sleep-3000"
        const client = yield* cluster.client({ wait: `e0 ${name}` })
        yield* eventually(() => starts(cluster, name).length === 1)
        yield* client.end("SIGKILL")
        // Another client finds it by its key.
        const id = yield* submit(cluster, "e0", name)
        const all = yield* Stream.runCollect(cluster.jobs.attach(id))
        const last = [...all].at(-1)
        assert.isTrue(last?._tag === "End" && Exit.isSuccess(last.exit))
        assert.deepStrictEqual([...all].map((each) => each._tag === "Event" && each.event._tag), ["Progress", false])
        assert.deepStrictEqual(installed(cluster.root, "e0"), [name])
        assert.strictEqual(starts(cluster, name).length, 1)
      }), 120_000)

    it.scoped("a client that is killed after it submitted: the jobs go on", () =>
      Effect.gen(function*() {
        const cluster = yield* Shared
        const client = yield* cluster.client({ submit: ["e1 sleep-1000", "e1 two", "e2 sleep-1001"] })
        yield* client.end("SIGKILL")
        for (const [path, name] of [["e1", "two"], ["e2", "sleep-1001"]] as const) {
          yield* cluster.jobs.result(yield* submit(cluster, path, name))
        }
        assert.deepStrictEqual(installed(cluster.root, "e1"), ["sleep-1000", "two"])
        assert.deepStrictEqual(installed(cluster.root, "e2"), ["sleep-1001"])
      }), 120_000)

    it.scoped("a reader that reads nothing holds up neither the job nor other readers", () =>
      Effect.gen(function*() {
        const cluster = yield* Shared
        const { jobs, notes } = cluster
        const count = 100_000
        const lineOf = (event: Output.Event) => event._tag === "Output" ? [event.line] : []
        const id = yield* submit(cluster, "e3", `lines-${count}`)
        const begun = yield* Deferred.make<void>()
        yield* Effect.fork(
          Stream.runForEach(jobs.attach(id), () => Effect.andThen(Deferred.succeed(begun, undefined), Effect.never))
        )
        const lines: Array<string> = []
        const reader = yield* Effect.fork(Stream.runForEach(jobs.attach(id), (each) =>
          Effect.sync(() => {
            if (each._tag === "Event") lines.push(...lineOf(each.event))
          })))
        yield* Deferred.await(begun)
        yield* jobs.result(id)
        const pid = notes().find(({ environment, what }) => what === "start" && environment.endsWith("e3"))?.pid ?? 0
        const { most } = memoryOf(pid)
        yield* Fiber.join(reader)
        const expected = Array.from({ length: count }, (_, line) => `line ${line}`)
        assert.strictEqual(lines.length, count)
        assert.deepStrictEqual(lines, expected)
        // Another one, later.
        const later = yield* Stream.runCollect(jobs.attach(id))
        assert.deepStrictEqual([...later].flatMap((each) => each._tag === "Event" ? lineOf(each.event) : []), expected)
        assert.isBelow(most, 500)
      }), 180_000)

    it.scoped("a job with a defect blocks neither its environment nor its runner", () =>
      Effect.gen(function*() {
        const cluster = yield* Shared
        const paths = names.slice(4)
        const poison = yield* Effect.forEach(paths, (path) =>
          cluster.jobs.submit(install(path, "poison"), { key: "poison" }))
        const after = yield* Effect.forEach(paths, (path) =>
          submit(cluster, path, `after-${path}`))
        yield* Effect.forEach(after, cluster.jobs.result, { concurrency: "unbounded" })
        for (const id of poison) {
          const error = yield* Effect.flip(cluster.jobs.result(id))
          assert.strictEqual(error._tag, "JobDefect")
          assert.match(error.message, /a poison job/)
          yield* Cluster.isKnown(cluster, id, ({ attempts, state }) => state === "failed" && attempts === 1)
        }
        for (const path of paths) assert.deepStrictEqual(installed(cluster.root, path), [`after-${path}`])
        // Both stop as they should.
        for (const runner of cluster.runners) assert.strictEqual(yield* runner.end("SIGTERM"), 0)
      }), 120_000)
  })
})
