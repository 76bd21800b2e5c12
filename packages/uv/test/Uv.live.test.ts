import { describeEach } from "@darb/laws/LiveSuite"
import { isRunning } from "@darb/laws/Processes"
import { directoryWith, filesOf } from "@darb/laws/TestDirectory"
import * as Output from "@darb/package-manager/Output"
import type { PackageManager } from "@darb/package-manager/PackageManager"
import type { PackageManagerError } from "@darb/package-manager/PackageManagerError"
import * as WheelDirectory from "@darb/testing/WheelDirectory"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as Command from "@effect/platform/Command"
import * as FileSystem from "@effect/platform/FileSystem"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Fiber from "effect/Fiber"
import { edit, fresh, live, made } from "./liveFixtures.js"

/** What must be as it was after an operation that did not succeed. */
const tracked = (path: string) =>
  Effect.map(
    filesOf(path),
    (files) => Object.fromEntries(Object.entries(files).filter(([name]) => !name.startsWith(".venv")))
  )

const failure = <A, R>(effect: Effect.Effect<A, PackageManagerError, R>) => Effect.flip(effect)

const names = (items: ReadonlyArray<{ readonly name: string }>) => items.map(({ name }) => name)

const versions = (items: ReadonlyArray<{ readonly name: string; readonly version: string | null }>) =>
  Object.fromEntries(items.map(({ name, version }) => [name, version]))

const installedIn = Effect.fnUntraced(function*(path: string) {
  const fs = yield* FileSystem.FileSystem
  const [python] = yield* fs.readDirectory(`${path}/.venv/lib`)
  const found = yield* fs.readDirectory(`${path}/.venv/lib/${python}/site-packages`)
  return found.flatMap((name) => /^(.*)\.dist-info$/.exec(name)?.[1] ?? []).sort()
})

