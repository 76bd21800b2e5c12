import { directoryWith, filesOf, settled } from "@darb/laws/TestDirectory"
import * as Output from "@darb/package-manager/Output"
import { type InitOptions, PackageManager } from "@darb/package-manager/PackageManager"
import type { PackageManagerError } from "@darb/package-manager/PackageManagerError"
import * as MockExecutor from "@darb/testing/MockExecutor"
import { commands, replies } from "@darb/testing/Scripted"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as FileSystem from "@effect/platform/FileSystem"
import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/TestClock"
import { afterEach, vi } from "vitest"
import { lockText, manifestText, scripted } from "./fixtures.js"

afterEach(() => vi.unstubAllEnvs())

const layerFs = NodeContext.layer

type ReplyCase = readonly [what: string, reply: MockExecutor.Reply, expected: string]

/** Writes as pixi does, and then answers. */
const writes = (directory: string, files: Readonly<Record<string, string>>, reply: MockExecutor.Reply = {}) =>
  Effect.gen(function*() {
    const fs = yield* FileSystem.FileSystem
    for (const [name, text] of Object.entries(files)) yield* fs.writeFileString(`${directory}/${name}`, text)
    return reply
  }).pipe(Effect.orDie, Effect.provide(layerFs))

const environment = (dependencies: string, lock?: string) =>
  directoryWith({
    "pixi.toml": manifestText(dependencies),
    ...(lock === undefined ? {} : { "pixi.lock": lock })
  })

const notFound = (spec: string) => ({
  exitCode: 1,
  stderr: `Error:   × failed to solve requirements of environment 'default' for platform 'linux-64'
  ├─▶   × failed to solve the environment

  ╰─▶ Cannot solve the request because of: No candidates were found for ${spec}.


`
})

const tag = <A, R>(effect: Effect.Effect<A, PackageManagerError, R>) =>
  Effect.map(Effect.flip(effect), (error) => error._tag)

