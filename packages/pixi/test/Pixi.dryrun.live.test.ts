import { describeEach } from "@darb/laws/LiveSuite"
import { directoryWith, fingerprintsOf } from "@darb/laws/TestDirectory"
import type { Changes } from "@darb/package-manager/Changes"
import type { PackageManager } from "@darb/package-manager/PackageManager"
import type { PackageManagerError } from "@darb/package-manager/PackageManagerError"
import * as CondaChannel from "@darb/testing/CondaChannel"
import * as SourcePackage from "@darb/testing/SourcePackage"
import * as WheelDirectory from "@darb/testing/WheelDirectory"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as FileSystem from "@effect/platform/FileSystem"
import { assert, it } from "@effect/vitest"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { execFileSync } from "node:child_process"
import { createServer } from "node:http"
import * as PixiVersion from "../src/PixiVersion.js"
import { platform } from "./fixtures.js"
import { fresh, versionOf } from "./liveFixtures.js"

/** A conda package of the Python of this machine, with a virtual environment in the place of an installation. */
const python = (): CondaChannel.CondaPackage => {
  const script = "import os, sys; print(os.path.realpath(sys.executable)); print('%d.%d.%d' % sys.version_info[:3])"
  const [executable = "", version = ""] = execFileSync("python3", ["-c", script], { encoding: "utf8" }).split("\n")
  const short = version.replace(/\.\d+$/, "")
  return {
    name: "python",
    version,
    files: {
      "pyvenv.cfg": `home = ${executable.replace(/\/[^/]*$/, "")}\n`,
      [`lib/python${short}/site-packages/README.txt`]: ""
    },
    links: Object.fromEntries(["python", "python3", `python${short}`].map((name) => [`bin/${name}`, executable]))
  }
}

const made = Effect.fnUntraced(function*(
  executable: string,
  tables: string,
  files: Readonly<Record<string, string>> = {}
) {
  const { packageManager } = yield* fresh(executable, { limit: "60 seconds" })
  const version = yield* versionOf(packageManager)
  const channel = yield* CondaChannel.make([...CondaChannel.examples, python()])
  const index = yield* WheelDirectory.serve(yield* WheelDirectory.make(WheelDirectory.examples))
  // Otherwise how conda packages are called there is looked up on the network.
  const map = `conda-pypi-map = ${PixiVersion.atLeast(version, "0.71.0") ? "false" : "{}"}\n`
  const options = `[pypi-options]\nindex-url = "${index.url}"\n\n`
  const hasPypi = PixiVersion.atLeast(version, "0.21.0")
  const workspace = `[project]\nname = "env"\nchannels = ["${channel.url}"]\nplatforms = ["${platform}"]\n`
  const root = yield* directoryWith({
    "env/pixi.toml": `${workspace}${hasPypi ? `${map}\n${options}` : "\n"}${tables}`,
    ...files
  })
  return { fs: yield* FileSystem.FileSystem, packageManager, path: `${root}/env`, root, version }
})

const dependencies = `[dependencies]\npython = "==${python().version}"\ngreet = "<2"\n\n[pypi-dependencies]\n`

const live = <A, E>(effect: Effect.Effect<A, E, Layer.Layer.Success<typeof layer> | Scope.Scope>) =>
  Effect.provide(effect, layer)

const layer = Layer.merge(
  NodeContext.layer,
  NodeHttpServer.layer(() => createServer(), { port: 0, host: "127.0.0.1" })
)

type Step = Effect.Effect<Changes, PackageManagerError>

const steps = (manager: Context.Tag.Service<PackageManager>, path: string, feature?: string) => {
  const found: Readonly<Record<string, Step>> = {
    install: manager.install({ path, dryRun: true }),
    add: manager.install({ path, packages: ["libleaf==0.1.0"], feature, dryRun: true }),
    update: manager.update({ path, dryRun: true }),
    remove: manager.remove({ path, packages: ["greet"], dryRun: true })
  }
  return found
}

/** Versions that cannot lock without a prefix refuse what locks where there is one. */
const refused = (version: PixiVersion.PixiVersion) =>
  PixiVersion.atLeast(version, PixiVersion.lockNoInstall) ? [] : ["install", "update"]

