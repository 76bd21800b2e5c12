import { describeEach } from "@darb/laws/LiveSuite"
import { directoryWith, fingerprintsOf } from "@darb/laws/TestDirectory"
import type { PackageManager } from "@darb/package-manager/PackageManager"
import { backend, dynamic, fixed, project } from "@darb/testing/SourcePackage"
import * as WheelDirectory from "@darb/testing/WheelDirectory"
import * as FileSystem from "@effect/platform/FileSystem"
import { assert, it } from "@effect/vitest"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { fresh, live } from "./liveFixtures.js"

const made = Effect.fnUntraced(function*(
  executable: string,
  dependencies: ReadonlyArray<string>,
  tables: string,
  files: Readonly<Record<string, string>>
) {
  const index = yield* WheelDirectory.make(WheelDirectory.examples)
  const root = yield* directoryWith({
    "env/pyproject.toml": project("env", `version = "0.1.0"\ndependencies = ${JSON.stringify(dependencies)}\n`) +
      `\n[[tool.uv.index]]\nurl = "${index.url}"\ndefault = true\n\n${tables}`,
    ...files
  })
  const packageManager = yield* fresh(executable)
  return { fs: yield* FileSystem.FileSystem, packageManager, path: `${root}/env`, root }
})

const steps = (manager: Context.Tag.Service<PackageManager>, path: string) =>
  [
    manager.install({ path, dryRun: true }),
    manager.install({ path, packages: ["libleaf==0.1.0"], dryRun: true }),
    manager.update({ path, dryRun: true }),
    manager.remove({ path, packages: ["greet"], dryRun: true })
  ] as const

const names = (items: ReadonlyArray<{ readonly name: string }>) => items.map(({ name }) => name)

describeEach(process.env, "DARB_TEST_UV", (executable) => {
  it.scopedLive(
    "a dry run leaves path dependencies as they are",
    live(() =>
      Effect.gen(function*() {
        const sources =
          "[tool.uv.sources]\nwheely = { path = \"../wheely\" }\nlinked = { path = \"../linked\", editable = true }\n"
        const { packageManager, path, root } = yield* made(executable, ["greet<2", "wheely", "linked"], sources, {
          "wheely/pyproject.toml": fixed("wheely"),
          "wheely/backend.py": backend,
          "linked/pyproject.toml": fixed("linked", "dependencies = [\"libleaf\"]\n"),
          "linked/backend.py": backend
        })
        for (const installed of [false, true]) {
          if (installed) yield* packageManager.install({ path })
          const before = yield* fingerprintsOf(root)
          const [install, add, update, remove] = yield* Effect.all(steps(packageManager, path))
          assert.deepStrictEqual(yield* fingerprintsOf(root), before)
          assert.deepStrictEqual(names(install.added), installed ? [] : ["greet", "libleaf", "linked", "wheely"])
          assert.deepStrictEqual([add.isEmpty, update.isEmpty], [false, installed])
          assert.deepStrictEqual(names(remove.removed), installed ? ["greet"] : [])
        }
      })
    ),
    120_000
  )

  it.scopedLive(
    "a dry run leaves the members of a workspace as they are",
    live(() =>
      Effect.gen(function*() {
        const tables =
          "[tool.uv.workspace]\nmembers = [\"members/*\"]\n\n[tool.uv.sources]\none = { workspace = true }\n"
        const { packageManager, path, root } = yield* made(executable, ["greet<2", "one"], tables, {
          "env/members/one/pyproject.toml": fixed("one", "dependencies = [\"libleaf\"]\n"),
          "env/members/one/backend.py": backend,
          "env/members/two/pyproject.toml": project("two", "version = \"1.0\"\ndependencies = [\"app\"]\n")
        })
        for (const installed of [false, true]) {
          if (installed) yield* packageManager.install({ path })
          const before = yield* fingerprintsOf(root)
          yield* Effect.all(steps(packageManager, path))
          assert.deepStrictEqual(yield* fingerprintsOf(root), before)
          for (const step of steps(packageManager, `${path}/members/one`)) {
            const error = yield* Effect.flip<unknown, { readonly _tag: string; readonly message: string }, never>(step)
            assert.strictEqual(error._tag, "EnvironmentNotFound")
            assert.include(error.message, path)
          }
          assert.deepStrictEqual(yield* fingerprintsOf(root), before)
        }
      })
    ),
    120_000
  )

  it.scopedLive(
    "a dry run that needs a build leaves in the source directory what the build leaves there, and nothing else",
    live(() =>
      Effect.gen(function*() {
        const { packageManager, path, root } = yield* made(
          executable,
          ["greet<2", "built"],
          "[tool.uv.sources]\nbuilt = { path = \"../built\" }\n",
          { "built/pyproject.toml": dynamic("built"), "built/backend.py": backend }
        )
        const before = yield* fingerprintsOf(root)
        yield* packageManager.install({ path, dryRun: true })
        const after = yield* fingerprintsOf(root)
        const left = Object.keys(after).filter((name) => before[name] !== after[name])
        assert.include(left, "built/built.egg-info/PKG-INFO")
        assert.deepStrictEqual(left.filter((name) => !name.startsWith("built/")), [])
        assert.deepInclude(after, before)
      })
    ),
    120_000
  )
})
