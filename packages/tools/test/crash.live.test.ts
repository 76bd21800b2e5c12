import { describeEach } from "@darb/laws/LiveSuite"
import { directoryWith, filesOf } from "@darb/laws/TestDirectory"
import type { ExecutableOptions } from "@darb/package-manager/driver/executable/ExecutableDescription"
import * as Platform from "@darb/package-manager/driver/Platform"
import * as Output from "@darb/package-manager/Output"
import type { InitOptions } from "@darb/package-manager/PackageManager"
import * as Pixi from "@darb/pixi/Pixi"
import * as CondaChannel from "@darb/testing/CondaChannel"
import * as WheelDirectory from "@darb/testing/WheelDirectory"
import * as Uv from "@darb/uv/Uv"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as FileSystem from "@effect/platform/FileSystem"
import { assert, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { spawn } from "node:child_process"
import { createServer } from "node:http"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import type { Assignment } from "../src/faults/OtherProgram.js"

/** An event, or how the operation ended. */
interface Said {
  readonly _tag?: string
  readonly command?: ReadonlyArray<string>
  readonly succeeded?: boolean
  /** The tag of the error. */
  readonly failed?: string
  readonly defect?: string
}

interface Program {
  /** Waits until it says something. Dies if it fails before. */
  readonly says: (what: (said: Said) => boolean) => Effect.Effect<void>
  readonly kill: Effect.Effect<void>
}

/** A home and caches of its own, in a directory. */
const environmentIn = (home: string) => ({
  HOME: home,
  // uv keeps a lock there for each project.
  TMPDIR: home,
  PIXI_HOME: `${home}/pixi`,
  PIXI_CACHE_DIR: `${home}/cache`,
  UV_CACHE_DIR: `${home}/uv-cache`,
  UV_PYTHON_DOWNLOADS: "never",
  XDG_CONFIG_HOME: `${home}/config`,
  NO_PROXY: "127.0.0.1",
  no_proxy: "127.0.0.1"
})

/** Makes the import of the addon with the locks of the operating system fail. */
const withoutAddon = [
  "--import",
  `data:text/javascript,${
    encodeURIComponent(`
      import { register } from "node:module"
      register("data:text/javascript," + encodeURIComponent(\`
        export const resolve = (specifier, context, next) => {
          if (specifier === "fs-native-extensions") throw new Error("EMFILE")
          return next(specifier, context)
        }
      \`))`)
  }`
]

/** Another program that installs a package. */
const program = (
  driver: Assignment["driver"],
  executable: string,
  home: string,
  path: string,
  spec: string | Partial<Assignment["operation"]>,
  nodeOptions: ReadonlyArray<string> = []
) =>
  Effect.acquireRelease(
    Effect.sync((): Program => {
      const file = fileURLToPath(new URL("../dist/faults/perform.js", import.meta.url))
      const assignment: Assignment = {
        driver,
        options: { executable, environment: environmentIn(home), root: path.replace(/\/[^/]*$/, "") },
        operation: { name: "install", path, ...(typeof spec === "string" ? { packages: [spec] } : spec) }
      }
      const child = spawn(process.execPath, [...nodeOptions, file, JSON.stringify(assignment)], {
        stdio: ["ignore", "pipe", "inherit"]
      })
      const all: Array<Said> = []
      const heard = new Set<() => void>()
      createInterface(child.stdout).on("line", (line) => {
        all.push(JSON.parse(line))
        for (const listen of heard) listen()
      })
      return {
        says: (what) =>
          Effect.async((resume) => {
            const listen = () => {
              const why = all.find(({ defect, failed }) => defect !== undefined || failed !== undefined)
              if (all.some(what)) resume(Effect.void)
              else if (why !== undefined) resume(Effect.dieMessage(JSON.stringify(why)))
            }
            heard.add(listen)
            listen()
          }),
        kill: Effect.async<void>((resume) => {
          if (child.exitCode !== null || child.signalCode !== null) return resume(Effect.void)
          child.once("exit", () => resume(Effect.void))
          child.kill("SIGKILL")
        })
      }
    }),
    ({ kill }) => kill
  )

const isInstalled = ({ succeeded }: Said) => succeeded === true

const isWaiting = ({ _tag }: Said) => _tag === "Waiting"

/** It has started what changes the environment. */
const isAdding = ({ _tag, command }: Said) => _tag === "Started" && command?.[1] === "add"

/** What differs between the managers. */
interface Kind {
  readonly name: "pixi" | "uv"
  /** An index with the example packages, where the download of `bulky` stalls. */
  readonly served: typeof served.pixi | typeof served.uv
  readonly make: (options: ExecutableOptions) => ReturnType<typeof Pixi.make> | ReturnType<typeof Uv.make>
  readonly init: (url: string) => Partial<InitOptions>
  readonly manifest: string
  readonly prefix: string
  /** What its processes have among their arguments. */
  readonly argument: (path: string) => string
}

const served = {
  pixi: Effect.gen(function*() {
    const channel = yield* CondaChannel.make(CondaChannel.examples)
    return yield* CondaChannel.serve(channel, { stall: /bulky-1\.0/ })
  }),
  uv: Effect.gen(function*() {
    const index = yield* WheelDirectory.make(WheelDirectory.examples)
    return yield* WheelDirectory.serve(index, { stall: /bulky-1\.0.*\.whl$/ })
  })
}

const pixi: Kind = {
  name: "pixi",
  served: served.pixi,
  make: Pixi.make,
  init: (url) => ({ channels: [url], platforms: [Platform.current()] }),
  manifest: "pixi.toml",
  prefix: ".pixi/envs",
  argument: (path) => `--manifest-path ${path}`
}

const uv: Kind = {
  name: "uv",
  served: served.uv,
  make: Uv.make,
  init: (url) => ({ indexes: [url] }),
  manifest: "pyproject.toml",
  prefix: ".venv",
  argument: (path) => `--directory ${path}`
}

const setting = Effect.fnUntraced(function*({ init, make, served }: Kind, executable: string) {
  const index = yield* served
  const home = yield* directoryWith({})
  const root = yield* directoryWith({})
  const packageManager = yield* make({ executable, limit: "30 seconds", environment: environmentIn(home), root })
  const path = `${root}/env`
  yield* packageManager.init({ path, ...init(index.url) })
  yield* packageManager.install({ path, packages: ["greet==1.0"] })
  return { home, packageManager, path, root, served: index }
})

const tracked = (path: string) =>
  Effect.map(
    filesOf(path),
    (files) => Object.fromEntries(Object.entries(files).filter(([name]) => !/^\.(pixi|venv|darb)/.test(name)))
  )

const layer = Layer.merge(
  NodeContext.layer,
  NodeHttpServer.layer(() => createServer(), { port: 0, host: "127.0.0.1" })
)

const suite = (kind: Kind) => (executable: string) => {
  it.scopedLive(
    "what a program that was killed has left is undone by the next operation, of whatever kind",
    () =>
      Effect.gen(function*() {
        const { home, packageManager, path, served } = yield* setting(kind, executable)
        const fs = yield* FileSystem.FileSystem
        const before = yield* tracked(path)
        for (
          const next of [
            packageManager.install({ path }),
            Effect.asVoid(packageManager.list({ path })),
            Effect.asVoid(packageManager.getManifest({ path }))
          ]
        ) {
          const killed = yield* program(kind.name, executable, home, path, "bulky")
          yield* killed.says(isAdding)
          yield* served.stalled
          yield* killed.kill
          assert.isTrue(yield* fs.exists(`${path}/.darb/journal`))
          // The same as a kill in the middle of a write.
          yield* fs.writeFileString(`${path}/${kind.manifest}`, "[proj")

          yield* next
          assert.deepStrictEqual(yield* tracked(path), before)
          assert.isFalse(yield* fs.exists(`${path}/.darb`))
          const { stdout } = yield* processesOf(kind.argument(path))
          assert.strictEqual(stdout, "")
        }
        assert.deepStrictEqual((yield* packageManager.list({ path })).map(({ name }) => name), ["greet"])
      }).pipe(Effect.scoped, Effect.provide(layer)),
    120_000
  )

  it.scopedLive.each(
    [
      ["both programs", withoutAddon, withoutAddon],
      ["the first program", withoutAddon, []],
      ["the second program", [], withoutAddon]
    ] as const
  )(
    "where the addon of %s cannot be loaded, nobody ends the first one, and the next one recovers what it has left",
    ([, first, second]) =>
      Effect.gen(function*() {
        const { home, packageManager, path, served } = yield* setting(kind, executable)
        const fs = yield* FileSystem.FileSystem
        const slow = yield* program(kind.name, executable, home, path, "bulky", first)
        yield* slow.says(isAdding)
        yield* served.stalled
        const { stdout } = yield* processesOf(kind.argument(path))
        assert.notStrictEqual(stdout, "")
        const next = yield* program(kind.name, executable, home, path, "libleaf", second)
        yield* next.says(isWaiting)
        // Reading leaves the one who is at work alone.
        yield* packageManager.list({ path })
        const before = yield* packageManager.getManifest({ path })
        assert.deepStrictEqual({ ...before.packages, ...before.pypiPackages }, { greet: "==1.0" })
        yield* Effect.sleep("500 millis")
        assert.strictEqual((yield* processesOf(kind.argument(path))).stdout, stdout)
        assert.isTrue(yield* fs.exists(`${path}/.darb/journal`))

        yield* slow.kill
        yield* next.says(isInstalled)
        const { packages, pypiPackages } = yield* packageManager.getManifest({ path })
        assert.deepStrictEqual(Object.keys({ ...packages, ...pypiPackages }).sort(), ["greet", "libleaf"])
        assert.strictEqual((yield* processesOf(kind.argument(path))).stdout, "")
        assert.isFalse(yield* fs.exists(`${path}/.darb`))
      }).pipe(Effect.scoped, Effect.provide(layer)),
    120_000
  )

  it.scopedLive(
    "what a program that was killed during a dry run has left is undone",
    () =>
      Effect.gen(function*() {
        const { home, packageManager, path } = yield* setting(kind, executable)
        const fs = yield* FileSystem.FileSystem
        const before = yield* filesOf(path)
        // The dry run may have ended before it is killed.
        const kill = Effect.gen(function*() {
          const killed = yield* program(kind.name, executable, home, path, { packages: ["libleaf"], dryRun: true })
          yield* killed.says(isAdding)
          yield* killed.kill
          return yield* fs.exists(`${path}/.darb/journal`)
        })
        assert.isTrue(yield* Effect.repeat(kill, { times: 5, until: (found) => found }))
        yield* packageManager.list({ path })
        assert.deepStrictEqual(yield* filesOf(path), before)
        assert.strictEqual((yield* processesOf(kind.argument(path))).stdout, "")
      }).pipe(Effect.scoped, Effect.provide(layer)),
    120_000
  )

  it.scopedLive(
    "clean and destroy that are killed while they delete leave nothing half there, and the next operation deletes the rest",
    () =>
      Effect.gen(function*() {
        const { home, packageManager, path, root } = yield* setting(kind, executable)
        const fs = yield* FileSystem.FileSystem
        const many = Effect.gen(function*() {
          for (let at = 0; at < 60; at++) {
            const directory = `${path}/${kind.prefix}/many/${at}`
            yield* fs.makeDirectory(directory, { recursive: true })
            yield* Effect.forEach(Array.from({ length: 100 }, (_, file) => `${directory}/${file}`), (file) =>
              fs.writeFileString(file, ""), { concurrency: 50, discard: true })
          }
        })
        /** Kills it as soon as it has renamed something. */
        const killed = Effect.fnUntraced(function*(name: "clean" | "destroy", directory: string, left: RegExp) {
          yield* many
          const leftovers = Effect.map(fs.readDirectory(directory), (names) =>
            names.filter((name) =>
              left.test(name)
            ))
          const gone = Effect.map(fs.exists(`${path}/${kind.prefix}/many`), (exists) => !exists)
          const other = yield* program(kind.name, executable, home, path, { name })
          yield* Effect.repeat(gone, { until: (gone) => gone })
          yield* other.kill
          assert.lengthOf(yield* leftovers, 1)
          return leftovers
        })
        const before = yield* tracked(path)
        const renamed = yield* killed("clean", path, /^\.darb-\w{6}$/)
        assert.isFalse(yield* fs.exists(`${path}/${kind.prefix}`))
        assert.isTrue((yield* packageManager.install({ path })).isEmpty)
        assert.deepStrictEqual([yield* renamed, yield* tracked(path)], [[], before])

        const destroyed = yield* killed("destroy", root, /^\.darb-destroyed-\w{8}$/)
        assert.isFalse(yield* fs.exists(path))
        assert.lengthOf([...yield* Stream.runCollect(packageManager.environments)], 0)
        assert.deepStrictEqual([yield* destroyed, yield* filesOf(root)], [[], {}])
      }).pipe(Effect.scoped, Effect.provide(layer)),
    120_000
  )

  it.scopedLive(
    "two programs that change one environment wait for each other, and the one that waits says so",
    () =>
      Effect.gen(function*() {
        const { home, packageManager, path } = yield* setting(kind, executable)
        const programs = yield* Effect.all([
          program(kind.name, executable, home, path, "libleaf"),
          program(kind.name, executable, home, path, "app==1.0")
        ])
        const events: Array<Output.Event> = []
        yield* Output.observe(
          packageManager.install({ path, packages: ["greet==1.1"] }),
          (event) => Effect.sync(() => events.push(event))
        )
        yield* Effect.forEach(programs, ({ says }) => says(isInstalled))
        const { packages, pypiPackages } = yield* packageManager.getManifest({ path })
        assert.deepStrictEqual(Object.keys({ ...packages, ...pypiPackages }).sort(), ["app", "greet", "libleaf"])
        assert.isTrue((yield* packageManager.install({ path, locked: true })).isEmpty)
      }).pipe(Effect.scoped, Effect.provide(layer)),
    120_000
  )

  it.scopedLive(
    "who waits for another program can be interrupted, knows for whom it waits, and destroys nothing meanwhile",
    () =>
      Effect.gen(function*() {
        const { home, packageManager, path, root, served } = yield* setting(kind, executable)
        const fs = yield* FileSystem.FileSystem
        const other = yield* program(kind.name, executable, home, path, "bulky")
        yield* Effect.all([other.says(isAdding), served.stalled])
        const seen = yield* Deferred.make<Output.Waiting>()
        const fiber = yield* Effect.fork(
          Output.observe(
            packageManager.install({ path, packages: ["libleaf"] }),
            (event) => event._tag === "Waiting" ? Effect.asVoid(Deferred.succeed(seen, event)) : Effect.void
          )
        )
        const { holder } = yield* Deferred.await(seen)
        assert.strictEqual(holder?.operation, "install")
        assert.isTrue(Math.abs(Date.now() - (holder?.since ?? 0)) < 60_000)
        yield* Fiber.interrupt(fiber)
        // Reading does not wait, and leaves the one who is at work alone.
        const { packages, pypiPackages } = yield* packageManager.getManifest({ path })
        assert.deepStrictEqual({ ...packages, ...pypiPackages }, { greet: "==1.0" })

        const impatient = yield* kind.make({
          executable,
          waitLimit: "500 millis",
          environment: environmentIn(home),
          root
        })
        const found = yield* tracked(path)
        for (const operation of ["destroy", "clean"] as const) {
          const error = yield* Effect.flip(impatient[operation]({ path }))
          assert.deepInclude({ ...error }, { _tag: "EnvironmentBusy", operation, environment: path, holder })
        }
        assert.deepStrictEqual(yield* tracked(path), found)
        assert.include(yield* fs.readDirectory(path), kind.prefix.split("/")[0])
        yield* other.kill
        assert.deepStrictEqual(
          (yield* packageManager.install({ path, packages: ["libleaf"] })).added.map(({ name }) => name),
          ["libleaf"]
        )
      }).pipe(Effect.scoped, Effect.provide(layer)),
    120_000
  )
}

describeEach(process.env, "DARB_TEST_PIXI", suite(pixi))
describeEach(process.env, "DARB_TEST_UV", suite(uv))

/** What runs with an argument that names the environment. */
const processesOf = (argument: string) =>
  Effect.async<{ readonly stdout: string }>((resume) => {
    const child = spawn("pgrep", ["-f", "--", argument], { stdio: ["ignore", "pipe", "ignore"] })
    let stdout = ""
    child.stdout.on("data", (data) => stdout += data)
    child.once("close", () => resume(Effect.succeed({ stdout })))
  })