describeEach(process.env, "DARB_TEST_PIXI", (executable) => {
  it.scopedLive(
    "a dry run leaves the prefix and path dependencies as they are",
    () =>
      live(Effect.gen(function*() {
        const { packageManager, path, root, version } = yield* made(
          executable,
          `${dependencies}linked = { path = "./linked", editable = true }\nfixed = { path = "../fixed" }\n`,
          {
            "env/linked/pyproject.toml": SourcePackage.fixed("linked"),
            "env/linked/backend.py": SourcePackage.backend,
            "fixed/pyproject.toml": SourcePackage.fixed("fixed"),
            "fixed/backend.py": SourcePackage.backend
          }
        )
        if (!PixiVersion.atLeast(version, "0.41.0")) return
        for (const installed of [false, true]) {
          if (installed) yield* packageManager.install({ path })
          const before = yield* fingerprintsOf(root)
          const added: Record<string, unknown> = {}
          for (const [name, step] of Object.entries(steps(packageManager, path))) {
            added[name] = yield* Effect.match(step, {
              onFailure: ({ _tag }) => _tag,
              onSuccess: (changes) => changes.added.map(({ name }) => name).join(" ")
            })
            assert.deepStrictEqual(yield* fingerprintsOf(root), before)
          }
          const expected = installed
            ? { install: "", add: "libleaf", update: "", remove: "" }
            : {
              install: "fixed greet linked python",
              add: "fixed greet libleaf linked python",
              update: "fixed greet linked python",
              remove: "fixed linked python"
            }
          const errors = installed ? refused(version).map((name) => [name, "UnsupportedVersion"]) : []
          assert.deepStrictEqual(added, { ...expected, ...Object.fromEntries(errors) })
        }
      })),
    240_000
  )

  it.scopedLive(
    "a dry run for which pixi would install a prefix to build a package from source is refused",
    () =>
      live(Effect.gen(function*() {
        const { fs, packageManager, path, root, version } = yield* made(executable, dependencies, {
          "env/linked/pyproject.toml": SourcePackage.dynamic("linked"),
          "env/linked/backend.py": SourcePackage.backend
        })
        if (!PixiVersion.atLeast(version, "0.41.0")) return
        yield* packageManager.install({ path })
        const file = `${path}/pixi.toml`
        const text = (yield* fs.readFileString(file)).replace("greet", "bulky = \"*\"\ngreet")
        yield* fs.writeFileString(file, `${text}linked = { path = "./linked", editable = true }\n`)
        const before = yield* fingerprintsOf(root)
        for (const [name, step] of Object.entries(steps(packageManager, path))) {
          const error = yield* Effect.flip(step)
          if (refused(version).includes(name)) assert.strictEqual(error._tag, "UnsupportedVersion")
          else assert.deepInclude({ ...error }, { _tag: "InvalidOption", option: "dryRun" })
          assert.deepStrictEqual(yield* fingerprintsOf(root), before)
        }
        if (!PixiVersion.atLeast(version, PixiVersion.lockNoInstall)) return
        for (
          const step of [
            packageManager.install({ path, noInstall: true }),
            packageManager.update({ path, noInstall: true })
          ]
        ) {
          assert.deepInclude({ ...yield* Effect.flip<unknown, object, never>(step) }, {
            _tag: "InvalidOption",
            option: "noInstall"
          })
          assert.deepStrictEqual(yield* fingerprintsOf(root), before)
        }
        const changes = yield* packageManager.install({ path })
        assert.deepStrictEqual(changes.added.map(({ name }) => name), ["bulky", "linked"])
      })),
    240_000
  )

  it.scopedLive.each(["pixi.toml", "pyproject.toml"])(
    "a dry run leaves the prefixes of a solve group as they are, with %s",
    (manifest) =>
      live(Effect.gen(function*() {
        const groups =
          "[environments]\ndefault = { solve-group = \"all\" }\ndev = { features = [\"dev\"], solve-group = " +
          "\"all\" }\n"
        const { fs, packageManager, path, root, version } = yield* made(
          executable,
          `[dependencies]\ngreet = "<2"\n\n[feature.dev.dependencies]\nbulky = "*"\n\n${groups}`
        )
        const file = `${path}/pixi.toml`
        if (manifest === "pyproject.toml") {
          if (!PixiVersion.atLeast(version, "0.18.0")) return
          const text = (yield* fs.readFileString(file)).replace(/^\[pypi-options\]\n.*\n/m, "").replace(
            /^\[/gm,
            "[tool.pixi."
          )
          yield* fs.writeFileString(`${path}/pyproject.toml`, `[project]\nname = "env"\nversion = "1.0"\n\n${text}`)
          yield* fs.remove(file)
        }
        for (const installed of ["none", "default", "dev"]) {
          if (installed !== "none") yield* packageManager.install({ path, environment: installed })
          const before = yield* fingerprintsOf(root)
          for (const step of Object.values(steps(packageManager, path, "dev"))) {
            yield* step
            assert.deepStrictEqual(yield* fingerprintsOf(root), before)
          }
        }
      })),
    240_000
  )
})
