import { directoryWith, filesOf, settled } from "@darb/laws/TestDirectory"
import * as Output from "@darb/package-manager/Output"
import { PackageManager } from "@darb/package-manager/PackageManager"
import type { PackageManagerError } from "@darb/package-manager/PackageManagerError"
import * as MockExecutor from "@darb/testing/MockExecutor"
import { commands, replies } from "@darb/testing/Scripted"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as FileSystem from "@effect/platform/FileSystem"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import { afterEach, vi } from "vitest"
import { scripted } from "./fixtures.js"

afterEach(() => vi.unstubAllEnvs())

const manifestText = (...dependencies: ReadonlyArray<string>) =>
  `# ours\n[project]\nname = "x"\nversion = "0.1.0"\nrequires-python = ">=3.11"\ndependencies = ${
    JSON.stringify(dependencies)
  }\n`

/** A lock file with packages, each as NAME-VERSION, which the project depends on. */
const lockText = (...packages: ReadonlyArray<string>) => {
  const names = packages.map((found) => found.replace(/-[^-]*$/, ""))
  return [
    "version = 1",
    "revision = 3",
    "requires-python = \">=3.11\"",
    "",
    "[[package]]",
    "name = \"x\"",
    "version = \"0.1.0\"",
    "source = { virtual = \".\" }",
    `dependencies = [${names.map((name) => `{ name = "${name}" }`).join(", ")}]`,
    ...packages.flatMap((found, at) => [
      "",
      "[[package]]",
      `name = "${names[at]}"`,
      `version = "${found.replace(/^.*-/, "")}"`,
      "source = { registry = \"https://index\" }",
      `wheels = [{ url = "https://index/${found}-py3-none-any.whl", size = 7 }]`
    ]),
    ""
  ].join("\n")
}

const project = (dependencies: ReadonlyArray<string>, ...locked: ReadonlyArray<string>) =>
  directoryWith({ "pyproject.toml": manifestText(...dependencies), "uv.lock": lockText(...locked) })

/** Writes as uv does, and then answers. */
const writes = (directory: string, files: Readonly<Record<string, string>>, reply: MockExecutor.Reply = {}) =>
  Effect.gen(function*() {
    const fs = yield* FileSystem.FileSystem
    for (const [name, text] of Object.entries(files)) yield* fs.writeFileString(`${directory}/${name}`, text)
    return reply
  }).pipe(Effect.orDie, Effect.provide(NodeContext.layer))

const failure = <A, R>(effect: Effect.Effect<A, PackageManagerError, R>) =>
  Effect.map(Effect.flip(effect), (error): Record<string, unknown> => ({ ...error }))

const uv = scripted("0.13.9", {})

