/** Tests the program with the first executables in DARB_TEST_PIXI and DARB_TEST_UV, which are separated by colons. */
import * as Pixi from "@darb/pixi/Pixi"
import * as CondaChannel from "@darb/testing/CondaChannel"
import * as WheelDirectory from "@darb/testing/WheelDirectory"
import * as Uv from "@darb/uv/Uv"
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

const executables = (variable: string) => (process.env[variable] ?? "").split(":").filter((path) => path !== "")

/** The differences between the managers. */
const managers = [
  {
    name: "pixi",
    capabilities: Pixi.capabilities,
    variable: "DARB_TEST_PIXI",
    path: "PACKAGE_MANAGER_PIXI_PATH",
    files: ["pixi.toml", "pixi.lock"],
    /** A package index with the examples. */
    index: CondaChannel.make(CondaChannel.examples),
    /** An index that serves the examples, and stalls the download of `bulky`. */
    served: Effect.flatMap(
      CondaChannel.make(CondaChannel.examples),
      (channel) => CondaChannel.serve(channel, { stall: /bulky/ })
    ),
    option: "--channel",
    python: "3.11",
    /** The packages that init with a Python installs. */
    initial: [["python", "3.11.9", true]],
    identity: { kind: "conda", build: "0" },
    foreign: ["--group", "group"],
    /** The error of a package whose dependency does not exist. */
    orphan: "Unsolvable"
  },
  {
    name: "uv",
    capabilities: Uv.capabilities,
    variable: "DARB_TEST_UV",
    path: "PACKAGE_MANAGER_UV_PATH",
    files: ["pyproject.toml", "uv.lock"],
    index: WheelDirectory.make(WheelDirectory.examples),
    served: Effect.flatMap(
      WheelDirectory.make(WheelDirectory.examples),
      (directory) => WheelDirectory.serve(directory, { stall: /bulky.*\.whl$/ })
    ),
    option: "--index",
    python: ">=3.9",
    initial: [],
    identity: { kind: "pypi", build: null },
    foreign: ["--feature", "feature"],
    orphan: "PackageNotFound"
  }
] as const

/** One executable of each manager: what differs between versions is tested with the drivers. */
const cases = managers.flatMap((manager) =>
  executables(manager.variable).slice(0, 1).map((executable) => ({
    manager,
    executable,
    title: `${manager.name}: ${executable}`
  }))
)

const services = Layer.merge(
  NodeContext.layer,
  NodeHttpServer.layerServer(createServer, { host: "127.0.0.1", port: 0 })
)

/** A directory that stands for a machine: it has the home, the caches and the temporary files. */
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
      UV_CACHE_DIR: join(home!, "uv"),
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

describe.each(managers)("darb with the real $name", ({ variable }) => {
  const title = `NOT TESTED: ${variable} names no executable`
  if (executables(variable).length > 0) it(`${variable} names executables`, () => {})
  else if (process.env.CI) it(title, () => assert.fail(`${variable} must be set in CI`))
  else it.skip(title, () => {})
})

