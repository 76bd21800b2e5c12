import { describeEach } from "@darb/laws/LiveSuite"
import { directoryWith, filesOf } from "@darb/laws/TestDirectory"
import * as Output from "@darb/package-manager/Output"
import type { PackageManagerError } from "@darb/package-manager/PackageManagerError"
import type { Status } from "@darb/package-manager/Status"
import * as CondaChannel from "@darb/testing/CondaChannel"
import * as WheelDirectory from "@darb/testing/WheelDirectory"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as FileSystem from "@effect/platform/FileSystem"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { execFileSync } from "node:child_process"
import { createServer } from "node:http"
import * as PixiVersion from "../src/PixiVersion.js"
import { platform } from "./fixtures.js"
import { fresh, versionOf } from "./liveFixtures.js"

const other = platform === "osx-arm64" ? "linux-64" : "osx-arm64"

/** An environment of a manager with a home of its own, on a channel with the example packages. */
const made = Effect.fnUntraced(function*(
  executable: string,
  tables = "",
  platforms = [platform, other],
  packages: ReadonlyArray<CondaChannel.CondaPackage> = []
) {
  const { packageManager } = yield* fresh(executable)
  const channel = yield* CondaChannel.make([...CondaChannel.examples, ...packages])
  const path = `${yield* directoryWith({})}/env`
  yield* packageManager.init({ path, channels: [channel.url], platforms })
  const fs = yield* FileSystem.FileSystem
  const file = `${path}/pixi.toml`
  yield* fs.writeFileString(file, `${yield* fs.readFileString(file)}\n${tables}`)
  const read = fs.readFileString(file)
  const replace = (from: RegExp, to: string) =>
    Effect.gen(function*() {
      const text = yield* read
      assert.match(text, from)
      yield* fs.writeFileString(file, text.replace(from, to))
    })
  const version = yield* versionOf(packageManager)
  const linked = (environment = "default") =>
    Effect.map(
      filesOf(`${path}/.pixi/envs/${environment}`),
      (files) => Object.keys(files).flatMap((name) => /^share\/(.*)\.txt$/.exec(name)?.[1] ?? [])
    )
  return { packageManager, path, read, replace, version, linked }
})

interface Python {
  readonly executable: string
  readonly version: string
}

const machinePython = (): Python => {
  const script = "import os, sys; print(os.path.realpath(sys.executable)); print('%d.%d.%d' % sys.version_info[:3])"
  const [executable = "", version = ""] = execFileSync("python3", ["-c", script], { encoding: "utf8" }).split("\n")
  return { executable, version }
}

/** Gives an environment whose Python is a text file one that runs: a virtual environment on the machine's. */
const withPython = Effect.fnUntraced(function*(prefix: string, { executable, version }: Python) {
  const fs = yield* FileSystem.FileSystem
  yield* fs.makeDirectory(`${prefix}/bin`, { recursive: true })
  for (const name of ["python", "python3", `python${version.replace(/\.\d+$/, "")}`]) {
    yield* fs.symlink(executable, `${prefix}/bin/${name}`)
  }
  yield* fs.writeFileString(`${prefix}/pyvenv.cfg`, `home = ${executable.replace(/\/[^/]*$/, "")}\n`)
})

const fails = <A, R>(effect: Effect.Effect<A, PackageManagerError, R>) =>
  Effect.map(Effect.flip(effect), (error) => ({ ...error }))

const names = (items: ReadonlyArray<{ readonly name: string }>) => items.map(({ name }) => name)

const tracked = (path: string) =>
  Effect.map(
    filesOf(path),
    (files) => Object.fromEntries(Object.entries(files).filter(([name]) => !name.startsWith(".pixi")))
  )

const matching = { lock: "present", prefix: "matches", unlocked: [], missing: [], different: [], unexpected: [] }

const isStatus = (status: Status | undefined, expected: Partial<Status>) =>
  assert.deepStrictEqual(status && { ...status, environment: "" }, { environment: "", ...matching, ...expected })

const live = <A, E>(effect: () => Effect.Effect<A, E, NodeContext.NodeContext | Scope.Scope>) => () =>
  effect().pipe(Effect.provide(NodeContext.layer))

const dev = `[feature.dev.dependencies]
libleaf = "*"

[environments]
dev = ["dev"]
`