describe("Uv", () => {
  it.scoped("gets no variable that says which project is meant, and its credentials", () =>
    Effect.gen(function*() {
      for (
        const name of [
          ...["VIRTUAL_ENV", "CONDA_PREFIX", "UV_PROJECT", "UV_WORKING_DIR", "UV_PROJECT_ENVIRONMENT", "UV_FROZEN"],
          ...["UV_LOCKED", "UV_NO_SYNC", "UV_PYTHON", "UV_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX", "PYTHONPATH"],
          ...["PYTHONHOME", "FORCE_COLOR", "UV_OFFLINE", "SECRET"]
        ]
      ) vi.stubEnv(name, "x")
      vi.stubEnv("UV_CACHE_DIR", "/cache")
      vi.stubEnv("UV_INDEX_MY_OWN_USERNAME", "u")
      vi.stubEnv("UV_INDEX_MY_OWN_PASSWORD", "p")
      const path = yield* project([])
      const found = yield* Effect.gen(function*() {
        yield* (yield* PackageManager).install({ path })
        return (yield* MockExecutor.MockExecutor).invocations
      }).pipe(Effect.provide(scripted("0.13.9", {}, { environment: { TOKEN: "t", NO_COLOR: "0" } })))
      assert.strictEqual(found.length, 2)
      for (const { environment } of found) {
        assert.deepStrictEqual(
          Object.entries(environment).filter(([name]) =>
            /^(UV|VIRTUAL|CONDA|PYTHON|FORCE|SECRET|TOKEN|NO_C)/.test(name)
          )
            .sort(),
          [
            ["NO_COLOR", "1"],
            ["TOKEN", "t"],
            ["UV_CACHE_DIR", "/cache"],
            ["UV_INDEX_MY_OWN_PASSWORD", "p"],
            ["UV_INDEX_MY_OWN_USERNAME", "u"],
            ["UV_NO_PROGRESS", "1"],
            ["UV_NO_WRAP", "1"]
          ]
        )
      }
      assert.strictEqual(found[1]?.directory, path)
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scoped("an executable that is too old, or none, is told before anything is touched", () =>
    Effect.gen(function*() {
      const path = yield* project(["greet"], "greet-1.0")
      const before = yield* filesOf(path)
      for (
        const [stdout, found] of [["uv 0.9.19 (abc 2025-12-01)\n", "0.9.19"], ["pixi 0.77.0\n", "pixi 0.77.0"]] as const
      ) {
        const error = yield* failure(Effect.flatMap(PackageManager, (manager) => manager.install({ path }))).pipe(
          Effect.provide(scripted("", { "--version": replies({ stdout }) }))
        )
        assert.deepInclude(error, { _tag: "UnsupportedVersion", manager: "uv", found, required: "0.9.20" })
      }
      assert.deepStrictEqual(yield* filesOf(path), before)
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scoped("says its version, which is of no environment", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* (yield* PackageManager).version, "0.13.9")
      const error = yield* failure(Effect.flatMap(PackageManager, ({ version }) => version)).pipe(
        Effect.provide(scripted("", { "--version": () => Effect.fail(MockExecutor.notFound("uv")) }))
      )
      assert.deepInclude(error, { _tag: "ExecutableNotFound", operation: "version", environment: "" })
    }).pipe(Effect.provide(uv)))

  it.scoped("an option that it does not have is an error, and nothing runs", () =>
    Effect.gen(function*() {
      const path = yield* project(["greet"], "greet-1.0")
      const manager = yield* PackageManager
      for (
        const [operation, option] of [
          [manager.init({ path: `${path}/y`, channels: ["conda-forge"] }), "channels"],
          [manager.init({ path: `${path}/y`, platforms: [] }), "platforms"],
          [manager.install({ path, packages: ["a"], feature: "f" }), "feature"],
          [manager.install({ path, packages: ["a"], pypi: true }), "pypi"],
          [manager.install({ path, environment: "e" }), "environment"],
          [manager.remove({ path, packages: ["greet"], platforms: ["linux-64"] }), "platforms"],
          [manager.list({ path, platform: "linux-64" }), "platform"],
          [manager.status({ path, environment: "e" }), "environment"]
        ] as const
      ) {
        const error = yield* failure<unknown, never>(operation)
        assert.deepInclude(error, { _tag: "UnsupportedOption", manager: "uv", option })
        assert.include(error["supported"], "path")
      }
      assert.deepStrictEqual((yield* MockExecutor.MockExecutor).invocations, [])
      // What is not given is not asked for.
      yield* manager.install({ path, feature: undefined })
    }).pipe(Effect.provide(uv)))

  it.scoped("options that contradict each other are errors, and nothing runs", () =>
    Effect.gen(function*() {
      const path = yield* project(["greet"], "greet-1.0")
      const manager = yield* PackageManager
      for (
        const [operation, option] of [
          [manager.install({ path, packages: ["a"], locked: true }), "locked"],
          [manager.install({ path, packages: ["a"], frozen: true }), "frozen"],
          [manager.install({ path, packages: ["a"], groups: ["g"] }), "groups"],
          [manager.install({ path, packages: ["a"], group: "g", extra: "e" }), "extra"],
          [manager.install({ path, packages: ["a"], group: "g g" }), "group"],
          [manager.install({ path, locked: true, frozen: true }), "frozen"],
          [manager.install({ path, noInstall: true, frozen: true }), "frozen"],
          [manager.install({ path, group: "g" }), "group"],
          [manager.install({ path, indexes: ["https://i"] }), "indexes"],
          [manager.install({ path, extras: ["none"] }), "extras"],
          [manager.update({ path, groups: ["none"] }), "groups"],
          [manager.remove({ path, packages: [] }), "packages"],
          [manager.init({ path: `${path}/y`, name: "a b" }), "name"],
          [manager.init({ path: `${path}/y`, name: "" }), "name"],
          [manager.init({ path: `${path}/y`, python: "latest" }), "python"],
          [manager.init({ path: `${path}/y`, indexes: [""] }), "indexes"],
          [manager.init({ path: `${path}/y`, indexes: ["https://u:p@i/simple"] }), "indexes"]
        ] as const
      ) assert.deepInclude(yield* failure<unknown, never>(operation), { _tag: "InvalidOption", option })
      assert.deepStrictEqual(yield* commands, [])
      assert.deepStrictEqual(Object.keys(yield* filesOf(path)), ["pyproject.toml", "uv.lock"])
    }).pipe(Effect.provide(uv)))

  it.scoped("what is there already is not added again", () =>
    Effect.gen(function*() {
      const path = yield* project(["greet==1.0", "Dotted.Name"], "greet-1.0", "dotted-name-1")
      const manager = yield* PackageManager
      const at = ["--directory", path]
      yield* manager.install({ path, packages: ["greet", "dotted_name"] })
      yield* manager.install({ path, packages: ["greet", "app"] })
      yield* manager.install({ path, packages: ["greet==1.1"] })
      yield* manager.install({ path, packages: ["greet"], group: "test" })
      yield* manager.install({ path, packages: ["greet"], noInstall: true })
      assert.deepStrictEqual(yield* commands, [
        ["sync", ...at, "--inexact"],
        ["add", ...at, "--", "app"],
        ["add", ...at, "--", "greet==1.1"],
        ["add", ...at, "--group=test", "--", "greet"],
        ["lock", ...at]
      ])
    }).pipe(Effect.provide(uv)))

  it.scoped("names are checked before uv, which passes over what it does not know", () =>
    Effect.gen(function*() {
      const path = yield* project(["greet", "new"], "greet-1.0")
      const manager = yield* PackageManager
      assert.deepInclude(yield* failure(manager.update({ path, packages: ["greet", "nope"] })), {
        _tag: "DependencyNotFound",
        packages: ["nope"]
      })
      assert.deepInclude(yield* failure(manager.remove({ path, packages: ["greet", "app"] })), {
        _tag: "DependencyNotFound",
        packages: ["app"]
      })
      assert.deepStrictEqual(yield* commands, [])
      yield* manager.update({ path, packages: ["Greet", "new"] })
      yield* manager.remove({ path, packages: ["GREET", "greet"] })
      yield* manager.remove({ path, packages: ["greet"], noInstall: true })
      const at = ["--directory", path]
      assert.deepStrictEqual(yield* commands, [
        ["sync", ...at, "--upgrade-package=greet", "--upgrade-package=new"],
        ["remove", ...at, "--", "greet"],
        ["remove", ...at, "--no-sync", "--", "greet"]
      ])
    }).pipe(Effect.provide(uv)))

  it.scoped("what uv changed before it failed is put back, which some versions do not", () =>
    Effect.gen(function*() {
      const path = yield* project(["greet"], "greet-1.0")
      const fs = yield* FileSystem.FileSystem
      // Somebody else's stays.
      yield* fs.writeFileString(`${path}/.tmp000000`, "")
      const before = yield* filesOf(path)
      const error = yield* failure(
        Effect.flatMap(PackageManager, (manager) => manager.remove({ path, packages: ["greet"] }))
      ).pipe(
        Effect.provide(scripted("0.10.0", {
          remove: () =>
            writes(path, { "pyproject.toml": manifestText(), "uv.lock": "half", ".tmpaB3xYz": "" }, {
              exitCode: 2,
              stderr: "error: what nobody knows\n"
            })
        }))
      )
      assert.deepInclude(error, { _tag: "CommandFailed", manager: "uv" })
      assert.deepStrictEqual(yield* filesOf(path), before)
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scoped("a link to nothing in place of the prefix stays", () =>
    Effect.gen(function*() {
      const path = yield* project(["greet"], "greet-1.0")
      const fs = yield* FileSystem.FileSystem
      yield* fs.symlink("/nowhere/at/all", `${path}/.venv`)
      yield* failure(Effect.flatMap(PackageManager, (manager) => manager.install({ path }))).pipe(
        Effect.provide(scripted("0.13.9", { sync: replies({ exitCode: 1, stderr: "no" }) }))
      )
      assert.strictEqual(yield* fs.readLink(`${path}/.venv`), "/nowhere/at/all")
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scoped("init at a link to nothing fails and leaves the link", () =>
    Effect.gen(function*() {
      const directory = yield* directoryWith({})
      const fs = yield* FileSystem.FileSystem
      yield* fs.symlink("/nowhere/at/all", `${directory}/env`)
      const manager = yield* PackageManager
      assert.deepInclude(yield* failure(manager.init({ path: `${directory}/env` })), {
        _tag: "InvalidOption",
        option: "path",
        reason: "it is a link to a path that does not exist"
      })
      assert.include(
        ["StorageFailed", "InvalidOption"],
        (yield* failure(manager.init({ path: `${directory}/env/x` })))["_tag"]
      )
      assert.strictEqual(yield* fs.readLink(`${directory}/env`), "/nowhere/at/all")
      assert.deepStrictEqual(yield* fs.readDirectory(directory), ["env"])
    }).pipe(Effect.provide(uv)))

  it.scoped.skipIf(process.platform !== "linux")(
    "init where directories cannot be made fails at once",
    () =>
      Effect.gen(function*() {
        const manager = yield* PackageManager
        const error = yield* failure(manager.init({ path: "/proc/darb/x" }))
        assert.deepInclude(error, { _tag: "StorageFailed", file: "/proc/darb" })
      }).pipe(Effect.provide(uv)),
    5000
  )

  it.scoped("packages are not added to a table that the build backend sets", () =>
    Effect.gen(function*() {
      const manager = yield* PackageManager
      for (
        const [field, place, other] of [
          ["dependencies", {}, { extra: "e" }],
          ["optional-dependencies", { extra: "e" }, {}]
        ] as const
      ) {
        const path = yield* directoryWith({
          "pyproject.toml": `[project]\nname = "x"\nversion = "1"\ndynamic = ["${field}"]\n`
        })
        const error = yield* failure(manager.install({ path, packages: ["greet==1.0"], ...place }))
        assert.deepInclude(error, { _tag: "InvalidOption", option: "packages", value: "greet==1.0" })
        assert.include(error["reason"], `\`${field}\` is in \`project.dynamic\``)
        yield* manager.install({ path, packages: ["greet"], ...other })
        yield* manager.install({ path, packages: ["greet"], group: "g" })
        yield* manager.install({ path })
      }
      assert.deepStrictEqual((yield* commands).map(([command]) => command), [
        "add",
        "add",
        "sync",
        "add",
        "add",
        "sync"
      ])
    }).pipe(Effect.provide(uv)))

  it.scoped.each(["own/env", "/"] as const)(
    "a rollback removes the prefix that the operation made, elsewhere: %s",
    (at) =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const path = yield* project(["greet"], "greet-1.0")
        const prefix = at === "/" ? `${yield* directoryWith({})}/env` : at
        const layer = scripted("0.13.9", {
          sync: () =>
            fs.makeDirectory(prefix === at ? `${path}/${at}` : prefix, { recursive: true }).pipe(
              Effect.as({ exitCode: 2, stderr: "error: no" })
            )
        }, { environment: { UV_PROJECT_ENVIRONMENT: prefix } })
        const full = prefix === at ? `${path}/${at}` : prefix
        const install = failure(Effect.flatMap(PackageManager, (manager) => manager.install({ path })))
        yield* Effect.provide(install, layer)
        assert.isFalse(yield* fs.exists(full))
        yield* fs.makeDirectory(full, { recursive: true })
        yield* Effect.provide(install, layer)
        assert.isTrue(yield* fs.exists(full))
      }).pipe(Effect.provide(NodeContext.layer))
  )

  it.scoped("interruption asks by SIGINT and by SIGTERM, and then kills", () =>
    Effect.gen(function*() {
      const path = yield* project(["greet"], "greet-1.0")
      yield* Effect.gen(function*() {
        const manager = yield* PackageManager
        const { invocations, signals } = yield* MockExecutor.MockExecutor
        const events: Array<string> = []
        const fiber = yield* manager.install({ path }).pipe(
          Output.observe((event) => Effect.sync(() => events.push(event._tag))),
          Effect.fork
        )
        yield* settled(Effect.sync(() => events), (found) => found.filter((tag) => tag === "Started").length === 2)
        const interrupting = yield* Effect.fork(Fiber.interrupt(fiber))
        yield* settled(Effect.sync(() => signals.length), (length) => length === 1)
        assert.deepStrictEqual(signals, ["SIGINT"])
        yield* TestClock.adjust("5 seconds")
        yield* settled(Effect.sync(() => signals.length), (length) => length === 2)
        yield* TestClock.adjust("5 seconds")
        yield* Fiber.join(interrupting)
        assert.deepStrictEqual(signals, ["SIGINT", "SIGTERM", "SIGKILL"])
        assert.strictEqual(invocations.length, 2)
      }).pipe(Effect.provide(scripted("0.13.9", {
        sync: replies({ duration: "1 hour", ignores: ["SIGINT", "SIGTERM"] })
      })))
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scoped("a list is what is locked for this machine, and says what is installed", () =>
    Effect.gen(function*() {
      const path = yield* project(["greet", "app"], "app-1.0", "greet-1.0")
      const fs = yield* FileSystem.FileSystem
      const manager = yield* PackageManager
      const read = Effect.map(manager.list({ path }), (list) =>
        list.map(({ direct, installed, name, size, source }) => [name, installed, direct, size, source]))
      assert.deepStrictEqual(yield* read, [
        ["app", null, true, 7, "https://index"],
        ["greet", null, true, 7, "https://index"]
      ])
      const site = `${path}/.venv/lib/python3.11/site-packages`
      yield* fs.makeDirectory(`${site}/greet-0.9.dist-info`, { recursive: true })
      yield* fs.writeFileString(
        `${site}/greet-0.9.dist-info/METADATA`,
        "Metadata-Version: 2.1\nName: greet\nVersion: 0.9\n"
      )
      yield* fs.writeFileString(`${path}/.venv/pyvenv.cfg`, "home = /usr/bin\nversion_info = 3.11.7\n")
      yield* fs.makeDirectory(`${path}/.venv/bin`)
      yield* fs.symlink("/bin/sh", `${path}/.venv/bin/python`)
      assert.deepStrictEqual((yield* read).map(([name, installed]) => [name, installed]), [
        ["app", null],
        ["greet", "0.9"]
      ])
      const status = yield* manager.status({ path })
      assert.deepStrictEqual([status.prefix, status.missing, status.different], [
        "differs",
        ["app"],
        [{ name: "greet", locked: "1.0", installed: "0.9" }]
      ])
      assert.deepStrictEqual((yield* MockExecutor.MockExecutor).invocations, [])
      yield* fs.writeFileString(`${path}/.venv/pyvenv.cfg`, "version_info = none\n")
      assert.deepStrictEqual((yield* read).map(([name, installed]) => [name, installed]), [["app", null], [
        "greet",
        null
      ]])
      assert.deepInclude(yield* failure(manager.status({ path })), {
        _tag: "StorageFailed",
        file: `${path}/.venv/pyvenv.cfg`
      })
      yield* fs.remove(`${path}/uv.lock`)
      assert.deepStrictEqual(yield* manager.list({ path }), [])
    }).pipe(Effect.provide(uv)))

  it.scoped("with a root, environments are in it, and nothing outside of it is touched", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const root = yield* directoryWith({
        "in/env/pyproject.toml": manifestText("greet"),
        "in/linked/pyproject.toml": manifestText("greet"),
        "out/pyproject.toml": manifestText("greet"),
        "out/venv/pyvenv.cfg": ""
      })
      yield* fs.symlink(`${root}/out`, `${root}/in/away`)
      yield* fs.symlink(`${root}/out/venv`, `${root}/in/linked/.venv`)
      yield* Effect.gen(function*() {
        const manager = yield* PackageManager
        assert.strictEqual((yield* manager.getManifest({ path: "env" })).file, `${root}/in/env/pyproject.toml`)
        for (const path of ["../out", "away", `${root}/out`, "linked", "."]) {
          assert.deepInclude(yield* failure(manager.install({ path })), { _tag: "InvalidOption", option: "path" }, path)
        }
        assert.deepInclude(yield* failure(manager.init({ path: "../out/new" })), { _tag: "InvalidOption" })
        assert.deepStrictEqual(yield* commands, [])
        yield* manager.install({ path: `${root}/in/env` })
      }).pipe(Effect.provide(scripted("0.13.9", {}, { root: `${root}/in` })))
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scoped("a manifest that is empty or no project's is an error, and nothing runs", () =>
    Effect.gen(function*() {
      const manager = yield* PackageManager
      for (
        const [text, tag] of [
          ["", "ManifestInvalid"],
          ["[project", "ManifestInvalid"],
          ["[project]\nname = \"x\"\nversion = \"1\"\n[tool.uv]\nmanaged = false\n", "ManifestInvalid"],
          ["[tool.ruff]\n", "EnvironmentNotFound"]
        ] as const
      ) {
        const path = yield* directoryWith({ "pyproject.toml": text })
        for (const operation of [manager.install({ path }), manager.list({ path }), manager.status({ path })]) {
          const error = yield* failure<unknown, never>(operation)
          assert.deepInclude(error, { _tag: tag, environment: path })
        }
      }
      assert.deepStrictEqual(yield* commands, [])
    }).pipe(Effect.provide(uv)))

  it.scoped("init writes the indexes, the last of them in place of PyPI", () =>
    Effect.gen(function*() {
      const path = `${yield* directoryWith({})}/Some dir.é`
      const manifest = yield* Effect.flatMap(PackageManager, (manager) =>
        manager.init({ path, indexes: ["my=https://a/simple", "file:///b \"q\""] })).pipe(
          Effect.provide(scripted("0.13.9", {
            init: () =>
              writes(path, { "pyproject.toml": manifestText() })
          }))
        )
      assert.deepStrictEqual(manifest.file, `${path}/pyproject.toml`)
      assert.strictEqual(
        new TextDecoder().decode(manifest.bytes),
        `${manifestText()}
[[tool.uv.index]]
name = "my"
url = "https://a/simple"

[[tool.uv.index]]
url = "file:///b \\"q\\""
default = true
`
      )
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scoped("init gives a project a name that uv takes", () =>
    Effect.gen(function*() {
      const root = yield* directoryWith({})
      for (
        const [directory, name] of [
          ["Some dir.é", "some-dir-e"],
          ["-x-", "x"],
          ["日本", "environment"],
          ["a__b..c", "a-b-c"]
        ] as const
      ) {
        const path = `${root}/${directory}`
        yield* Effect.gen(function*() {
          yield* (yield* PackageManager).init({ path })
          assert.deepStrictEqual((yield* commands)[0]?.slice(-1), [`--name=${name}`])
        }).pipe(
          Effect.provide(scripted("0.13.9", { init: () => writes(path, { "pyproject.toml": manifestText() }) }))
        )
      }
    }).pipe(Effect.provide(NodeContext.layer)))
})
