import { describeEach } from "@darb/laws/LiveSuite"
import { directoryWith } from "@darb/laws/TestDirectory"
import * as WheelDirectory from "@darb/testing/WheelDirectory"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as FileSystem from "@effect/platform/FileSystem"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { execFile } from "node:child_process"
import * as UvPrefix from "../../src/prefix/UvPrefix.js"

const pyproject = (name: string) => `[project]\nname = "${name}"\nversion = "0.1.0"\nrequires-python = ">=3.8"\n`

/** A build backend of nothing but the standard library: what is editable needs one, and there is no network. */
const backend = `import os, zipfile

def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    name = "local_pkg-0.1.0-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(wheel_directory, name), "w") as wheel:
        info = "local_pkg-0.1.0.dist-info"
        wheel.writestr("local_pkg.pth", os.getcwd())
        wheel.writestr(info + "/METADATA", "Metadata-Version: 2.1\\nName: Local.Pkg\\nVersion: 0.1.0\\n")
        wheel.writestr(info + "/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(info + "/RECORD", "")
    return name
`

interface Listed {
  readonly name: string
  readonly version: string
  readonly editable_project_location?: string
}

describeEach(process.env, "DARB_TEST_UV", (executable) => {
  const made = Effect.gen(function*() {
    const root = yield* directoryWith({
      "local/pyproject.toml": `${
        pyproject("Local.Pkg")
      }[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n`,
      "local/backend.py": backend
    })
    const { wheels } = yield* WheelDirectory.make([
      ...WheelDirectory.examples,
      { name: "Dotted.Name", version: "2024.01.02rc1" }
    ])
    const venv = `${root}/.venv`
    const uv = (...args: ReadonlyArray<string>) =>
      Effect.async<string>((resume) => {
        const child = execFile(executable, args, {
          cwd: root,
          env: {
            PATH: process.env.PATH,
            HOME: root,
            TMPDIR: root,
            UV_CACHE_DIR: `${root}/cache`,
            UV_NO_PROGRESS: "1",
            UV_NO_SYSTEM_CONFIG: "1",
            UV_OFFLINE: "1",
            UV_PYTHON_DOWNLOADS: "never",
            UV_PYTHON_INSTALL_DIR: `${root}/python`
          }
        }, (error, stdout, stderr) => resume(error === null ? Effect.succeed(stdout) : Effect.die(stderr)))
        return Effect.sync(() => child.kill("SIGKILL"))
      })
    const pip = (command: string, ...args: ReadonlyArray<string>) => uv("pip", command, "-p", venv, ...args)
    const install = (...args: ReadonlyArray<string>) => pip("install", "--no-index", "--find-links", wheels, ...args)
    const listed = Effect.map(pip("list", "--format", "json"), (json): ReadonlyArray<Listed> => JSON.parse(json))
    yield* uv("venv", "--no-project", venv)
    return { install, listed, pip, root, uv, venv, wheels }
  })

  const identities = (packages: ReadonlyArray<Listed>) => packages.map(({ name, version }) => ({ name, version }))

  it.scopedLive("what is read is what uv lists", () =>
    Effect.gen(function*() {
      const { install, listed, pip, root, venv, wheels } = yield* made
      assert.deepStrictEqual(yield* UvPrefix.inspect(venv), { packages: [], broken: [] })

      yield* install("app==2.0", "dotted-name==2024.1.2rc1")
      const some = yield* UvPrefix.read(venv)
      assert.deepStrictEqual(some.map(({ installer, name, version }) => [name, version, installer]), [
        ["app", "2.0", "uv"],
        ["dotted-name", "2024.1.2rc1", "uv"],
        ["greet", "2.0", "uv"],
        ["libleaf", "0.2.0", "uv"]
      ])
      assert.deepStrictEqual(identities(some), identities(yield* listed))

      yield* pip("uninstall", "app", "greet")
      yield* install(`${wheels}/greet-1.0-py3-none-any.whl`, "-e", `${root}/local`)
      const all = yield* UvPrefix.inspect(venv)
      const list = yield* listed
      assert.deepStrictEqual(identities(all.packages), identities(list))
      assert.deepStrictEqual(all.broken, [])
      assert.deepStrictEqual(
        all.packages.map(({ editable, location, name }) => [name, location, editable]),
        [
          ["dotted-name", null, false],
          ["greet", `file://${wheels}/greet-1.0-py3-none-any.whl`, false],
          ["libleaf", null, false],
          ["local-pkg", `file://${root}/local`, true]
        ]
      )
      assert.deepStrictEqual(
        list.flatMap(({ editable_project_location: location }) => location === undefined ? [] : [location]),
        [`${root}/local`]
      )
    }).pipe(Effect.provide(NodeContext.layer)), 120_000)

  it.scopedLive("a project and its packages are read, and what was killed is reported", () =>
    Effect.gen(function*() {
      const { listed, uv, venv, wheels } = yield* made
      const fs = yield* FileSystem.FileSystem
      yield* fs.writeFileString(`${venv}/../pyproject.toml`, pyproject("demo"))
      yield* uv("add", "--no-index", "--find-links", wheels, "--link-mode", "symlink", "--", "app==1.0")
      const packages = yield* UvPrefix.read(venv)
      assert.deepStrictEqual(packages.map(({ name }) => name), ["app", "greet", "libleaf"])
      assert.deepStrictEqual(identities(packages), identities(yield* listed))

      const [python = ""] = yield* fs.readDirectory(`${venv}/lib`)
      const file = `${venv}/lib/${python}/site-packages/greet-1.1.dist-info/METADATA`
      yield* fs.remove(file)
      assert.deepStrictEqual(yield* UvPrefix.inspect(venv), {
        packages: packages.filter(({ name }) => name !== "greet"),
        broken: [{ file, reason: "it does not exist" }]
      })
    }).pipe(Effect.provide(NodeContext.layer)), 120_000)

  it.scopedLive("the Python is that of the environment", () =>
    Effect.gen(function*() {
      const { uv, venv } = yield* made
      const found = yield* UvPrefix.python(venv)
      const asked = "import platform, sys; print(platform.python_version(), platform.python_implementation())"
      const [version, implementation] = (yield* uv("run", "-p", venv, "--no-project", "python", "-c", asked)).trim()
        .split(" ")
      assert.deepStrictEqual({ version: found?.version, implementation: found?.implementation }, {
        version,
        implementation
      })
      const fs = yield* FileSystem.FileSystem
      assert.include(yield* fs.readDirectory(found?.home ?? ""), "python3")
    }).pipe(Effect.provide(NodeContext.layer)), 60_000)
})
