import { isRunning } from "@darb/laws/Processes"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as FileSystem from "@effect/platform/FileSystem"
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { makeRunner, type RunOptions } from "../../../src/driver/process/Process.js"
import * as Output from "../../../src/Output.js"

const environment = { PATH: "/usr/local/bin:/usr/bin:/bin" }

const run = (script: string, overrides: Partial<RunOptions> = {}) =>
  Effect.flatMap(
    makeRunner,
    (runner) =>
      runner.run({
        executable: "sh",
        args: ["-c", script],
        environment,
        signals: ["SIGTERM"],
        gracePeriod: "300 millis",
        ...overrides
      })
  )

/** Ends when a process has ended: what was killed is a zombie until its parent takes note. */
const gone = (pid: number) =>
  isRunning(pid).pipe(
    Effect.delay("10 millis"),
    Effect.repeat({ until: (running) => !running }),
    Effect.timeout("5 seconds"),
    Effect.orDie
  )

/** Starts a script, waits for the pids that it prints in one line, and interrupts it. */
const interrupted = (script: string) =>
  Effect.gen(function*() {
    const printed = yield* Deferred.make<ReadonlyArray<number>>()
    const fiber = yield* Effect.fork(Output.observe(run(script), (event) =>
      event._tag === "Output" && event.stream === "stdout"
        ? Effect.asVoid(Deferred.succeed(printed, event.line.split(" ").map(Number)))
        : Effect.void))
    const pids = yield* Deferred.await(printed)
    const [duration] = yield* Effect.timed(Fiber.interrupt(fiber))
    return { duration, pids }
  })

describe.skipIf(process.platform === "win32")("process", () => {
  it.live("both pipes are drained while the process runs", () =>
    Effect.gen(function*() {
      const { exitCode, stderr, stdout } = yield* run(
        "head -c 3000000 /dev/zero >&2; head -c 3000000 /dev/zero; exit 7"
      )
      assert.deepStrictEqual([exitCode, stdout.length, stderr.length], [7, 3_000_000, 1_048_576])
    }).pipe(Effect.provide(NodeContext.layer)))

  it.live("nothing is lost if it ends before the observer has seen that it started", () =>
    Effect.gen(function*() {
      const seen: Array<string> = []
      const { stdout } = yield* Output.observe(run("echo one; echo $$"), (event) => {
        seen.push(event._tag === "Output" && event.line === "one" ? "one" : event._tag)
        return event._tag === "Started" ? Effect.andThen(gone(event.pid), Effect.sleep("100 millis")) : Effect.void
      })
      assert.match(stdout, /^one\n\d+\n$/)
      assert.deepStrictEqual(seen, ["Started", "one", "Output", "Ended"])
    }).pipe(Effect.provide(NodeContext.layer)))

  it.live("standard input is empty", () =>
    Effect.gen(function*() {
      const { exitCode, stdout } = yield* run("cat; echo end")
      assert.deepStrictEqual([exitCode, stdout], [0, "end\n"])
    }).pipe(Effect.provide(NodeContext.layer)))

  it.live("the process has the variables that it is given, and no others", () =>
    Effect.gen(function*() {
      const { stdout } = yield* run("", { executable: "env", args: [], environment: { ...environment, ONE: "é" } })
      assert.deepStrictEqual(stdout.trim().split("\n").sort(), ["ONE=é", `PATH=${environment.PATH}`])
    }).pipe(Effect.provide(NodeContext.layer)))

  it.live("death by a signal", () =>
    Effect.gen(function*() {
      const { exitCode, signal } = yield* run("kill -SEGV $$")
      assert.deepStrictEqual([exitCode, signal], [null, "SIGSEGV"])
    }).pipe(Effect.provide(NodeContext.layer)))

  it.live("interruption ends the process and its children", () =>
    Effect.gen(function*() {
      const { pids } = yield* interrupted("sleep 60 & echo $$ $!; wait")
      assert.strictEqual(pids.length, 2)
      yield* Effect.forEach(pids, gone)
    }).pipe(Effect.provide(NodeContext.layer)))

  it.live("a tree that ignores the request is killed after the grace period", () =>
    Effect.gen(function*() {
      const { duration, pids } = yield* interrupted("trap '' TERM; sleep 60 & echo $$ $!; while :; do sleep 1; done")
      assert.isTrue(Duration.greaterThanOrEqualTo(duration, "290 millis"))
      yield* Effect.forEach(pids, gone)
    }).pipe(Effect.provide(NodeContext.layer)))

  it.live("a child that ignores the request and outlives its parent is killed", () =>
    Effect.gen(function*() {
      const { pids } = yield* interrupted("sh -c \"trap '' TERM; sleep 60\" & sleep 0.2; echo $$ $!; wait")
      yield* Effect.forEach(pids, gone)
    }).pipe(Effect.provide(NodeContext.layer)))

  it.live("what a process that ended by itself leaves behind ends with it", () =>
    Effect.gen(function*() {
      const { exitCode, stdout } = yield* run("sleep 60 & echo $!")
      assert.strictEqual(exitCode, 0)
      yield* gone(Number(stdout))
    }).pipe(Effect.provide(NodeContext.layer)))

  it.live("somebody in another session who holds the pipes does not hold the result up", () =>
    Effect.gen(function*() {
      const { exitCode, stdout } = yield* run("setsid sleep 20 & sleep 0.1; echo $!")
      assert.strictEqual(exitCode, 0)
      process.kill(Number(stdout), "SIGKILL")
    }).pipe(Effect.timeout("10 seconds"), Effect.provide(NodeContext.layer)))

  it.scopedLive("what cannot be started", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const directory = yield* fs.makeTempDirectoryScoped()
      const culprit = (overrides: Partial<RunOptions>) =>
        run("", overrides).pipe(Effect.flip, Effect.map(({ culprit, reason }) => [culprit, reason]))
      yield* fs.writeFileString(`${directory}/text`, "this is not a program")
      assert.deepStrictEqual(yield* culprit({ executable: "no-such-program" }), [
        "executable",
        "there is no such file"
      ])
      assert.deepStrictEqual(yield* culprit({ executable: `${directory}/text` }), [
        "executable",
        "it is not executable"
      ])
      assert.deepStrictEqual((yield* culprit({ executable: directory }))[0], "executable")
      assert.deepStrictEqual(yield* culprit({ directory: `${directory}/none` }), [
        "directory",
        "there is no such directory"
      ])
      assert.deepStrictEqual(yield* culprit({ directory: `${directory}/text` }), [
        "directory",
        "it is a file, not a directory"
      ])
      // An executable that is open for writing, as while it is being replaced.
      yield* fs.copyFile("/bin/true", `${directory}/true`)
      yield* fs.chmod(`${directory}/true`, 0o755)
      const busy = yield* Effect.scoped(
        Effect.andThen(fs.open(`${directory}/true`, { flag: "a" }), culprit({ executable: `${directory}/true` }))
      )
      assert.deepStrictEqual(busy, ["machine", "the executable is being replaced (ETXTBSY)"])
      assert.deepStrictEqual((yield* culprit({ args: ["x".repeat(3_000_000)] }))[0], "arguments")
      assert.deepStrictEqual((yield* culprit({ args: ["a\0b"] }))[0], "arguments")
    }).pipe(Effect.provide(NodeContext.layer)))
})
