import { directoryWith, filesOf } from "@darb/laws/TestDirectory"
import {
  type InstallOptions,
  type ListOptions,
  PackageManager,
  type RemoveOptions,
  type UpdateOptions
} from "@darb/package-manager/PackageManager"
import type { PackageManagerError } from "@darb/package-manager/PackageManagerError"
import * as MockExecutor from "@darb/testing/MockExecutor"
import { commands, replies } from "@darb/testing/Scripted"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as FileSystem from "@effect/platform/FileSystem"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { lockText, manifestText, scripted } from "./fixtures.js"

const layerFs = NodeContext.layer

const rich = `[project]
name = "x"
channels = ["c"]
platforms = ["linux-64", "osx-arm64"]

[dependencies]
greet = "*"

[host-dependencies]
tool = "*"

[pypi-dependencies]
My_Req = "*"

[target.linux-64.dependencies]
only = "*"
Both = "*"

[target.osx-arm64.dependencies]
both = "*"

[target.linux.dependencies]
family = "*"

[feature.dev.dependencies]
linter = "*"

[feature.dev.pypi-dependencies]
typed = "*"

[feature.dev.target.osx-arm64.dependencies]
mac = "*"
`

const environments = "\n[environments]\ndev = [\"dev\"]\n"

const environment = (manifest: string, lock?: string) =>
  directoryWith({ "pixi.toml": manifest, ...(lock === undefined ? {} : { "pixi.lock": lock }) })

/** The commands without what all of them have. */
const told = Effect.map(
  commands,
  (all) => all.map((argv) => argv.filter((_, at) => at !== 1 && at !== 2).join(" "))
)

const fails = <A, R>(effect: Effect.Effect<A, PackageManagerError, R>) =>
  Effect.map(Effect.flip(effect), (error) => ({ ...error }))

/** Writes into an environment, as pixi does. */
const writes =
  (files: Readonly<Record<string, string>>, reply: MockExecutor.Reply = {}) => (argv: ReadonlyArray<string>) =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const directory = (argv[2] ?? "").replace(/\/[^/]*$/, "")
      for (const [name, text] of Object.entries(files)) yield* fs.writeFileString(`${directory}/${name}`, text)
      return reply
    }).pipe(Effect.orDie, Effect.provide(layerFs))

type Given<Options> = Omit<Options, "path">

