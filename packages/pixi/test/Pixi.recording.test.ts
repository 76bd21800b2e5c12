import { directoryWith, filesOf, settled } from "@darb/laws/TestDirectory"
import { PackageManager } from "@darb/package-manager/PackageManager"
import * as MockExecutor from "@darb/testing/MockExecutor"
import * as Recording from "@darb/testing/Recording"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as Command from "@effect/platform/Command"
import * as FileSystem from "@effect/platform/FileSystem"
import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/TestClock"
import { readdirSync, readFileSync } from "node:fs"
import * as Pixi from "../src/Pixi.js"

const pixi = new URL("recordings/pixi-0.77.0/", import.meta.url)

const recorded = (scenario: string) => Recording.decode(readFileSync(new URL(`${scenario}.json`, pixi), "utf8"))

/** Drives a pixi 0.77.0 that answers as a recorded one did. */
const replaying = Effect.fnUntraced(function*<A, E>(
  scenario: string,
  use: (
    packageManager: PackageManager["Type"],
    path: string,
    replay: Recording.Replay
  ) => Effect.Effect<A, E, MockExecutor.MockExecutor | FileSystem.FileSystem>,
  options?: Partial<Recording.ReplayOptions>
) {
  const path = `${yield* directoryWith({})}/ws`
  const replay = yield* Recording.replay(yield* recorded(scenario), {
    directory: path,
    values: { CHANNEL: "/channel" },
    ...options,
    otherwise: { "--version": { stdout: "pixi 0.77.0\n" }, ...options?.otherwise }
  })
  return yield* Effect.flatMap(PackageManager, (packageManager) => use(packageManager, path, replay)).pipe(
    Effect.provide(Pixi.layer().pipe(Layer.provideMerge(MockExecutor.layer(replay.answer))))
  )
})

const init = (packageManager: PackageManager["Type"], path: string) =>
  packageManager.init({ path, channels: ["file:///channel"], platforms: ["linux-64"] })

const readText = (path: string) => Effect.flatMap(FileSystem.FileSystem, (fs) => fs.readFileString(path))

/** Asks for a command by itself, with what it printed. */
const ask = (replay: Recording.Replay, ...argv: ReadonlyArray<string>) =>
  replay.answer({ argv: ["tool", ...argv], directory: undefined, environment: {} })

/** What the defect says that a command has because it was not recorded. */
const problemOf = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.exit(effect), (exit) => {
    const [defect] = Exit.isFailure(exit) ? Cause.defects(exit.cause) : []
    assert.instanceOf(defect, Recording.NotRecorded)
    return defect.message
  })

const step = (argv: string, options: Partial<typeof Recording.Ended.Type> = {}): Recording.Step => ({
  argv: argv.split(" "),
  exit: 0,
  stdout: "",
  stderr: "",
  changed: {},
  ...options
})

const replayOf = (
  directory: string,
  steps: ReadonlyArray<Recording.Step>,
  options?: Partial<Recording.ReplayOptions>
) => Recording.replay({ scenario: "made up", steps }, { directory, ...options })