describeEach(process.env, "DARB_TEST_UV", (executable) => {
  it.scopedLive(
    "an environment is made, changed, listed and read",
    live(() =>
      Effect.gen(function*() {
        const packageManager = yield* fresh(executable)
        const index = yield* WheelDirectory.make(WheelDirectory.examples)
        const path = `${yield* directoryWith({})}/new/My env é`
        assert.match(yield* packageManager.version, /^\d+\.\d+\.\d+$/)

        const manifest = yield* packageManager.init({ path, python: ">=3.9", indexes: [`local=${index.url}`] })
        assert.strictEqual(manifest.name, "my-env-e")
        assert.strictEqual(manifest.file, `${path}/pyproject.toml`)
        assert.deepStrictEqual([manifest.packages, manifest.pypiPackages], [{}, {}])
        const made = yield* packageManager.status({ path })
        assert.deepStrictEqual([made.lock, made.prefix], ["present", "matches"])
        assert.deepStrictEqual(yield* packageManager.list({ path }), [])

        const added = yield* packageManager.install({ path, packages: ["app==1.0"] })
        assert.deepStrictEqual(versions(added.added), { app: "1.0", greet: "1.1", libleaf: "0.2.0" })
        assert.deepStrictEqual([added.removed, added.changed], [[], []])
        assert.strictEqual(added.status?.prefix, "matches")
        const listed = yield* packageManager.list({ path })
        assert.deepStrictEqual(
          listed.map((
            { direct, installed, kind, name, source, version }
          ) => [name, version, installed, kind, source, direct]),
          [
            ["app", "1.0", "1.0", "pypi", index.url, true],
            ["greet", "1.1", "1.1", "pypi", index.url, false],
            ["libleaf", "0.2.0", "0.2.0", "pypi", index.url, false]
          ]
        )
        assert.deepStrictEqual(yield* installedIn(path), ["app-1.0", "greet-1.1", "libleaf-0.2.0"])

        const before = yield* tracked(path)
        assert.isTrue((yield* packageManager.install({ path, packages: ["app", "APP==1.0"] })).isEmpty)
        assert.isTrue((yield* packageManager.install({ path })).isEmpty)
        assert.isTrue((yield* packageManager.update({ path })).isEmpty)
        assert.deepStrictEqual(yield* tracked(path), before)

        const changed = yield* packageManager.install({ path, packages: ["app==2.0"] })
        assert.deepStrictEqual(
          changed.changed.map(({ after, before, name }) => [name, before.version, after.version]),
          [["app", "1.0", "2.0"], ["greet", "1.1", "2.0"]]
        )
        const removed = yield* packageManager.remove({ path, packages: ["App"] })
        assert.deepStrictEqual(names(removed.removed), ["app", "greet", "libleaf"])
        assert.deepStrictEqual(yield* packageManager.list({ path }), [])
        assert.deepStrictEqual((yield* packageManager.getManifest({ path })).pypiPackages, {})
        assert.deepStrictEqual(yield* installedIn(path), [])
      })
    ),
    120_000
  )

  it.scopedLive(
    "an update brings what the manifest allows, of everything or of what is named",
    live(() =>
      Effect.gen(function*() {
        const { packageManager, path } = yield* made(executable)
        yield* packageManager.install({ path, packages: ["greet==1.0", "libleaf==0.1.0"] })
        yield* edit(`${path}/pyproject.toml`, "greet==1.0", "greet")
        yield* edit(`${path}/pyproject.toml`, "libleaf==0.1.0", "libleaf")

        const locked = yield* packageManager.update({ path, packages: ["Libleaf"], noInstall: true })
        assert.deepStrictEqual(locked.changed.map(({ after, name }) => [name, after.version]), [["libleaf", "0.2.0"]])
        assert.deepStrictEqual(locked.status?.different, [{ name: "libleaf", locked: "0.2.0", installed: "0.1.0" }])
        assert.deepStrictEqual(yield* installedIn(path), ["greet-1.0", "libleaf-0.1.0"])

        const all = yield* packageManager.update({ path })
        assert.deepStrictEqual(all.changed.map(({ after, name }) => [name, after.version]), [["greet", "2.0"]])
        assert.deepStrictEqual(yield* installedIn(path), ["greet-2.0", "libleaf-0.2.0"])

        const before = yield* tracked(path)
        const error = yield* failure(packageManager.update({ path, packages: ["greet", "nope"] }))
        assert.deepInclude({ ...error }, { _tag: "DependencyNotFound", packages: ["nope"] })
        assert.deepStrictEqual(yield* tracked(path), before)
      })
    ),
    120_000
  )

  it.scopedLive(
    "groups and extras are places, and are installed when they are chosen",
    live(() =>
      Effect.gen(function*() {
        const { packageManager, path } = yield* made(executable)
        yield* packageManager.install({ path, packages: ["greet==1.0"] })
        yield* packageManager.install({ path, packages: ["libleaf==0.1.0"], group: "test" })
        const conflict = yield* failure(packageManager.install({ path, packages: ["app==2.0"], extra: "all" }))
        assert.strictEqual(conflict._tag, "Unsolvable")
        yield* packageManager.remove({ path, packages: ["greet"] })
        assert.deepStrictEqual(yield* installedIn(path), [])
        yield* packageManager.install({ path, packages: ["greet"], extra: "all", noInstall: true })
        assert.deepStrictEqual(yield* packageManager.list({ path }), [])

        yield* packageManager.install({ path, groups: ["test"], extras: ["All"] })
        assert.deepStrictEqual(yield* installedIn(path), ["greet-2.0", "libleaf-0.1.0"])
        assert.deepStrictEqual((yield* packageManager.list({ path })).map(({ direct, name }) => [name, direct]), [
          ["greet", true],
          ["libleaf", true]
        ])
        assert.strictEqual((yield* packageManager.status({ path })).prefix, "matches")

        const before = yield* tracked(path)
        const elsewhere = yield* failure(packageManager.remove({ path, packages: ["libleaf"] }))
        assert.deepInclude({ ...elsewhere }, { _tag: "DependencyNotFound", packages: ["libleaf"] })
        const unknown = yield* failure(packageManager.install({ path, groups: ["nope"] }))
        assert.deepInclude({ ...unknown }, { _tag: "InvalidOption", option: "groups", value: "nope" })
        assert.deepStrictEqual(yield* tracked(path), before)

        yield* packageManager.remove({ path, packages: ["libleaf"], group: "test", extras: ["all"] })
        assert.deepStrictEqual(yield* installedIn(path), ["greet-2.0"])
        yield* packageManager.install({ path })
        assert.deepStrictEqual(yield* installedIn(path), [])
      })
    ),
    120_000
  )

  it.scopedLive(
    "how far it is is told: of the packages that are selected, and that are not installed yet",
    live(() =>
      Effect.gen(function*() {
        const { index, packageManager, path } = yield* made(executable)
        const told: Array<Output.Progress> = []
        const watched = <A>(operation: Effect.Effect<A, PackageManagerError>) =>
          Effect.suspend(() => {
            told.length = 0
            return Output.observe(
              operation,
              (event) => Effect.sync(() => event._tag === "Progress" && told.push(event))
            )
          })
        /** How many packages were to be installed, and whether all were. The index says no sizes. */
        const installed = (packages: number) =>
          assert.deepStrictEqual(told.at(-1)?.totals, {
            packages: { done: packages, total: packages },
            bytes: { done: null, total: null }
          })
        yield* watched(packageManager.install({ path, packages: ["app==1.0"] }))
        assert.deepStrictEqual([...new Set(told.map(({ phase }) => phase))], [
          "solving",
          "downloading",
          "linking",
          "done"
        ])
        installed(3)
        yield* watched(packageManager.install({ path }))
        assert.isNull(told.at(-1)?.totals)
        yield* watched(packageManager.install({ path, packages: ["bulky"], group: "test" }))
        installed(1)
        yield* watched(packageManager.install({ path }))
        assert.isNull(told.at(-1)?.totals)
        yield* watched(packageManager.install({ path, groups: ["test"] }))
        installed(1)
        yield* packageManager.remove({ path, packages: ["bulky"], group: "test" })
        yield* watched(packageManager.install({ path, packages: ["bulky"], extra: "more", noInstall: true }))
        assert.isNull(told.at(-1)?.totals)
        yield* watched(packageManager.install({ path, extras: ["more"] }))
        installed(1)
        yield* packageManager.clean({ path })
        yield* watched(packageManager.update({ path, extras: ["more"] }))
        installed(4)

        yield* watched(packageManager.init({ path: `${path}-python`, indexes: [index.url], python: ">=3.9" }))
        assert.strictEqual(told[0]?.phase, "solving")
        assert.strictEqual(told.at(-1)?.phase, "done")
        assert.isNull(told.at(-1)?.totals)
      })
    ),
    120_000
  )

  it.scopedLive(
    "what fails says why, and changes nothing",
    live(() =>
      Effect.gen(function*() {
        const { packageManager, path } = yield* made(executable)
        yield* packageManager.install({ path, packages: ["greet==1.0"] })
        const before = yield* tracked(path)
        const fails = Effect.fnUntraced(function*(packages: ReadonlyArray<string>) {
          const error = yield* failure(packageManager.install({ path, packages }))
          assert.deepStrictEqual(yield* tracked(path), before, packages.join(" "))
          return error
        })
        assert.deepInclude({ ...yield* fails(["nope"]) }, { _tag: "PackageNotFound", packages: ["nope"] })
        assert.deepInclude({ ...yield* fails(["libleaf", "nope>=1"]) }, { _tag: "PackageNotFound", packages: ["nope"] })
        for (const packages of [["libleaf>=9"], ["app==2.0", "greet==1.0"], ["py4"]]) {
          const error = yield* fails(packages)
          assert.strictEqual(error._tag, "Unsolvable", packages.join(" "))
          if (error._tag === "Unsolvable") assert.isNotEmpty(error.explanation)
        }
        assert.strictEqual((yield* fails(["broken"]))._tag, "DownloadFailed")
        assert.strictEqual((yield* fails(["--help"]))._tag, "InvalidSpec")
        assert.strictEqual((yield* fails(["./x"]))._tag, "InvalidSpec")

        const missing = yield* failure(packageManager.remove({ path, packages: ["greet", "app"] }))
        assert.deepInclude({ ...missing }, { _tag: "DependencyNotFound", packages: ["app"] })
        const channels = yield* failure(packageManager.init({ path: `${path}/x`, channels: ["conda-forge"] }))
        assert.deepInclude({ ...channels }, { _tag: "UnsupportedOption", option: "channels" })
        assert.deepStrictEqual(yield* tracked(path), before)
        assert.deepStrictEqual(
          names((yield* packageManager.install({ path, packages: ["libleaf"] })).added),
          ["libleaf"]
        )
      })
    ),
    120_000
  )

  it.scopedLive(
    "an environment is made as a whole or not at all",
    live(() =>
      Effect.gen(function*() {
        const { packageManager, path, root } = yield* made(executable)
        const inRoot = yield* filesOf(root)
        const exists = yield* failure(packageManager.init({ path }))
        assert.deepInclude({ ...exists }, { _tag: "EnvironmentExists", manifest: `${path}/pyproject.toml` })
        const python = yield* failure(packageManager.init({ path: `${root}/a/b`, python: "9.9" }))
        assert.strictEqual(python._tag, "PythonNotFound")
        const name = yield* failure(packageManager.init({ path: `${root}/c`, name: "a b" }))
        assert.deepInclude({ ...name }, { _tag: "InvalidOption", option: "name" })
        const secret = yield* failure(
          packageManager.init({ path: `${root}/c`, indexes: ["https://user:secret@example.com/simple"] })
        )
        assert.deepInclude({ ...secret }, { _tag: "InvalidOption", option: "indexes" })
        assert.notInclude(JSON.stringify(secret), "secret@")
        assert.deepStrictEqual(yield* filesOf(root), inRoot)
      })
    ),
    120_000
  )

  it.scopedLive(
    "neither a parent's project nor its workspace is the one that was named",
    live(() =>
      Effect.gen(function*() {
        const { index, packageManager, path } = yield* made(executable)
        const fs = yield* FileSystem.FileSystem
        yield* packageManager.install({ path, packages: ["greet"] })
        const before = yield* tracked(path)
        const child = `${path}/packages/child`
        yield* fs.makeDirectory(child, { recursive: true })
        for (
          const operation of [
            packageManager.install({ path: child, packages: ["app"] }),
            packageManager.remove({ path: child, packages: ["greet"] }),
            packageManager.update({ path: child }),
            packageManager.list({ path: child }),
            packageManager.getManifest({ path: child })
          ]
        ) assert.strictEqual((yield* failure<unknown, never>(operation))._tag, "EnvironmentNotFound")
        yield* packageManager.init({ path: child, indexes: [index.url] })
        yield* packageManager.install({ path: child, packages: ["libleaf"] })
        assert.deepStrictEqual(names(yield* packageManager.list({ path: child })), ["libleaf"])
        yield* fs.remove(`${path}/packages`, { recursive: true })
        assert.deepStrictEqual(yield* tracked(path), before)

        yield* fs.writeFileString(
          `${path}/pyproject.toml`,
          `${before["pyproject.toml"]}\n[tool.uv.workspace]\nmembers = ["packages/*"]\n`
        )
        const refused = yield* failure(packageManager.init({ path: child }))
        assert.deepInclude({ ...refused }, { _tag: "InvalidOption", option: "path" })
        assert.isFalse(yield* fs.exists(`${path}/packages`))
        yield* fs.makeDirectory(child, { recursive: true })
        yield* fs.writeFileString(
          `${child}/pyproject.toml`,
          "[project]\nname = \"child\"\nversion = \"1\"\nrequires-python = \">=3.9\"\n"
        )
        const member = yield* failure(packageManager.install({ path: child, packages: ["libleaf"] }))
        assert.strictEqual(member._tag, "EnvironmentNotFound")
        assert.include(member.message, path)
      })
    ),
    120_000
  )

  it.scopedLive(
    "the settings of a parent's project do not matter, those of the user do",
    live(() =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const home = yield* directoryWith({})
        const packageManager = yield* fresh(executable, {
          environment: {
            HOME: home,
            TMPDIR: home,
            XDG_CONFIG_HOME: `${home}/config`,
            UV_CACHE_DIR: `${home}/cache`,
            UV_PYTHON_DOWNLOADS: "never"
          }
        })
        const index = yield* WheelDirectory.make(WheelDirectory.examples)
        const parent = yield* directoryWith({
          "pyproject.toml": "[project]\nname = \"p\"\nversion = \"1\"\n[tool.uv]\noffline = true\n" +
            `[[tool.uv.index]]\nurl = "${index.url}"\ndefault = true\n`
        })
        const path = `${parent}/env`
        const settings = "no-index = true\noffline = true\n"
        yield* packageManager.init({ path })
        yield* fs.makeDirectory(`${home}/config/uv`, { recursive: true })
        yield* fs.writeFileString(`${home}/config/uv/uv.toml`, settings)
        const error = yield* failure(packageManager.install({ path, packages: ["greet"] }))
        assert.strictEqual(error._tag, "PackageNotFound")
        yield* fs.writeFileString(`${home}/config/uv/uv.toml`, `${settings}find-links = ["${index.wheels}"]\n`)
        assert.deepStrictEqual(names((yield* packageManager.install({ path, packages: ["greet"] })).added), ["greet"])
        yield* fs.remove(`${home}/config`, { recursive: true })
        yield* fs.writeFileString(`${parent}/uv.toml`, `${settings}find-links = ["${index.wheels}"]\n`)
        assert.deepStrictEqual(names((yield* packageManager.install({ path, packages: ["libleaf"] })).added), [
          "libleaf"
        ])
      })
    ),
    120_000
  )

  it.scopedLive(
    "an empty or broken manifest is an error before uv runs, and what is installed stays",
    live(() =>
      Effect.gen(function*() {
        const { packageManager, path } = yield* made(executable)
        const fs = yield* FileSystem.FileSystem
        yield* packageManager.install({ path, packages: ["greet"] })
        const installed = yield* installedIn(path)
        for (
          const [text, expected] of [
            ["", "ManifestInvalid"],
            ["\n", "ManifestInvalid"],
            ["[project\n", "ManifestInvalid"],
            ["[project]\nname = \"x\"\nversion = \"1\"\ndependencies = \"greet\"\n", "ManifestInvalid"],
            ["[project]\nname = \"x\"\nversion = \"1\"\n[tool.uv]\nmanaged = false\n", "ManifestInvalid"],
            ["[tool.ruff]\n", "EnvironmentNotFound"]
          ] as const
        ) {
          yield* fs.writeFileString(`${path}/pyproject.toml`, text)
          for (
            const operation of [
              packageManager.install({ path }),
              packageManager.install({ path, frozen: true }),
              packageManager.install({ path, packages: ["app"] }),
              packageManager.update({ path }),
              packageManager.list({ path })
            ]
          ) assert.strictEqual((yield* failure<unknown, never>(operation))._tag, expected, text)
          assert.strictEqual(yield* fs.readFileString(`${path}/pyproject.toml`), text)
        }
        assert.deepStrictEqual(yield* installedIn(path), installed)
      })
    ),
    120_000
  )

  it.scopedLive(
    "the lock file is kept when it is to be",
    live(() =>
      Effect.gen(function*() {
        const { packageManager, path } = yield* made(executable)
        const fs = yield* FileSystem.FileSystem
        const noLock = yield* failure(packageManager.install({ path, locked: true }))
        assert.strictEqual(noLock._tag, "LockOutdated")
        assert.strictEqual((yield* failure(packageManager.install({ path, frozen: true })))._tag, "LockOutdated")
        yield* packageManager.install({ path, packages: ["greet==1.0"] })
        yield* fs.remove(`${path}/.venv`, { recursive: true })
        assert.strictEqual((yield* packageManager.status({ path })).prefix, "absent")
        assert.deepStrictEqual(
          (yield* packageManager.list({ path })).map(({ installed, version }) => [version, installed]),
          [["1.0", null]]
        )
        assert.isTrue((yield* packageManager.install({ path, locked: true })).isEmpty)
        assert.deepStrictEqual(yield* installedIn(path), ["greet-1.0"])

        yield* edit(`${path}/pyproject.toml`, "greet==1.0", "greet==2.0")
        const before = yield* tracked(path)
        assert.strictEqual((yield* failure(packageManager.install({ path, locked: true })))._tag, "LockOutdated")
        assert.strictEqual(
          (yield* failure(packageManager.install({ path, locked: true, noInstall: true })))._tag,
          "LockOutdated"
        )
        assert.isTrue((yield* packageManager.install({ path, frozen: true })).isEmpty)
        assert.deepStrictEqual(yield* tracked(path), before)
        const locked = yield* packageManager.install({ path, noInstall: true })
        assert.deepStrictEqual(names(locked.changed), ["greet"])
        assert.deepStrictEqual(yield* installedIn(path), ["greet-1.0"])
        assert.isTrue((yield* packageManager.install({ path })).isEmpty)
        assert.deepStrictEqual(yield* installedIn(path), ["greet-2.0"])

        yield* fs.writeFileString(`${path}/uv.lock`, "version = 1\n<<<<<<< ours\n")
        const broken = yield* tracked(path)
        for (const operation of [packageManager.list({ path }), packageManager.install({ path, packages: ["app"] })]) {
          assert.strictEqual((yield* failure<unknown, never>(operation))._tag, "LockInvalid")
        }
        assert.deepStrictEqual(yield* tracked(path), broken)
      })
    ),
    120_000
  )

  it.scopedLive("a list writes nothing, and starts no process", () =>
    Effect.gen(function*() {
      const { packageManager, path } = yield* made(executable)
      yield* packageManager.install({ path, packages: ["app"], noInstall: true })
      const before = yield* filesOf(path)
      const without = yield* fresh("/nowhere/uv")
      assert.deepStrictEqual(names(yield* without.list({ path })), ["app", "greet", "libleaf"])
      assert.deepStrictEqual((yield* without.status({ path })).missing, ["app", "greet", "libleaf"])
      assert.deepStrictEqual((yield* without.getManifest({ path })).pypiPackages, { app: ">=2.0" })
      assert.deepStrictEqual(yield* filesOf(path), before)
      assert.strictEqual((yield* failure(without.install({ path })))._tag, "ExecutableNotFound")
    }).pipe(Effect.provide(NodeContext.layer)), 60_000)

  it.scopedLive("interruption asks uv by SIGINT, undoes, and leaves no process", () =>
    Effect.gen(function*() {
      const packageManager = yield* fresh(executable)
      const index = yield* WheelDirectory.make(WheelDirectory.examples)
      const served = yield* WheelDirectory.serve(index, { stall: /bulky-.*\.whl$/ })
      const path = `${yield* directoryWith({})}/env`
      yield* packageManager.init({ path, indexes: [served.url] })
      yield* packageManager.install({ path, packages: ["greet"] })
      const before = yield* tracked(path)
      const events: Array<Output.Event> = []
      const fiber = yield* packageManager.install({ path, packages: ["bulky"] }).pipe(
        Output.observe((event) => Effect.sync(() => events.push(event))),
        Effect.fork
      )
      yield* served.stalled
      assert.notDeepEqual(yield* tracked(path), before)
      yield* Fiber.interrupt(fiber)
      assert.deepStrictEqual(yield* tracked(path), before)
      const ended = events.find((event) => event._tag === "Ended")
      assert.strictEqual(ended?._tag === "Ended" ? ended.signal : ended, "SIGINT")
      const started = events.find((event) => event._tag === "Started")
      assert.isFalse(yield* isRunning(started?._tag === "Started" ? started.pid : process.pid))
      const left = events.at(-1)
      assert.strictEqual(left?._tag === "StatusAfter" ? left.status.lock : left?._tag, "present")
    }).pipe(Effect.provide(NodeHttpServer.layerTest), Effect.provide(NodeContext.layer)), 60_000)

  it.scopedLive(
    "the prefix is read where uv has it: by a variable, and by a file with its path",
    live(() =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const home = yield* directoryWith({})
        const index = yield* WheelDirectory.make(WheelDirectory.examples)
        const root = yield* directoryWith({})
        const path = `${root}/env`
        const common = { HOME: home, UV_CACHE_DIR: `${home}/cache`, UV_PYTHON_DOWNLOADS: "never" }
        const at = (UV_PROJECT_ENVIRONMENT: string) =>
          fresh(executable, { environment: { ...common, UV_PROJECT_ENVIRONMENT } })
        const installed = (packageManager: PackageManager["Type"]) =>
          Effect.map(packageManager.list({ path }), (found) => found.map(({ installed }) => installed))

        const relative = yield* at("own/venv")
        yield* relative.init({ path, indexes: [index.url] })
        const added = yield* relative.install({ path, packages: ["greet==1.0"] })
        assert.strictEqual(added.status?.prefix, "matches")
        assert.deepStrictEqual(yield* installed(relative), ["1.0"])
        assert.isTrue(yield* fs.exists(`${path}/own/venv/pyvenv.cfg`))
        const absolute = yield* at(`${root}/shared`)
        assert.strictEqual((yield* absolute.status({ path })).prefix, "absent")
        assert.strictEqual((yield* absolute.install({ path })).status?.prefix, "matches")

        const usual = yield* at("")
        assert.strictEqual((yield* usual.status({ path })).prefix, "absent")
        for (const target of ["../shared\n", `${root}/shared`]) {
          yield* fs.writeFileString(`${path}/.venv`, target)
          assert.strictEqual((yield* usual.status({ path })).prefix, "matches")
          const result = yield* Effect.either(usual.install({ path, packages: ["greet==1.1"] }))
          // Older versions refuse such a file.
          assert.strictEqual(Either.isRight(result), !executable.includes("uv-0.9."))
          assert.deepStrictEqual(yield* installed(usual), [Either.isRight(result) ? "1.1" : "1.0"])
          assert.strictEqual(yield* fs.readFileString(`${path}/.venv`), target)
        }
      })
    ),
    120_000
  )

  it.scopedLive(
    "the status of a workspace is that of all its members, as uv itself has it",
    live(() =>
      Effect.gen(function*() {
        const { packageManager, path } = yield* made(executable)
        const fs = yield* FileSystem.FileSystem
        const member = (name: string, ...dependencies: ReadonlyArray<string>) =>
          Effect.andThen(
            fs.makeDirectory(`${path}/packages/${name}`, { recursive: true }),
            fs.writeFileString(
              `${path}/packages/${name}/pyproject.toml`,
              `[project]\nname = "${name}"\nversion = "1"\nrequires-python = ">=3.9"\ndependencies = ${
                JSON.stringify(dependencies)
              }\n[dependency-groups]\ntest = ["greet"]\n`
            )
          )
        const root = yield* fs.readFileString(`${path}/pyproject.toml`)
        yield* fs.writeFileString(
          `${path}/pyproject.toml`,
          `${root}\n[tool.uv.workspace]\nmembers = ["packages/*"]\nexclude = ["packages/x*"]\n`
        )
        yield* member("a", "app==1.0", "greet; python_version < '3'")
        yield* member("x", "unrelated")
        yield* fs.makeDirectory(`${path}/packages/.hidden/b`, { recursive: true })
        const home = yield* directoryWith({})
        /** Whether uv finds the lock file up to date, and what the status says. */
        const both = Effect.gen(function*() {
          const status = yield* packageManager.status({ path })
          const code = yield* Command.exitCode(
            Command.make(executable, "lock", "--check", "--directory", path).pipe(
              Command.env({ UV_CACHE_DIR: `${home}/cache`, UV_PYTHON_DOWNLOADS: "never" })
            )
          )
          assert.strictEqual(status.lock, code === 0 ? "present" : "outdated", JSON.stringify(status))
          return status.unlocked
        })
        yield* packageManager.install({ path })
        assert.deepStrictEqual(yield* both, [])
        // The lock file has it, for another package.
        yield* member("a", "app==1.0", "greet; python_version < '3'", "libleaf")
        assert.deepStrictEqual(yield* both, ["libleaf"])
        yield* packageManager.install({ path, noInstall: true })
        assert.deepStrictEqual(yield* both, [])
        yield* member("b")
        assert.deepStrictEqual(yield* both, ["b"])
        yield* packageManager.install({ path, noInstall: true })
        assert.deepStrictEqual(yield* both, [])
        yield* edit(`${path}/pyproject.toml`, /dependencies = \[\]/, "dependencies = [\"greet\"]")
        assert.deepStrictEqual(yield* both, ["greet"])
      })
    ),
    120_000
  )

  it.scopedLive(
    "a server that denies is Unauthorized, one that is not there is NetworkUnavailable",
    () =>
      Effect.gen(function*() {
        const packageManager = yield* fresh(executable, {
          environment: {
            HOME: yield* directoryWith({}),
            UV_CACHE_DIR: `${yield* directoryWith({})}/cache`,
            UV_PYTHON_DOWNLOADS: "never",
            UV_HTTP_RETRIES: "0",
            NO_PROXY: "127.0.0.1"
          }
        })
        const path = `${yield* directoryWith({})}/env`
        yield* packageManager.init({ path, indexes: ["http://127.0.0.1:9/simple"] })
        const before = yield* tracked(path)
        const error = yield* failure(packageManager.install({ path, packages: ["greet"] }))
        assert.strictEqual(error._tag, "NetworkUnavailable")
        assert.deepStrictEqual(yield* tracked(path), before)
      }).pipe(Effect.provide(NodeContext.layer)),
    60_000
  )
})