describe("the options of pixi", () => {
  describe("install", () => {
    it.scoped.each<readonly [options: Given<InstallOptions>, option: string]>([
      [{ packages: ["a"], locked: true }, "locked"],
      [{ packages: ["a"], frozen: true }, "frozen"],
      [{ packages: ["a"], environment: "default" }, "environment"],
      [{ locked: true, frozen: true }, "locked"],
      [{ frozen: true, noInstall: true }, "noInstall"],
      [{ feature: "dev" }, "feature"],
      [{ packages: [], platforms: ["linux-64"] }, "platforms"],
      [{ pypi: true }, "pypi"],
      [{ environment: "nope" }, "environment"],
      [{ environment: "toString" }, "environment"],
      [{ packages: ["a"], feature: "" }, "feature"],
      [{ packages: ["a"], feature: "a.b" }, "feature"],
      [{ packages: ["a"], feature: "a\nb" }, "feature"]
    ])("refuses %j before anything runs", ([options, option]) =>
      Effect.gen(function*() {
        const path = yield* environment(rich, lockText("greet-1.0"))
        const before = yield* filesOf(path)
        const error = yield* fails((yield* PackageManager).install({ path, ...options }))
        assert.deepInclude(error, { _tag: "InvalidOption", option })
        assert.deepStrictEqual((yield* MockExecutor.MockExecutor).invocations, [])
        assert.deepStrictEqual(yield* filesOf(path), before)
      }).pipe(Effect.provide(scripted("0.77.0", {}))))

    it.scoped.each(["win-64", "linux", "", "--help"])(
      "refuses the platform %j, which the manifest does not have",
      (platform) =>
        Effect.gen(function*() {
          const path = yield* environment(rich)
          const packageManager = yield* PackageManager
          const given = { path, packages: ["greet"], platforms: ["linux-64", platform] }
          for (const operation of [packageManager.install(given), packageManager.remove(given)]) {
            assert.deepInclude(yield* fails<unknown, never>(operation), { _tag: "PlatformUnsupported", platform })
          }
          assert.deepStrictEqual((yield* MockExecutor.MockExecutor).invocations, [])
        }).pipe(Effect.provide(scripted("0.77.0", {})))
    )

    it.scoped.each<readonly [options: Given<InstallOptions>, expected: ReadonlyArray<string>]>([
      [{ locked: true }, ["install --locked"]],
      [{ frozen: true }, ["install --frozen"]],
      [{ locked: false, frozen: false, noInstall: false, pypi: false, platforms: [] }, ["install"]],
      [{ environment: "dev" }, ["install --environment=dev"]],
      [{ noInstall: true }, ["lock --no-install"]],
      [{ packages: ["a", "greet"], noInstall: true }, ["add --no-install -- a"]],
      [{ packages: ["Greet"], noInstall: true }, ["lock --no-install"]],
      // Tables of other kinds, features and platforms are other places.
      [{ packages: ["tool", "linter", "only", "my-req"] }, ["add -- tool linter only my-req", "install"]],
      [{ packages: ["greet", "Linter"], feature: "dev" }, ["add --feature=dev -- greet", "install"]],
      [{ packages: ["linter", "linter >=1"], feature: "dev" }, []],
      [{ packages: ["greet"], feature: "default" }, ["install"]],
      [{ packages: ["a"], feature: "new" }, ["add --feature=new -- a", "install"]],
      [{ packages: ["greet", "only"], platforms: ["linux-64"] }, ["add --platform=linux-64 -- greet", "install"]],
      [{ packages: ["BOTH"], platforms: ["linux-64", "osx-arm64", "linux-64"] }, ["install"]],
      [
        { packages: ["a", "b"], platforms: ["linux-64", "osx-arm64"] },
        ["add --platform=linux-64 --platform=osx-arm64 -- a b", "install"]
      ],
      [
        { packages: ["a", "only"], platforms: ["linux-64", "osx-arm64"] },
        ["add --platform=linux-64 -- a", "add --platform=osx-arm64 -- a only", "install"]
      ],
      [
        { packages: ["mac", "a"], feature: "dev", platforms: ["osx-arm64"] },
        ["add --feature=dev --platform=osx-arm64 -- a", "install"]
      ],
      [{ packages: ["my.req", "Typed"], pypi: true }, ["add --pypi -- Typed", "install"]],
      [{ packages: ["typed"], pypi: true, feature: "dev" }, ["install"]],
      [{ packages: ["my-req>=2; os_name == 'nt'"], pypi: true }, [
        "add --pypi -- my-req>=2; os_name == 'nt'",
        "install"
      ]]
    ])("%j is %j", ([options, expected]) =>
      Effect.gen(function*() {
        const path = yield* environment(rich + environments, lockText("greet-1.0"))
        const operation = (yield* PackageManager).install({ path, ...options })
        if (expected.length === 0) assert.strictEqual((yield* fails(operation))._tag, "InvalidSpec")
        else yield* operation
        assert.deepStrictEqual(yield* told, expected)
      }).pipe(Effect.provide(scripted("0.77.0", {}))))

    it.scoped("adds to the only environment at once, and to several ones not for what this machine is not", () =>
      Effect.gen(function*() {
        const packageManager = yield* PackageManager
        yield* packageManager.install({ path: yield* environment(rich), packages: ["a"] })
        const elsewhere = rich.replace("\"linux-64\", \"osx-arm64\"", "\"win-64\"") + environments
        yield* packageManager.install({ path: yield* environment(elsewhere), packages: ["a"] })
        assert.deepStrictEqual(yield* told, ["add -- a", "add -- a"])
      }).pipe(Effect.provide(scripted("0.77.0", {}))))

    it.scoped("solves for a list where there is no lock", () =>
      Effect.gen(function*() {
        const path = yield* environment(rich)
        yield* (yield* PackageManager).install({ path, noInstall: true })
        assert.deepStrictEqual(yield* told, ["list"])
      }).pipe(Effect.provide(scripted("0.15.2", {}))))

    it.scoped.each(["numpy 2.*", "-x", "a==", "a b"])(
      "%j is no requirement of Python",
      (spec) =>
        Effect.gen(function*() {
          const path = yield* environment(rich)
          const error = yield* fails((yield* PackageManager).install({ path, packages: ["ok", spec], pypi: true }))
          assert.deepInclude(error, { _tag: "InvalidSpec", spec })
          assert.deepStrictEqual((yield* MockExecutor.MockExecutor).invocations, [])
        }).pipe(Effect.provide(scripted("0.77.0", {})))
    )

    it.scoped.each<readonly [name: string, lock: string | undefined, options: Given<InstallOptions>]>([
      ["that is not there", undefined, { frozen: true }],
      ["without the environment", lockText("greet-1.0"), { frozen: true, environment: "dev" }],
      ["that is not there", undefined, { locked: true, noInstall: true }]
    ])("a lock file %s cannot stay as it is", ([, lock, options]) =>
      Effect.gen(function*() {
        const path = yield* environment(rich + environments, lock)
        const error = yield* fails((yield* PackageManager).install({ path, ...options }))
        assert.deepInclude(error, { _tag: "LockOutdated", file: `${path}/pixi.lock` })
        assert.deepStrictEqual(yield* commands, [])
      }).pipe(Effect.provide(scripted("0.77.0", {}))))

    it.scoped("a lock file that has to stay is compared with what pixi makes of it", () =>
      Effect.gen(function*() {
        const before = lockText("greet-1.0")
        const path = yield* environment(rich, before)
        const lock = Effect.map(filesOf(path), (files) => files["pixi.lock"])
        const install = (written: string) =>
          Effect.gen(function*() {
            return yield* (yield* PackageManager).install({ path, locked: true, noInstall: true })
          }).pipe(Effect.provide(scripted("0.77.0", { lock: writes({ "pixi.lock": written }) })))
        assert.strictEqual((yield* fails(install(lockText("greet-2.0"))))._tag, "LockOutdated")
        assert.strictEqual(yield* lock, before)
        yield* install(`# of another format\n${before}`)
        assert.strictEqual(yield* lock, before)
      }).pipe(Effect.provide(layerFs)))

    const notFound = {
      exitCode: 1,
      stderr: "Error:   × failed to solve the environment\n\n  ╰─▶ Cannot solve the request because of: " +
        "No candidates were found for nope >=9.\n"
    }

    it.scoped("looks for a package that has no candidates only where there is one set of channels", () =>
      Effect.gen(function*() {
        const packageManager = yield* PackageManager
        const one = manifestText("")
        const found = Effect.fnUntraced(function*(manifest: string, options: Partial<InstallOptions> = {}) {
          const path = yield* environment(manifest)
          return (yield* fails(packageManager.install({ path, packages: ["nope>=9"], ...options })))._tag
        })
        assert.strictEqual(yield* found(one), "PackageNotFound")
        assert.strictEqual(yield* found(one, { feature: "new" }), "PackageNotFound")
        assert.strictEqual(yield* found(`${one}[feature.dev]\nchannels = ["d"]\n`), "Unsolvable")
        assert.strictEqual(yield* found(one, { pypi: true }), "Unsolvable")
      }).pipe(Effect.provide(scripted("0.77.0", {
        add: replies(notFound),
        search: replies({ exitCode: 1, stderr: "Error:   × No packages found matching 'nope'\n" })
      }))))

    it.scoped("says that an old pixi has to install to solve for Python packages", () =>
      Effect.gen(function*() {
        const path = yield* environment(manifestText(""))
        const operation = (yield* PackageManager).install({ path, packages: ["a"], pypi: true, noInstall: true })
        assert.deepInclude(yield* fails(operation), { _tag: "InvalidOption", option: "noInstall", value: "true" })
      }).pipe(Effect.provide(scripted("0.29.0", {
        add: replies({
          exitCode: 1,
          stderr: "  × Cannot update pypi dependencies without first installing a conda prefix\n" +
            "  │ that includes python.\n"
        })
      }))))

    it.scoped("tells how the environment stands that was installed", () =>
      Effect.gen(function*() {
        const path = yield* environment(rich + environments, lockText("greet-1.0"))
        const packageManager = yield* PackageManager
        const { status } = yield* packageManager.install({ path, environment: "dev" })
        assert.deepStrictEqual([status?.lock, status?.missing], ["outdated", []])
        assert.include(status?.unlocked ?? [], "linter")
        assert.deepStrictEqual(status, yield* packageManager.status({ path, environment: "dev" }))
        assert.deepStrictEqual((yield* packageManager.install({ path })).status?.missing, ["greet"])
      }).pipe(Effect.provide(scripted("0.77.0", {}))))
  })

  describe("remove", () => {
    it.scoped.each<readonly [options: Given<RemoveOptions>, expected: ReadonlyArray<string>]>([
      [{ packages: ["greet"], noInstall: true }, ["remove --no-install -- greet"]],
      [{ packages: ["greet"], feature: "default" }, ["remove -- greet"]],
      [{ packages: ["TYPED", "Linter"], feature: "dev" }, [
        "remove --pypi --feature=dev -- typed",
        "remove --feature=dev -- linter"
      ]],
      [{ packages: ["my-req"] }, ["remove --pypi -- My_Req"]],
      [{ packages: ["mac"], feature: "dev", platforms: ["osx-arm64"] }, [
        "remove --feature=dev --platform=osx-arm64 -- mac"
      ]],
      [{ packages: ["both"], platforms: ["linux-64", "osx-arm64"] }, [
        "remove --platform=linux-64 -- Both",
        "remove --platform=osx-arm64 -- both"
      ]]
    ])("%j is %j", ([options, expected]) =>
      Effect.gen(function*() {
        const path = yield* environment(rich + environments, lockText("greet-1.0"))
        yield* (yield* PackageManager).remove({ path, ...options })
        assert.deepStrictEqual(yield* told, expected)
      }).pipe(Effect.provide(scripted("0.77.0", {}))))

    it.scoped.each<readonly [version: string, expected: ReadonlyArray<string>]>([
      ["0.22.0", ["remove --platform=linux-64 -- both", "remove --platform=osx-arm64 -- both"]],
      ["0.23.0", ["remove --platform=linux-64 --platform=osx-arm64 -- both"]]
    ])("names several platforms to %s by %j", ([version, expected]) =>
      Effect.gen(function*() {
        const path = yield* environment(rich.replace("Both", "both"))
        yield* Effect.gen(function*() {
          yield* (yield* PackageManager).remove({ path, packages: ["BOTH"], platforms: ["linux-64", "osx-arm64"] })
          assert.deepStrictEqual(yield* told, expected)
        }).pipe(Effect.provide(scripted(version, {})))
      }).pipe(Effect.provide(layerFs)))

    it.scoped.each<readonly [options: Given<RemoveOptions>, missing: ReadonlyArray<string>]>([
      [{ packages: ["linter"] }, ["linter"]],
      [{ packages: ["greet", "tool", "family"] }, ["tool", "family"]],
      [{ packages: ["linter", "greet"], feature: "dev" }, ["greet"]],
      [{ packages: ["family"], platforms: ["linux-64"] }, ["family"]],
      [{ packages: ["only", "both"], platforms: ["linux-64", "osx-arm64"] }, ["only"]],
      [{ packages: ["mac"], feature: "dev" }, ["mac"]]
    ])("%j does not find %j, and removes nothing", ([options, packages]) =>
      Effect.gen(function*() {
        const path = yield* environment(rich)
        const error = yield* fails((yield* PackageManager).remove({ path, ...options }))
        assert.deepInclude(error, { _tag: "DependencyNotFound", packages })
        assert.deepStrictEqual((yield* MockExecutor.MockExecutor).invocations, [])
      }).pipe(Effect.provide(scripted("0.77.0", {}))))

    it.scoped.each(["nope", "", "toString"])(
      "refuses the feature %j, which the manifest does not have",
      (feature) =>
        Effect.gen(function*() {
          const path = yield* environment(rich)
          const error = yield* fails((yield* PackageManager).remove({ path, packages: ["greet"], feature }))
          assert.deepInclude(error, { _tag: "InvalidOption", option: "feature", value: feature })
          assert.deepStrictEqual((yield* MockExecutor.MockExecutor).invocations, [])
        }).pipe(Effect.provide(scripted("0.77.0", {})))
    )

    it.scoped.each<readonly [version: string, expected: string | undefined]>([
      ["0.20.1", "0.21.0"],
      ["0.21.0", undefined]
    ])("leaves what is installed only if pixi can: %s", ([version, required]) =>
      Effect.gen(function*() {
        const path = yield* environment(rich, lockText("greet-1.0"))
        const before = yield* filesOf(path)
        yield* Effect.gen(function*() {
          const operation = (yield* PackageManager).remove({ path, packages: ["greet"], noInstall: true })
          if (required === undefined) {
            yield* operation
            assert.deepStrictEqual(yield* told, ["remove --no-install -- greet"])
          } else {
            assert.deepInclude(yield* fails(operation), { _tag: "UnsupportedVersion", found: version, required })
            assert.deepStrictEqual(yield* commands, [])
            assert.deepStrictEqual(yield* filesOf(path), before)
          }
        }).pipe(Effect.provide(scripted(version, {})))
      }).pipe(Effect.provide(layerFs)))

    it.scoped.each<readonly [file: string, before: string, header: string]>([
      ["pixi.toml", rich + environments, "[feature.dev]"],
      [
        "pyproject.toml",
        "[project]\nname = \"x\"\n[tool.pixi.workspace]\nchannels = []\nplatforms = [\"linux-64\"]\n" +
        "[tool.pixi.feature.dev.dependencies]\nlinter = \"*\"\n[tool.pixi.environments]\ndev = [\"dev\"]\n",
        "[tool.pixi.feature.dev]"
      ]
    ])(
      "keeps a feature in %s that an environment names and that has nothing left",
      ([file, before, header]) =>
        Effect.gen(function*() {
          const path = yield* directoryWith({ [file]: before })
          const without = before.replace(/\[(tool\.pixi\.)?feature\.dev\.[^[]*/g, "").trimEnd()
          yield* Effect.gen(function*() {
            yield* (yield* PackageManager).remove({ path, packages: ["linter"], feature: "dev" })
            assert.strictEqual((yield* filesOf(path))[file], `${without}\n\n${header}\n`)
          }).pipe(Effect.provide(scripted("0.77.0", { remove: writes({ [file]: without }) })))
        }).pipe(Effect.provide(layerFs))
    )
  })

  describe("update", () => {
    const lock = lockText("greet-1.0", "linter-1.0")

    it.scoped.each<readonly [version: string, options: Given<UpdateOptions>, expected: ReadonlyArray<string>]>([
      ["0.77.0", { noInstall: true }, ["update --no-install"]],
      ["0.77.0", { packages: ["LINTER"], noInstall: true }, ["update --no-install -- linter"]],
      ["0.77.0", { packages: ["only"], noInstall: true }, ["lock --no-install"]],
      ["0.77.0", { packages: ["mac", "typed"] }, ["install"]],
      ["0.77.0", { packages: ["greet", "only"], noInstall: true }, ["update --no-install -- greet"]],
      ["0.23.0", { noInstall: true }, ["update --no-install"]],
      ["0.22.0", { noInstall: true }, ["list"]],
      ["0.22.0", { packages: ["greet"], noInstall: true }, ["list"]]
    ])("of %s with %j is %j", ([version, options, expected]) =>
      Effect.gen(function*() {
        const path = yield* environment(rich + environments, lock)
        yield* Effect.gen(function*() {
          yield* (yield* PackageManager).update({ path, ...options })
          assert.deepStrictEqual(yield* told, expected)
        }).pipe(Effect.provide(scripted(version, {})))
      }).pipe(Effect.provide(layerFs)))
  })

  describe("list", () => {
    const list = (version: string, manifest: string, options: Given<ListOptions>, expected: string | undefined) =>
      Effect.gen(function*() {
        const path = yield* environment(manifest)
        yield* Effect.gen(function*() {
          yield* (yield* PackageManager).list({ path, ...options })
          assert.deepStrictEqual(yield* told, [`list --json --frozen${expected}`])
        }).pipe(Effect.provide(scripted(version, {})))
      }).pipe(Effect.provide(layerFs))

    const named = rich.replace("\"linux-64\",", "{ name = \"mine\", platform = \"linux-64\", glibc = \"2.20\" },")
    const required = `${rich}\n[system-requirements]\nlibc = "2.20"\n`

    it.scoped.each<readonly [version: string, manifest: string, options: Given<ListOptions>, expected: string]>([
      ["0.77.0", rich, { environment: "default" }, ""],
      [
        "0.77.0",
        rich + environments,
        { environment: "dev", platform: "osx-arm64" },
        " --environment=dev --platform=osx-arm64"
      ],
      ["0.15.2", rich, { platform: "linux-64" }, " --platform=linux-64"],
      ["0.77.0", named, { platform: "linux-64" }, " --platform=mine"],
      ["0.77.0", named, { platform: "mine" }, " --platform=mine"],
      ["0.77.0", required, { platform: "linux-64" }, " --platform=linux-64-glibc-2-20"],
      ["0.70.2", required, { platform: "linux-64" }, " --platform=linux-64"]
    ])(
      "of %s is of an environment and a platform",
      ([version, manifest, options, expected]) => list(version, manifest, options, expected)
    )

    it.scoped("of an environment that the lock file does not have is empty", () =>
      Effect.gen(function*() {
        const path = yield* environment(rich + environments, lockText("greet-1.0"))
        assert.deepStrictEqual(yield* (yield* PackageManager).list({ path, environment: "dev" }), [])
        assert.deepStrictEqual(yield* commands, [])
      }).pipe(Effect.provide(scripted("0.15.2", {}))))

    it.scoped("of what the manifest does not have is refused", () =>
      Effect.gen(function*() {
        const path = yield* environment(`${rich}\n[feature.dev]\nplatforms = ["linux-64"]\n${environments}`)
        const packageManager = yield* PackageManager
        assert.deepInclude(yield* fails(packageManager.list({ path, environment: "nope" })), {
          _tag: "InvalidOption",
          option: "environment",
          value: "nope"
        })
        assert.deepInclude(yield* fails(packageManager.status({ path, environment: "nope" })), {
          _tag: "InvalidOption",
          option: "environment"
        })
        for (const options of [{ platform: "win-64" }, { platform: "osx-arm64", environment: "dev" }]) {
          const error = yield* fails(packageManager.list({ path, ...options }))
          assert.deepInclude(error, { _tag: "PlatformUnsupported", platform: options.platform })
        }
        assert.deepStrictEqual((yield* MockExecutor.MockExecutor).invocations, [])
      }).pipe(Effect.provide(scripted("0.77.0", {}))))
  })
})