describeEach(process.env, "DARB_TEST_PIXI", (executable) => {
  it.scopedLive(
    "the status is how manifest, lock file and what is installed stand to each other",
    live(() =>
      Effect.gen(function*() {
        const { packageManager, path, replace } = yield* made(executable)
        const status = packageManager.status({ path })
        isStatus(yield* status, { lock: "absent", prefix: "absent" })

        const empty = yield* packageManager.install({ path })
        isStatus(empty.status, {})

        const { status: installed } = yield* packageManager.install({ path, packages: ["app==1.0"] })
        isStatus(installed, {})
        assert.deepStrictEqual(installed, yield* status)

        const ahead = yield* packageManager.install({ path, packages: ["python"], noInstall: true })
        isStatus(ahead.status, { prefix: "differs", missing: ["python"] })
        assert.deepStrictEqual(names(ahead.added), ["python"])

        yield* replace(/\[dependencies\]\n/, "[dependencies]\nbulky = \"*\"\n")
        isStatus(yield* status, { lock: "outdated", unlocked: ["bulky"], prefix: "differs", missing: ["python"] })

        const locked = yield* packageManager.install({ path, noInstall: true })
        isStatus(locked.status, { prefix: "differs", missing: ["bulky", "python"] })

        yield* replace(/app = "==1\.0"/, "app = \"==2.0\"")
        // Whether a version still fits, only pixi knows.
        isStatus(yield* status, { prefix: "differs", missing: ["bulky", "python"] })
        const updated = yield* packageManager.update({ path, packages: ["greet"], noInstall: true })
        isStatus(updated.status, {
          prefix: "differs",
          missing: ["bulky", "python"],
          different: [
            { name: "app", locked: "2.0 0", installed: "1.0 0" },
            { name: "greet", locked: "2.0 0", installed: "1.1 0" }
          ]
        })
        isStatus((yield* packageManager.install({ path, frozen: true })).status, {})
      })
    ),
    240_000
  )

  it.scopedLive(
    "a failed operation says how it leaves the environment",
    live(() =>
      Effect.gen(function*() {
        const { packageManager, path } = yield* made(executable)
        yield* packageManager.install({ path, packages: ["greet==1.0"] })
        const left: Array<Output.Event> = []
        const observed = Output.observe(
          packageManager.install({ path, packages: ["broken"] }),
          (event) => Effect.sync(() => event._tag === "StatusAfter" ? left.push(event) : undefined)
        )
        assert.strictEqual((yield* fails(observed))._tag, "DownloadFailed")
        const event = left.at(-1)
        assert.strictEqual(event?._tag, "StatusAfter")
        if (event?._tag === "StatusAfter") isStatus(event.status, {})
      })
    ),
    120_000
  )

  it.scopedLive(
    "what is installed stays as it is, if it is to",
    live(() =>
      Effect.gen(function*() {
        const { linked, packageManager, path, replace, version } = yield* made(executable)
        const locked = Effect.map(packageManager.list({ path }), names)

        yield* packageManager.install({ path, packages: ["greet==1.0"], noInstall: true })
        assert.deepStrictEqual(
          [yield* locked, yield* (packageManager.status({ path }))].map((one) =>
            "prefix" in one ? [one.prefix, one.missing] : one
          ),
          [["greet"], ["absent", ["greet"]]]
        )
        yield* packageManager.install({ path, frozen: true })
        assert.deepStrictEqual(yield* linked(), ["greet"])

        yield* replace(/"==1\.0"/, "\"*\"")
        yield* replace(/\[dependencies\]\n/, "[dependencies]\nlibleaf = \"*\"\n")
        assert.strictEqual((yield* fails(packageManager.install({ path, locked: true })))._tag, "LockOutdated")
        const before = yield* tracked(path)
        const checked = packageManager.install({ path, locked: true, noInstall: true })
        assert.strictEqual((yield* fails(checked))._tag, "LockOutdated")
        assert.isTrue((yield* packageManager.install({ path, frozen: true })).isEmpty)
        assert.deepStrictEqual(yield* tracked(path), before)
        assert.deepStrictEqual(yield* linked(), ["greet"])

        yield* packageManager.install({ path, noInstall: true })
        assert.deepStrictEqual([yield* locked, yield* linked()], [["greet", "libleaf"], ["greet"]])
        const after = yield* tracked(path)
        assert.isTrue((yield* checked).isEmpty)
        assert.deepStrictEqual(yield* tracked(path), after)

        const updated = yield* packageManager.update({ path, noInstall: true })
        assert.deepStrictEqual(updated.changed.map(({ after, name }) => [name, after.version]), [["greet", "2.0"]])
        assert.deepStrictEqual(yield* linked(), ["greet"])

        const removal = packageManager.remove({ path, packages: ["greet"], noInstall: true })
        if (PixiVersion.atLeast(version, "0.21.0")) {
          assert.deepStrictEqual(names((yield* removal).removed), ["greet"])
          assert.deepStrictEqual(yield* linked(), ["greet"])
        } else assert.strictEqual((yield* fails(removal))._tag, "UnsupportedVersion")
      })
    ),
    240_000
  )

  it.scopedLive(
    "packages are added to and removed from features",
    live(() =>
      Effect.gen(function*() {
        const { linked, packageManager, path, read, version } = yield* made(executable, dev)
        const added = yield* packageManager.install({ path, packages: ["greet==1.0"] })
        // It is installed, though there are several environments.
        isStatus(added.status, {})
        assert.deepStrictEqual(yield* linked(), ["greet"])

        const toDev = yield* packageManager.install({ path, packages: ["python==3.12.4", "Libleaf"], feature: "dev" })
        assert.deepStrictEqual(toDev.added.map(({ environments, name }) => [name, environments]), [["python", ["dev"]]])
        assert.match(yield* read, /libleaf = "\*"/)
        isStatus(yield* packageManager.status({ path, environment: "dev" }), {
          prefix: "absent",
          missing: ["greet", "libleaf", "python"]
        })
        isStatus((yield* packageManager.install({ path, environment: "dev" })).status, {})
        assert.deepStrictEqual(yield* linked("dev"), ["greet", "libleaf", "python"])
        assert.deepStrictEqual(yield* linked(), ["greet"])
        assert.deepStrictEqual(names(yield* packageManager.list({ path })), ["greet"])
        const listed = yield* packageManager.list({ path, environment: "dev" })
        assert.deepStrictEqual(names(listed), ["greet", "libleaf", "python"])
        assert.isTrue(listed.every(({ source }) => source?.startsWith("file://")))

        const before = yield* tracked(path)
        const missing = yield* fails(packageManager.remove({ path, packages: ["libleaf", "greet"], feature: "dev" }))
        assert.deepInclude(missing, { _tag: "DependencyNotFound", packages: ["greet"] })
        assert.deepInclude(yield* fails(packageManager.remove({ path, packages: ["python"] })), {
          _tag: "DependencyNotFound",
          packages: ["python"]
        })
        assert.deepStrictEqual(yield* tracked(path), before)

        // Nothing is left of the feature then, and the environment names it still.
        const removed = yield* packageManager.remove({ path, packages: ["libleaf", "PYTHON"], feature: "dev" })
        assert.deepStrictEqual(names(removed.removed), ["libleaf", "python"])
        assert.isTrue((yield* packageManager.install({ path })).isEmpty)
        isStatus((yield* packageManager.install({ path, environment: "dev" })).status, {})

        const unused = yield* packageManager.install({ path, packages: ["app"], feature: "new" })
        assert.isTrue(unused.isEmpty)
        assert.match(yield* read, /\[feature\.new\.dependencies\]\napp = /)
        const text = yield* read
        assert.isTrue((yield* packageManager.install({ path, packages: ["app"], feature: "new" })).isEmpty)
        assert.strictEqual(yield* read, text)
        yield* packageManager.remove({ path, packages: ["app"], feature: "new" })
        assert.notInclude(yield* read, "app")

        const main = yield* packageManager.install({ path, packages: ["libleaf"], feature: "default" })
        assert.deepStrictEqual(names(main.added), ["libleaf"])
        assert.include(Object.keys((yield* packageManager.getManifest({ path })).packages), "libleaf", `${version}`)
        yield* packageManager.remove({ path, packages: ["libleaf"], feature: "default" })
      })
    ),
    240_000
  )

  it.scopedLive(
    "packages are added to and removed from platforms",
    live(() =>
      Effect.gen(function*() {
        const { packageManager, path, read } = yield* made(executable)
        yield* packageManager.install({ path, packages: ["greet==1.0"] })
        const added = yield* packageManager.install({ path, packages: ["libleaf==0.1.0"], platforms: [other] })
        assert.deepStrictEqual(added.added.map(({ name, platforms }) => [name, platforms]), [["libleaf", [other]]])
        isStatus(added.status, {})
        assert.deepStrictEqual(names(yield* packageManager.list({ path, platform: other })), ["greet", "libleaf"])
        assert.deepStrictEqual(names(yield* packageManager.list({ path, platform })), ["greet"])

        const both = yield* packageManager.install({ path, packages: ["libleaf"], platforms: [platform, other] })
        assert.deepStrictEqual(both.added.map(({ name, platforms }) => [name, platforms]), [["libleaf", [platform]]])
        assert.match(yield* read, /libleaf = "==0\.1\.0"/)

        const before = yield* tracked(path)
        for (
          const operation of [
            packageManager.install({ path, packages: ["app"], platforms: ["win-64"] }),
            packageManager.remove({ path, packages: ["libleaf"], platforms: ["win-64"] }),
            packageManager.list({ path, platform: "win-64" })
          ]
        ) {
          assert.deepInclude(yield* fails<unknown, never>(operation), {
            _tag: "PlatformUnsupported",
            platform: "win-64"
          })
        }
        assert.deepInclude(yield* fails(packageManager.remove({ path, packages: ["libleaf"] })), {
          _tag: "DependencyNotFound",
          packages: ["libleaf"]
        })
        assert.deepStrictEqual(yield* tracked(path), before)

        const removed = yield* packageManager.remove({ path, packages: ["libleaf"], platforms: [platform, other] })
        assert.deepStrictEqual(removed.removed.map(({ name }) => name), ["libleaf", "libleaf"])
        assert.deepStrictEqual(removed.removed.flatMap(({ platforms }) => platforms).sort(), [platform, other].sort())
        isStatus(removed.status, {})
      })
    ),
    240_000
  )

  it.scopedLive(
    "the default environment can be named",
    live(() =>
      Effect.gen(function*() {
        const { linked, packageManager, path } = yield* made(executable)
        const options = { path, environment: "default" }
        yield* packageManager.install({ path, packages: ["greet"] })
        assert.deepStrictEqual(names(yield* packageManager.list(options)), ["greet"])
        isStatus((yield* packageManager.install(options)).status, {})
        isStatus((yield* packageManager.install({ ...options, frozen: true })).status, {})
        isStatus(yield* packageManager.status(options), {})
        assert.deepStrictEqual(yield* linked(), ["greet"])
      })
    ),
    120_000
  )

  it.scopedLive(
    "a manifest that is a link to another directory is refused, and neither directory changes",
    live(() =>
      Effect.gen(function*() {
        const { packageManager, path } = yield* made(executable)
        const fs = yield* FileSystem.FileSystem
        const linking = yield* directoryWith({})
        yield* fs.symlink(`${path}/pixi.toml`, `${linking}/pixi.toml`)
        const before = [yield* filesOf(path), yield* filesOf(linking)]
        for (
          const operation of [
            packageManager.install({ path: linking, packages: ["app"] }),
            packageManager.update({ path: linking }),
            packageManager.list({ path: linking })
          ]
        ) {
          const error = yield* fails<unknown, never>(operation)
          assert.deepInclude(error, { _tag: "InvalidOption", option: "path", value: linking })
        }
        assert.deepStrictEqual([yield* filesOf(path), yield* filesOf(linking)], before)
      })
    ),
    60_000
  )

  it.scopedLive(
    "an environment for another machine is neither installed nor listed without its platform",
    live(() =>
      Effect.gen(function*() {
        const { packageManager, path, replace, version } = yield* made(executable, dev, [other])
        yield* replace(/\[dependencies\]\n/, "[dependencies]\ngreet = \"*\"\n")
        yield* packageManager.install({ path, noInstall: true })
        const before = yield* filesOf(path)
        for (
          const operation of [
            packageManager.install({ path }),
            packageManager.install({ path, frozen: true }),
            packageManager.install({ path, environment: "dev" }),
            packageManager.remove({ path, packages: ["greet"] }),
            packageManager.remove({ path, packages: ["libleaf"], feature: "dev" }),
            packageManager.update({ path }),
            packageManager.update({ path, packages: ["greet"] }),
            packageManager.list({ path }),
            packageManager.list({ path, environment: "dev" })
          ]
        ) assert.deepInclude(yield* fails<unknown, never>(operation), { _tag: "PlatformUnsupported", platform })
        assert.deepStrictEqual(yield* filesOf(path), before)
        assert.deepStrictEqual(names(yield* packageManager.list({ path, platform: other })), ["greet"])

        yield* replace(/greet = "\*"/, "greet = \"<2\"")
        const { changed } = yield* packageManager.update({ path, noInstall: true })
        assert.deepStrictEqual(changed.map(({ after }) => after.version), ["1.1"])
        const removal = packageManager.remove({ path, packages: ["libleaf"], feature: "dev", noInstall: true })
        if (PixiVersion.atLeast(version, "0.21.0")) assert.deepStrictEqual(names((yield* removal).removed), ["libleaf"])
        else assert.deepInclude(yield* fails(removal), { _tag: "UnsupportedVersion", required: "0.21.0" })

        yield* replace(/\[environments\]\ndev.*\n/, "")
        const created = { path: `${path}/new`, python: "3.12", platforms: [other] }
        assert.deepInclude(yield* fails(packageManager.init(created)), { _tag: "PlatformUnsupported", platform })
        const unchanged = yield* filesOf(path)
        assert.notInclude(Object.keys(unchanged).join(), "new/")
        const adding = { path, packages: ["bulky"] }
        assert.deepInclude(yield* fails(packageManager.install(adding)), { _tag: "PlatformUnsupported", platform })
        assert.deepStrictEqual(yield* filesOf(path), unchanged)
        const addition = packageManager.install({ ...adding, noInstall: true })
        if (PixiVersion.atLeast(version, "0.41.0")) assert.deepStrictEqual(names((yield* addition).added), ["bulky"])
        else {
          assert.deepInclude(yield* fails(addition), { _tag: "PlatformUnsupported", platform })
          assert.deepStrictEqual(yield* filesOf(path), unchanged)
        }
      })
    ),
    60_000
  )

  it.scopedLive(
    "a byte order mark and, in old versions, [workspace] are refused with the remedy",
    live(() =>
      Effect.gen(function*() {
        const { packageManager, path, replace, version } = yield* made(executable)
        const fs = yield* FileSystem.FileSystem
        yield* packageManager.install({ path, noInstall: true })
        const lock = yield* fs.readFileString(`${path}/pixi.lock`)
        yield* fs.writeFileString(`${path}/pixi.lock`, `\ufeff${lock}`)
        const marked = yield* fails(packageManager.install({ path }))
        assert.deepInclude(marked, { _tag: "LockInvalid", file: `${path}/pixi.lock` })
        assert.deepInclude(yield* fails(packageManager.list({ path })), { _tag: "LockInvalid" })
        yield* fs.writeFileString(`${path}/pixi.lock`, lock)

        if (PixiVersion.atLeast(version, "0.39.0")) return
        yield* replace(/\[project\]/, "[workspace]")
        for (const operation of [packageManager.install({ path }), packageManager.list({ path })]) {
          assert.deepInclude(yield* fails<unknown, never>(operation), {
            _tag: "UnsupportedVersion",
            required: "0.39.0"
          })
        }
      })
    ),
    60_000
  )

  it.scopedLive(
    "platforms can have names of their own, where pixi knows that",
    live(() =>
      Effect.gen(function*() {
        const { packageManager, path, replace, version } = yield* made(
          executable,
          "[target.mine.dependencies]\nlibleaf = \"*\"\n"
        )
        if (!PixiVersion.atLeast(version, "0.71.0") || !platform.startsWith("linux")) return
        const two = `platforms = [{ name = "mine", platform = "${platform}", glibc = "2.17" }, ` +
          `{ name = "gpu", platform = "${platform}", cuda = "99" }, "${other}"]`
        yield* replace(/platforms = .*/, two)
        isStatus((yield* packageManager.install({ path, packages: ["greet==1.0"] })).status, {})
        assert.deepStrictEqual(names(yield* packageManager.list({ path, platform })), ["greet", "libleaf"])
        assert.deepStrictEqual(names(yield* packageManager.list({ path, platform: "gpu" })), ["greet"])

        const added = yield* packageManager.install({ path, packages: ["python"], platforms: ["gpu"] })
        isStatus(added.status, {})
        assert.deepStrictEqual(names(yield* packageManager.list({ path, platform: "gpu" })), ["greet", "python"])
        assert.deepInclude(
          yield* fails(packageManager.install({ path, packages: ["app"], platforms: [platform] })),
          { _tag: "PlatformUnsupported", platform }
        )
        yield* replace(/\[target\.mine\.dependencies\]\n/, "[target.mine.dependencies]\nbulky = \"*\"\n")
        // It is not asked for on every platform that this machine can be.
        isStatus(yield* packageManager.status({ path }), {})
      })
    ),
    120_000
  )

  it.scopedLive(
    "Python packages are added, installed and removed with the Python of this machine",
    live(() =>
      Effect.gen(function*() {
        const python = machinePython()
        const { linked, packageManager, path, read, replace, version } = yield* made(executable, "", [platform], [
          { name: "python", version: python.version }
        ])
        if (!PixiVersion.atLeast(version, "0.21.0")) return
        const { url } = yield* WheelDirectory.serve(
          yield* WheelDirectory.make([
            ...WheelDirectory.examples,
            { name: "my_pkg", version: "1.0" },
            { name: "Dotted.Name", version: "1.0" }
          ])
        )
        // Otherwise how conda packages are called there is looked up on the network.
        const map = PixiVersion.atLeast(version, "0.71.0") ? "false" : "{}"
        yield* replace(/platforms = .*\n/, `platforms = ["${platform}"]\nconda-pypi-map = ${map}\n`)
        yield* replace(/\[dependencies\]/, `[pypi-options]\nindex-url = "${url}"\n\n[dependencies]`)
        yield* packageManager.install({ path, packages: [`python==${python.version}`, "bulky"] })
        yield* withPython(`${path}/.pixi/envs/default`, python)

        const options = { path, pypi: true }
        const added = yield* packageManager.install({ ...options, packages: ["Greet<2", "LibLeaf"] })
        assert.deepStrictEqual(added.added.map(({ kind, name, version }) => [kind, name, version]), [
          ["pypi", "greet", "1.1"],
          ["pypi", "libleaf", "0.2.0"]
        ])
        isStatus(added.status, {})
        assert.deepStrictEqual(
          Object.keys((yield* packageManager.getManifest({ path })).pypiPackages).map((name) => name.toLowerCase()),
          ["greet", "libleaf"]
        )
        const text = yield* read
        assert.isTrue((yield* packageManager.install({ ...options, packages: ["GREET"] })).isEmpty)
        assert.strictEqual(yield* read, text)
        assert.deepStrictEqual(
          (yield* packageManager.list({ path })).map(({ kind, name }) => [kind, name]),
          [["conda", "bulky"], ["pypi", "greet"], ["pypi", "libleaf"], ["conda", "python"]]
        )

        const others = yield* packageManager.install({ ...options, packages: ["my_pkg", "dotted_name"] })
        assert.deepStrictEqual(names(others.added), ["dotted-name", "my-pkg"])
        isStatus(others.status, {})
        const listed = yield* packageManager.list({ path })
        for (const name of ["dotted-name", "my-pkg"]) {
          const found = listed.find((item) => item.name === name)
          assert.deepInclude({ ...found }, { kind: "pypi", source: url, installed: "1.0" })
        }
        yield* packageManager.update({ path, packages: ["My.Pkg"] })
        assert.deepStrictEqual(
          names((yield* packageManager.remove({ path, packages: ["my-pkg", "dotted.name"] })).removed),
          ["dotted-name", "my-pkg"]
        )

        const before = yield* tracked(path)
        const unknown = yield* fails(packageManager.install({ ...options, packages: ["nope"] }))
        assert.include(["Unsolvable", "PackageNotFound"], unknown._tag)
        assert.deepStrictEqual(yield* tracked(path), before)

        const further = packageManager.install({ ...options, packages: ["greet>=2"], noInstall: true })
        if (!PixiVersion.atLeast(version, "0.41.0")) {
          assert.deepInclude(yield* fails(further), { _tag: "InvalidOption", option: "noInstall" })
          assert.deepStrictEqual(yield* tracked(path), before)
          isStatus((yield* packageManager.remove({ path, packages: ["GREET"] })).status, {})
          return
        }
        const ahead = yield* further
        isStatus(ahead.status, { prefix: "differs", different: [{ name: "greet", locked: "2.0", installed: "1.1" }] })
        const removed = yield* packageManager.remove({ path, packages: ["GREET"], noInstall: true })
        assert.deepStrictEqual(names(removed.removed), ["greet"])
        isStatus(removed.status, { prefix: "differs", unexpected: ["greet"] })
        yield* replace(/\[pypi-dependencies\]\n/, "[pypi-dependencies]\napp = \"*\"\n")
        isStatus(yield* packageManager.status({ path }), {
          ...{ lock: "outdated", unlocked: ["app"], prefix: "differs", unexpected: ["greet"] }
        })
        isStatus((yield* packageManager.install({ path })).status, {})
        assert.deepStrictEqual(yield* linked(), ["bulky", "python"])
      }).pipe(
        Effect.provide(NodeHttpServer.layer(() => createServer(), { port: 0, host: "127.0.0.1" }))
      )
    ),
    240_000
  )
})
