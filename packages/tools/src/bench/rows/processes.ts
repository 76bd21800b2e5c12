/** What processes cost: their output, many at once, what they leave, and how busy the machine is. */
import { directoryWith } from "@darb/laws/TestDirectory"
import * as Output from "@darb/package-manager/Output"
import { PackageManager } from "@darb/package-manager/PackageManager"
import type { PackageManagerError } from "@darb/package-manager/PackageManagerError"
import * as Pixi from "@darb/pixi/Pixi"
import type { PlatformError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import * as Supervisor from "effect/Supervisor"
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { monitorEventLoopDelay } from "node:perf_hooks"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { type Goal, Measured } from "../Comparison.js"
import * as Fixtures from "../Fixtures.js"
import * as Least from "../Least.js"
import type { Row } from "../Row.js"

/** An executable that takes that many seconds for each operation. */
const pixi = (seconds: number) =>
  `#!/bin/sh
case "$1" in
  --version) echo pixi 0.77.0; exit ;;
  list) echo '[]' ;;
  shell-hook) echo '{"environment_variables":{"PATH":"/usr/bin:/bin"}}'; exit ;;
esac
${seconds === 0 ? "" : `exec sleep ${seconds}`}
`

/** A manager with its environments. */
const prepare = Effect.fnUntraced(function*(environments: number, seconds = 0) {
  const directory = yield* directoryWith({ pixi: pixi(seconds) })
  const fs = yield* FileSystem.FileSystem
  yield* fs.chmod(`${directory}/pixi`, 0o755)
  const paths = Array.from({ length: environments }, (_, at) => `${directory}/${at}`)
  for (const path of paths) {
    yield* fs.makeDirectory(`${path}/.pixi/envs/default/conda-meta`, { recursive: true })
    yield* fs.writeFileString(`${path}/pixi.toml`, Fixtures.smallManifest)
    yield* fs.writeFileString(`${path}/pixi.lock`, Fixtures.emptyPixiLock)
  }
  const manager = Context.get(yield* Layer.build(Pixi.layer({ executable: `${directory}/pixi` })), PackageManager)
  return { directory, manager, path: paths[0] ?? directory, paths }
}, Effect.orDie)

type Prepared = Effect.Effect.Success<ReturnType<typeof prepare>>

/** Runs a command as Node does: the standard that the library is measured by. */
const runRaw = (command: string, args: ReadonlyArray<string>) =>
  Effect.promise(() => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] })
    child.stdout.resume()
    child.stderr.resume()
    return once(child, "close")
  })

const size = 1024 ** 3

const printing = [
  "sh",
  "-c",
  `yes "INFO resolve: package number 4711 of this environment has 12 candidates, and 3 of them fit" | head -c ${size}`
]

/** Counts lines as simply as possible. */
const splitRaw = Effect.promise(() => {
  const [command = "", ...args] = printing
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] })
  child.stdout.setEncoding("utf8")
  let rest = ""
  let lines = 0
  child.stdout.on("data", (text: string) => {
    const pieces = (rest + text).split("\n")
    rest = pieces.pop() ?? ""
    for (const piece of pieces) if (piece !== "") lines++
  })
  return once(child, "close").then(() => lines)
})

const collect = Effect.sync(() => {
  setFlagsFromString("--expose-gc")
  const gc: () => void = runInNewContext("gc")
  gc()
})

/** The throughput of an effect, and by how many MB the memory of this process grows meanwhile. */
const throughput = <E>(effect: Effect.Effect<unknown, E>) =>
  Effect.gen(function*() {
    yield* collect
    const before = process.memoryUsage.rss()
    let peak = before
    const timer = setInterval(() => peak = Math.max(peak, process.memoryUsage.rss()), 50)
    const start = performance.now()
    yield* Effect.ensuring(Effect.orDie(effect), Effect.sync(() => clearInterval(timer)))
    const seconds = (performance.now() - start) / 1000
    return new Measured({ "MB/s": size / 1024 ** 2 / seconds, memory: (peak - before) / 1024 ** 2 })
  })

const output = (
  name: string,
  atLeast: number,
  observed: (run: Effect.Effect<void>) => Effect.Effect<unknown>
): Row => ({
  name,
  prepare: Effect.map(prepare(1), ({ manager, path }) => ({
    ours: throughput(observed(Effect.orDie(Effect.asVoid(manager.run({ path, command: printing }))))),
    than: "raw splitter",
    baseline: throughput(splitRaw),
    goals: [
      { figure: "MB/s", is: "times", atLeast },
      { figure: "memory", is: "value", atMost: 60, unit: "MB" }
    ],
    rounds: 3,
    warmUp: 1,
    isLong: true
  }))
})

/** Runs commands: the CPU of each, and how long the event loop is delayed, beyond the interval of the measurement. */
const withDelay = <E>(commands: ReadonlyArray<Effect.Effect<unknown, E>>) =>
  Effect.gen(function*() {
    const delay = monitorEventLoopDelay({ resolution: 5 })
    const cpu = process.cpuUsage()
    delay.enable()
    yield* Effect.orDie(Effect.all(commands, { concurrency: 16, discard: true }))
    delay.disable()
    const { system, user } = process.cpuUsage(cpu)
    return new Measured({
      "cpu each": (user + system) / 1000 / commands.length,
      "delay p99": delay.percentile(99) / 1e6 - 5
    })
  })

