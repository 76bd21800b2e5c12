import { directoryWith, filesOf } from "@darb/laws/TestDirectory"
import { settled } from "@darb/laws/TestDirectory"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as CommandExecutor from "@effect/platform/CommandExecutor"
import { SystemError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import { spawn, spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { makeEnvironmentLock, type Options } from "../../../src/driver/transaction/EnvironmentLock.js"
import type { Owner } from "../../../src/driver/transaction/Owner.js"

const emfile = () => Promise.reject(new Error("EMFILE: too many open files"))

const setting = Effect.fnUntraced(function*(options: Options = {}) {
  const fs = yield* FileSystem.FileSystem
  const environment = yield* directoryWith({ mine: "x" })
  const lock = yield* makeEnvironmentLock({ load: emfile, ...options })
  const held = { operation: "install", environment }
  const run = <A, E, R>(effect: Effect.Effect<A, E, R>) => lock.exclusively(held, Effect.void, () => effect)
  const record = Object.entries(yield* run(filesOf(environment))).find(([name]) => name.includes("/owner-"))?.[1]
  const mine: Owner = JSON.parse(record ?? "null")
  const file = `${environment}/.darb/owner-abcdefgh`
  /** The state that an operation of another program has left, or has while it runs. */
  const leave = Effect.fnUntraced(function*(owner: Partial<Owner> | string) {
    yield* fs.makeDirectory(`${environment}/.darb`)
    yield* fs.writeFileString(`${environment}/.darb/journal`, "{}")
    yield* fs.writeFileString(file, typeof owner === "string" ? owner : JSON.stringify({ ...mine, ...owner }))
  })
  return { environment, file, fs, held, leave, lock, mine, run }
})

const never = Effect.die("it runs")

const otherBoot = "4c5b8c1e-6cb4-4a4d-9f2b-3d0a1f0f2a11"

/** A process that has ended. */
const deadPid = () => spawnSync("true").pid

/** None of the two ways to verify a process. */
const blind = Layer.merge(
  Layer.effect(
    FileSystem.FileSystem,
    Effect.map(FileSystem.FileSystem, (fs) => {
      const absent = new SystemError({ reason: "NotFound", module: "FileSystem", method: "readFile" })
      const readFileString: typeof fs.readFileString = (file, encoding) =>
        file.startsWith("/proc/") ? Effect.fail(absent) : fs.readFileString(file, encoding)
      return { ...fs, readFileString }
    })
  ),
  Layer.effect(
    CommandExecutor.CommandExecutor,
    Effect.map(CommandExecutor.CommandExecutor, (executor) => ({ ...executor, string: () => Effect.succeed("") }))
  )
).pipe(Layer.provideMerge(NodeContext.layer))

/** A machine without `/proc`. */
const withoutProc = Layer.effect(
  FileSystem.FileSystem,
  Effect.map(FileSystem.FileSystem, (fs) => {
    const absent = new SystemError({ reason: "NotFound", module: "FileSystem", method: "readFile" })
    const readFileString: typeof fs.readFileString = (file, encoding) =>
      file.startsWith("/proc/") ? Effect.fail(absent) : fs.readFileString(file, encoding)
    return { ...fs, readFileString }
  })
).pipe(Layer.provideMerge(NodeContext.layer))

const hasPs = spawnSync("ps", ["-o", "lstart=", "-p", String(process.pid)]).status === 0

const suite = (layer: typeof NodeContext.layer) => () => {
  it.scopedLive.each(
    [
      ["on another host", { host: "elsewhere", boot: otherBoot }],
      ["in another container", { namespace: "pid:[1]" }],
      ["that cannot be read", "{\"pid\":"],
      ["that was not written", ""]
    ] as const
  )("an owner %s is left alone, unless the application takes over", ([, owner]) =>
    Effect.gen(function*() {
      const { environment, file, held, leave, lock, run } = yield* setting()
      yield* leave(owner)
      const before = yield* filesOf(environment)
      const error = yield* Effect.flip(run(never))
      if (error._tag !== "Busy") return assert.fail(error.message)
      assert.include(error.hint, `remove ${file} or set \`takeOver\``)
      if (typeof owner !== "string") assert.strictEqual(error.holder?.operation, "install")
      yield* lock.ifIdle(held, never)
      assert.deepStrictEqual(yield* filesOf(environment), before)

      const taking = yield* makeEnvironmentLock({ load: emfile, takeOver: true })
      assert.strictEqual(yield* taking.exclusively(held, Effect.void, () => Effect.succeed(1)), 1)
      assert.notProperty(yield* filesOf(environment), ".darb/owner-abcdefgh")
    }).pipe(Effect.provide(layer)))

  it.scopedLive("an owner that lives is waited for, and never taken over", () =>
    Effect.gen(function*() {
      const { environment, file, fs, held, leave, lock, mine, run } = yield* setting({
        takeOver: true,
        waitLimit: "300 millis"
      })
      yield* leave({ pid: mine.pid })
      const error = yield* Effect.flip(run(never))
      assert.deepInclude({ ...error }, { _tag: "Busy", hint: undefined })
      yield* lock.ifIdle(held, never)
      assert.isTrue(yield* fs.exists(`${environment}/.darb/journal`))
      const running = yield* Effect.fork(
        Effect.flatMap(makeEnvironmentLock({ load: emfile }), (waiting) =>
          waiting.exclusively(held, Effect.void, () => Effect.succeed(1)))
      )
      yield* Effect.sleep("250 millis")
      yield* fs.remove(file)
      assert.strictEqual(yield* running, 1)
    }).pipe(Effect.provide(layer)))

  it.scopedLive.each(
    [
      ["whose number another process has", { start: "another time" }],
      ["that has ended", { pid: deadPid() }]
    ] as const
  )("an owner %s is dead", ([, owner]) =>
    Effect.gen(function*() {
      const { environment, leave, run } = yield* setting()
      yield* leave(owner)
      assert.strictEqual(yield* run(Effect.succeed(1)), 1)
      assert.deepStrictEqual(Object.keys(yield* filesOf(environment)).sort(), [
        ".darb",
        ".darb/.gitignore",
        ".darb/journal",
        ".darb/lock",
        "mine"
      ])
    }).pipe(Effect.provide(layer)))
}

describe.skipIf(!existsSync("/proc/self/stat"))("owners in /proc", () => {
  suite(NodeContext.layer)()

  it.scopedLive("an owner before a restart of the host is dead", () =>
    Effect.gen(function*() {
      const { leave, run } = yield* setting()
      yield* leave({ boot: otherBoot })
      assert.strictEqual(yield* run(Effect.succeed(1)), 1)
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scopedLive("an owner that nobody has waited for yet is dead", () =>
    Effect.gen(function*() {
      const { leave, run } = yield* setting()
      const child = spawn("sh", ["-c", "sleep 0.2 & echo $!; exec sleep 60"], { stdio: ["ignore", "pipe", "ignore"] })
      const printed = yield* Effect.async<string>((resume) => {
        child.stdout.once("data", (data) => resume(Effect.succeed(String(data))))
      })
      const pid = Number(printed)
      const fs = yield* FileSystem.FileSystem
      const read = fs.readFileString(`/proc/${pid}/stat`)
      yield* settled(read, (stat) => stat.includes(") Z "))
      const stat = yield* read
      yield* leave({ pid, start: stat.slice(stat.lastIndexOf(")")).split(" ")[20] ?? "" })
      assert.strictEqual(yield* run(Effect.succeed(1)), 1)
      child.kill("SIGKILL")
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scopedLive("an owner that ends while it is looked at is dead", () =>
    Effect.gen(function*() {
      const child = spawn("sleep", ["60"], { stdio: "ignore" })
      const ended = new Promise((resolve) => child.once("exit", resolve))
      const file = `/proc/${child.pid}/stat`
      const fs = yield* FileSystem.FileSystem
      const stat = yield* fs.readFileString(file)
      let looks = 0
      const dying = Effect.suspend(() => {
        child.kill("SIGKILL")
        const error = new SystemError({
          reason: "Unknown",
          module: "FileSystem",
          method: "readFile",
          description: "ESRCH"
        })
        return Effect.zipRight(Effect.promise(() => ended), Effect.fail(error))
      })
      const readFileString: typeof fs.readFileString = (path, encoding) =>
        Effect.suspend(() => path === file && ++looks === 2 ? dying : fs.readFileString(path, encoding))
      const { leave, run } = yield* Effect.provideService(setting(), FileSystem.FileSystem, { ...fs, readFileString })
      yield* leave({ pid: child.pid ?? 0, start: stat.slice(stat.lastIndexOf(")")).split(" ")[20] ?? "" })
      assert.strictEqual(yield* run(Effect.succeed(1)), 1)
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scopedLive("an owner that had the lock of the operating system is dead for who has it now", () =>
    Effect.gen(function*() {
      const { environment, leave, run } = yield* setting({ load: undefined })
      yield* leave({ namespace: "pid:[1]", locked: true })
      assert.strictEqual(yield* run(Effect.succeed(1)), 1)
      yield* (yield* FileSystem.FileSystem).remove(`${environment}/.darb`, { recursive: true })
      yield* leave({ namespace: "pid:[1]", locked: false })
      assert.strictEqual((yield* Effect.flip(run(never)))._tag, "Busy")
    }).pipe(Effect.provide(NodeContext.layer)))
})

describe.skipIf(!hasPs)("owners with ps", suite(withoutProc))

describe("owners", () => {
  it.scopedLive("a lock that fails once is tried again", () =>
    Effect.gen(function*() {
      let loads = 0
      let tries = 0
      const tryLock = () => {
        if (++tries === 1) throw new Error("ENOLCK")
        return true
      }
      const { environment, held } = yield* setting()
      const lock = yield* makeEnvironmentLock({
        load: () => ++loads === 1 ? emfile() : Promise.resolve({ default: { tryLock } })
      })
      const locked: Array<boolean> = []
      for (let round = 0; round < 3; round++) {
        const files = yield* lock.exclusively(held, Effect.void, () => filesOf(environment))
        const [, record] = Object.entries(files).find(([name]) => name.includes("/owner-")) ?? []
        locked.push(JSON.parse(record ?? "null").locked)
      }
      assert.deepStrictEqual([loads, tries, locked], [2, 2, [false, false, true]])
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scopedLive("what identifies this process is read once", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const read: Array<string> = []
      const readFileString: typeof fs.readFileString = (file, encoding) => {
        read.push(file)
        return fs.readFileString(file, encoding)
      }
      const { run } = yield* Effect.provideService(setting(), FileSystem.FileSystem, { ...fs, readFileString })
      const before = [...read]
      yield* run(Effect.void)
      assert.deepStrictEqual(read, before)
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scopedLive("without an addon, operations of one process exclude each other too", () =>
    Effect.gen(function*() {
      const { held, lock, run } = yield* setting()
      let running = 0
      const alone = Effect.acquireUseRelease(
        Effect.sync(() => assert.strictEqual(++running, 1)),
        () => Effect.sleep("20 millis"),
        () => Effect.sync(() => running--)
      )
      yield* Effect.all([lock.ifIdle(held, alone), lock.ifIdle(held, alone), run(alone), run(alone)], {
        concurrency: "unbounded"
      })
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scopedLive("where no process can be verified, only an application that accepts that goes on", () =>
    Effect.gen(function*() {
      const environment = yield* directoryWith({ mine: "x" })
      const run = (options: Options) =>
        Effect.flatMap(
          makeEnvironmentLock({ load: emfile, ...options }),
          (lock) => lock.exclusively({ operation: "install", environment }, Effect.void, () => Effect.succeed(1))
        )
      const error = yield* Effect.flip(run({}))
      assert.deepInclude({ ...error }, { _tag: "SystemError", reason: "InvalidData" })
      assert.include(error.message, "`unlocked`")
      assert.deepStrictEqual(yield* filesOf(environment), { mine: "x" })
      assert.strictEqual(yield* run({ unlocked: true }), 1)
      // The lock of the operating system needs no record.
      assert.deepStrictEqual(yield* Effect.exit(run({ load: undefined })), Exit.succeed(1))
      assert.deepStrictEqual(yield* filesOf(environment), { mine: "x" })
    }).pipe(Effect.provide(blind)))
})
