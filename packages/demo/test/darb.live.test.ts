/** The program with the real pixi: each of the executables in DARB_TEST_PIXI, which are separated by colons. */
import * as CondaChannel from "@darb/package-manager/testing/CondaChannel"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as Command from "@effect/platform/Command"
import * as FileSystem from "@effect/platform/FileSystem"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { createServer } from "node:http"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const program = fileURLToPath(new URL("../bin/darb.js", import.meta.url))

const executables = (process.env.DARB_TEST_PIXI ?? "").split(":").filter((path) => path !== "")

const services = Layer.merge(
  NodeContext.layer,
  NodeHttpServer.layerServer(createServer, { host: "127.0.0.1", port: 0 })
)

/** A machine of its own: a directory with everything that pixi would otherwise have in the user's. */
const makeMachine = Effect.gen(function*() {
  const fileSystem = yield* FileSystem.FileSystem
  const directory = yield* fileSystem.makeTempDirectoryScoped({ prefix: "darb-test-" })
  const [home, work, tmp] = yield* Effect.forEach(
    ["home", "work", "tmp"],
    (name) => Effect.as(fileSystem.makeDirectory(join(directory, name)), join(directory, name))
  )
  return {
    work: work!,
    tmp: tmp!,
    environment: {
      PATH: process.env.PATH!,
      HOME: home!,
      TMPDIR: tmp!,
      PIXI_HOME: join(home!, "pixi"),
      PIXI_CACHE_DIR: join(home!, "cache"),
      NO_PROXY: "127.0.0.1",
      no_proxy: "127.0.0.1"
    }
  }
})

type Machine = Effect.Effect.Success<typeof makeMachine>

const commandOf = ({ environment, work }: Machine, argv: ReadonlyArray<string>, env: Record<string, string>) =>
  Command.make(process.execPath, program, ...argv).pipe(
    Command.env({ ...environment, ...env }, { extendEnv: false }),
    Command.workingDirectory(work)
  )

const run = Effect.fnUntraced(function*(command: Command.Command) {
  const child = yield* Command.start(command)
  const [exitCode, stdout, stderr] = yield* Effect.all([child.exitCode, textOf(child.stdout), textOf(child.stderr)], {
    concurrency: "unbounded"
  })
  return { exitCode: Number(exitCode), stdout, stderr }
}, Effect.scoped)

const textOf = <E>(stream: Stream.Stream<Uint8Array, E>) => Stream.mkString(Stream.decodeText(stream))

describe.skipIf(executables.length > 0)("darb with the real pixi", () => {
  const title = "NOT TESTED: DARB_TEST_PIXI names no executable"
  if (process.env.CI) it(title, () => assert.fail("DARB_TEST_PIXI must be set in CI"))
  else it.skip(title, () => {})
})

