import { isRunning } from "@darb/laws/Processes"
import { directoryWith, filesOf, settled } from "@darb/laws/TestDirectory"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as FileSystem from "@effect/platform/FileSystem"
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { makeOrphanProcesses, variable } from "../../../src/driver/process/OrphanProcesses.js"
import { makeRunner } from "../../../src/driver/process/Process.js"
import * as Output from "../../../src/Output.js"

const start = (marker: string) =>
  Effect.flatMap(makeRunner, (runner) =>
    runner.run({
      executable: "sh",
      // Its own session, and no pipe of ours: nothing but the variable tells where it comes from.
      args: ["-c", "setsid sh -c 'sleep 60 & echo $$ $!; exec sleep 60' </dev/null 2>/dev/null & sleep 0.3"],
      environment: { PATH: "/usr/local/bin:/usr/bin:/bin", [variable]: marker },
      signals: ["SIGTERM"],
      gracePeriod: "1 second"
    }))

describe.skipIf(!existsSync("/proc/self/environ"))("orphans", () => {
  it.live("what moved to a session of its own is found, and nothing else", () =>
    Effect.gen(function*() {
      const orphans = yield* makeOrphanProcesses
      const pidsOf = ({ stdout }: { readonly stdout: string }) => stdout.trim().split(" ").map(Number)
      const [ours, others] = yield* Effect.all([start("ours"), start("ours-not")], { concurrency: 2 })
      const [pids, otherPids] = [pidsOf(ours), pidsOf(others)]
      assert.deepStrictEqual([pids.length, otherPids.length], [2, 2])
      assert.strictEqual((yield* Effect.filter([...pids, ...otherPids], isRunning)).length, 4)
      assert.isTrue(yield* orphans.end("ours"))
      yield* Effect.sleep("100 millis")
      assert.deepStrictEqual(yield* Effect.filter(otherPids, isRunning), otherPids)
      yield* orphans.end("ours-not")
      yield* orphans.end("nobody")
    }).pipe(Effect.provide(NodeContext.layer)))

  it.live("after a command, only newer processes are looked at, unless the numbers may have wrapped around", () =>
    Effect.gen(function*() {
      const looked = new Set<number>()
      const fs = yield* FileSystem.FileSystem
      const counting = FileSystem.FileSystem.of({
        ...fs,
        readFile: (file) => {
          looked.add(Number(/^\/proc\/(\d+)\/environ$/.exec(file)?.[1] ?? 0))
          return fs.readFile(file)
        }
      })
      const orphans = yield* Effect.provideService(makeOrphanProcesses, FileSystem.FileSystem, counting)
      const isEnded = Effect.fnUntraced(function*(seconds: number, pidOf: (pid: number) => number) {
        const { pid, stdout } = yield* start("left")
        const pids = stdout.trim().split(" ").map(Number)
        looked.clear()
        yield* orphans.end("left", { pid: pidOf(pid), elapsed: Duration.seconds(seconds) })
        // What was killed is there until somebody takes note.
        yield* settled(Effect.filter(pids, isRunning), (left) => left.length === 0)
      })
      yield* isEnded(1, (pid) => pid)
      assert.isFalse(looked.has(process.pid))
      yield* isEnded(60, (pid) => pid)
      assert.isTrue(looked.has(process.pid))
      // The numbers have wrapped around since the command started.
      yield* isEnded(1, () => 1e9)
    }).pipe(Effect.provide(NodeContext.layer)))
})

const hasPs = spawnSync("ps", ["-o", "lstart=", "-p", String(process.pid)]).status === 0

/** A machine that does not show what processes there are. */
const withoutProc = Layer.effect(
  FileSystem.FileSystem,
  Effect.map(FileSystem.FileSystem, (fs) =>
    FileSystem.FileSystem.of({
      ...fs,
      readDirectory: (path, options) => path === "/proc" ? Effect.succeed([]) : fs.readDirectory(path, options)
    }))
)

describe.skipIf(!hasPs)("orphans where processes are not shown", () => {
  it.scopedLive("those that were noted are ended with their groups, and no other ones that have their numbers", () =>
    Effect.gen(function*() {
      const runner = yield* makeRunner
      const orphans = yield* makeOrphanProcesses
      const directory = yield* directoryWith({})
      const printed = yield* Deferred.make<ReadonlyArray<number>>()
      const running = runner.run({
        executable: "sh",
        args: ["-c", "sleep 60 & echo $$ $!; wait"],
        environment: { PATH: "/usr/local/bin:/usr/bin:/bin" },
        signals: ["SIGTERM"],
        gracePeriod: "1 second"
      })
      const fiber = yield* orphans.record(`${directory}/processes`)(running).pipe(
        Output.observe((event) =>
          event._tag === "Output" ? Deferred.succeed(printed, event.line.split(" ").map(Number)) : Effect.void
        ),
        Effect.fork
      )
      const pids = yield* Deferred.await(printed)
      const { processes } = yield* filesOf(directory)
      assert.match(processes ?? "", new RegExp(`^${pids[0]} \\w.*\\n$`))

      const fs = yield* FileSystem.FileSystem
      yield* fs.writeFileString(`${directory}/others`, `${pids[0]} Thu Jan  1 00:00:00 1970\n`)
      yield* orphans.endRecorded(`${directory}/others`)
      yield* orphans.endRecorded(`${directory}/none`)
      assert.deepStrictEqual(yield* Effect.filter(pids, isRunning), pids)

      yield* orphans.endRecorded(`${directory}/processes`)
      assert.strictEqual((yield* Fiber.join(fiber)).signal, "SIGKILL")
      // What was killed is there until somebody takes note.
      yield* settled(Effect.filter(pids, isRunning), (left) => left.length === 0)
      assert.isFalse(yield* orphans.end("ours"))
    }).pipe(Effect.provide(withoutProc), Effect.provide(NodeContext.layer)))
})
