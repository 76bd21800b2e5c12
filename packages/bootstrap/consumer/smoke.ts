/**
 * A small application on a real pixi, to try a runtime or a bundle: `smoke.js PIXI [OTHER_RUNTIME OTHER_SCRIPT]`. Prints
 * `smoke: passed` at the end. `smoke.js PIXI install PATH PACKAGE` is the program that it starts twice at once.
 */
import { isRunning } from "@darb/laws/Processes"
import { Output, PackageManager } from "@darb/package-manager"
import { Pixi } from "@darb/pixi"
import * as CondaChannel from "@darb/testing/CondaChannel"
import { Command, FileSystem } from "@effect/platform"
import { NodeContext, NodeHttpServer, NodeRuntime } from "@effect/platform-node"
import { Console, Effect, Fiber, Layer } from "effect"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"

const [executable = "pixi", ...args] = process.argv.slice(2)
const [otherRuntime = process.execPath, otherScript = process.argv[1] ?? ""] = args

const expect = (what: string, found: unknown, expected: unknown) =>
  JSON.stringify(found) === JSON.stringify(expected)
    ? Console.log(`smoke: ${what}`)
    : Effect.dieMessage(`${what}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`)

const installOne = (path: string, name: string) =>
  Effect.gen(function*() {
    const packageManager = yield* PackageManager
    yield* packageManager.install({ path, packages: [name] })
  })

const smoke = Effect.gen(function*() {
  const packageManager = yield* PackageManager
  const fs = yield* FileSystem.FileSystem
  const directory = yield* fs.realPath(yield* fs.makeTempDirectoryScoped({ prefix: "darb-smoke-" }))
  const channel = yield* CondaChannel.make(CondaChannel.examples)

  const path = join(directory, "first")
  yield* packageManager.init({ path, channels: [channel.url] })
  const { added } = yield* packageManager.install({ path, packages: ["app >=2"] })
  yield* expect("installs", added.map(({ name }) => name).sort(), ["app", "greet", "libleaf"])
  const lines: Array<string> = []
  const { exitCode } = yield* packageManager.run({ path, command: ["sh", "-c", "cat; exit 3"], stdin: "hello\n" }).pipe(
    Output.observe((event) => Effect.sync(() => event._tag === "Output" && lines.push(event.line)))
  )
  yield* expect("runs a program with pipes", [exitCode, lines], [3, ["hello"]])

  const start = (runtime: string, script: string, name: string) =>
    Command.exitCode(
      Command.make(runtime, script, executable, "install", path, name).pipe(
        Command.env({ PIXI_CACHE_DIR: cache }),
        Command.stdout("inherit"),
        Command.stderr("inherit")
      )
    )
  const codes = yield* Effect.all([
    start(process.execPath, process.argv[1] ?? "", "bulky"),
    start(otherRuntime, otherScript, "native")
  ], { concurrency: 2 })
  yield* expect("two programs at once both end", codes, [0, 0])
  const direct = (yield* packageManager.list({ path })).filter(({ direct }) => direct).map(({ name }) => name)
  yield* expect("and both have added their package", direct.sort(), ["app", "bulky", "native"])

  const stalling = yield* CondaChannel.serve(channel, { stall: /app/ })
  const second = join(directory, "second")
  yield* packageManager.init({ path: second, channels: [stalling.url] })
  const before = yield* fs.readFileString(join(second, "pixi.toml"))
  const pids: Array<number> = []
  yield* fs.remove(cache, { recursive: true })
  const install = yield* packageManager.install({ path: second, packages: ["app"] }).pipe(
    Output.observe((event) => Effect.sync(() => event._tag === "Started" && pids.push(event.pid))),
    Effect.fork
  )
  yield* stalling.stalled.pipe(Effect.raceFirst(Fiber.join(install)))
  const state = join(second, ".darb")
  const owners = (yield* fs.readDirectory(state)).filter((file) => file.startsWith("owner-"))
  const records = yield* Effect.forEach(owners, (file) => fs.readFileString(join(state, file)))
  yield* Console.log(
    `smoke: the lock is ${records.some((text) => text.includes("\"locked\":true")) ? "native" : "a record"}`
  )
  yield* Fiber.interrupt(install)
  yield* expect("an interrupted install leaves no process", yield* Effect.filter(pids, isRunning), [])
  yield* expect("and restores the manifest", yield* fs.readFileString(join(second, "pixi.toml")), before)
  yield* Console.log("smoke: passed")
})

const cache = process.env.PIXI_CACHE_DIR ?? join(tmpdir(), `darb-smoke-cache-${process.pid}`)

const live = Layer.provideMerge(
  Pixi.layer({ executable, environment: { PIXI_CACHE_DIR: cache } }),
  Layer.merge(NodeContext.layer, NodeHttpServer.layer(() => createServer(), { port: 0, host: "127.0.0.1" }))
)

const [verb, path = "", name = ""] = args
const program = verb === "install" ? installOne(path, name) : Effect.ensuring(
  Effect.scoped(smoke),
  Effect.ignore(Effect.flatMap(FileSystem.FileSystem, (fs) => fs.remove(cache, { recursive: true })))
)

program.pipe(Effect.provide(live), NodeRuntime.runMain)