describe.each(cases)("darb with $title", ({ executable, manager }) => {
  const chosen = { PACKAGE_MANAGER_DEFAULT_TYPE: manager.name, [manager.path]: executable }

  const darbOn = (machine: Machine) => (...argv: ReadonlyArray<string>) => run(commandOf(machine, argv, chosen))

  const jsonOn = (machine: Machine) => (...argv: ReadonlyArray<string>) =>
    darbOn(machine)("--json", ...argv).pipe(
      // Some old versions occasionally hang.
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
      const { exitCode, stderr, stdout } = yield* darbOn(machine)()
      assert.strictEqual(exitCode, 0, stdout)
      assert.match(stdout, new RegExp(`^darb drives ${manager.name} in `))
      assert.match(stdout, /^12\. Cancel an install/m)
      assert.lengthOf(stdout.match(/^ {3}interrupted$/gm) ?? [], 2)
      assert.match(stderr, /^ {5}running in .*environment/m)
      assert.match(stdout, /^All 12 steps met their expectations/m)

      assert.notMatch(stdout, /\u001b/)
      const fileSystem = yield* FileSystem.FileSystem
      assert.deepStrictEqual(yield* fileSystem.readDirectory(machine.tmp), [])
      yield* assertTidy(machine)
    }).pipe(Effect.provide(services)), 200_000)

  it.scopedLive("the story is told to programs", () =>
    Effect.gen(function*() {
      const machine = yield* makeMachine
      const options = ["--manager", manager.name, "--executable", executable, "--json"]
      const { exitCode, stderr, stdout } = yield* run(commandOf(machine, [...options, "story"], {}))
      const { ok, value } = JSON.parse(stdout)
      assert.strictEqual(exitCode, 0)
      assert.isTrue(ok)
      assert.strictEqual(value.steps.length, 12)
      const tags = value.steps.map(({ result }: { readonly result: { readonly _tag?: string } }) => result._tag)
      assert.deepStrictEqual(tags.slice(9, 11), ["Unsolvable", "UnsupportedOption"])
      assert.isTrue(value.steps[11].result.interrupted)
      assert.include(value.steps[11].result.files.map(({ file }: { readonly file: string }) => file), manager.files[1])
      assert.match(stderr, /^\{"_tag":"StatusAfter",/m)
      yield* assertTidy(machine)
    }).pipe(Effect.provide(services)), 200_000)

  it.scopedLive("standard output is one document, whatever is logged", () =>
    Effect.gen(function*() {
      const machine = yield* makeMachine
      const fileSystem = yield* FileSystem.FileSystem
      const { url } = yield* manager.index
      const darb = jsonOn(machine)
      assert.strictEqual((yield* darb("init", "env", manager.option, url)).exitCode, 0)
      // The journal of an operation whose process died: it is recovered, and that is logged.
      const journal = JSON.stringify({ version: 2, operation: "install", marker: "dead", files: [], created: [] })
      yield* fileSystem.makeDirectory(join(machine.work, "env", ".darb"))
      yield* fileSystem.writeFileString(join(machine.work, "env", ".darb", "journal"), journal)
      const { events, ok } = yield* darb("status", "env")
      assert.isTrue(ok)
      assert.include(events.map(({ _tag }: { readonly _tag: string }) => _tag), "Log")
    }).pipe(Effect.provide(services)), 60_000)

  it.scopedLive("operations one by one", () =>
    Effect.gen(function*() {
      const machine = yield* makeMachine
      const darb = jsonOn(machine)
      const { url } = yield* manager.index

      const made = yield* darb("init", "env", "--name", "tests", manager.option, url, `--python=${manager.python}`)
      assert.deepInclude(made, { exitCode: 0, ok: true })
      assert.strictEqual(made.value.name, "tests")
      assert.include(atob(made.value.bytes), url)
      assert.deepStrictEqual(Object.keys(made.value.packages), manager.initial.map(([name]) => name))

      const again = yield* darb("init", "env")
      assert.deepInclude(again, { exitCode: 1, ok: false })
      assert.strictEqual(again.error._tag, "EnvironmentExists")

      const installed = yield* darb("install", "env", "greet >=1,<2", "--", "app")
      assert.deepInclude(installed, { exitCode: 0, ok: true })
      assert.deepStrictEqual(namesIn(installed.value.added), ["app", "greet", "libleaf"])
      assert.strictEqual(installed.events[0]._tag, "Started")

      const nothing = yield* darb("install", "env")
      assertUnchanged(nothing.value)
      assert.strictEqual(nothing.value.status.prefix, "matches")

      const list = yield* darb("list", "env")
      assert.deepStrictEqual(list.value.map(({ direct, name, version }: Listed) => [name, version, direct]), [
        ["app", "1.0", true],
        ["greet", "1.1", true],
        ["libleaf", "0.2.0", false],
        ...manager.initial
      ])
      assert.deepInclude(list.value[1], { ...manager.identity, source: url, installed: "1.1" })

      const status = yield* darb("status", "env")
      assert.deepInclude(status, { exitCode: 0, ok: true, events: [] })
      assert.deepInclude(status.value, { lock: "present", prefix: "matches", missing: [], unexpected: [] })

      const updated = yield* darb("update", "env", "greet")
      assertUnchanged(updated.value)

      const removed = yield* darb("remove", "env", "app")
      assert.deepStrictEqual(namesIn(removed.value.removed), ["app", "libleaf"])

      const manifest = yield* darb("manifest", "env")
      assert.deepStrictEqual(Object.keys({ ...manifest.value.packages, ...manifest.value.pypiPackages }).sort(), [
        "greet",
        ...manager.initial.map(([name]) => name)
      ])
      assert.match(atob(manifest.value.bytes), /greet/)
      assert.deepStrictEqual(manifest.events, [])

      const unsolvable = yield* darb("install", "env", "orphan")
      assert.deepInclude(unsolvable, { exitCode: 1, ok: false })
      assert.deepInclude(unsolvable.error, { _tag: manager.orphan, operation: "install" })
      assert.include(unsolvable.error.message, "nowhere")

      const [option, field] = manager.foreign
      const unsupported = yield* darb("install", "env", option, "x", "app")
      assert.deepInclude(unsupported, { exitCode: 2, ok: false, events: [] })
      assert.deepInclude(unsupported.error, { _tag: "UnsupportedOption", option: field })

      const unknown = yield* darb("remove", "env", "--", "--help")
      assert.deepInclude(unknown, { exitCode: 1, ok: false })
      assert.strictEqual(unknown.error._tag, "DependencyNotFound")

      yield* assertTidy(machine)
    }).pipe(Effect.provide(services)), 200_000)

  const installOptions: ReadonlyArray<string> = manager.capabilities.options.install
  it.scopedLive.skipIf(!installOptions.includes("noInstall") || !installOptions.includes("frozen"))(
    "what is installed may be left as it is, and made to match later",
    () =>
      Effect.gen(function*() {
        const machine = yield* makeMachine
        const darb = jsonOn(machine)
        const { url } = yield* manager.index
        yield* darb("init", "env", manager.option, url)
        const installed = Effect.map(
          darb("status", "env"),
          ({ value }): ReadonlyArray<unknown> => [value.lock, value.prefix, value.missing]
        )

        const added = yield* darb("install", "env", "greet==1.0", "--no-install")
        assert.deepStrictEqual(namesIn(added.value.added), ["greet"])
        assert.deepStrictEqual(yield* installed, ["present", "absent", ["greet"]])
        const locked = yield* darb("install", "env", "--locked")
        assertUnchanged(locked.value)
        assert.deepStrictEqual(yield* installed, ["present", "matches", []])

        yield* darb("install", "env", "app==1.0", "--no-install")
        assert.deepStrictEqual(yield* installed, ["present", "differs", ["app", "libleaf"]])
        yield* darb("remove", "env", "greet", "--no-install")
        assertUnchanged((yield* darb("install", "env", "--frozen")).value)
        assert.deepStrictEqual(yield* installed, ["present", "matches", []])

        const fileSystem = yield* FileSystem.FileSystem
        const [manifest] = manager.files
        const file = join(machine.work, "env", manifest)
        const text = yield* fileSystem.readFileString(file)
        yield* fileSystem.writeFileString(file, text.replace("==1.0", "==2.0"))
        const outdated = yield* darb("install", "env", "--locked")
        assert.deepInclude(outdated, { exitCode: 1, ok: false })
        assert.strictEqual(outdated.error._tag, "LockOutdated")
        yield* assertTidy(machine)
      }).pipe(Effect.provide(services)),
    200_000
  )

  it.scopedLive.skipIf(!installOptions.includes("group"))(
    "packages may be in a group or in an extra",
    () =>
      Effect.gen(function*() {
        const machine = yield* makeMachine
        const darb = jsonOn(machine)
        const { url } = yield* manager.index
        yield* darb("init", "env", manager.option, url)
        for (const [place, table] of [["--group", "dependency-groups"], ["--extra", "project.optional-dependencies"]]) {
          const added = yield* darb("install", "env", "greet==1.0", `${place}=tests`)
          assert.deepStrictEqual(namesIn(added.value.added), ["greet"])
          assert.include(atob((yield* darb("manifest", "env")).value.bytes), `[${table}]`)
          assert.strictEqual((yield* darb("remove", "env", "greet")).error._tag, "DependencyNotFound")
          const removed = yield* darb("remove", "env", "greet", place!, "tests")
          assert.deepStrictEqual(namesIn(removed.value.removed), ["greet"])
        }
        yield* assertTidy(machine)
      }).pipe(Effect.provide(services)),
    200_000
  )

  it.scopedLive("a program has the streams of darb, and darb its exit code", () =>
    Effect.gen(function*() {
      const machine = yield* makeMachine
      const { url } = yield* manager.index
      const json = jsonOn(machine)
      yield* json("init", "env", manager.option, url)
      const program = (...words: ReadonlyArray<string>) =>
        run(commandOf(machine, ["run", "env", "--", ...words], chosen).pipe(Command.feed("from standard input\n")))
      const absent = yield* program("true")
      assert.deepInclude(absent, { exitCode: 1, stdout: "" })
      assert.match(absent.stderr, /^darb: EnvironmentNotInstalled: nothing is installed in \S+: use install first\n$/)

      yield* json("install", "env", "greet")
      const script = `cat; echo "$@"; echo warning >&2; exit 3`
      assert.deepStrictEqual(yield* program("sh", "-c", script, "sh", "--json", "--help", "", " a "), {
        exitCode: 3,
        stdout: "from standard input\n--json --help   a \n",
        stderr: "warning\n"
      })
      assert.deepStrictEqual(yield* program("sh", "-c", "kill -KILL $$"), { exitCode: 137, stdout: "", stderr: "" })
      const missing = yield* program("no-such-program")
      assert.deepInclude(missing, { exitCode: 1, stdout: "" })
      assert.match(
        missing.stderr,
        /^darb: ProgramNotFound: cannot run "no-such-program" in .*; install the package.*\n$/
      )

      const result = yield* run(
        commandOf(machine, ["run", "env", "--json", "--", "sh", "-c", script], chosen).pipe(Command.feed("in"))
      )
      assert.deepStrictEqual([result.exitCode, JSON.parse(result.stdout)], [
        3,
        { format: 1, ok: true, value: { exitCode: 3, signal: null } }
      ])
      const lines = result.stderr.split("\n").slice(0, -1).map((line) => JSON.parse(line))
        .filter(({ _tag }) => _tag === "Output").map(({ line, stream }) => `${stream} ${line}`)
      assert.deepStrictEqual(lines.sort(), ["stderr warning", "stdout in"])
      yield* assertTidy(machine)
    }).pipe(Effect.provide(services)), 100_000)

  it.scopedLive("darb does not wait for its standard input when the program has ended", () =>
    Effect.gen(function*() {
      const machine = yield* makeMachine
      const { url } = yield* manager.index
      const json = jsonOn(machine)
      yield* json("init", "env", manager.option, url)
      yield* json("install", "env", "greet")
      for (const options of [[], ["--json"]]) {
        const open = Command.stdin(commandOf(machine, ["run", "env", ...options, "--", "true"], chosen), Stream.never)
        assert.strictEqual(Number(yield* Command.exitCode(open).pipe(Effect.timeout("30 seconds"))), 0)
      }
      yield* assertTidy(machine)
    }).pipe(Effect.provide(services)), 100_000)

  for (const options of [[], ["--json"]]) {
    it.scopedLive(
      `SIGINT ends a program with all its processes${options.map((option) => `, ${option}`)}`,
      () =>
        Effect.gen(function*() {
          const machine = yield* makeMachine
          const { url } = yield* manager.index
          const json = jsonOn(machine)
          yield* json("init", "env", manager.option, url)
          yield* json("install", "env", "greet")
          const script = "sleep 1000 & trap 'kill $!; exit' TERM; (setsid sleep 1000 &); echo started; wait"
          const child = yield* Command.start(
            commandOf(machine, ["run", "env", ...options, "--", "sh", "-c", script], chosen)
          )
          const outputs = Stream.merge(child.stdout, child.stderr)
          yield* outputs.pipe(
            Stream.decodeText(),
            Stream.splitLines,
            Stream.runForEach((line) =>
              line.includes(options.length === 0 ? "started" : `"line":"started"`)
                ? Effect.sync(() => process.kill(child.pid, "SIGINT"))
                : Effect.void
            )
          )
          assert.strictEqual(Number(yield* child.exitCode), 130)
          yield* assertTidy(machine)
        }).pipe(Effect.provide(services)),
      100_000
    )
  }

  it.scopedLive("a dry run changes nothing", () =>
    Effect.gen(function*() {
      const machine = yield* makeMachine
      const { url } = yield* manager.index
      const darb = jsonOn(machine)
      const fileSystem = yield* FileSystem.FileSystem
      yield* darb("init", "env", manager.option, url)
      yield* darb("install", "env", "greet==1.0")
      const state = Effect.gen(function*() {
        const files = yield* Effect.forEach(
          manager.files,
          (file) => fileSystem.readFileString(join(machine.work, "env", file))
        )
        return [files, (yield* darb("list", "env")).value, (yield* darb("status", "env")).value]
      })
      const before = yield* state
      const added = yield* darb("install", "env", "app", "--dry-run")
      assert.deepStrictEqual(namesIn(added.value.added), ["app", "libleaf"])
      const removed = yield* darb("remove", "env", "greet", "--dry-run")
      assert.deepStrictEqual(namesIn(removed.value.removed), ["greet"])
      assertUnchanged((yield* darb("update", "env", "--dry-run")).value)
      const { exitCode, stdout } = yield* darbOn(machine)("install", "env", "app", "--dry-run")
      assert.strictEqual(exitCode, 0)
      assert.match(stdout, /^\+ {2}app .*\n\+ {2}libleaf .*\nnothing was changed: this was a dry run\n$/)
      assert.deepStrictEqual(yield* state, before)
      yield* assertTidy(machine)
    }).pipe(Effect.provide(services)), 200_000)

  it.scopedLive("environments are cleaned, made again, listed and destroyed", () =>
    Effect.gen(function*() {
      const machine = yield* makeMachine
      const { url } = yield* manager.index
      const darb = jsonOn(machine)
      yield* darb("init", "envs/one", manager.option, url)
      yield* darb("install", "envs/one", "greet")
      assert.deepInclude(yield* darb("clean", "envs/one"), { exitCode: 0, ok: true, value: null })
      assert.strictEqual((yield* darb("status", "envs/one")).value.prefix, "absent")
      assertUnchanged((yield* darb("install", "envs/one")).value)
      assert.strictEqual((yield* darb("status", "envs/one")).value.prefix, "matches")

      const refused = yield* darb("destroy", "envs/one")
      assert.deepInclude(refused.error, { _tag: "InvalidOption", operation: "destroy" })
      assert.strictEqual((yield* darb("environments")).error._tag, "InvalidOption")
      const root = join(machine.work, "envs")
      const fileSystem = yield* FileSystem.FileSystem
      yield* fileSystem.writeFileString(
        join(machine.work, "config.yaml"),
        `package_manager:\n  environments_root: ${root}\n`
      )
      const listed = yield* darb("environments")
      assert.deepStrictEqual(listed.value.map(({ path }: { readonly path: string }) => path), [join(root, "one")])
      assert.deepInclude(yield* darb("destroy", "one"), { exitCode: 0, ok: true, value: null })
      assert.deepStrictEqual((yield* darb("environments")).value, [])
      assert.deepStrictEqual(yield* fileSystem.readDirectory(root), [])
      yield* assertTidy(machine)
    }).pipe(Effect.provide(services)), 200_000)

  it.scopedLive.skipIf(manager.name !== "uv")("the story needs a Python of the machine", () =>
    Effect.gen(function*() {
      const machine = yield* makeMachine
      const { exitCode, stderr } = yield* run(commandOf(machine, ["story"], { ...chosen, PATH: "/nowhere" }))
      assert.strictEqual(exitCode, 1)
      assert.match(stderr, /^darb: PythonNotFound: no Python for /m)
      yield* assertTidy(machine)
    }).pipe(Effect.provide(services)), 100_000)

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
        const configuration = (path: string) =>
          `package_manager:\n  default_type: ${manager.name}\n  ${manager.name}_path: ${path}\n`
        yield* fileSystem.writeFileString(join(machine.work, "config.yaml"), configuration(executable))
        yield* fileSystem.writeFileString(join(machine.work, "other.yaml"), configuration("/nowhere/other"))

        assert.strictEqual(yield* started([]), "ran")
        assert.strictEqual(yield* started(["--config", "other.yaml"]), "/nowhere/other")
        const environment = { [manager.path]: "/nowhere/environment" }
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
          Command.env({ ...machine.environment, ...chosen }, { extendEnv: false }),
          Command.workingDirectory(machine.work)
        )
      )
      assert.include(stdout, `${manager.files[0]}\n0\n`)
      assert.match(stdout, /add .* bulky$/m)
      assert.notMatch(stdout + stderr, /EPIPE|\bat .*\.js/)
      yield* assertTidy(machine)
    }).pipe(Effect.provide(services)), 200_000)

  for (
    const [code, ...signals] of [
      [130, "SIGINT"],
      [143, "SIGTERM"],
      [130, "SIGINT", "SIGINT"],
      [129, "SIGHUP"]
    ] as const
  ) {
    it.scopedLive(
      `${signals.join(" and ")} during an install: exit code ${code}, and nothing is left`,
      () =>
        Effect.gen(function*() {
          const machine = yield* makeMachine
          const fileSystem = yield* FileSystem.FileSystem
          const { stalled, url } = yield* manager.served
          const darb = jsonOn(machine)
          yield* darb("init", "env", manager.option, url)
          assert.strictEqual((yield* darb("install", "env", "greet")).exitCode, 0)
          const files = Effect.all(
            manager.files.map((file) => fileSystem.readFileString(join(machine.work, "env", file)))
          )
          const before = yield* files

          const child = yield* Command.start(
            commandOf(machine, ["install", "env", "bulky", "--json"], chosen)
          )
          const stdout = yield* Effect.fork(textOf(child.stdout))
          const stderr = yield* Effect.fork(textOf(child.stderr))
          yield* stalled
          yield* Effect.forEach(
            signals,
            (signal) => Effect.andThen(Effect.sync(() => process.kill(child.pid, signal)), Effect.sleep("20 millis"))
          )

          assert.strictEqual(Number(yield* child.exitCode), code)
          assert.deepStrictEqual(JSON.parse(yield* Fiber.join(stdout)), {
            format: 1,
            ok: false,
            error: { _tag: "Interrupted", message: "interrupted: nothing was changed" }
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

const assertUnchanged = ({ added, changed, removed }: Record<string, unknown>) =>
  assert.deepStrictEqual({ added, removed, changed }, { added: [], removed: [], changed: [] })

/** Checks that no temporary file and no process of the machine is left. */
const assertTidy = Effect.fnUntraced(function*({ environment, tmp }: Machine) {
  const fileSystem = yield* FileSystem.FileSystem
  // uv leaves the lock file of a project there.
  const files = (yield* fileSystem.readDirectory(tmp)).filter((name) => !/^uv-[0-9a-f]+\.lock$/.test(name))
  assert.deepStrictEqual(files, [])
  const pids = (yield* fileSystem.readDirectory("/proc")).filter((name) => /^\d+$/.test(name))
  const left = yield* Effect.filter(pids, (pid) =>
    fileSystem.readFileString(`/proc/${pid}/environ`).pipe(
      Effect.map((variables) => variables.split("\0").includes(`HOME=${environment.HOME}`)),
      Effect.orElseSucceed(() => false)
    ))
  assert.deepStrictEqual(left, [])
})
