/** What each operation of a real pixi and a real uv costs beside the plain commands. */
import * as Platform from "@darb/package-manager/driver/Platform"
import type { PackageManagerError } from "@darb/package-manager/PackageManagerError"
import type * as NodeContext from "@effect/platform-node/NodeContext"
import type { PlatformError } from "@effect/platform/Error"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { type Goal, Measured } from "../Comparison.js"
import * as Least from "../Least.js"
import type { Row } from "../Row.js"
import * as Subprocess from "../Subprocess.js"
import * as Tools from "../Tools.js"

type Arguments = ReadonlyArray<string>

interface Operation {
  readonly name: string
  /** Runs before each run, and is not measured. */
  readonly before?: ((path: string) => ReadonlyArray<Arguments>) | undefined
  readonly ours: (
    tool: Tools.Tool,
    path: string
  ) => Effect.Effect<unknown, PackageManagerError | PlatformError, NodeContext.NodeContext>
  /** The plain commands. */
  readonly plain: (path: string, channel: string) => ReadonlyArray<Arguments>
  readonly goals?: ReadonlyArray<Goal> | undefined
}

const goals: ReadonlyArray<Goal> = [{ figure: "wall", is: "more", atMost: 8 }, { figure: "cpu", is: "more", atMost: 8 }]

const listGoals: ReadonlyArray<Goal> = [
  { figure: "wall", is: "times", atMost: 1.08 },
  { figure: "cpu", is: "times", atMost: 4 }
]

/** Measures an effect without what runs before it. */
const after = (before: Effect.Effect<unknown>, run: Effect.Effect<unknown>) =>
  Effect.gen(function*() {
    yield* before
    const cpu = process.cpuUsage()
    const start = performance.now()
    yield* run
    const wall = performance.now() - start
    const { system, user } = process.cpuUsage(cpu)
    return new Measured({ wall, cpu: (user + system) / 1000 })
  })

const row = (
  { before = () => [], goals: own = goals, name, ours, plain }: Operation,
  tool: Effect.Effect<
    Tools.Tool | undefined,
    PackageManagerError | PlatformError,
    NodeContext.NodeContext | Scope.Scope
  >,
  start: (path: string, channel: string) => ReadonlyArray<Arguments>
): Row => ({
  name,
  prepare: Effect.gen(function*() {
    const made = yield* tool
    if (made === undefined) return undefined
    const { channel, directory, environment, executable } = made
    const context = yield* Effect.context<NodeContext.NodeContext>()
    let count = 0
    const run = (path: string, commands: ReadonlyArray<Arguments>) =>
      Effect.forEach(commands, (args) =>
        Subprocess.output(executable, args, {
          directory: existsSync(path) ? path : directory,
          environment
        }), { discard: true })
    /** Runs in an environment of its own, or in a new one each time. */
    const inEach = (name: string, use: (path: string) => Effect.Effect<unknown>) => {
      const path = join(directory, name)
      return Effect.suspend(() => {
        const at = start(path, channel).length === 0 ? `${path}-${count++}` : path
        const setUp = existsSync(at) ? Effect.void : run(at, start(at, channel))
        return after(Effect.andThen(setUp, run(at, before(at))), use(at))
      })
    }
    return {
      ours: inEach("ours", (path) => Effect.provide(Effect.orDie(ours(made, path)), context)),
      than: "the plain commands",
      baseline: inEach("plain", (path) => run(path, plain(path, channel))),
      goals: own,
      isLong: true,
      // A server has compiled this long ago.
      warmUp: 60
    }
  }).pipe(Effect.orDie)
})

const initPixi = (
  path: string,
  channel: string
): Arguments => ["init", "--channel", channel, "--platform", Platform.current(), path]

const inPixi = (name: string, path: string, ...more: Arguments): Arguments => [
  name,
  "--manifest-path",
  join(path, "pixi.toml"),
  ...more
]

/** Without bounds: what the goals of other rows are to be seen beside. */
const figures: ReadonlyArray<Goal> = [{ figure: "wall", is: "more" }, { figure: "cpu", is: "more" }]

const listFigures = figures.map((figure): Goal => ({ ...figure, is: "times" }))