describe("Recording", () => {
  it.scoped("the driver makes, fills and lists an environment as it did on the real pixi", () =>
    replaying("list", (packageManager, path, replay) =>
      Effect.gen(function*() {
        const manifest = yield* init(packageManager, path)
        assert.deepStrictEqual(manifest.channels, ["file:///channel"])
        assert.include(yield* readText(`${path}/.gitignore`), "# pixi environments")

        const changes = yield* packageManager.install({ path, packages: ["app"] })
        assert.deepStrictEqual(changes.added.map(({ name }) => name), ["app", "greet", "libleaf"])
        assert.include(yield* readText(`${path}/pixi.toml`), "app = \">=2.0,<3\"")
        assert.include(yield* readText(`${path}/pixi.lock`), "- conda: /channel/noarch/greet-2.0-0.tar.bz2")
        assert.strictEqual(yield* readText(`${path}/.pixi/envs/default/share/app.txt`), "")

        const packages = yield* packageManager.list({ path })
        assert.deepStrictEqual(
          packages.map(({ name, version }) => `${name} ${version}`),
          ["app 2.0", "greet 2.0", "libleaf 0.2.0"]
        )
        assert.deepStrictEqual((yield* replay.remaining).map(([command]) => command), ["list", "list", "list"])
      })).pipe(Effect.provide(NodeContext.layer)))

  it.scoped("a package that was removed is gone from the files", () =>
    replaying("remove", (packageManager, path, replay) =>
      Effect.gen(function*() {
        yield* init(packageManager, path)
        yield* packageManager.install({ path, packages: ["libleaf", "greet"] })
        const before = yield* filesOf(`${path}/.pixi/envs/default`)
        const changes = yield* packageManager.remove({ path, packages: ["greet"] })
        assert.deepStrictEqual(changes.removed.map(({ name }) => name), ["greet"])
        const after = yield* filesOf(`${path}/.pixi/envs/default`)
        assert.deepStrictEqual(
          Object.keys(before).filter((name) => !(name in after)),
          ["conda-meta/greet-2.0-0.json", "share/greet.txt"]
        )
        assert.deepStrictEqual(yield* replay.remaining, [])
      })).pipe(Effect.provide(NodeContext.layer)))

  it.scoped("what was prepared is there when it is asked for, and what was not recorded has an answer", () =>
    replaying("update", (packageManager, path, replay) =>
      Effect.gen(function*() {
        yield* init(packageManager, path)
        yield* packageManager.install({ path, packages: ["greet==1.0"] })
        assert.include(yield* readText(`${path}/pixi.toml`), "greet = \"==1.0\"")
        yield* replay.prepare
        assert.include(yield* readText(`${path}/pixi.toml`), "greet = \"*\"")
        const { changed } = yield* packageManager.update({ path })
        assert.deepStrictEqual(changed.map(({ after, name }) => [name, after.version]), [["greet", "2.0"]])
        const { invocations } = yield* MockExecutor.MockExecutor
        assert.deepStrictEqual(
          invocations.map(({ argv }) => argv[1]),
          ["--version", "init", "add", "update", "install"]
        )
      }), { otherwise: { install: {} } }).pipe(Effect.provide(NodeContext.layer)))

  it.scoped("a failure is the one that the real pixi had, and the files are as before", () =>
    replaying("add-not-found", (packageManager, path) =>
      Effect.gen(function*() {
        yield* init(packageManager, path)
        const before = yield* readText(`${path}/pixi.toml`)
        const error = yield* Effect.flip(packageManager.install({ path, packages: ["nonexistent-pkg"] }))
        assert.deepStrictEqual(error._tag === "PackageNotFound" ? error.packages : error, ["nonexistent-pkg"])
        assert.strictEqual(yield* readText(`${path}/pixi.toml`), before)
      })).pipe(Effect.provide(NodeContext.layer)))

  it.scoped("what was not recorded is a defect that names it and what was expected", () =>
    replaying("list", (packageManager, path) =>
      Effect.gen(function*() {
        yield* init(packageManager, path)
        assert.strictEqual(
          yield* problemOf(packageManager.install({ path, packages: ["greet"] })),
          `The recording list does not answer pixi add --manifest-path ${path}/pixi.toml -- greet: ` +
            `expected add --manifest-path ${path}/pixi.toml app`
        )
      })).pipe(Effect.provide(NodeContext.layer)))

  it.scoped("a command runs as long as is wanted", () =>
    replaying("list", (packageManager, path) =>
      Effect.gen(function*() {
        const { running } = yield* MockExecutor.MockExecutor
        const making = yield* Effect.fork(init(packageManager, path))
        yield* settled(Effect.sync(running), (count) => count === 1)
        yield* TestClock.adjust("59 seconds")
        assert.strictEqual(running(), 1)
        assert.isNull(making.unsafePoll())
        yield* TestClock.adjust("1 second")
        yield* Fiber.join(making)
        assert.strictEqual(running(), 0)
      }), { duration: "1 minute" }).pipe(Effect.provide(NodeContext.layer)))

  it.scoped("commands are answered in their order; only those that changed nothing are passed over", () =>
    Effect.gen(function*() {
      const directory = yield* directoryWith({})
      const replay = yield* replayOf(directory, [
        step("info"),
        { write: "prepared", text: "$X $WS $TMP $Y" },
        step("list", { stdout: "none" }),
        step("add a", { changed: { added: "a" } }),
        step("list", { stdout: "a" }),
        step("list", { stdout: "a again" })
      ], { values: { X: "x" } })
      assert.strictEqual((yield* ask(replay, "list")).stdout, "none")
      assert.deepStrictEqual(yield* filesOf(directory), {
        prepared: `x ${directory} ${directory.replace(/\/[^/]*$/, "")} $Y`
      })
      assert.strictEqual(
        yield* problemOf(ask(replay, "list")),
        "The recording made up does not answer tool list: expected add a"
      )
      yield* ask(replay, "add", "a")
      assert.strictEqual((yield* ask(replay, "list")).stdout, "a")
      assert.deepStrictEqual(yield* replay.remaining, [["list"]])
      assert.strictEqual((yield* ask(replay, "list")).stdout, "a again")
      assert.strictEqual(
        yield* problemOf(ask(replay, "info")),
        "The recording made up does not answer tool info: nothing more was recorded"
      )
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scoped("files change as they did", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const parent = yield* directoryWith({ "ws/own": "" })
      const directory = `${parent}/ws`
      const replay = yield* replayOf(directory, [
        { write: "../beside", text: "" },
        { mkdir: "deep/er" },
        { write: "file", text: "one = 1\ntwo = 2\n" },
        { substitute: "file", pattern: "^(\\w+) = (\\d)$", with: "\\2 = \\1 $WS" },
        { chmod: "file", mode: 0o444 },
        { cwd: "$WS" },
        { env: { NO_COLOR: null } },
        step("first", { changed: { "sub/new": "$WS", prefix: [".pixi/a", ".pixi/b"], venv: true } }),
        { delete: "deep" },
        step("second", { changed: { "sub/new": null, prefix: [".pixi/b"], venv: false } })
      ])
      yield* replay.prepare
      const prepared = { own: "", file: `1 = one ${directory}\n2 = two ${directory}\n` }
      assert.deepStrictEqual(yield* filesOf(directory), {
        ...prepared,
        deep: "(Directory)",
        "deep/er": "(Directory)"
      })
      assert.strictEqual((yield* fs.stat(`${directory}/file`)).mode & 0o777, 0o444)
      assert.isTrue(yield* fs.exists(`${parent}/beside`))

      yield* ask(replay, "first")
      assert.deepStrictEqual(yield* filesOf(directory), {
        ...prepared,
        deep: "(Directory)",
        "deep/er": "(Directory)",
        sub: "(Directory)",
        "sub/new": directory,
        ".pixi": "(Directory)",
        ".pixi/a": "",
        ".pixi/b": "",
        ".venv": "(Directory)",
        ".venv/pyvenv.cfg": ""
      })

      yield* fs.writeFileString(`${directory}/.pixi/own`, "")
      yield* ask(replay, "second")
      assert.deepStrictEqual(yield* filesOf(directory), {
        ...prepared,
        sub: "(Directory)",
        ".pixi": "(Directory)",
        ".pixi/b": "",
        ".pixi/own": ""
      })
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scoped("a process ends as it did, or not at all", () =>
    Effect.gen(function*() {
      const directory = yield* directoryWith({})
      const replay = yield* replayOf(directory, [
        step("fail", { exit: 3, stderr: "in $WS" }),
        step("die", { exit: -11 }),
        { argv: ["hang"], timeout: 120, stdout: "", stderr: "", changed: {} }
      ])
      const run = (name: string) => Effect.exit(Command.exitCode(Command.make("tool", name)))
      yield* Effect.gen(function*() {
        assert.strictEqual((yield* ask(replay, "fail")).stderr, `in ${directory}`)
        assert.include(String(yield* run("die")), "SIGSEGV")
        const hanging = yield* Effect.fork(run("hang"))
        yield* TestClock.adjust("365 days")
        assert.isNull(hanging.unsafePoll())
        yield* Fiber.interrupt(hanging)
        const { running, signals } = yield* MockExecutor.MockExecutor
        assert.deepStrictEqual([signals, running()], [["SIGTERM"], 0])
        const behaviour = { duration: "1 minute", ignores: ["SIGTERM"] } as const
        assert.deepInclude(yield* ask(yield* replayOf(directory, [step("slow")], behaviour), "slow"), behaviour)
      }).pipe(Effect.provide(MockExecutor.layer(replay.answer)))
    }).pipe(Effect.provide(NodeContext.layer)))

  it.effect("the recordings can be read", () =>
    Effect.gen(function*() {
      const all = new URL("recordings/", import.meta.url)
      const files = readdirSync(all, { recursive: true, encoding: "utf8" }).filter((name) =>
        // Of the failures of uv only what it said was kept.
        name.endsWith(".json") && !name.endsWith("failures.json")
      )
      assert.isAbove(files.length, 100)
      yield* Effect.forEach(files, (name) =>
        Recording.decode(readFileSync(new URL(name, all), "utf8")).pipe(
          Effect.tap(({ scenario }) => assert.include(name, `${scenario}.json`)),
          Effect.mapError((error) => new Error(`${name}: ${error.message}`))
        ))
      const { steps: [mode] } = yield* Recording.decode(
        `{"scenario":"x","steps":[{"chmod":"pixi.toml","mode":"0o444"}]}`
      )
      assert.deepStrictEqual(mode, { chmod: "pixi.toml", mode: 0o444 })
    }))

  it.effect("what is no recording is refused with the place at fault", () =>
    Effect.gen(function*() {
      const command = { argv: [], exit: 0, stdout: "", stderr: "", changed: {} }
      for (
        const [wrong, reason] of [
          [{ ...command, exit: -99 }, /\["steps"\][^]*\[0\][^]*-99 is neither an exit code nor/],
          [{ ...command, extra: 1 }, /\["extra"\]/],
          [{ substitute: "f", pattern: "(", with: "" }, /this is not a regular expression/],
          [{ wirte: "f", text: "" }, /\["wirte"\]/]
        ] as const
      ) {
        const error = yield* Effect.flip(Recording.decode(JSON.stringify({ scenario: "x", steps: [wrong] })))
        assert.match(error.message, reason)
      }
      assert.include((yield* Effect.flip(Recording.decode("{"))).message, "JSON")
    }))
})