describe.each(executables)("darb with %s", (executable) => {
  const darbOn = (machine: Machine) => (...argv: ReadonlyArray<string>) =>
    run(commandOf(machine, argv, { PACKAGE_MANAGER_PIXI_PATH: executable }))

  const jsonOn = (machine: Machine) => (...argv: ReadonlyArray<string>) =>
    darbOn(machine)("--json", ...argv).pipe(
      // Some old versions now and then do not come to an end.
      Effect.timeout("30 seconds"),
      Effect.retry({ times: 2 }),
      Effect.map(({ exitCode, stderr, stdout }) => ({
        exitCode,
        events: stderr.split("\n").slice(0, -1).map((line) => JSON.parse(line)),
        ...JSON.parse(stdout)
      }))
    )

  it.scopedLive("the story is told", () =>
    Effect.gen(function*() {
      const machine = yield* makeMachine
      const { exitCode, stdout } = yield* darbOn(machine)()
      assert.strictEqual(exitCode, 0, stdout)
      assert.match(stdout, /^8\. Cancel an install/m)
      assert.match(stdout, /^ {3}interrupted$/m)
      assert.match(stdout, /^All 8 steps did what they should/m)

      assert.notMatch(stdout, /\u001b/)
      yield* assertTidy(machine)
    }).pipe(Effect.provide(services)), 200_000)

  it.scopedLive("the story is told to programs", () =>
    Effect.gen(function*() {
      const machine = yield* makeMachine
      const { events, exitCode, ok, value } = yield* jsonOn(machine)("story")
      assert.strictEqual(exitCode, 0)
      assert.isTrue(ok)
      assert.strictEqual(value.steps.length, 8)
      assert.strictEqual(value.steps[6].result._tag, "Unsolvable")
      assert.isTrue(value.steps[7].result.interrupted)
      assert.include(events.map(({ _tag }: { readonly _tag: string }) => _tag), "Restored")
      yield* assertTidy(machine)
    }).pipe(Effect.provide(services)), 200_000)

  it.scopedLive("operations one by one", () =>
    Effect.gen(function*() {
      const machine = yield* makeMachine
      const darb = jsonOn(machine)
      const { url } = yield* CondaChannel.make(CondaChannel.examples)

      const made = yield* darb("init", "env", "--name", "tests", "--channel", url, "--python=3.11")
      assert.deepInclude(made, { exitCode: 0, ok: true })
      assert.deepInclude(made.value, { name: "tests", channels: [url] })
      assert.deepStrictEqual(Object.keys(made.value.packages), ["python"])

      const again = yield* darb("init", "env")
      assert.deepInclude(again, { exitCode: 1, ok: false })
      assert.strictEqual(again.error._tag, "EnvironmentExists")

      const installed = yield* darb("install", "env", "greet >=1,<2", "--", "app")
      assert.deepInclude(installed, { exitCode: 0, ok: true })
      assert.deepStrictEqual(namesIn(installed.value.added), ["app", "greet", "libleaf"])
      assert.strictEqual(installed.events[0]._tag, "Started")

      const nothing = yield* darb("install", "env")
      assert.deepStrictEqual(nothing.value, { added: [], removed: [], changed: [] })

      const list = yield* darb("list", "env")
      assert.deepStrictEqual(list.value.map(({ direct, name, version }: Listed) => [name, version, direct]), [
        ["app", "1.0", true],
        ["greet", "1.1", true],
        ["libleaf", "0.2.0", false],
        ["python", "3.11.9", true]
      ])
      assert.deepInclude(list.value[1], { kind: "conda", build: "0", source: url })

      const updated = yield* darb("update", "env", "greet")
      assert.deepStrictEqual(updated.value, { added: [], removed: [], changed: [] })

      const removed = yield* darb("remove", "env", "app")
      assert.deepStrictEqual(namesIn(removed.value.removed), ["app", "libleaf"])

      const manifest = yield* darb("manifest", "env")
      assert.deepStrictEqual(Object.keys(manifest.value.packages).sort(), ["greet", "python"])
      assert.match(atob(manifest.value.bytes), /greet/)
      assert.deepStrictEqual(manifest.events, [])

      const unsolvable = yield* darb("install", "env", "orphan")
      assert.deepInclude(unsolvable, { exitCode: 1, ok: false })
      assert.deepInclude(unsolvable.error, { _tag: "Unsolvable", operation: "install" })
      assert.include(unsolvable.error.message, "nowhere")

      const unknown = yield* darb("remove", "env", "--", "--help")
      assert.deepInclude(unknown, { exitCode: 1, ok: false })
      assert.strictEqual(unknown.error._tag, "DependencyNotFound")

      yield* assertTidy(machine)
    }).pipe(Effect.provide(services)), 200_000)

  it.scopedLive(
    "the configuration names the executable, the environment wins, and options win over both",
    () =>
      Effect.gen(function*() {
        const machine = yield* makeMachine
        const fileSystem = yield* FileSystem.FileSystem
        const started = (argv: ReadonlyArray<string>, env: Record<string, string> = {}) =>
          run(commandOf(machine, [...argv, "--json", "init", "env"], env)).pipe(
            Effect.tap(() => fileSystem.remove(join(machine.work, "env"), { recursive: true, force: true })),
            Effect.map(({ exitCode, stdout }) => exitCode === 0 ? "ran" : JSON.parse(stdout).error.executable)
          )
        const configuration = (path: string) => `package_manager:\n  default_type: pixi\n  pixi_path: ${path}\n`
        yield* fileSystem.writeFileString(join(machine.work, "config.yaml"), configuration(executable))
        yield* fileSystem.writeFileString(join(machine.work, "other.yaml"), configuration("/nowhere/other"))

        assert.strictEqual(yield* started([]), "ran")
        assert.strictEqual(yield* started(["--config", "other.yaml"]), "/nowhere/other")
        const environment = { PACKAGE_MANAGER_PIXI_PATH: "/nowhere/environment" }
        assert.strictEqual(yield* started([], environment), "/nowhere/environment")
        assert.strictEqual(yield* started(["--executable", executable], environment), "ran")
      }).pipe(Effect.provide(services)),
    100_000
  )

  it.scopedLive("a reader that goes away does not disturb", () =>
    Effect.gen(function*() {
      const machine = yield* makeMachine
      const script =
        `"$0" "$1" init env >&-; ls env; { "$0" "$1" story 2>errors; echo $? >code; } | true; cat code errors`
      const { stderr, stdout } = yield* run(
        Command.make("sh", "-c", script, process.execPath, program).pipe(
          Command.env({ ...machine.environment, PACKAGE_MANAGER_PIXI_PATH: executable }, { extendEnv: false }),
          Command.workingDirectory(machine.work)
        )
      )
      assert.match(stdout, /^pixi.toml\n0$/m)
      assert.match(stdout, /add .* bulky$/m)
      assert.notMatch(stdout + stderr, /EPIPE|\bat .*\.js/)
      yield* assertTidy(machine)
    }).pipe(Effect.provide(services)), 200_000)

  for (const signals of [["SIGINT"], ["SIGTERM"], ["SIGINT", "SIGINT"], ["SIGHUP"]] as const) {
    it.scopedLive(
      `${signals.join(" and ")} during an install: exit code 130, and nothing is left`,
      () =>
        Effect.gen(function*() {
          const machine = yield* makeMachine
          const fileSystem = yield* FileSystem.FileSystem
          const channel = yield* CondaChannel.serve(yield* CondaChannel.make(CondaChannel.examples), { stall: /bulky/ })
          const darb = jsonOn(machine)
          yield* darb("init", "env", "--channel", channel.url)
          assert.strictEqual((yield* darb("install", "env", "greet")).exitCode, 0)
          const files = Effect.all(
            ["pixi.toml", "pixi.lock"].map((file) => fileSystem.readFileString(join(machine.work, "env", file)))
          )
          const before = yield* files

          const child = yield* Command.start(
            commandOf(machine, ["install", "env", "bulky", "--json"], { PACKAGE_MANAGER_PIXI_PATH: executable })
          )
          const stdout = yield* Effect.fork(textOf(child.stdout))
          const stderr = yield* Effect.fork(textOf(child.stderr))
          yield* channel.stalled
          yield* Effect.forEach(
            signals,
            (signal) => Effect.andThen(Effect.sync(() => process.kill(child.pid, signal)), Effect.sleep("20 millis"))
          )

          assert.strictEqual(Number(yield* child.exitCode), 130)
          assert.deepStrictEqual(JSON.parse(yield* Fiber.join(stdout)), {
            ok: false,
            error: { _tag: "Interrupted", message: "a signal ended it" }
          })
          const events = (yield* Fiber.join(stderr)).split("\n").slice(0, -1).map((line) => JSON.parse(line))
          const pids: ReadonlyArray<number> = events.filter(({ _tag }) => _tag === "Started").map(({ pid }) => pid)
          assert.isAbove(pids.length, 0)
          for (const pid of pids) assert.throws(() => process.kill(pid, 0), "ESRCH")
          assert.deepStrictEqual(yield* files, before)
          yield* assertTidy(machine)
        }).pipe(Effect.provide(services)),
      100_000
    )
  }
})

interface Listed {
  readonly name: string
  readonly version: string
  readonly direct: boolean
}

const namesIn = (packages: ReadonlyArray<Listed>) => packages.map(({ name }) => name)

/** Nothing is in the directory for temporary files, and no process was started with this machine's directories. */
const assertTidy = Effect.fnUntraced(function*({ environment, tmp }: Machine) {
  const fileSystem = yield* FileSystem.FileSystem
  assert.deepStrictEqual(yield* fileSystem.readDirectory(tmp), [])
  const pids = (yield* fileSystem.readDirectory("/proc")).filter((name) => /^\d+$/.test(name))
  const left = yield* Effect.filter(pids, (pid) =>
    fileSystem.readFileString(`/proc/${pid}/environ`).pipe(
      Effect.map((variables) => variables.split("\0").includes(`HOME=${environment.HOME}`)),
      Effect.orElseSucceed(() => false)
    ))
  assert.deepStrictEqual(left, [])
})
