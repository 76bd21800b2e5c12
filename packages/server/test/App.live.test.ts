import { describeEach } from "@darb/laws/LiveSuite"
import * as Processes from "@darb/laws/Processes"
import * as CondaChannel from "@darb/testing/CondaChannel"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as FileSystem from "@effect/platform/FileSystem"
import { assert, it } from "@effect/vitest"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import { spawn } from "node:child_process"
import { createServer } from "node:http"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import * as fixtures from "./fixtures.js"

const program = fileURLToPath(new URL("../bin/serve.js", import.meta.url))

/** Starts the server as a process, and waits for its address. */
const start = Effect.fnUntraced(function*(executable: string, root: string, home: string) {
  const child = yield* Effect.acquireRelease(
    Effect.sync(() =>
      spawn(process.execPath, [program, "--root", root, "--executable", executable, "--port", "0"], {
        stdio: ["ignore", "pipe", "pipe"],
        cwd: home,
        env: {
          PATH: process.env.PATH,
          HOME: home,
          PIXI_HOME: `${home}/pixi`,
          PIXI_CACHE_DIR: `${home}/cache`,
          NO_PROXY: "127.0.0.1",
          no_proxy: "127.0.0.1",
          DARB_SERVER_TOKEN: fixtures.token
        }
      })
    ),
    (child) => Effect.sync(() => child.kill("SIGKILL"))
  )
  let printed = ""
  const url = yield* Effect.async<string>((resume) => {
    child.stderr.setEncoding("utf8").on("data", (data) => (printed += data))
    child.stdout.setEncoding("utf8").on("data", (data) => {
      printed += data
      const [, url] = /(http:\S+)\/#token=the-token/.exec(printed) ?? []
      if (url !== undefined) resume(Effect.succeed(url))
    })
    child.once("exit", (code) => resume(Effect.dieMessage(`the server ended with ${code}: ${printed}`)))
  })
  const ended = Effect.async<number | null>((resume) => {
    if (child.exitCode !== null) resume(Effect.succeed(child.exitCode))
    child.once("exit", (code) => resume(Effect.succeed(code)))
  })
  return {
    url,
    client: yield* fixtures.clientOf(url),
    stop: Effect.zipRight(Effect.sync(() => child.kill("SIGTERM")), ended)
  }
})

const submitTo = ({ client }: Effect.Effect.Success<ReturnType<typeof start>>, name: string) => (payload: object) =>
  Effect.map(client.environments.submit({ path: { name }, headers: {}, payload: payload as never }), ({ id }) => id)

describeEach(process.env, "DARB_TEST_PIXI", (executable) => {
  it.scopedLive(
    "serves the real pixi: progress, cancel with rollback, errors, and a stop in the middle",
    () =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const root = yield* fixtures.makeRoot
        const home = yield* fixtures.makeRoot
        const channel = yield* CondaChannel.make(CondaChannel.examples)
        const { stalled, url: channelUrl } = yield* CondaChannel.serve(channel, { stall: /bulky.*\.conda$/ })
        const server = yield* start(executable, root, home)
        const submit = submitTo(server, "analysis")
        const end = (id: string) => fixtures.endOf(server.url, id)

        assert.strictEqual(
          (yield* end(yield* submit({ operation: "init", options: { channels: [channelUrl] } }))).outcome,
          "succeeded"
        )
        const installed = yield* submit({ operation: "install", options: { packages: ["app"] } })
        const events = yield* Effect.map(
          Stream.runCollect(fixtures.eventsOf(server.url, installed)),
          Chunk.toReadonlyArray
        )
        assert.strictEqual(events.at(-1)?.data.outcome, "succeeded")
        assert.includeMembers(events.map(({ data }) => data.event?._tag), ["Started", "Progress", "Ended"])
        // Users see neither the paths of the machine nor the executable's.
        for (const secret of [root, home, executable]) assert.notInclude(JSON.stringify(events), secret)
        const packages = yield* server.client.environments.packages({ path: { name: "analysis" } })
        assert.deepStrictEqual(packages.map(({ name }) => name), ["app", "greet", "libleaf"])

        const files = Effect.forEach(
          ["pixi.toml", "pixi.lock"],
          (name) => fs.readFileString(join(root, "analysis", name))
        )
        const before = yield* files
        const downloading = yield* submit({ operation: "install", options: { packages: ["bulky"] } })
        yield* stalled
        assert.deepStrictEqual(yield* server.client.jobs.cancel({ path: { id: downloading } }), { was: "running" })
        const cancelled = yield* Effect.map(
          Stream.runCollect(fixtures.eventsOf(server.url, downloading)),
          Chunk.toReadonlyArray
        )
        assert.strictEqual(cancelled.at(-1)?.data.outcome, "cancelled")
        assert.include(cancelled.map(({ data }) => data.event?._tag), "Restored")
        assert.deepStrictEqual(yield* files, before)

        const failed = yield* end(yield* submit({ operation: "install", options: { packages: ["nonesuch"] } }))
        assert.strictEqual(failed.outcome, "failed")
        assert.strictEqual(failed.error?._tag, "PackageNotFound")
        assert.include(failed.message ?? "", "nonesuch")

        // A stop in the middle ends the process of the manager; the next server runs the job again.
        const stopped = yield* submit({ operation: "install", options: { packages: ["bulky"] } })
        const started = yield* fixtures.eventsOf(server.url, stopped).pipe(
          Stream.filter(({ data }) => data.event?._tag === "Started" && data.event.purpose === "operation"),
          Stream.runHead
        )
        const pid = Option.getOrThrow(started).data.event?.pid ?? 0
        assert.strictEqual(yield* server.stop.pipe(Effect.timeout("20 seconds")), 0)
        assert.isFalse(yield* Processes.isRunning(pid))
        assert.deepStrictEqual(yield* files, before)

        const again = yield* start(executable, root, home)
        const job = yield* Effect.retry(
          Effect.filterOrFail(
            again.client.jobs.list({ urlParams: {} }),
            (jobs) => jobs.some(({ attempts, id }) => id === stopped && attempts === 2)
          ),
          { times: 100, schedule: Schedule.spaced("100 millis") }
        ).pipe(Effect.option)
        assert.isTrue(Option.isSome(job))
        assert.strictEqual((yield* again.client.jobs.cancel({ path: { id: stopped } })).was, "running")
        assert.deepStrictEqual(yield* files, before)
      }).pipe(Effect.provide(Layer.provideMerge(
        NodeHttpServer.layerServer(createServer, { host: "127.0.0.1", port: 0 }),
        NodeContext.layer
      ))),
    180_000
  )
})
