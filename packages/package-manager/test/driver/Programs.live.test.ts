import { isRunning } from "@darb/laws/Processes"
import { directoryWith, filesOf } from "@darb/laws/TestDirectory"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as Command from "@effect/platform/Command"
import * as FileSystem from "@effect/platform/FileSystem"
import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { spawn } from "node:child_process"
import { existsSync, readlinkSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { Activation } from "../../src/Activation.js"
import type { Operation } from "../../src/driver/Operation.js"
import * as ActivatedCommand from "../../src/driver/process/ActivatedCommand.js"
import { makeOrphanProcesses } from "../../src/driver/process/OrphanProcesses.js"
import { makePrograms } from "../../src/driver/Programs.js"
import { makeIsolation } from "../../src/driver/transaction/Isolation.js"
import { makeRunRecords } from "../../src/driver/transaction/RunRecords.js"
import { makeTransaction } from "../../src/driver/transaction/Transaction.js"
import * as Output from "../../src/Output.js"
import type { RunOptions } from "../../src/PackageManager.js"

type Options = Omit<RunOptions, "path">

/** A directory with programs, as an environment that is activated by PATH alone. */
const setting = Effect.fnUntraced(function*(files: Readonly<Record<string, string>> = {}) {
  const fs = yield* FileSystem.FileSystem
  const environment = yield* directoryWith({ "bin/plain": "not a program\n", ...files })
  for (const name of Object.keys(files)) yield* fs.chmod(`${environment}/${name}`, 0o755)
  const orphans = yield* makeOrphanProcesses
  const records = yield* makeRunRecords(orphans)
  const programs = yield* makePrograms({ gracePeriod: "300 millis" }, orphans, records)
  const activation = new Activation({
    environment,
    prefix: environment,
    path: [`${environment}/bin`],
    set: { ACTIVATED: "yes" },
    unset: [],
    scripts: []
  })
  const run = (options: Options) => {
    const operation: Operation = { manager: "test", operation: "run", environment, marker: crypto.randomUUID() }
    return Effect.andThen(
      programs.check(operation, { path: environment, ...options }),
      programs.run(operation, { path: environment, ...options }, activation)
    )
  }
  return { activation, environment, fs, records, run }
})

const sh = (script: string): Options => ({ command: ["sh", "-c", script] })

/** The result, with the events. */
const observed = <A, E>(effect: Effect.Effect<A, E>) => {
  const events: Array<Output.Event> = []
  return Effect.map(
    Output.observe(effect, (event) => Effect.sync(() => events.push(event))),
    (result) => ({
      result,
      events,
      lines: events.flatMap((event) => event._tag === "Output" ? [event.line] : []),
      bytes: Buffer.concat(events.flatMap((event) => event._tag === "Bytes" ? [event.bytes] : []))
    })
  )
}

/** Forks a run, and waits for the pids that it prints in one line. */
const started = Effect.fnUntraced(function*<A, E>(run: Effect.Effect<A, E>) {
  const pids = yield* Deferred.make<ReadonlyArray<number>>()
  const fiber = yield* Effect.fork(
    Output.observe(
      run,
      (event) => event._tag === "Output" ? Deferred.succeed(pids, event.line.split(" ").map(Number)) : Effect.void
    )
  )
  return { fiber, pids: yield* Deferred.await(pids) }
})

const gone = (pids: ReadonlyArray<number>) =>
  Effect.filter(pids, isRunning).pipe(
    Effect.delay("20 millis"),
    Effect.repeat({ until: (running) => running.length === 0 }),
    Effect.timeout("5 seconds"),
    Effect.orDie
  )

const endless = Stream.forever(Stream.make(new Uint8Array(100_000)))

const ended = { exitCode: 0, signal: null }

/** The resident memory of this process in megabytes. */
const memory = Effect.sync(() => process.memoryUsage().rss / 1e6)

describe.skipIf(process.platform === "win32")("programs", () => {
  it.scopedLive("one that ignores signals is killed after the grace period", () =>
    Effect.gen(function*() {
      const { environment, run } = yield* setting()
      const script = "trap '' TERM INT HUP; sleep 1000 & echo $$ $!; while :; do sleep 1; done"
      const { fiber, pids } = yield* started(run(sh(script)))
      assert.match(Object.keys(yield* filesOf(environment)).join(" "), /\.darb-run-[0-9a-f]{8}/)
      const [duration] = yield* Effect.timed(Fiber.interrupt(fiber))
      assert.isTrue(Duration.between(duration, { minimum: "300 millis", maximum: "3 seconds" }))
      yield* gone(pids)
      assert.deepStrictEqual(Object.keys(yield* filesOf(environment)), ["bin", "bin/plain"])
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scopedLive("a daemon in a session of its own ends with the program", () =>
    Effect.gen(function*() {
      const { run } = yield* setting()
      const script = "setsid sh -c 'echo $$; exec sleep 1000' 2>/dev/null & sleep 0.5"
      const { lines, result } = yield* observed(run(sh(script)))
      assert.deepStrictEqual(result, ended)
      yield* gone(lines.map(Number))
    }).pipe(Effect.provide(NodeContext.layer)), 20_000)

  it.scopedLive("a gigabyte passes in bounded memory", () =>
    Effect.gen(function*() {
      const { run } = yield* setting()
      const before = yield* memory
      let [bytes, most] = [0, 0]
      const big = (options: Options) =>
        Output.observe(run(options), (event) =>
          Effect.map(memory, (now) => {
            most = Math.max(most, now)
            if (event._tag === "Bytes") bytes += event.bytes.length
            if (event._tag === "Output") bytes += event.line.length
          }))
      const command = ["head", "-c", "1000000000", "/dev/zero"]
      assert.deepStrictEqual(yield* big({ command, output: "bytes" }), ended)
      assert.strictEqual(bytes, 1e9)
      bytes = 0
      assert.deepStrictEqual(yield* big({ command }), ended)
      assert.strictEqual(bytes, 1e9)
      assert.isBelow(most - before, 500)
    }).pipe(Effect.provide(NodeContext.layer)), 120_000)

  it.scopedLive("a slow observer slows the program down, and can be interrupted", () =>
    Effect.gen(function*() {
      const { run } = yield* setting()
      const before = yield* memory
      const slow = Output.observe(run({ command: ["cat", "/dev/zero"], output: "bytes" }), () =>
        Effect.sleep("50 millis"))
      assert.isTrue((yield* Effect.timeoutOption(slow, "2 seconds"))._tag === "None")
      assert.isBelow((yield* memory) - before, 200)
    }).pipe(Effect.provide(NodeContext.layer)), 20_000)

  it.scopedLive("bytes are as they were printed, and lines are decoded as UTF-8", () =>
    Effect.gen(function*() {
      const { run } = yield* setting()
      const script = "printf '\\377\\376a\\nb\\303'; sleep 0.1; printf '\\251'"
      assert.deepStrictEqual((yield* observed(run(sh(script)))).lines, ["\ufffd\ufffda", "bé"])
      const { bytes } = yield* observed(run({ ...sh(script), output: "bytes" }))
      assert.deepStrictEqual([...bytes], [0xff, 0xfe, 0x61, 0x0a, 0x62, 0xc3, 0xa9])
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scopedLive("standard input that is not read, not finished, or not there", () =>
    Effect.gen(function*() {
      const { run } = yield* setting()
      assert.deepStrictEqual(yield* run({ command: ["true"], stdin: "x".repeat(10_000_000) }), ended)
      assert.deepStrictEqual(yield* run({ command: ["true"], stdin: endless }), ended)
      assert.deepStrictEqual(yield* run({ command: ["true"], stdin: Stream.never }), ended)
      const closes = yield* observed(run({ ...sh("exec <&-; sleep 0.3; echo closed"), stdin: endless }))
      assert.deepStrictEqual([closes.result, closes.lines], [ended, ["closed"]])
      const first = yield* observed(run({ command: ["head", "-c", "3"], stdin: endless, output: "bytes" }))
      assert.strictEqual(first.bytes.length, 3)
      const echoed = yield* observed(run({ command: ["cat"], stdin: "é\nb" }))
      assert.deepStrictEqual(echoed.lines, ["é", "b"])
      assert.deepStrictEqual((yield* observed(run({ command: ["cat"] }))).lines, [])
      for (const stdin of [endless, Stream.never]) {
        const { fiber, pids } = yield* started(run({ ...sh("echo $$; exec sleep 1000"), stdin }))
        yield* Fiber.interrupt(fiber)
        yield* gone(pids)
      }
      const before = yield* memory
      assert.deepStrictEqual(yield* run({ command: ["sleep", "1"], stdin: endless }), ended)
      assert.isBelow((yield* memory) - before, 100)
      const dying = yield* Effect.exit(run({ command: ["cat"], stdin: Stream.dieMessage("no more") }))
      assert.match(Exit.isFailure(dying) ? Cause.pretty(dying.cause) : "", /no more/)
      yield* Effect.sleep("200 millis")
    }).pipe(Effect.provide(NodeContext.layer)), 30_000)

  it.scopedLive.skipIf(!existsSync("/proc/self/fd/1"))(
    "a program can have the standard streams of this process",
    () =>
      Effect.gen(function*() {
        const { environment, fs, run } = yield* setting()
        const script = "readlink /proc/$$/fd/0 /proc/$$/fd/1 /proc/$$/fd/2 >streams; exit 4"
        const { events, result } = yield* observed(run({ ...sh(script), stdio: "inherit" }))
        assert.deepStrictEqual(result, { exitCode: 4, signal: null })
        assert.deepStrictEqual(events.map(({ _tag }) => _tag), ["Started", "Ended"])
        const streams = (yield* fs.readFileString(`${environment}/streams`)).trim().split("\n")
        // The redirection replaces the second one.
        assert.deepStrictEqual([streams[0], streams[2]], [0, 2].map((fd) => readlinkSync(`/proc/self/fd/${fd}`)))
      }).pipe(Effect.provide(NodeContext.layer))
  )

  it.scopedLive("what cannot be run is told with the reason", () =>
    Effect.gen(function*() {
      const { environment, fs, run } = yield* setting({ "bin/no-interpreter": "#!/no/such/python\n" })
      yield* fs.symlink("/no/such/python", `${environment}/bin/python`)
      yield* fs.makeDirectory(`${environment}/bin/directory`)
      const reasonOf = (program: string) =>
        Effect.map(Effect.flip(run({ command: [program] })), (error) => [error._tag, "reason" in error && error.reason])
      const bin = `${environment}/bin`
      assert.deepStrictEqual(yield* reasonOf("plain"), ["ProgramNotFound", `${bin}/plain is not executable`])
      assert.deepStrictEqual(yield* reasonOf("./bin/plain"), ["ProgramNotFound", `${bin}/plain is not executable`])
      assert.deepStrictEqual(yield* reasonOf("directory"), ["ProgramNotFound", `${bin}/directory is not a file`])
      assert.deepStrictEqual(yield* reasonOf("no-interpreter"), [
        "ProgramNotFound",
        `${bin}/no-interpreter, or the interpreter that its first line names, does not exist`
      ])
      assert.deepStrictEqual(yield* reasonOf("./python"), ["ProgramNotFound", "there is no such file"])
      assert.deepStrictEqual(yield* reasonOf("./bin/python"), [
        "ProgramNotFound",
        `${bin}/python is a link to /no/such/python, which does not exist`
      ])
      const long = yield* Effect.flip(run({ command: ["echo", "x".repeat(3_000_000)] }))
      assert.deepStrictEqual([long._tag, "option" in long && long.option], ["InvalidOption", "command"])
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scopedLive("a command of the application runs with the variables of the activation", () =>
    Effect.gen(function*() {
      const { activation, environment } = yield* setting({ "bin/tool": "#!/bin/sh\necho tool $ACTIVATED $OWN\n" })
      const unsetting = new Activation({ ...activation, unset: ["HOME"] })
      const own = Command.env(Command.make("env"), { OWN: "own" })
      const env = yield* ActivatedCommand.activate(own, unsetting, { variables: { OWN: "option", MORE: "more" } })
      const lines = (yield* Command.string(env)).trim().split("\n")
      assert.includeMembers(lines, ["OWN=own", "MORE=more", "ACTIVATED=yes"])
      assert.isTrue(lines.some((line) => line.startsWith(`PATH=${environment}/bin:`)))
      // Vitest sets it.
      assert.isDefined(process.env.VITEST)
      assert.isFalse(lines.some((line) => /^(?:VITEST|HOME)=/.test(line)))
      const pipeline = Command.pipeTo(Command.make("tool"), Command.make("sh", "-c", "cat; echo $ACTIVATED"))
      const piped = yield* ActivatedCommand.activate(pipeline, activation)
      assert.strictEqual(yield* Command.string(piped), "tool yes\nyes\n")
    }).pipe(Effect.provide(NodeContext.layer)))
})

describe.skipIf(!existsSync("/proc/self/environ"))("records of programs", () => {
  it.scopedLive(
    "what a program of a dead application has left running is ended, and only that",
    () =>
      Effect.gen(function*() {
        const { environment, fs, records, run } = yield* setting()
        const application = spawn(
          process.execPath,
          [fileURLToPath(new URL("./Application.mjs", import.meta.url)), environment],
          { stdio: ["ignore", "pipe", "inherit"] }
        )
        const [orphan = 0] = yield* Effect.async<ReadonlyArray<number>>((resume) => {
          application.stdout.once("data", (text) => resume(Effect.succeed(String(text).trim().split(" ").map(Number))))
        })
        const { fiber, pids } = yield* started(run(sh("echo $$; exec sleep 1000")))
        assert.strictEqual((yield* records.running(environment)).length, 2)
        // Not while the application is alive.
        yield* records.recover(environment)
        assert.deepStrictEqual([yield* isRunning(orphan), ...yield* Effect.filter(pids, isRunning)], [true, ...pids])
        yield* Effect.async<void>((resume) => {
          application.once("exit", () => resume(Effect.void))
          application.kill("SIGKILL")
        })
        assert.isTrue(yield* isRunning(orphan))
        assert.deepStrictEqual((yield* records.running(environment)).map(({ operation }) => operation), ["run"])
        assert.deepStrictEqual(yield* run({ command: ["true"] }), ended)
        yield* gone([orphan])
        assert.deepStrictEqual(yield* Effect.filter(pids, isRunning), pids)
        const left = (yield* fs.readDirectory(environment)).filter((name) => name.startsWith(".darb"))
        assert.strictEqual(left.length, 1)
        yield* Fiber.interrupt(fiber)
        assert.deepStrictEqual((yield* fs.readDirectory(environment)).filter((name) => name.startsWith(".darb")), [])
      }).pipe(Effect.provide(NodeContext.layer)),
    30_000
  )

  it.scopedLive("the next change ends what a program of a dead application has left running", () =>
    Effect.gen(function*() {
      const { environment, fs, records, run } = yield* setting()
      const orphans = yield* makeOrphanProcesses
      const isolation = yield* makeIsolation(yield* makeTransaction(orphans), {}, records)
      const { fiber } = yield* started(run(sh("echo $$; exec sleep 1000")))
      const [name = ""] = (yield* fs.readDirectory(environment)).filter((name) => name.startsWith(".darb-run-"))
      const record = JSON.parse(yield* fs.readFileString(`${environment}/${name}/owner`))
      yield* Fiber.interrupt(fiber)
      const marker = crypto.randomUUID()
      const orphan = spawn("sleep", ["1000"], { detached: true, env: { DARB_OPERATION: marker }, stdio: "ignore" })
      yield* fs.makeDirectory(`${environment}/${name}`)
      yield* fs.writeFileString(`${environment}/${name}/owner`, JSON.stringify({ ...record, marker, start: "0" }))
      const operation: Operation = { manager: "test", operation: "install", environment, marker: "other" }
      yield* isolation.exclusively(operation, Effect.void, Effect.void)
      yield* gone([orphan.pid ?? 0])
      assert.deepStrictEqual(yield* fs.readDirectory(environment), ["bin"])
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scopedLive("records that cannot be verified stay, and so do those without an owner", () =>
    Effect.gen(function*() {
      const { environment, fs, records, run } = yield* setting()
      const { fiber } = yield* started(run(sh("echo $$; exec sleep 1000")))
      const [name = ""] = (yield* fs.readDirectory(environment)).filter((name) => name.startsWith(".darb"))
      const files = yield* filesOf(`${environment}/${name}`)
      assert.deepStrictEqual([files[".gitignore"], Object.keys(files)], ["*\n", [".gitignore", "owner"]])
      yield* Fiber.interrupt(fiber)
      for (
        const [suffix, change] of [["0", { namespace: "pid:[1]" }], ["1", { host: "other", boot: "other" }]] as const
      ) {
        const directory = `${environment}/.darb-run-0000000${suffix}`
        yield* fs.makeDirectory(directory)
        yield* fs.writeFileString(
          `${directory}/owner`,
          JSON.stringify({ ...JSON.parse(files["owner"] ?? ""), ...change })
        )
      }
      yield* fs.makeDirectory(`${environment}/.darb-run-00000002`)
      yield* records.recover(environment)
      const left = (yield* fs.readDirectory(environment)).filter((name) => name.startsWith(".darb")).sort()
      assert.deepStrictEqual(left, [".darb-run-00000000", ".darb-run-00000001", ".darb-run-00000002"])
      assert.strictEqual((yield* records.running(environment)).length, 2)
    }).pipe(Effect.provide(NodeContext.layer)))
})
