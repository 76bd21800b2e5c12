import { directoryWith } from "@darb/laws/TestDirectory"
import { PackageManager } from "@darb/package-manager/PackageManager"
import type { PackageManagerError } from "@darb/package-manager/PackageManagerError"
import * as MockExecutor from "@darb/testing/MockExecutor"
import * as FileSystem from "@effect/platform/FileSystem"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { execFileSync } from "node:child_process"
import { scripted } from "./fixtures.js"

const manifest = "[project]\nname = \"p\"\nversion = \"0\"\nrequires-python = \">=3.9\"\ndependencies = []\n"

const lock = `version = 1
revision = 3
requires-python = ">=3.9"

[[package]]
name = "p"
version = "0"
source = { virtual = "." }
`

const activate = (place: string) => `#!/bin/sh\n# comment\n${place}\nexport VIRTUAL_ENV\n`

/** A project with a prefix that works, of the files of one made by uv. */
const setting = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const root = yield* directoryWith({
    "python/bin/python3.11": "#!/bin/sh\n",
    "p/pyproject.toml": manifest,
    "p/uv.lock": lock,
    "p/.venv/lib/python3.11/site-packages/_virtualenv.py": ""
  })
  const venv = `${root}/p/.venv`
  yield* fs.chmod(`${root}/python/bin/python3.11`, 0o755)
  yield* fs.symlink("python3.11", `${root}/python/bin/python3`)
  yield* fs.makeDirectory(`${venv}/bin`)
  yield* fs.symlink(`${root}/python/bin/python3`, `${venv}/bin/python`)
  yield* fs.symlink("python", `${venv}/bin/python3`)
  yield* fs.writeFileString(`${venv}/pyvenv.cfg`, `home = ${root}/python/bin\nversion_info = 3.11.7\n`)
  yield* fs.writeFileString(`${venv}/bin/activate`, activate(`VIRTUAL_ENV='${venv}'`))
  return { fs, path: `${root}/p`, python: `${root}/python`, root, venv }
})

type Setting = Effect.Effect.Success<typeof setting>

const write = (name: string, text: string) => ({ fs, path }: Setting) => fs.writeFileString(`${path}/${name}`, text)

const nothing = () => Effect.void

