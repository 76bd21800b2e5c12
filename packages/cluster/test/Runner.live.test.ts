import { describeEach } from "@darb/laws/LiveSuite"
import * as Output from "@darb/package-manager/Output"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import * as Cluster from "./processes/Cluster.js"
import { eventually, installed, type notes } from "./processes/Started.js"

const names = Array.from({ length: 20 }, (_, at) => `e${at}`)

const cluster = (bin: string, runners: number, duration = 50) => Cluster.make({ bin, runners, names, duration })

const overlaps = (found: ReturnType<typeof notes>) => found.filter(({ what }) => what === "overlap")

describeEach(process.env, "DARB_TEST_POSTGRES", (bin) => {
  it.scopedLive("two runners share the environments, and each of them is serial", () =>
    Effect.gen(function*() {
      const { jobs, manager, notes, root } = yield* cluster(bin, 2)
      const pids = () => new Set(notes().map(({ pid }) => pid)).size
      // The first runner may have all environments at first.
      yield* Effect.forEach(names, (path) => manager.run({ path, command: ["sleep", "1"] })).pipe(
        Effect.repeat({ until: () => pids() === 2 })
      )
      yield* Effect.forEach(
        names,
        (path) =>
          Effect.forEach(["one", "two", "three"], (name) => manager.install({ path, packages: [name] }), {
            concurrency: "unbounded"
          }),
        { concurrency: "unbounded" }
      )
      for (const name of names) assert.sameMembers([...installed(root, name)], ["one", "two", "three"])
      assert.deepStrictEqual(overlaps(notes()), [])
      const manifest = yield* manager.getManifest({ path: "e0" })
      assert.strictEqual(Object.keys(manifest.packages).length, 3)
      const missing = yield* Effect.flip(manager.getManifest({ path: "none" }))
      assert.strictEqual(missing._tag, "EnvironmentNotFound")
      // Cancelled from here, running there.
      const id = yield* jobs.submit({ operation: "install", options: { path: "e1", packages: ["sleep-60000"] } })
      yield* jobs.attach(id).pipe(Stream.take(1), Stream.runDrain)
      const before = Date.now()
      assert.strictEqual(yield* jobs.cancel(id), "running")
      assert.isBelow(Date.now() - before, 1000)
      assert.strictEqual((yield* Effect.flip(jobs.result(id)))._tag, "JobCancelled")
      // Interrupted here, rolled back there.
      const fiber = yield* Effect.fork(manager.install({ path: "e2", packages: ["sleep-60000"] }))
      yield* eventually(() =>
        notes().some(({ environment, packages }) => environment.endsWith("e2") && packages[0] === "sleep-60000")
      )
      yield* Fiber.interrupt(fiber)
      assert.strictEqual(notes().at(-1)?.what, "interrupted")
      assert.strictEqual(installed(root, "e2").length, 3)
    }), 120_000)

  it.scopedLive("a runner that is killed loses no job, and none is done twice", () =>
    Effect.gen(function*() {
      const { jobs, notes, root, runnerOf } = yield* cluster(bin, 2, 1000)
      const ids = yield* Effect.forEach(names, (path) =>
        Effect.forEach(["one", "two"], (name) =>
          jobs.submit({ operation: "install", options: { path, packages: [name] } })))
      yield* eventually(() =>
        notes().filter(({ what }) =>
          what === "start"
        ).length >= 4
      )
      // The first runner may have all environments at first.
      const victim = yield* runnerOf(notes().find(({ what }) => what === "start")?.pid)
      yield* victim.end("SIGKILL")
      const killed = Date.now()
      yield* Effect.forEach(ids.flat(), jobs.result, { concurrency: "unbounded" })
      for (const name of names) assert.deepStrictEqual(installed(root, name), ["one", "two"])
      assert.deepStrictEqual(overlaps(notes()), [])
      const again = notes().find(({ at, environment, pid, what }) =>
        what === "start" && pid !== victim.pid && at > killed &&
        notes().some((one) => one.environment === environment && one.pid === victim?.pid)
      )
      assert.isBelow((again?.at ?? Infinity) - killed, 12_000)
    }), 120_000)

  it.scopedLive("a program is not started again when its runner is lost", () =>
    Effect.gen(function*() {
      const { manager, notes, runnerOf } = yield* cluster(bin, 2)
      const seen: Array<string> = []
      const run = (path: string, duration: string) =>
        Output.observe(manager.run({ path, command: ["sleep", duration] }), (event) =>
          Effect.sync(() => seen.push(event._tag)))
      assert.deepStrictEqual(yield* run("e0", "10"), { exitCode: 0, signal: null })
      assert.deepStrictEqual(seen, ["Output"])
      const fiber = yield* Effect.fork(Effect.flip(run("e1", "60000")))
      yield* eventually(() =>
        notes().some(({ environment, what }) => what === "run" && environment.endsWith("e1"))
      )
      const pid = notes().find(({ environment }) => environment.endsWith("e1"))?.pid
      yield* (yield* runnerOf(pid)).end("SIGKILL")
      const error = yield* Fiber.join(fiber)
      assert.strictEqual(error._tag, "CommandFailed")
      assert.match(error.message, /the runner of the program was lost/)
      assert.strictEqual(
        notes().filter(({ environment, what }) => what === "run" && environment.endsWith("e1")).length,
        1
      )
    }), 120_000)
})
