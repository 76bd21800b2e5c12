import { directoryWith } from "@darb/laws/TestDirectory"
import * as Output from "@darb/package-manager/Output"
import { PackageManager } from "@darb/package-manager/PackageManager"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as FileSystem from "@effect/platform/FileSystem"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Supervisor from "effect/Supervisor"
import { existsSync } from "node:fs"
import * as Pixi from "../src/Pixi.js"
import { manifestText, platform } from "./fixtures.js"

/** A pixi that answers at once. */
const executable = `#!/bin/sh
case "$1" in
  --version) echo pixi 0.77.0 ;;
  list) echo '[]' ;;
  shell-hook) echo '{"environment_variables":{"PATH":"/usr/bin:/bin"}}' ;;
esac
`

const lock = "version: 6\nenvironments:\n  default:\n    channels: []\n    packages: {}\npackages: []\n"

const environments = 20
const rounds = 100

/** The processes whose parent is this process, without those that have ended. */
const children = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const pids = (yield* fs.readDirectory("/proc")).filter((name) => /^\d+$/.test(name))
  const stats = yield* Effect.forEach(
    pids,
    (pid) => Effect.orElseSucceed(fs.readFileString(`/proc/${pid}/stat`), () => "")
  )
  return stats.map((stat) => stat.slice(stat.lastIndexOf(")") + 2).split(" "))
    .filter(([state, parent]) => state !== "Z" && Number(parent) === process.pid).length
})

const descriptors = Effect.flatMap(
  FileSystem.FileSystem,
  (fs) => Effect.map(fs.readDirectory("/proc/self/fd"), (names) => names.length)
)

describe.skipIf(!existsSync("/proc/self/fd"))("after thousands of operations", () => {
  it.scopedLive("no fiber, no descriptor and no process is left", () =>
    Effect.gen(function*() {
      const directory = yield* directoryWith({ pixi: executable })
      const fs = yield* FileSystem.FileSystem
      yield* fs.chmod(`${directory}/pixi`, 0o755)
      const paths = Array.from({ length: environments }, (_, at) => `${directory}/${at}`)
      yield* Effect.forEach(paths, (path) =>
        Effect.gen(function*() {
          yield* fs.makeDirectory(`${path}/.pixi/envs/default/conda-meta`, { recursive: true })
          yield* fs.writeFileString(`${path}/pixi.toml`, manifestText("").replace("linux-64", platform))
          yield* fs.writeFileString(`${path}/pixi.lock`, lock)
        }))
      yield* Effect.gen(function*() {
        const manager = yield* PackageManager
        const round = (path: string) =>
          Effect.all([
            manager.list({ path }),
            manager.install({ path }),
            manager.status({ path }),
            // It ends before its standard input does.
            Output.observe(manager.run({ path, command: ["true"] }), () => Effect.void),
            Effect.flatMap(Effect.fork(manager.install({ path })), Fiber.interrupt)
          ])
        const supervisor = yield* Supervisor.track
        const left = Effect.all({
          fibers: Effect.map(supervisor.value, (fibers) => fibers.length),
          descriptors,
          children
        })
        yield* Effect.supervised(Effect.forEach(paths, round, { concurrency: 4 }), supervisor)
        yield* Effect.sleep("500 millis")
        const before = yield* left
        assert.deepInclude(before, { fibers: 0, children: 0 })
        yield* Effect.supervised(
          Effect.forEach(
            Array.from({ length: rounds * environments / 5 }, (_, at) => paths[at % environments] ?? directory),
            round,
            { concurrency: 8, discard: true }
          ),
          supervisor
        )
        yield* Effect.sleep("500 millis")
        assert.deepStrictEqual(yield* left, before)
        assert.deepStrictEqual(yield* fs.readDirectory(`${directory}/0`), [".pixi", "pixi.lock", "pixi.toml"])
      }).pipe(Effect.provide(Pixi.layer({ executable: `${directory}/pixi` })))
    }).pipe(Effect.provide(NodeContext.layer)), 900_000)
})