describe("UvHealth", () => {
  it.scoped.each<[string, (setting: Setting) => Effect.Effect<unknown, unknown>, string]>([
    ["as uv makes it", nothing, "matches"],
    ["relocatable", write(".venv/bin/activate", activate("VIRTUAL_ENV=''\"$(dirname x)\"''")), "matches"],
    ["without scripts", ({ fs, venv }) => fs.remove(`${venv}/bin/activate`), "matches"],
    [
      "named by way of a link",
      ({ fs, root, venv }) =>
        Effect.andThen(
          fs.symlink(root, `${root}/link`),
          fs.writeFileString(`${venv}/bin/activate`, activate(`VIRTUAL_ENV="${root}/link/p/.venv"`))
        ),
      "matches"
    ],
    ["with the scripts of another place", write(".venv/bin/activate", activate("VIRTUAL_ENV='/else/where'")), "absent"],
    ["made by Python there", write(".venv/bin/activate", activate("    export VIRTUAL_ENV=/else/where")), "absent"],
    ["whose Python is gone", ({ fs, python }) => fs.remove(python, { recursive: true }), "absent"],
    ["whose chain of links is broken", ({ fs, python }) => fs.remove(`${python}/bin/python3.11`), "absent"],
    [
      "whose links lead in a circle",
      ({ fs, venv }) => Effect.andThen(fs.remove(`${venv}/bin/python`), fs.symlink("python3", `${venv}/bin/python`)),
      "absent"
    ],
    ["whose Python cannot be run", ({ fs, python }) => fs.chmod(`${python}/bin/python3.11`, 0o644), "absent"],
    [
      "whose Python was replaced by another",
      ({ fs, python }) =>
        Effect.andThen(
          fs.rename(`${python}/bin/python3.11`, `${python}/bin/python3.12`),
          Effect.andThen(fs.remove(`${python}/bin/python3`), fs.symlink("python3.12", `${python}/bin/python3`))
        ),
      "absent"
    ],
    [
      "with a copy of Python whose home is gone",
      ({ fs, python, venv }) =>
        fs.remove(`${venv}/bin/python`).pipe(
          Effect.andThen(fs.rename(`${python}/bin/python3.11`, `${venv}/bin/python`)),
          Effect.andThen(fs.remove(python, { recursive: true }))
        ),
      "absent"
    ],
    ["without pyvenv.cfg", ({ fs, venv }) => fs.remove(`${venv}/pyvenv.cfg`), "absent"],
    ["for another requires-python", write("pyproject.toml", manifest.replace(">=3.9", ">=3.12")), "absent"],
    ["for another .python-version", write(".python-version", "# mine\n3.12\n"), "absent"],
    ["for that .python-version", write(".python-version", "3.11\n"), "matches"],
    ["for a .python-version that names a kind", write(".python-version", "pypy@3.12\n"), "matches"]
  ])("a prefix %s", ([, spoil, expected]) =>
    Effect.gen(function*() {
      const found = yield* setting
      yield* spoil(found)
      const status = yield* (yield* PackageManager).status({ path: found.path })
      assert.strictEqual(status.prefix, expected)
      assert.deepStrictEqual((yield* MockExecutor.MockExecutor).invocations, [])
    }).pipe(Effect.provide(scripted("0.13.9", {}))))

  it.scoped.each<[string, (setting: Setting) => Effect.Effect<unknown, unknown>]>([
    ["no pyvenv.cfg", nothing],
    ["a directory as pyvenv.cfg", ({ fs, venv }) => fs.makeDirectory(`${venv}/pyvenv.cfg`)],
    ["a link to nothing as pyvenv.cfg", ({ fs, venv }) => fs.symlink("/no/where", `${venv}/pyvenv.cfg`)],
    [
      "a copy of Python without its library",
      ({ fs, python, venv }) =>
        Effect.andThen(
          fs.remove(`${venv}/bin/python`),
          fs.copyFile(`${python}/bin/python3.11`, `${venv}/bin/python`).pipe(
            Effect.andThen(fs.chmod(`${venv}/bin/python`, 0o755))
          )
        )
    ]
  ])("with %s, uv would change another Python, and does not run", ([, spoil]) =>
    Effect.gen(function*() {
      const found = yield* setting
      const { path } = found
      yield* found.fs.remove(`${found.venv}/pyvenv.cfg`)
      yield* spoil(found)
      const manager = yield* PackageManager
      const operations = [
        Effect.flip(manager.install({ path })),
        Effect.flip(manager.install({ path, packages: ["greet"] })),
        Effect.flip(manager.update({ path }))
      ]
      for (const operation of operations) {
        const error = yield* operation
        assert.strictEqual(error._tag, "StorageFailed")
        assert.match(error.message, /\.venv.*pyvenv\.cfg.*remove the directory/s)
      }
      const { invocations } = yield* MockExecutor.MockExecutor
      assert.deepStrictEqual(invocations.map(({ argv }) => argv[1]), ["--version"])
      yield* manager.install({ path, noInstall: true })
      assert.deepStrictEqual(invocations.map(({ argv }) => argv[1]), ["--version", "lock"])
    }).pipe(Effect.provide(scripted("0.13.9", {}))))

  it.scopedLive.each([
    ...[".venv", ".venv/pyvenv.cfg", ".venv/bin/activate", ".venv/bin/python", ".venv/lib"],
    ...[".venv/lib/python3.11/site-packages/x-1.dist-info/METADATA", ".python-version", "uv.lock", "pyproject.toml"],
    ...["../pyproject.toml", ".darb/journal"]
  ])("a pipe as %s is not waited for", (name) =>
    Effect.gen(function*() {
      const { fs, path } = yield* setting
      const file = `${path}/${name}`
      yield* fs.remove(file, { recursive: true, force: true })
      yield* fs.makeDirectory(file.slice(0, file.lastIndexOf("/")), { recursive: true })
      execFileSync("mkfifo", [file])
      const manager = yield* PackageManager
      const operations: ReadonlyArray<Effect.Effect<unknown, PackageManagerError>> = [
        manager.status({ path }),
        manager.list({ path }),
        manager.install({ path })
      ]
      for (const operation of operations) {
        const result = yield* Effect.either(operation)
        if (Either.isLeft(result)) assert.include(["StorageFailed", "EnvironmentNotFound"], result.left._tag)
      }
      const status = yield* Effect.either(manager.status({ path }))
      if (Either.isRight(status) && !/activate|-version|METADATA|\.\./.test(name)) {
        assert.strictEqual(status.right.prefix, "absent")
      }
    }).pipe(Effect.timeout("8 seconds"), Effect.provide(scripted("0.13.9", {}))), 10_000)

  it.scoped("an installation of Python as the prefix is the user's choice", () =>
    Effect.gen(function*() {
      const { fs, path, venv } = yield* setting
      yield* fs.remove(`${venv}/pyvenv.cfg`)
      yield* fs.remove(`${venv}/bin/python`)
      yield* fs.writeFileString(`${venv}/bin/python`, "#!/bin/sh\n", { mode: 0o755 })
      yield* fs.writeFileString(`${venv}/lib/python3.11/os.py`, "")
      yield* (yield* PackageManager).install({ path })
    }).pipe(Effect.provide(scripted("0.13.9", {}))))

  it.scoped("a prefix that was moved is created again with its Python", () =>
    Effect.gen(function*() {
      const found = yield* setting
      const { path } = found
      yield* write(".venv/bin/activate", activate("VIRTUAL_ENV='/else/where'"))(found)
      const manager = yield* PackageManager
      yield* manager.install({ path, noInstall: true })
      yield* manager.install({ path })
      const { invocations } = yield* MockExecutor.MockExecutor
      assert.deepStrictEqual(invocations.slice(1).map(({ argv }) => argv.slice(1)), [
        ["lock", "--directory", path],
        ["venv", "--directory", path, "--clear", `--python=${found.python}/bin/python3.11`],
        ["sync", "--directory", path]
      ])
    }).pipe(Effect.provide(scripted("0.13.9", {}))))
})
