/** What it costs to read environments of real size: their prefixes, their lists and their lock files. */
import * as Changes from "@darb/package-manager/Changes"
import * as Pixi from "@darb/pixi/Pixi"
import * as PixiPrefix from "@darb/pixi/PixiPrefix"
import * as UvPrefix from "@darb/uv/UvPrefix"
import type * as NodeContext from "@effect/platform-node/NodeContext"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import * as Yaml from "js-yaml"
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { monitorEventLoopDelay } from "node:perf_hooks"
import { type Goal, Measured } from "../Comparison.js"
import * as Environments from "../Environments.js"
import * as Fixtures from "../Fixtures.js"
import type { Row } from "../Row.js"
import * as Subprocess from "../Subprocess.js"

const times = (figure: string, atMost: number): Goal => ({ figure, is: "times", atMost })

const temporary = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  return yield* Effect.flatMap(fs.makeTempDirectoryScoped({ prefix: "darb-bench-" }), fs.realPath)
}).pipe(Effect.orDie)

const count = 500

/** An environment of pixi with a pixi that answers at once. */
const pixi = Effect.gen(function*() {
  const directory = yield* temporary
  const path = join(directory, "environment")
  Environments.pixi(path, count)
  const executable = Environments.fakePixi(directory, count)
  return { executable, manager: yield* Pixi.make({ executable }), path }
})

const parseAll = (meta: string) =>
  Effect.sync(() => readdirSync(meta).map((name): unknown => JSON.parse(readFileSync(join(meta, name), "utf8"))))

const parsed = "reading, JSON.parse"

const metaOf = (path: string) => join(path, ".pixi", "envs", "default", "conda-meta")

/** A run that also returns how long the event loop was blocked at most. */
const watched = (run: Effect.Effect<unknown>) =>
  Effect.gen(function*() {
    const delay = monitorEventLoopDelay({ resolution: 1 })
    delay.enable()
    yield* run
    yield* Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 2)))
    delay.disable()
    return new Measured({ block: delay.max / 1e6 })
  })

const dependencies = Array.from({ length: 20 }, (_, at) => `${Fixtures.nameOf(at * 5)} = "*"\n`).join("")

/** Dependencies that conda packages provide, under the names that the lock file maps. */
const pypi = Array.from({ length: 20 }, (_, at) => `py-${Fixtures.nameOf(10 + at * 5)} = "*"\n`).join("")

const manifest = `[workspace]
name = "bench"
channels = ["conda-forge"]
platforms = ["linux-64", "osx-arm64", "win-64"]

[dependencies]
${dependencies}
[pypi-dependencies]
${pypi}
[environments]
test = []
`

/** The entries of a lock file with that many, of which some differ. */
const entries = (length: number, changed: number): ReadonlyArray<Changes.Entry> =>
  Array.from({ length }, (_, at) => ({
    environment: at % 2 === 0 ? "default" : "test",
    platform: ["linux-64", "osx-arm64", "win-64", "osx-64"][at % 4] ?? "",
    kind: "conda" as const,
    name: Fixtures.nameOf(at),
    version: `1.${at % changed === 0 ? changed : 0}`,
    build: "0",
    source: Fixtures.forge
  }))

const row = (name: string, prepare: Row["prepare"]): Row => ({ name, prepare })

/** Rounds after which all is compiled, as on a server. */
const warmUp = 30

export const rows: ReadonlyArray<Row> = [
  row(
    "list: 500 packages, fake pixi",
    Effect.gen(function*() {
      const { executable, manager, path } = yield* pixi
      const args = ["list", "--manifest-path", join(path, "pixi.toml"), "--json"]
      return {
        ours: Effect.orDie(manager.list({ path })),
        than: "spawn, JSON.parse",
        baseline: Effect.map(Subprocess.output(executable, args), (text): unknown => JSON.parse(text)),
        goals: [times("wall", 4), times("cpu", 6)],
        warmUp
      }
    })
  ),
  row(
    "status: 500 packages of pixi",
    Effect.gen(function*() {
      const { manager, path } = yield* pixi
      return {
        ours: Effect.orDie(manager.status({ path })),
        than: parsed,
        baseline: parseAll(metaOf(path)),
        goals: [times("wall", 0.3)],
        warmUp
      }
    })
  ),
  row(
    "prefix: 500 packages of pixi",
    Effect.gen(function*() {
      const context = yield* Effect.context<NodeContext.NodeContext>()
      const { path } = yield* pixi
      return {
        ours: Effect.orDie(Effect.provide(PixiPrefix.read(join(path, ".pixi", "envs", "default")), context)),
        than: parsed,
        baseline: parseAll(metaOf(path)),
        goals: [times("wall", 0.3)]
      }
    })
  ),
  row(
    "prefix: 500 packages of uv",
    Effect.gen(function*() {
      const context = yield* Effect.context<NodeContext.NodeContext>()
      const directory = yield* temporary
      Environments.venv(join(directory, "venv"), count)
      Environments.condaMeta(join(directory, "meta"), count)
      return {
        ours: Effect.orDie(Effect.provide(UvPrefix.read(join(directory, "venv")), context)),
        than: `${parsed} of conda's`,
        baseline: parseAll(join(directory, "meta")),
        goals: [times("wall", 0.8)]
      }
    })
  ),
  row(
    "install: nothing, a lock of 11 MB",
    Effect.gen(function*() {
      const { manager, path } = yield* pixi
      const lock = Fixtures.pixiLock(11_000_000)
      mkdirSync(path, { recursive: true })
      writeFileSync(join(path, "pixi.toml"), manifest)
      writeFileSync(join(path, "pixi.lock"), lock)
      return {
        ours: watched(Effect.orDie(manager.install({ path }))),
        than: "js-yaml",
        baseline: Effect.sync(() => Yaml.load(lock)),
        goals: [times("wall", 0.3), { figure: "block", is: "value", atMost: 60 }],
        rounds: 5,
        warmUp: 1
      }
    })
  ),
  row(
    "changes: two of 40,000 entries",
    Effect.sync(() => {
      const [before, after] = [entries(40_000, 100), entries(40_000, 90)]
      const keyOf = (entry: Changes.Entry) =>
        JSON.stringify([entry.environment, entry.platform, entry.kind, entry.name])
      return {
        ours: Effect.sync(() => Changes.between(before, after)),
        than: "a key per place",
        baseline: Effect.sync(() => {
          const places = new Map(before.map((entry) => [keyOf(entry), entry]))
          return after.filter((entry) => places.get(keyOf(entry))?.version !== entry.version)
        }),
        goals: [{ figure: "wall", is: "value", atMost: 100 }]
      }
    })
  )
]