describe("Pixi", () => {
  it.scoped("a link to nothing in place of the prefix stays", () =>
    Effect.gen(function*() {
      const path = yield* environment("greet = \"*\"\n", lockText("greet-1.0"))
      const fs = yield* FileSystem.FileSystem
      yield* fs.symlink("/nowhere/at/all", `${path}/.pixi`)
      yield* tag(Effect.flatMap(PackageManager, (manager) => manager.install({ path }))).pipe(
        Effect.provide(scripted("0.15.2", { install: replies({ exitCode: 1, stderr: "no" }) }))
      )
      assert.strictEqual(yield* fs.readLink(`${path}/.pixi`), "/nowhere/at/all")
    }).pipe(Effect.provide(NodeContext.layer)))

  describe("the executable", () => {
    it.scoped("is asked for its version once", () =>
      Effect.gen(function*() {
        const path = yield* environment("greet = \"*\"\n", lockText("greet-1.0"))
        const packageManager = yield* PackageManager
        yield* packageManager.install({ path })
        yield* Effect.all([packageManager.list({ path }), packageManager.update({ path })], { concurrency: 2 })
        const { invocations } = yield* MockExecutor.MockExecutor
        assert.strictEqual(invocations.filter(({ argv }) => argv[1] === "--version").length, 1)
      }).pipe(Effect.provide(scripted("0.77.0", { list: replies({ stdout: "[]" }) }))))

    it.scoped("gets no variable that says which environment is meant, or what the output looks like", () =>
      Effect.gen(function*() {
        for (
          const name of [
            ...["PIXI_PROJECT_MANIFEST", "PIXI_ENVIRONMENT_NAME", "PIXI_IN_SHELL", "PIXI_FROZEN", "PIXI_COLOR"],
            ...["CONDA_PREFIX", "CONDA_OVERRIDE_CUDA", "VIRTUAL_ENV", "FORCE_COLOR", "CLICOLOR_FORCE", "RUST_LOG"],
            ...["NO_GRAPHICS", "SECRET"]
          ]
        ) vi.stubEnv(name, "x")
        vi.stubEnv("PIXI_CACHE_DIR", "/cache")
        vi.stubEnv("HTTPS_PROXY", "http://proxy")
        const path = yield* environment("")
        const found = yield* Effect.gen(function*() {
          yield* (yield* PackageManager).install({ path })
          return (yield* MockExecutor.MockExecutor).invocations
        }).pipe(Effect.provide(scripted("0.77.0", {}, { environment: { TOKEN: "t", NO_COLOR: "0" } })))
        for (const { environment } of found) {
          const { HOME: _home, PATH, RUST_LOG, ...rest } = environment
          // Its own, for the progress.
          assert.notStrictEqual(RUST_LOG, "x")
          assert.isString(PATH)
          assert.deepInclude(rest, {
            PIXI_CACHE_DIR: "/cache",
            HTTPS_PROXY: "http://proxy",
            TOKEN: "t",
            NO_COLOR: "1",
            PIXI_NO_PROGRESS: "true",
            PIXI_NO_WRAP: "1"
          })
          assert.deepStrictEqual(
            Object.keys(rest).filter((name) => /^(PIXI|CONDA|RUST|CLICOLOR|FORCE|VIRTUAL|SECRET|NO_GR)/.test(name))
              .sort(),
            ["PIXI_CACHE_DIR", "PIXI_NO_PROGRESS", "PIXI_NO_WRAP"]
          )
        }
        assert.strictEqual(found.length, 2)
      }).pipe(Effect.provide(layerFs)))

    it.scoped("runs in the directory of the environment", () =>
      Effect.gen(function*() {
        const path = yield* environment("")
        yield* (yield* PackageManager).install({ path })
        const { invocations } = yield* MockExecutor.MockExecutor
        assert.strictEqual(invocations[1]?.directory, path)
        assert.strictEqual(invocations[1]?.argv[0], "pixi")
      }).pipe(Effect.provide(scripted("0.77.0", {}))))

    it.scoped("is found by a relative path wherever it runs", () =>
      Effect.gen(function*() {
        const path = yield* environment("")
        yield* (yield* PackageManager).install({ path })
        const { invocations } = yield* MockExecutor.MockExecutor
        assert.strictEqual(invocations[1]?.argv[0], `${process.cwd()}/bin/pixi`)
      }).pipe(Effect.provide(scripted("0.77.0", {}, { executable: "./bin/pixi" }))))

    it.scoped("that is not there is a typed error, and is asked again the next time", () =>
      Effect.gen(function*() {
        const path = yield* environment("")
        let installed = false
        yield* Effect.gen(function*() {
          const packageManager = yield* PackageManager
          const error = yield* Effect.flip(packageManager.install({ path }))
          assert.deepInclude({ ...error }, {
            _tag: "ExecutableNotFound",
            manager: "pixi",
            operation: "install",
            environment: path,
            executable: "pixi",
            reason: "there is no such file"
          })
          installed = true
          yield* packageManager.install({ path })
        }).pipe(Effect.provide(scripted("0.77.0", {
          "--version": () =>
            installed ? Effect.succeed({ stdout: "pixi 0.77.0\n" }) : Effect.fail(MockExecutor.notFound("pixi"))
        })))
      }).pipe(Effect.provide(layerFs)))

    it.scoped.each<ReplyCase>([
      ["0.15.1", { stdout: "pixi 0.15.1\n" }, "0.15.1"],
      ["garbage", { stdout: "\u0000\u0001 hello\nworld" }, "\u0000\u0001 hello"],
      ["nothing", {}, ""],
      ["another program", { stdout: "uv 0.13.9\n" }, "uv 0.13.9"],
      ["a failing program", { stderr: "no\n", exitCode: 127 }, "no"]
    ])("that is %s is refused before anything is touched", ([, reply, found]) =>
      Effect.gen(function*() {
        const path = yield* environment("greet = \"*\"\n", lockText("greet-1.0"))
        const before = yield* filesOf(path)
        yield* Effect.gen(function*() {
          const packageManager = yield* PackageManager
          for (
            const operation of [
              packageManager.init({ path: `${path}/new` }),
              packageManager.install({ path, packages: ["x"] }),
              packageManager.remove({ path, packages: ["greet"] }),
              packageManager.update({ path }),
              packageManager.list({ path })
            ]
          ) {
            const error = yield* Effect.flip<unknown, PackageManagerError, never>(operation)
            assert.deepInclude({ ...error as object }, { _tag: "UnsupportedVersion", found, required: "0.15.2" })
          }
          assert.deepStrictEqual(yield* commands, [])
        }).pipe(Effect.provide(scripted("", { "--version": replies(reply) })))
        assert.deepStrictEqual(yield* filesOf(path), before)
      }).pipe(Effect.provide(layerFs)))

    it.scoped("that is replaced is asked for its version again, and before only once", () =>
      Effect.gen(function*() {
        const path = yield* environment("")
        const fs = yield* FileSystem.FileSystem
        const executable = `${path}/pixi`
        yield* fs.writeFileString(executable, "one")
        let version = "pixi 0.77.0"
        yield* Effect.gen(function*() {
          const packageManager = yield* PackageManager
          const asked = Effect.map(
            MockExecutor.MockExecutor,
            ({ invocations }) => invocations.filter(({ argv }) => argv[1] === "--version").length
          )
          yield* packageManager.install({ path })
          yield* packageManager.install({ path })
          assert.strictEqual(yield* asked, 1)
          yield* fs.writeFileString(executable, "another")
          version = "nonsense"
          const error = yield* Effect.flip(packageManager.install({ path }))
          assert.strictEqual(error._tag, "UnsupportedVersion")
          assert.strictEqual(yield* asked, 2)
        }).pipe(
          Effect.provide(
            scripted("", { "--version": () => Effect.sync(() => ({ stdout: version })) }, { executable })
          )
        )
      }).pipe(Effect.provide(layerFs)))

    it.scoped("that never says its version is given up after 30 seconds", () =>
      Effect.gen(function*() {
        const path = yield* environment("")
        const fiber = yield* Effect.fork(Effect.flip((yield* PackageManager).install({ path })))
        yield* settled(MockExecutor.MockExecutor, ({ running }) => running() === 1)
        yield* TestClock.adjust("30 seconds")
        yield* TestClock.adjust("5 seconds")
        const error = yield* Fiber.join(fiber)
        assert.deepInclude({ ...error }, { _tag: "CommandTimedOut", command: ["pixi", "--version"], limit: 30_000 })
        const { running, signals } = yield* MockExecutor.MockExecutor
        assert.deepStrictEqual([running(), signals], [0, ["SIGTERM", "SIGKILL"]])
      }).pipe(Effect.provide(scripted("", {
        "--version": replies({ duration: Duration.infinity, ignores: ["SIGTERM"] })
      }))))
  })

  describe("init", () => {
    /** An `init` that writes what pixi's template is. */
    const template = (table: string) => (argv: ReadonlyArray<string>) =>
      writes(argv.at(-1) ?? "", {
        "pixi.toml":
          `[${table}]\nname = "ws"\nversion = "0.1.0"\nchannels = ["c"]\nplatforms = ["linux-64"]\n\n[dependencies]\n`,
        ".gitignore": ".pixi\n"
      })

    it.scoped("makes the directory, writes the name and adds Python", () =>
      Effect.gen(function*() {
        const path = `${yield* directoryWith({})}/a/b`
        const manifest = yield* (yield* PackageManager).init({
          path,
          name: "the \"name\" é",
          python: "3.12",
          channels: ["c", "file:///d"],
          platforms: ["linux-64"]
        })
        assert.strictEqual(manifest.name, "the \"name\" é")
        assert.strictEqual(manifest.file, `${path}/pixi.toml`)
        assert.deepStrictEqual(yield* commands, [
          ["init", "--format=pixi", "--channel=c", "--channel=file:///d", "--platform=linux-64", "--", path],
          ["add", "--manifest-path", `${path}/pixi.toml`, "--", "python 3.12.*"]
        ])
      }).pipe(Effect.provide(scripted("0.77.0", { init: template("workspace") }))))

    it.scoped("is named like its directory, whatever pixi would make of that", () =>
      Effect.gen(function*() {
        const path = `${yield* directoryWith({})}/it's "odd" \\ é`
        assert.strictEqual((yield* (yield* PackageManager).init({ path })).name, "it's \"odd\" \\ é")
      }).pipe(Effect.provide(scripted("0.15.2", { init: template("project") }))))

    it.scoped.each<readonly [file: string, text: string]>([
      ["pixi.toml", "this is not even TOML"],
      ["pyproject.toml", "[tool.pixi.project]\nname = \"x\"\n"],
      ["mojoproject.toml", ""]
    ])("refuses a directory with %s", ([file, text]) =>
      Effect.gen(function*() {
        const path = yield* directoryWith({ [file]: text })
        const error = yield* Effect.flip((yield* PackageManager).init({ path }))
        assert.deepInclude({ ...error }, { _tag: "EnvironmentExists", manifest: `${path}/${file}` })
        assert.deepStrictEqual(yield* filesOf(path), { [file]: text })
        assert.deepStrictEqual((yield* MockExecutor.MockExecutor).invocations, [])
      }).pipe(Effect.provide(scripted("0.77.0", {}))))

    it.scoped("leaves a pyproject.toml of others alone", () =>
      Effect.gen(function*() {
        const path = yield* directoryWith({ "pyproject.toml": "[project]\nname = \"x\"\n" })
        yield* (yield* PackageManager).init({ path })
        assert.strictEqual((yield* filesOf(path))["pyproject.toml"], "[project]\nname = \"x\"\n")
      }).pipe(Effect.provide(scripted("0.77.0", { init: template("workspace") }))))

    it.scoped.each<readonly [options: Partial<InitOptions>, expected: string]>([
      [{ name: "" }, "InvalidOption"],
      [{ name: "a\nb" }, "InvalidOption"],
      [{ channels: ["c", ""] }, "InvalidOption"],
      [{ channels: ["c\0"] }, "InvalidOption"],
      [{ python: "newest" }, "InvalidOption"],
      [{ platforms: ["linux-64", "nonsense"] }, "PlatformUnsupported"],
      [{ platforms: [""] }, "PlatformUnsupported"]
    ])("refuses %j before anything is touched", ([options, expected]) =>
      Effect.gen(function*() {
        const path = yield* directoryWith({})
        assert.strictEqual(yield* tag((yield* PackageManager).init({ path: `${path}/new`, ...options })), expected)
        assert.deepStrictEqual(yield* filesOf(path), {})
        assert.deepStrictEqual((yield* MockExecutor.MockExecutor).invocations, [])
      }).pipe(Effect.provide(scripted("0.77.0", {}))))

    it.scoped("is all or nothing", () =>
      Effect.gen(function*() {
        const directory = yield* directoryWith({ "here/.gitignore": "mine\n" })
        const before = yield* filesOf(directory)
        const packageManager = yield* PackageManager
        for (const path of [`${directory}/here`, `${directory}/new/deep`]) {
          assert.strictEqual(yield* tag(packageManager.init({ path, python: "9" })), "PackageNotFound")
          assert.deepStrictEqual(yield* filesOf(directory), before)
        }
      }).pipe(Effect.provide(scripted("0.77.0", {
        init: template("workspace"),
        add: ([, , manifest = ""]) =>
          Effect.gen(function*() {
            const directory = manifest.replace(/\/[^/]*$/, "")
            const fs = yield* FileSystem.FileSystem
            yield* fs.makeDirectory(`${directory}/.pixi/envs`, { recursive: true })
            return yield* writes(directory, { "pixi.lock": "half a lo" }, notFound("python *"))
          }).pipe(Effect.orDie, Effect.provide(layerFs))
      }))))
  })

  describe("install", () => {
    it.scoped("adds what is not there, and answers with what it did to the lock file", () =>
      Effect.gen(function*() {
        const path = yield* environment("greet = \"==1.0\"\n", lockText("greet-1.0", "old-1"))
        const layer = scripted("0.41.4", {
          add: () => writes(path, { "pixi.lock": lockText("greet-2.0", "app-1.10") })
        })
        yield* Effect.gen(function*() {
          const changes = yield* (yield* PackageManager).install({ path, packages: ["Greet", "app", "other >=1"] })
          const names = (items: ReadonlyArray<{ readonly name: string }>) => items.map(({ name }) => name)
          assert.deepStrictEqual(
            [names(changes.added), names(changes.removed), names(changes.changed)],
            [["app"], ["old"], ["greet"]]
          )
          assert.strictEqual(changes.added[0]?.version, "1.10")
          assert.deepStrictEqual([changes.changed[0]?.before.version, changes.changed[0]?.after.version], [
            "1.0",
            "2.0"
          ])
          assert.deepStrictEqual(yield* commands, [
            ["add", "--manifest-path", `${path}/pixi.toml`, "--", "app", "other >=1"]
          ])
        }).pipe(Effect.provide(layer))
      }).pipe(Effect.provide(layerFs)))

    it.scoped("of nothing, or of what is there, makes the installed packages match the manifest", () =>
      Effect.gen(function*() {
        const path = yield* environment("greet = \"==1.0\"\n", lockText("greet-1.0"))
        const packageManager = yield* PackageManager
        const all = [
          yield* packageManager.install({ path }),
          yield* packageManager.install({ path, packages: [] }),
          yield* packageManager.install({ path, packages: ["greet"] }),
          yield* packageManager.install({ path, locked: true })
        ]
        assert.isTrue(all.every(({ isEmpty }) => isEmpty))
        const argv = ["install", "--manifest-path", `${path}/pixi.toml`]
        assert.deepStrictEqual(yield* commands, [argv, argv, argv, [...argv, "--locked"]])
      }).pipe(Effect.provide(scripted("0.77.0", {}))))

    it.scoped.each<readonly [packages: ReadonlyArray<string>, expected: string]>([
      [[""], "InvalidSpec"],
      [["ok", "--help"], "InvalidSpec"],
      [["a\0"], "InvalidSpec"],
      [["a\n"], "InvalidSpec"],
      [["a==1", "A"], "InvalidSpec"]
    ])("refuses %j before anything is touched", ([packages, expected]) =>
      Effect.gen(function*() {
        const path = yield* environment("")
        assert.strictEqual(yield* tag((yield* PackageManager).install({ path, packages })), expected)
        assert.deepStrictEqual((yield* MockExecutor.MockExecutor).invocations, [])
      }).pipe(Effect.provide(scripted("0.77.0", {}))))

    it.scoped("does not add and keep the lock file at once", () =>
      Effect.gen(function*() {
        const path = yield* environment("")
        const operation = (yield* PackageManager).install({ path, packages: ["x"], locked: true })
        assert.strictEqual(yield* tag(operation), "InvalidOption")
      }).pipe(Effect.provide(scripted("0.77.0", {}))))

    it.scoped.each<ReplyCase>([
      ["found", { exitCode: 0, stdout: "greet 2.0" }, "Unsolvable"],
      ["not found", { exitCode: 1, stderr: "Error:   × No packages found matching 'greet'\n" }, "PackageNotFound"],
      [
        "not reachable",
        { exitCode: 1, stderr: "Error:   × error sending request for url (https://x/)\n" },
        "Unsolvable"
      ]
    ])(
      "that has no candidates for a version of a package which is %s is told apart by a search",
      ([, reply, expected]) =>
        Effect.gen(function*() {
          const path = yield* environment("")
          yield* Effect.gen(function*() {
            assert.strictEqual(yield* tag((yield* PackageManager).install({ path, packages: ["greet>=9"] })), expected)
            assert.deepStrictEqual((yield* commands).at(-1), [
              ...["search", "--manifest-path", `${path}/pixi.toml`, "--platform=linux-64", "--", "greet"]
            ])
          }).pipe(Effect.provide(scripted("0.77.0", {
            add: replies(notFound("greet >=9")),
            search: replies(reply)
          })))
        }).pipe(Effect.provide(layerFs))
    )
  })

  describe("remove", () => {
    it.scoped("takes names as the manifest spells them", () =>
      Effect.gen(function*() {
        const path = yield* environment("Greet = \"*\"\n[pypi-dependencies]\nrequests = \"*\"\n", lockText("greet-1.0"))
        yield* (yield* PackageManager).remove({ path, packages: ["greet", "requests", "GREET"] })
        assert.deepStrictEqual(yield* commands, [
          ["remove", "--manifest-path", `${path}/pixi.toml`, "--pypi", "--", "requests"],
          ["remove", "--manifest-path", `${path}/pixi.toml`, "--", "Greet"]
        ])
      }).pipe(Effect.provide(scripted("0.77.0", {}))))

    it.scoped("of what is not there fails before anything runs, also beside what is", () =>
      Effect.gen(function*() {
        const path = yield* environment("greet = \"*\"\n", lockText("greet-1.0"))
        const error = yield* Effect.flip((yield* PackageManager).remove({ path, packages: ["greet", "app", "--help"] }))
        assert.deepInclude({ ...error }, { _tag: "DependencyNotFound", packages: ["app", "--help"] })
        assert.deepStrictEqual((yield* MockExecutor.MockExecutor).invocations, [])
      }).pipe(Effect.provide(scripted("0.55.0", {}))))

    it.scoped("of Python that comes with the project fails, unless it is asked for too", () =>
      Effect.gen(function*() {
        const project = "[project]\nname = \"x\"\nrequires-python = \">=3.11\"\n[tool.pixi.workspace]\nchannels = []\n"
        const implicit = yield* directoryWith({ "pyproject.toml": project })
        const explicit = yield* directoryWith({
          "pyproject.toml": `${project}[tool.pixi.dependencies]\npython = "*"\n`
        })
        const packageManager = yield* PackageManager
        assert.strictEqual(
          yield* tag(packageManager.remove({ path: implicit, packages: ["python"] })),
          "DependencyNotFound"
        )
        yield* packageManager.remove({ path: explicit, packages: ["python"] })
        assert.strictEqual((yield* commands).length, 1)
      }).pipe(Effect.provide(scripted("0.77.0", {}))))

    it.scoped("of nothing is refused", () =>
      Effect.gen(function*() {
        const path = yield* environment("")
        assert.strictEqual(yield* tag((yield* PackageManager).remove({ path, packages: [] })), "InvalidOption")
      }).pipe(Effect.provide(scripted("0.77.0", {}))))
  })

  describe("update", () => {
    it.scoped("updates the lock file, then what is installed", () =>
      Effect.gen(function*() {
        const path = yield* environment("greet = \"*\"\n", lockText("greet-1.0"))
        const packageManager = yield* PackageManager
        yield* packageManager.update({ path })
        yield* packageManager.update({ path, packages: ["Greet"] })
        const manifest = ["--manifest-path", `${path}/pixi.toml`]
        assert.deepStrictEqual(yield* commands, [
          ["update", ...manifest],
          ["install", ...manifest],
          ["update", ...manifest, "--", "greet"],
          ["install", ...manifest]
        ])
      }).pipe(Effect.provide(scripted("0.23.0", {}))))

    it.scoped("solves again where there is no update", () =>
      Effect.gen(function*() {
        const path = yield* environment("greet = \"*\"\napp = \"*\"\n", lockText("greet-1.0", "app-1.0"))
        const seen: Array<string | undefined> = []
        const layer = scripted("0.22.0", {
          install: () =>
            Effect.zipRight(
              Effect.map(filesOf(path), (files) => seen.push(files["pixi.lock"])),
              writes(path, { "pixi.lock": lockText("greet-2.0", "app-1.0") })
            ).pipe(Effect.orDie, Effect.provide(layerFs))
        })
        yield* Effect.gen(function*() {
          const packageManager = yield* PackageManager
          const changes = yield* packageManager.update({ path, packages: ["greet"] })
          assert.deepStrictEqual(changes.changed.map(({ after, name }) => [name, after.version]), [["greet", "2.0"]])
          yield* packageManager.update({ path })
          assert.notInclude(seen[0], "greet")
          assert.include(seen[0], "app-1.0")
          assert.isUndefined(seen[1])
          assert.deepStrictEqual((yield* commands).map(([command]) => command), ["install", "install"])
        }).pipe(Effect.provide(layer))
      }).pipe(Effect.provide(layerFs)))

    it.scoped("of what is not in the lock file fails, and updates nothing", () =>
      Effect.gen(function*() {
        const path = yield* environment("greet = \"*\"\n", lockText("greet-1.0"))
        const error = yield* Effect.flip((yield* PackageManager).update({ path, packages: ["greet", "app"] }))
        assert.deepInclude({ ...error }, { _tag: "DependencyNotFound", packages: ["app"] })
        assert.deepStrictEqual(yield* commands, [])
      }).pipe(Effect.provide(scripted("0.77.0", {}))))
  })

  describe("list", () => {
    const greet = { name: "greet", version: "1.10", build: "0", kind: "conda", size_bytes: 1, is_explicit: true }

    it.scoped("takes where packages come from out of the lock file", () =>
      Effect.gen(function*() {
        const path = yield* environment("greet = \"*\"\n", lockText("greet-1.10"))
        const packages = yield* (yield* PackageManager).list({ path })
        assert.deepStrictEqual(packages.map((found) => ({ ...found })), [{
          name: "greet",
          version: "1.10",
          kind: "conda",
          build: "0",
          source: "file:///c",
          direct: true,
          size: 1,
          installed: null
        }])
        assert.deepStrictEqual(yield* commands, [
          ["list", "--manifest-path", `${path}/pixi.toml`, "--json", "--frozen"]
        ])
      }).pipe(Effect.provide(scripted("0.15.2", {
        list: replies({ stdout: JSON.stringify([{ ...greet, source: "greet-1.10-0.conda" }]) })
      }))))

    it.scoped.each<readonly [what: string, reply: MockExecutor.Reply]>([
      ["prints nothing", { stderr: "No packages found.\n" }],
      ["fails", {
        exitCode: 1,
        stderr: "Error:   × No packages found in 'default' environment for 'linux-64' platform.\n"
      }],
      ["prints []", { stdout: "[]\n" }]
    ])("of an empty environment is empty where pixi %s", ([, reply]) =>
      Effect.gen(function*() {
        const path = yield* environment("")
        const packages = yield* Effect.flatMap(PackageManager, (packageManager) => packageManager.list({ path })).pipe(
          Effect.provide(scripted("0.55.0", { list: replies(reply) }))
        )
        assert.deepStrictEqual(packages, [])
      }).pipe(Effect.provide(layerFs)))

    it.scoped.each<ReplyCase>([
      ["half JSON", { stdout: "[{\"name\":\"greet\"," }, "OutputInvalid"],
      ["text", { stdout: "greet 1.0" }, "OutputInvalid"],
      ["an unknown failure", { exitCode: 1, stderr: "Error:   × the moon is full\n" }, "CommandFailed"],
      ["a usage error", { exitCode: 2, stderr: "error: unexpected argument '--json' found\n" }, "CommandFailed"],
      ["death by a signal", { signal: "SIGSEGV" as const }, "CommandKilled"]
    ])("that gives %s is a typed error", ([, reply, expected]) =>
      Effect.gen(function*() {
        const path = yield* environment("")
        const found = yield* Effect.flatMap(PackageManager, (packageManager) => tag(packageManager.list({ path })))
          .pipe(
            Effect.provide(scripted("0.77.0", { list: replies(reply) }))
          )
        assert.strictEqual(found, expected)
      }).pipe(Effect.provide(layerFs)))

    it.scoped("that is endless is cut, and a typed error", () =>
      Effect.gen(function*() {
        const path = yield* environment("")
        const error = yield* Effect.flip((yield* PackageManager).list({ path }))
        assert.deepInclude({ ...error }, { _tag: "OutputInvalid", reason: "it printed more than 16 MiB" })
      }).pipe(Effect.provide(scripted("0.77.0", {
        list: replies({
          stdout: Stream.encodeText(Stream.repeatEffect(Effect.succeed("x".repeat(1 << 20))).pipe(Stream.take(100)))
        })
      }))))

    it.scoped("that never ends is given up", () =>
      Effect.gen(function*() {
        const path = yield* environment("")
        const fiber = yield* Effect.fork(tag((yield* PackageManager).list({ path })))
        yield* settled(MockExecutor.MockExecutor, ({ running }) => running() === 1)
        yield* TestClock.adjust("1 minute")
        assert.strictEqual(yield* Fiber.join(fiber), "CommandTimedOut")
      }).pipe(
        Effect.provide(scripted("0.77.0", { list: replies({ duration: "1 hour" }) }, { shortLimit: "1 minute" }))
      ))
  })

  describe("a time limit", () => {
    it.scoped.each<readonly [version: string, limit: Duration.DurationInput | undefined, expected: string]>([
      ["0.40.3", undefined, "1 hour"],
      ["0.41.0", "10 minutes", "10 minutes"],
      ["0.15.2", "10 minutes", "10 minutes"]
    ])(
      "of pixi %s that is configured as %s is %s, and what is given up is undone",
      ([version, limit, expected]) =>
        Effect.gen(function*() {
          const path = yield* environment("")
          const before = yield* filesOf(path)
          const hang = () => writes(path, { "pixi.lock": "half" }, { duration: Duration.infinity })
          yield* Effect.gen(function*() {
            const fiber = yield* Effect.fork(Effect.flip((yield* PackageManager).install({ path, packages: ["x"] })))
            yield* settled(MockExecutor.MockExecutor, ({ running }) => running() === 1)
            yield* TestClock.adjust(Duration.subtract(Duration.decode(expected as Duration.DurationInput), "1 millis"))
            assert.isTrue(Option.isNone(yield* Fiber.poll(fiber)))
            yield* TestClock.adjust("1 millis")
            assert.strictEqual((yield* Fiber.join(fiber))._tag, "CommandTimedOut")
          }).pipe(Effect.provide(scripted(version, { add: hang }, { limit })))
          assert.deepStrictEqual(yield* filesOf(path), before)
        }).pipe(Effect.provide(layerFs))
    )

    it.scoped("is not there by default", () =>
      Effect.gen(function*() {
        const path = yield* environment("")
        const fiber = yield* Effect.fork((yield* PackageManager).install({ path, packages: ["x"] }))
        yield* settled(MockExecutor.MockExecutor, ({ running }) => running() === 1)
        yield* TestClock.adjust("30 days")
        assert.isTrue(Option.isNone(yield* Fiber.poll(fiber)))
        yield* Fiber.interrupt(fiber)
      }).pipe(Effect.provide(scripted("0.77.0", { add: replies({ duration: Duration.infinity }) }))))
  })

  describe("the environment", () => {
    it.scoped("is the one that was named, never a parent's", () =>
      Effect.gen(function*() {
        const parent = yield* directoryWith({ "pixi.toml": manifestText(""), "child/x": "" })
        const packageManager = yield* PackageManager
        for (
          const operation of [
            packageManager.install({ path: `${parent}/child`, packages: ["x"] }),
            packageManager.list({ path: `${parent}/child` }),
            packageManager.getManifest({ path: `${parent}/child` })
          ]
        ) {
          assert.strictEqual(yield* tag<unknown, never>(operation), "EnvironmentNotFound")
        }
        assert.deepStrictEqual((yield* MockExecutor.MockExecutor).invocations, [])
      }).pipe(Effect.provide(scripted("0.77.0", {}))))

    it.scoped("is in the root, if there is one", () =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const directory = yield* directoryWith({
          "root/in/pixi.toml": manifestText(""),
          "root/linked/x": "",
          "root/prefix/pixi.toml": manifestText(""),
          "out/pixi.toml": manifestText("")
        })
        yield* fs.symlink(`${directory}/out`, `${directory}/root/prefix/.pixi`)
        yield* fs.symlink(`${directory}/out`, `${directory}/root/link`)
        yield* fs.symlink(`${directory}/out/pixi.toml`, `${directory}/root/linked/pixi.toml`)
        yield* Effect.gen(function*() {
          const packageManager = yield* PackageManager
          assert.strictEqual((yield* packageManager.getManifest({ path: "in" })).name, "x")
          assert.strictEqual((yield* packageManager.getManifest({ path: `${directory}/root/in` })).name, "x")
          for (
            const path of ["../out", `${directory}/out`, "link", "linked", "prefix", ".", "in/../../out", "link/new"]
          ) {
            const error = yield* Effect.flip(packageManager.getManifest({ path }))
            assert.deepInclude({ ...error }, { _tag: "InvalidOption", option: "path" }, path)
          }
          for (const path of ["../out/new", "link/new"]) {
            assert.strictEqual(yield* tag(packageManager.init({ path })), "InvalidOption")
          }
        }).pipe(Effect.provide(scripted("0.77.0", {}, { root: `${directory}/root` })))
      }).pipe(Effect.provide(layerFs)))

    it.scoped("is not that of a file to which its manifest is a link", () =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const python = `[tool.pixi]${manifestText("").replaceAll("[", "[tool.pixi.")}`
        const directory = yield* directoryWith({
          "other/pixi.toml": manifestText(""),
          "other/mojoproject.toml": manifestText(""),
          "other/pyproject.toml": python,
          "near/real.toml": manifestText(""),
          "mojo/mojoproject.toml": manifestText("")
        })
        const link = (target: string, from: string) =>
          Effect.zipRight(
            fs.makeDirectory(`${directory}/${from}`.replace(/\/[^/]*$/, ""), { recursive: true }),
            fs.symlink(target, `${directory}/${from}`)
          )
        for (const name of ["pixi", "mojoproject", "pyproject"]) {
          yield* link(`../other/${name}.toml`, `${name}/${name}.toml`)
        }
        yield* link("real.toml", "near/pixi.toml")
        yield* link("../nowhere.toml", "dangling/pixi.toml")
        yield* link("mojoproject.toml", "mojo/pixi.toml")
        const before = yield* filesOf(`${directory}/other`)
        const packageManager = yield* PackageManager
        for (const name of ["pixi", "mojoproject", "pyproject", "near", "dangling"]) {
          const path = `${directory}/${name}`
          for (
            const operation of [
              packageManager.init({ path }),
              packageManager.install({ path }),
              packageManager.remove({ path, packages: ["x"] }),
              packageManager.update({ path }),
              packageManager.list({ path }),
              packageManager.status({ path }),
              packageManager.getManifest({ path })
            ]
          ) {
            const error = yield* Effect.flip<unknown, PackageManagerError, never>(operation)
            assert.deepInclude({ ...error }, { _tag: "InvalidOption", option: "path" }, name)
            if (/p/.test(name)) assert.include(error.message, `give ${directory}/other`)
          }
        }
        assert.match((yield* packageManager.getManifest({ path: `${directory}/mojo` })).file, /mojoproject\.toml$/)
        assert.deepStrictEqual(yield* filesOf(`${directory}/other`), before)
        assert.isFalse(yield* fs.exists(`${directory}/nowhere.toml`))
        assert.deepStrictEqual((yield* MockExecutor.MockExecutor).invocations, [])
      }).pipe(Effect.provide(scripted("0.77.0", {}))))

    it.scoped("that is not one is a typed error", () =>
      Effect.gen(function*() {
        const path = yield* directoryWith({ "file": "", "other/pyproject.toml": "[tool.uv]\n" })
        const packageManager = yield* PackageManager
        const failure = (name: string) => Effect.flip(packageManager.getManifest({ path: name }))
        assert.include((yield* failure(`${path}/none`)).message, "there is no such directory")
        assert.include((yield* failure(`${path}/file`)).message, "it is a file")
        assert.include((yield* failure(`${path}/other`)).message, "no pixi.toml")
        assert.strictEqual((yield* failure(`${path}/file/deeper`))._tag, "StorageFailed")
        assert.strictEqual((yield* failure(""))._tag, "InvalidOption")
        assert.strictEqual((yield* failure("a\0b"))._tag, "InvalidOption")
      }).pipe(Effect.provide(scripted("0.77.0", {}))))

    it.scoped("with a manifest that is not one is a typed error with its place, and nothing runs", () =>
      Effect.gen(function*() {
        const path = yield* directoryWith({ "pixi.toml": "[project]\nname = \n" })
        const packageManager = yield* PackageManager
        for (
          const operation of [
            packageManager.install({ path }),
            packageManager.list({ path }),
            packageManager.getManifest({ path })
          ]
        ) {
          const error = yield* Effect.flip<unknown, PackageManagerError, never>(operation)
          assert.deepInclude({ ...error as object }, { _tag: "ManifestInvalid", file: `${path}/pixi.toml`, line: 2 })
        }
        assert.deepStrictEqual((yield* MockExecutor.MockExecutor).invocations, [])
      }).pipe(Effect.provide(scripted("0.77.0", {}))))

    it.scoped("with a lock file that is not one, or is too new, is a typed error, and nothing runs", () =>
      Effect.gen(function*() {
        const broken = yield* environment("", "")
        const newer = yield* environment("", "version: 6\nenvironments: {}\npackages: []\n")
        const packageManager = yield* PackageManager
        assert.strictEqual(yield* tag(packageManager.install({ path: broken })), "LockInvalid")
        const error = yield* Effect.flip(packageManager.install({ path: newer }))
        assert.strictEqual(error._tag, "LockInvalid")
        assert.match(error.message, /6.*0\.15\.2.*4/)
        assert.deepStrictEqual(yield* commands, [])
      }).pipe(Effect.provide(scripted("0.15.2", {}))))

    it.scoped("of a kind that the version does not read is a typed error", () =>
      Effect.gen(function*() {
        const path = yield* directoryWith({
          "pyproject.toml": "[tool.pixi.project]\nname = \"x\"\nchannels = []\n"
        })
        const error = yield* Effect.flip((yield* PackageManager).install({ path }))
        assert.deepInclude({ ...error }, { _tag: "UnsupportedVersion", found: "0.15.2", required: "0.18.0" })
      }).pipe(Effect.provide(scripted("0.15.2", {}))))
  })

  describe("what does not succeed", () => {
    it.scoped("leaves manifest and lock file byte for byte as they were, with their modes", () =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const path = yield* environment("greet = \"*\"\r\n", lockText("greet-1.0"))
        yield* fs.chmod(`${path}/pixi.toml`, 0o640)
        const before = yield* filesOf(path)
        const events: Array<Output.Event> = []
        yield* Effect.gen(function*() {
          const packageManager = yield* PackageManager
          const operation = packageManager.install({ path, packages: ["x"] })
          const error = yield* Effect.flip(Output.observe(operation, (event) => Effect.sync(() => events.push(event))))
          assert.strictEqual(error._tag, "PackageNotFound")
        }).pipe(Effect.provide(scripted("0.77.0", {
          add: () => writes(path, { "pixi.toml": "other", "pixi.lock": "half" }, notFound("x *"))
        })))
        assert.deepStrictEqual(yield* filesOf(path), before)
        assert.strictEqual((yield* fs.stat(`${path}/pixi.toml`)).mode & 0o777, 0o640)
        // What is installed is not put back, and how it stands is told.
        const left = events.at(-1)
        assert.deepStrictEqual(left?._tag === "StatusAfter" ? left.status.missing : left, ["greet"])
        assert.deepStrictEqual({ ...events.at(-2) }, {
          _tag: "Restored",
          operation: "install",
          environment: path,
          id: left?.id,
          files: [`${path}/pixi.toml`, `${path}/pixi.lock`]
        })
      }).pipe(Effect.provide(layerFs)))

    it.scoped("removes a prefix that it made, and keeps one that was there", () =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const [path, other] = [yield* environment(""), yield* environment("")]
        yield* fs.makeDirectory(`${other}/.pixi`)
        const failing = (path: string) =>
          Effect.flatMap(PackageManager, (manager) => manager.install({ path, packages: ["x"] })).pipe(
            Effect.flip,
            Effect.provide(scripted("0.77.0", {
              add: () =>
                fs.makeDirectory(`${path}/.pixi/envs/default/conda-meta`, { recursive: true }).pipe(
                  Effect.andThen(writes(path, { ".pixi/envs/default/half": "" }, notFound("x *")))
                )
            }))
          )
        yield* failing(path)
        assert.deepStrictEqual(Object.keys(yield* filesOf(path)), ["pixi.toml"])
        yield* failing(other)
        assert.include(Object.keys(yield* filesOf(other)), ".pixi/envs/default/half")
      }).pipe(Effect.provide(layerFs)))

    it.scoped("leaves no lock file where there was none", () =>
      Effect.gen(function*() {
        const path = yield* environment("")
        const before = yield* filesOf(path)
        yield* Effect.gen(function*() {
          yield* Effect.flip((yield* PackageManager).install({ path, packages: ["x"] }))
        }).pipe(Effect.provide(scripted("0.77.0", {
          add: () => writes(path, { "pixi.lock": lockText("x-1") }, { exitCode: 1 })
        })))
        assert.deepStrictEqual(yield* filesOf(path), before)
      }).pipe(Effect.provide(layerFs)))

    it.scoped("is also a success whose lock file cannot be read", () =>
      Effect.gen(function*() {
        const path = yield* environment("", lockText("greet-1.0"))
        const before = yield* filesOf(path)
        yield* Effect.gen(function*() {
          assert.strictEqual(yield* tag((yield* PackageManager).install({ path, packages: ["x"] })), "LockInvalid")
        }).pipe(Effect.provide(scripted("0.77.0", { add: () => writes(path, { "pixi.lock": "version: 4\n  x" }) })))
        assert.deepStrictEqual(yield* filesOf(path), before)
      }).pipe(Effect.provide(layerFs)))

    it.scoped("is also what is interrupted: the files are put back when the process has ended", () =>
      Effect.gen(function*() {
        const path = yield* environment("", lockText("greet-1.0"))
        const before = yield* filesOf(path)
        const layer = scripted("0.77.0", {
          add: () => writes(path, { "pixi.lock": "half" }, { duration: "1 hour", ignores: ["SIGTERM"] })
        })
        yield* Effect.gen(function*() {
          const { running, signals } = yield* MockExecutor.MockExecutor
          const fiber = yield* Effect.fork((yield* PackageManager).install({ path, packages: ["x"] }))
          yield* settled(MockExecutor.MockExecutor, ({ running }) => running() === 1)
          const interrupt = yield* Effect.fork(Fiber.interrupt(fiber))
          yield* TestClock.adjust("4999 millis")
          assert.deepStrictEqual([running(), signals, (yield* filesOf(path))["pixi.lock"]], [1, ["SIGTERM"], "half"])
          yield* TestClock.adjust("1 millis")
          const exit = yield* Fiber.join(interrupt)
          assert.isTrue(Exit.isFailure(exit) && Cause.isInterruptedOnly(exit.cause))
          assert.deepStrictEqual([running(), signals], [0, ["SIGTERM", "SIGKILL"]])
        }).pipe(Effect.provide(layer))
        assert.deepStrictEqual(yield* filesOf(path), before)
      }).pipe(Effect.provide(layerFs)))

    it.scoped("tells the command and what it said, without credentials", () =>
      Effect.gen(function*() {
        const path = yield* environment("")
        const error = yield* Effect.flip(
          (yield* PackageManager).install({ path, packages: ["https://me:secret@host/noarch/x-1-0.conda"] })
        )
        assert.strictEqual(error._tag, "CommandFailed")
        assert.notInclude(JSON.stringify({ ...error, message: error.message }), "secret")
        if (error._tag === "CommandFailed") assert.include(error.evidence.stderr, "https://***@host")
      }).pipe(Effect.provide(scripted("0.77.0", {
        add: replies({ exitCode: 1, stderr: "Error:   × odd: https://me:secret@host/x\n" })
      }))))
  })

  describe("operations", () => {
    it.scoped("that change one environment run one after another, in their order; others run beside them", () =>
      Effect.gen(function*() {
        const [one, other] = [yield* environment(""), yield* environment("")]
        const packageManager = yield* PackageManager
        const events: Array<string> = []
        const install = (path: string, name: string) =>
          Output.observe(packageManager.install({ path, packages: [name] }), (event) =>
            Effect.sync(() => {
              if (event._tag !== "Started" || !event.command.includes("--version")) {
                if (event._tag !== "Ended" || events.includes(`${name} Started`)) events.push(`${name} ${event._tag}`)
              }
            }))
        yield* packageManager.list({ path: one })
        const first = yield* Effect.fork(install(one, "a"))
        yield* settled(MockExecutor.MockExecutor, ({ running }) => running() === 1)
        const second = yield* Effect.fork(install(`${one}/../${one.split("/").at(-1)}`, "b"))
        const third = yield* Effect.fork(install(other, "c"))
        yield* settled(MockExecutor.MockExecutor, ({ running }) => running() === 2)
        yield* TestClock.adjust("1 minute")
        yield* settled(MockExecutor.MockExecutor, ({ running }) => running() === 1)
        yield* TestClock.adjust("1 minute")
        yield* Fiber.joinAll([first, second, third])
        assert.deepStrictEqual(events.filter((event) => !/^c|Progress/.test(event)), [
          "a Started",
          "b Waiting",
          "a Ended",
          "b Started",
          "b Ended"
        ])
        assert.isBelow(events.indexOf("c Started"), events.indexOf("b Started"))
      }).pipe(Effect.provide(scripted("0.77.0", {
        add: replies({ duration: "1 minute" }),
        list: replies({ stdout: "[]" })
      }))))

    it.scoped("that have waited long enough fail with who is at work", () =>
      Effect.gen(function*() {
        const path = yield* environment("")
        const packageManager = yield* PackageManager
        const first = yield* Effect.fork(packageManager.install({ path, packages: ["a"] }))
        yield* settled(MockExecutor.MockExecutor, ({ running }) => running() === 1)
        const events: Array<Output.Event> = []
        const second = yield* Effect.flip(packageManager.remove({ path, packages: ["b"] })).pipe(
          Output.observe((event) => Effect.sync(() => events.push(event))),
          Effect.fork
        )
        yield* settled(Effect.sync(() => events), (events) => events.some(({ _tag }) => _tag === "Waiting"))
        yield* TestClock.adjust("1 minute")
        const error = yield* Fiber.join(second)
        assert.deepInclude({ ...error }, { _tag: "EnvironmentBusy", operation: "remove", environment: path })
        assert.strictEqual(error._tag === "EnvironmentBusy" ? error.holder?.operation : undefined, "install")
        assert.isTrue(Option.isNone(yield* Fiber.poll(first)))
        yield* Fiber.interrupt(first)
        yield* packageManager.install({ path })
      }).pipe(Effect.provide(
        scripted("0.77.0", { add: replies({ duration: "1 hour" }) }, { waitLimit: "1 minute" })
      )))

    it.scoped("are not more at once than they may be", () =>
      Effect.gen(function*() {
        const paths = yield* Effect.all([environment(""), environment(""), environment("")])
        const packageManager = yield* PackageManager
        const { running } = yield* MockExecutor.MockExecutor
        const fibers = yield* Effect.forEach(paths, (path) =>
          Effect.fork(packageManager.install({ path, packages: ["a"] })))
        const counts: Array<number> = []
        for (let minute = 0; minute < 2; minute++) {
          yield* settled(MockExecutor.MockExecutor, ({ running }) =>
            running() > 0)
          yield* Effect.promise(() => new Promise((resume) => setTimeout(resume, 100)))
          counts.push(running())
          yield* TestClock.adjust("1 minute")
        }
        yield* Fiber.joinAll(fibers)
        assert.deepStrictEqual(counts, [2, 1])
      }).pipe(Effect.provide(
        scripted("0.77.0", { add: replies({ duration: "1 minute" }) }, { concurrency: 2 })
      )))

    it.scoped("that wait can be interrupted", () =>
      Effect.gen(function*() {
        const path = yield* environment("")
        const packageManager = yield* PackageManager
        const first = yield* Effect.fork(packageManager.install({ path, packages: ["a"] }))
        yield* settled(MockExecutor.MockExecutor, ({ running }) => running() === 1)
        const second = yield* Effect.fork(packageManager.install({ path, packages: ["b"] }))
        yield* TestClock.adjust("1 second")
        yield* Fiber.interrupt(second)
        assert.isTrue(Option.isNone(yield* Fiber.poll(first)))
        yield* TestClock.adjust("1 minute")
        yield* Fiber.join(first)
        yield* packageManager.install({ path })
      }).pipe(Effect.provide(scripted("0.77.0", { add: replies({ duration: "1 minute" }) }))))
  })

  it.scoped("getManifest does not see what is not yet done", () =>
    Effect.gen(function*() {
      const path = yield* environment("greet = \"*\"\n")
      yield* Effect.gen(function*() {
        const packageManager = yield* PackageManager
        const fiber = yield* Effect.fork(packageManager.install({ path, packages: ["x"] }))
        yield* settled(MockExecutor.MockExecutor, ({ running }) => running() === 1)
        assert.deepStrictEqual((yield* packageManager.getManifest({ path })).packages, { greet: "*" })
        yield* TestClock.adjust("1 minute")
        yield* Fiber.join(fiber)
        assert.deepStrictEqual((yield* packageManager.getManifest({ path })).packages, { x: "1" })
      }).pipe(Effect.provide(scripted("0.29.0", {
        add: () => writes(path, { "pixi.toml": manifestText("x = \"1\"\n") }, { duration: "1 minute" })
      })))
    }).pipe(Effect.provide(layerFs)))

  it.scoped("getManifest removes what a program that died with nothing to undo has left", () =>
    Effect.gen(function*() {
      const path = yield* directoryWith({ "pixi.toml": manifestText(""), ".darb/lock": "", ".darb/.gitignore": "*\n" })
      yield* (yield* PackageManager).getManifest({ path })
      assert.deepStrictEqual(Object.keys(yield* filesOf(path)), ["pixi.toml"])
    }).pipe(Effect.provide(scripted("0.77.0", {}))))

  it.scoped("getManifest reads the file, and starts no process", () =>
    Effect.gen(function*() {
      const path = yield* environment("greet = \"1.10\"\n")
      const manifest = yield* (yield* PackageManager).getManifest({ path })
      assert.deepStrictEqual(manifest.packages, { greet: "1.10" })
      assert.strictEqual(new TextDecoder().decode(manifest.bytes), manifestText("greet = \"1.10\"\n"))
      assert.deepStrictEqual((yield* MockExecutor.MockExecutor).invocations, [])
    }).pipe(Effect.provide(scripted("0.77.0", {}))))
})