const onPixi = (operation: Operation, packages: Arguments = ["app==1.0", "python"]) =>
  row(
    { ...operation, name: `pixi: ${operation.name}` },
    Tools.pixi,
    (path, channel) => packages.length === 0 ? [] : [initPixi(path, channel), inPixi("add", path, ...packages)]
  )

const initUv = (path: string): Arguments => ["init", "--bare", "--no-workspace", path]

const onUv = (operation: Operation, packages: Arguments = ["app==1.0"]) =>
  row(
    { ...operation, name: `uv: ${operation.name}` },
    Tools.uv,
    (path) => packages.length === 0 ? [] : [initUv(path), ["add", "--directory", path, ...packages]]
  )

const inUv = (name: string, path: string, ...more: Arguments): Arguments => [name, "--directory", path, ...more]

export const rows: ReadonlyArray<Row> = [
  onPixi({
    name: "init",
    ours: ({ channel, manager }, path) => manager.init({ path, channels: [channel], platforms: [Platform.current()] }),
    plain: (path, channel) => [initPixi(path, channel)]
  }, []),
  onPixi({
    name: "list",
    ours: ({ manager }, path) => manager.list({ path }),
    plain: (path) => [inPixi("list", path, "--json")],
    goals: listGoals
  }),
  onPixi({
    name: "list, the least",
    ours: (tool, path) =>
      Effect.flatMap(
        Least.make,
        ({ list }) => list({ ...tool, ...Least.ofPixi, path, args: inPixi("list", path, "--json") })
      ),
    plain: (path) => [inPixi("list", path, "--json")],
    goals: listFigures
  }),
  onPixi({
    name: "install",
    before: (path) => [inPixi("add", path, "greet==1.0")],
    ours: ({ manager }, path) => manager.install({ path, packages: ["greet==1.1"] }),
    plain: (path) => [inPixi("add", path, "greet==1.1")]
  }),
  onPixi({
    name: "install of nothing",
    ours: ({ manager }, path) => manager.install({ path }),
    plain: (path) => [inPixi("install", path)]
  }),
  onPixi({
    name: "install of nothing, the least",
    ours: (tool, path) =>
      Effect.flatMap(
        Least.make,
        ({ change }) => change({ ...tool, ...Least.ofPixi, path, args: inPixi("install", path) })
      ),
    plain: (path) => [inPixi("install", path)],
    goals: figures
  }),
  onPixi({
    name: "update",
    ours: ({ manager }, path) => manager.update({ path }),
    plain: (path) => [inPixi("update", path), inPixi("install", path)]
  }),
  onPixi({
    name: "remove",
    before: (path) => [inPixi("add", path, "libleaf==0.2.0")],
    ours: ({ manager }, path) => manager.remove({ path, packages: ["libleaf"] }),
    plain: (path) => [inPixi("remove", path, "libleaf")]
  }),
  onUv({
    name: "init",
    ours: ({ manager }, path) => manager.init({ path }),
    plain: (path) => [initUv(path)]
  }, []),
  onUv({
    name: "install",
    before: (path) => [inUv("add", path, "greet==1.0")],
    ours: ({ manager }, path) => manager.install({ path, packages: ["greet==1.1"] }),
    plain: (path) => [inUv("add", path, "greet==1.1")]
  }),
  onUv({
    name: "sync of nothing",
    ours: ({ manager }, path) => manager.install({ path }),
    plain: (path) => [inUv("sync", path)]
  }),
  onUv({
    name: "sync of nothing, the least",
    ours: (tool, path) =>
      Effect.flatMap(Least.make, ({ change }) => change({ ...tool, ...Least.ofUv, path, args: inUv("sync", path) })),
    plain: (path) => [inUv("sync", path)],
    goals: figures
  }),
  onUv({
    name: "lock of nothing",
    ours: ({ manager }, path) => manager.install({ path, noInstall: true }),
    plain: (path) => [inUv("lock", path)]
  }),
  onUv({
    name: "update",
    ours: ({ manager }, path) => manager.update({ path }),
    plain: (path) => [inUv("sync", path, "--upgrade")]
  }),
  onUv({
    name: "remove",
    before: (path) => [inUv("add", path, "libleaf==0.2.0")],
    ours: ({ manager }, path) => manager.remove({ path, packages: ["libleaf"] }),
    plain: (path) => [inUv("remove", path, "libleaf")]
  })
]