type Run = (path: string) => Effect.Effect<unknown, PackageManagerError | PlatformError>

const manyAtOnce = (
  name: string,
  operationsOf: (prepared: Prepared, least: Effect.Effect.Success<typeof Least.make>) => ReadonlyArray<Run>,
  goals: ReadonlyArray<Goal>
): Row => ({
  name,
  prepare: Effect.map(Effect.zip(prepare(200, 0.05), Least.make), ([prepared, least]) => {
    const { directory, paths } = prepared
    const operations = operationsOf(prepared, least)
    // The operations of an environment do not wait for each other.
    const all = operations.flatMap((operation) => paths.map(operation))
    const sleeps = all.map(() => runRaw(`${directory}/pixi`, ["install"]))
    return {
      ours: withDelay(all),
      than: "spawn",
      baseline: withDelay(sleeps),
      goals,
      rounds: 3,
      warmUp: 1,
      isLong: true
    }
  })
})

const left: Row = {
  name: "processes: after 12,000 operations",
  prepare: Effect.map(prepare(20), ({ manager, paths }) => {
    const repeated = (times: number) =>
      Effect.forEach(
        Array.from({ length: times }, (_, at) => paths[at % paths.length] ?? ""),
        (path) =>
          Effect.all([
            manager.list({ path }),
            manager.status({ path }),
            Output.observe(manager.run({ path, command: ["true"] }), () => Effect.void)
          ]),
        { concurrency: 4, discard: true }
      )
    return {
      ours: Effect.orDie(Effect.gen(function*() {
        const supervisor = yield* Supervisor.track
        const heap = Effect.andThen(collect, Effect.sync(() => process.memoryUsage().heapUsed / 1024 ** 2))
        return yield* Effect.gen(function*() {
          yield* repeated(400)
          yield* Effect.sleep("1 second")
          const before = yield* heap
          yield* Effect.supervised(repeated(4000), supervisor)
          yield* Effect.sleep("1 second")
          return new Measured({ heap: (yield* heap) - before, fibers: (yield* supervisor.value).length })
        })
      })),
      than: "nothing",
      baseline: Effect.void,
      goals: [
        { figure: "heap", is: "value", atMost: 1, unit: "MB" },
        { figure: "fibers", is: "value", atMost: 0, unit: "" }
      ],
      rounds: 1,
      warmUp: 0,
      isLong: true
    }
  })
}

const others = 800

const sleeping = `i=0; while [ $i -lt ${others} ]; do sleep 1000 & i=$((i+1)); done; echo started; wait`

const amongOthers: Row = {
  name: "processes: list among 800 others",
  prepare: Effect.map(prepare(1), ({ manager, path }) => {
    const lists = Effect.gen(function*() {
      const cpu = process.cpuUsage()
      yield* Effect.orDie(Effect.repeatN(manager.list({ path }), 29))
      const { system, user } = process.cpuUsage(cpu)
      return new Measured({ "cpu of 30": (user + system) / 1000 })
    })
    // Not children of this process, since Node asks for each of its children whenever one ends.
    const start = Effect.promise(() => {
      const shell = spawn("sh", ["-c", sleeping], { detached: true, stdio: ["ignore", "pipe", "ignore"] })
      return once(shell.stdout, "data").then(() => shell)
    })
    const end = (shell: ChildProcess) =>
      Effect.promise(() => {
        process.kill(-(shell.pid ?? 0), "SIGKILL")
        return once(shell, "exit")
      })
    return {
      ours: Effect.acquireUseRelease(start, () => Effect.andThen(Effect.sleep("1 second"), lists), end),
      than: "without",
      baseline: lists,
      goals: [{ figure: "cpu of 30", is: "times", atMost: 1.1 }],
      rounds: 5,
      warmUp: 1,
      isLong: true
    }
  })
}

export const rows: ReadonlyArray<Row> = [
  output("output: 1 GB of lines, observed", 0.35, Output.observe(() => Effect.void)),
  output("output: 1 GB of lines, as stream", 0.25, (run) => Stream.runDrain(Output.stream(run))),
  manyAtOnce("processes: 200 × 5, 16 at once", ({ manager }) => [
    (path) => manager.install({ path }),
    (path) => manager.list({ path }),
    (path) => manager.update({ path }),
    (path) => manager.list({ path }),
    (path) => manager.install({ path, noInstall: true })
  ], [
    { figure: "wall", is: "value", atMost: 1.8 * 1000 * 50 / 16 },
    { figure: "cpu each", is: "value", atMost: 6 },
    { figure: "delay p99", is: "value", atMost: 12 }
  ]),
  manyAtOnce("processes: 200 × 5, the least", ({ directory }, { change, list }) => {
    const options = (path: string, ...args: ReadonlyArray<string>) => ({
      ...Least.ofPixi,
      path,
      executable: `${directory}/pixi`,
      args
    })
    const one: Run = (path) => change(options(path, "install"))
    const another: Run = (path) => list(options(path, "list"))
    return [one, another, one, another, one]
  }, [
    { figure: "wall", is: "value" },
    { figure: "cpu each", is: "value" },
    { figure: "delay p99", is: "value" }
  ]),
  left,
  amongOthers
]
