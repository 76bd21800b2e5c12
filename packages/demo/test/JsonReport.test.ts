import * as NodeContext from "@effect/platform-node/NodeContext"
import * as FileSystem from "@effect/platform/FileSystem"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import { join } from "node:path"
import * as Argv from "../src/Argv.js"
import { ProgramEnded } from "../src/Failure.js"
import { answer } from "../src/Report.js"
import * as Run from "../src/Run.js"
import * as View from "../src/View.js"
import * as Captured from "./Captured.js"
import { about, changes, environments, packageManager, status, totals } from "./fixtures.js"

const darb = (...argv: ReadonlyArray<string>) => {
  const { parsed } = Argv.parse(argv)
  assert(parsed._tag === "Call", argv.join(" "))
  return Captured.json(Run.program(parsed))
}

const makeDirectory = Effect.flatMap(
  FileSystem.FileSystem,
  (fs) => fs.makeTempDirectoryScoped({ prefix: "darb-test-" })
)

const writeFile = (file: string, text: string) =>
  Effect.flatMap(FileSystem.FileSystem, (fs) => fs.writeFileString(file, text))

/** The one document. */
const documentOf = ({ stdout }: { readonly stdout: string }) => {
  assert.isTrue(stdout.endsWith("\n"))
  return JSON.parse(stdout)
}

/** One event a line. */
const eventsOf = ({ stderr }: { readonly stderr: string }) =>
  stderr.split("\n").slice(0, -1).map((line) => JSON.parse(line))

const process = { ...about, pid: 42 }

const rest = { complete: false, totals: null }

describe("JsonReport", () => {
  it.effect("a list is an array of packages", () =>
    Effect.gen(function*() {
      const result = yield* Captured.json(answer(View.packages, packageManager.list({ path: "/env" })))
      const pypi = { kind: "pypi", build: null, source: null, direct: false, size: null }
      assert.deepStrictEqual(documentOf(result), {
        format: 1,
        ok: true,
        value: [
          {
            name: "greet",
            version: "1.0",
            kind: "conda",
            build: "0",
            source: "https://example.org/channel",
            direct: true,
            size: 1000,
            installed: "1.0"
          },
          { ...pypi, name: "stem", version: "2", installed: "1" },
          { ...pypi, name: "leaf", version: null, installed: null }
        ]
      })
      assert.strictEqual(result.exitCode, 0)
    }))

  it.effect("a manifest has its bytes in base64", () =>
    Effect.gen(function*() {
      const result = yield* Captured.json(answer(View.manifest, packageManager.getManifest({ path: "/env" })))
      assert.deepStrictEqual(documentOf(result), {
        format: 1,
        ok: true,
        value: {
          file: "/env/pixi.toml",
          name: "env",
          packages: { greet: ">=1" },
          pypiPackages: {},
          channels: ["conda-forge", "https://example.org/channel"],
          platforms: ["linux-64"],
          bytes: "W3dvcmtzcGFjZV0K"
        }
      })
    }))

  it.effect("a status is as the library encodes it", () =>
    Effect.gen(function*() {
      const result = yield* Captured.json(answer(View.status, packageManager.status({ path: "/env" })))
      assert.deepStrictEqual(documentOf(result), { format: 1, ok: true, value: { ...status } })
    }))

  it.effect("changes are three lists, and events come one a line", () =>
    Effect.gen(function*() {
      const install = packageManager.install({ path: "/env", packages: ["greet"] })
      const result = yield* Captured.json(answer(View.changes, install))
      const { ok, value } = documentOf(result)
      assert.isTrue(ok)
      assert.deepStrictEqual(Object.keys(value), ["added", "removed", "changed"])
      assert.strictEqual(value.changed[0].after.version, "0.2")
      assert.deepStrictEqual(eventsOf(result), [
        { _tag: "Started", ...process, purpose: "operation", command: ["/opt/bin/pixi", "add", "--", "greet"] },
        { _tag: "Output", ...process, stream: "stdout", line: "data", continued: false },
        { _tag: "Output", ...process, stream: "stderr", line: "\u001b[31mwords", continued: false },
        { _tag: "Progress", ...about, phase: "solving", package: null, bytes: null, ...rest },
        { _tag: "Progress", ...about, phase: "downloading", package: "greet", bytes: 1_572_864, ...rest, totals },
        { _tag: "Progress", ...about, phase: "downloading", package: "leaf", bytes: null, ...rest },
        { _tag: "Ended", ...process, purpose: "operation", exitCode: 0, signal: null }
      ])
    }))

  it.effect("a failure is the encoded error and its message", () =>
    Effect.gen(function*() {
      const install = packageManager.install({ path: "/env", packages: ["nowhere"] })
      const result = yield* Captured.json(answer(View.changes, install))
      assert.deepStrictEqual(documentOf(result), {
        format: 1,
        ok: false,
        error: {
          _tag: "PackageNotFound",
          message: `/env has no channel or index with "nowhere": check the name, or add the one that has it`,
          manager: "fake",
          operation: "install",
          environment: "/env",
          packages: ["nowhere"],
          platform: null
        }
      })
      assert.strictEqual(result.exitCode, 1)
      assert.deepStrictEqual(eventsOf(result).slice(-3), [
        { _tag: "Restored", ...about, files: ["/env/pixi.lock"] },
        { _tag: "Unsearched", ...about },
        { _tag: "StatusAfter", ...about, status: { ...status } }
      ])
    }))

  it.effect("the end of a program is a value, and its exit code that of darb", () =>
    Effect.gen(function*() {
      for (
        const [ended, code] of [
          [{ exitCode: 0, signal: null }, 0],
          [{ exitCode: 3, signal: null }, 3],
          [{ exitCode: null, signal: "SIGKILL" }, 137]
        ] as const
      ) {
        const result = yield* Captured.json(
          Effect.flatMap(
            answer(View.ended, Effect.succeed(ended)),
            (ended) => ended.exitCode === 0 ? Effect.void : new ProgramEnded(ended)
          )
        )
        assert.deepStrictEqual(documentOf(result), { format: 1, ok: true, value: ended })
        assert.deepStrictEqual([result.exitCode, result.stderr], [code, ""])
      }
    }))

  it.effect("an operation without a value is null", () =>
    Effect.gen(function*() {
      const result = yield* Captured.json(answer(View.said("gone"), packageManager.clean({ path: "/env" })))
      assert.deepStrictEqual(documentOf(result), { format: 1, ok: true, value: null })
    }))

  it.effect("environments have a status or an error", () =>
    Effect.gen(function*() {
      const result = yield* Captured.json(answer(View.environments, Effect.succeed(environments)))
      const [fine, broken] = documentOf(result).value
      assert.deepStrictEqual(fine, { path: "/envs/fine", name: "fine", status: { ...status }, error: null })
      assert.deepInclude(broken.error, { _tag: "ManifestInvalid", file: "/envs/broken/pixi.toml" })
      assert.isString(broken.error.message)
    }))

  it.effect("an interruption is a failure of its own", () =>
    Effect.gen(function*() {
      const install = packageManager.install({ path: "/env", packages: ["forever"] })
      const outcome = yield* Effect.fork(
        Captured.json(Effect.gen(function*() {
          const fiber = yield* Effect.fork(answer(View.changes, install))
          yield* Effect.sleep("1 second")
          return yield* Effect.flatten(Fiber.interrupt(fiber))
        }))
      )
      yield* TestClock.adjust("1 second")
      const result = yield* Fiber.join(outcome)
      assert.deepStrictEqual(documentOf(result), {
        format: 1,
        ok: false,
        error: { _tag: "Interrupted", message: "interrupted: nothing was changed" }
      })
      assert.strictEqual(result.exitCode, 130)
    }))

  it.effect("a bug is named, and its trace is an event", () =>
    Effect.gen(function*() {
      const result = yield* Captured.json(answer(View.changes, Effect.die(new Error("oh"))))
      assert.deepStrictEqual(documentOf(result), {
        format: 1,
        ok: false,
        error: { _tag: "Defect", message: "this is a bug in darb: Error: oh" }
      })
      assert.strictEqual(result.exitCode, 1)
      const [event] = eventsOf(result)
      assert.strictEqual(event._tag, "Defect")
      assert.match(event.cause, /^Error: oh\n/)
    }))

  it.effect("there is one document, whatever happens after it", () =>
    Effect.gen(function*() {
      const result = yield* Captured.json(
        Effect.andThen(answer(View.changes, Effect.succeed(changes)), Effect.die("late"))
      )
      assert.isTrue(documentOf(result).ok)
      assert.strictEqual(result.exitCode, 1)
    }))

  it.effect("what a person may do is a hint", () =>
    Effect.gen(function*() {
      const directory = yield* makeDirectory
      yield* writeFile(
        join(directory, "pyproject.toml"),
        `[project]\nname = "a"\nversion = "0"\ndependencies = ["numpy"]\n`
      )
      const other = documentOf(yield* darb("list", directory, "--manager", "pixi"))
      assert.strictEqual(other.error._tag, "EnvironmentNotFound")
      assert.strictEqual(other.hint, "It is an environment of uv: use --manager uv.")
      const absent = documentOf(yield* darb("remove", directory, "nmpy", "--manager", "uv"))
      assert.strictEqual(absent.error._tag, "DependencyNotFound")
      assert.strictEqual(absent.hint, "Did you mean numpy?")
      const unsupported = documentOf(yield* darb("install", directory, "--with-group", "g", "--manager", "pixi"))
      assert.strictEqual(unsupported.hint, "--with-group is an option of uv only.")
      assert.notProperty(documentOf(yield* darb("list", join(directory, "nowhere"))), "hint")
    }).pipe(Effect.scoped, Effect.provide(NodeContext.layer)))

  it.effect("what the configuration names is checked", () =>
    Effect.gen(function*() {
      const unsupported = yield* darb("list", "PATH", "--manager", "conda")
      assert.deepStrictEqual(documentOf(unsupported).error, {
        _tag: "UnsupportedManager",
        message: `there is no package manager "conda": the known ones are pixi, uv`,
        name: "conda",
        known: ["pixi", "uv"]
      })
      assert.strictEqual(unsupported.exitCode, 1)
      const absent = yield* darb("list", "PATH", "--config", "/nowhere.yaml")
      assert.strictEqual(documentOf(absent).error._tag, "ConfigFileInvalid")
      assert.strictEqual(absent.exitCode, 1)
    }))

  for (const [manager, given, option] of [["uv", "channel", "channels"], ["pixi", "index", "indexes"]] as const) {
    it.effect(`${manager} has no --${given}, which the command line cannot know`, () =>
      Effect.gen(function*() {
        const result = yield* darb("init", "/env", `--${given}`, "x", "--manager", manager)
        assert.deepInclude(documentOf(result).error, { _tag: "UnsupportedOption", manager, operation: "init", option })
        assert.strictEqual(result.exitCode, 2)
      }))
  }

  it.effect("the options of install and remove are those of the library", () =>
    Effect.gen(function*() {
      const unsupported = (...argv: ReadonlyArray<string>) =>
        Effect.map(darb(...argv), (result) => {
          assert.strictEqual(result.exitCode, 2)
          return documentOf(result).error.option
        })
      assert.strictEqual(yield* unsupported("install", "/env", "x", "--feature", "f", "--manager", "uv"), "feature")
      assert.strictEqual(yield* unsupported("remove", "/env", "x", "--feature", "f", "--manager", "uv"), "feature")
      assert.strictEqual(yield* unsupported("install", "/env", "x", "--group", "g"), "group")
      assert.strictEqual(yield* unsupported("install", "/env", "--with-group", "g"), "groups")
      assert.strictEqual(yield* unsupported("update", "/env", "--with-extra", "e"), "extras")
      assert.strictEqual(yield* unsupported("install", "/env", "x", "--index", "i"), "indexes")
      assert.strictEqual(yield* unsupported("install", "/env", "x", "--pypi", "--manager", "uv"), "pypi")
      assert.strictEqual(yield* unsupported("remove", "/env", "x", "--platform", "p", "--manager", "uv"), "platforms")
      for (const command of ["install", "list", "status", "run"]) {
        assert.strictEqual(yield* unsupported(command, "/env", "--environment", "e", "--manager", "uv"), "environment")
      }
      assert.strictEqual(yield* unsupported("list", "/env", "--platform", "p", "--manager", "uv"), "platform")
      assert.strictEqual(yield* unsupported("run", "/env", "--task", "t", "--manager", "uv"), "task")
      assert.strictEqual(yield* unsupported("remove", "/env", "x", "--extra", "e"), "extra")
      // Those that uv has: what is wrong is how they are used.
      const invalid = (...argv: ReadonlyArray<string>) =>
        Effect.map(darb(...argv, "--manager", "uv"), (result) => {
          const { _tag, option } = documentOf(result).error
          assert.deepStrictEqual([_tag, result.exitCode], ["InvalidOption", 1])
          return option
        })
      assert.strictEqual(yield* invalid("install", "/env", "x", "--locked"), "locked")
      assert.strictEqual(yield* invalid("install", "/env", "x", "--frozen"), "frozen")
      assert.strictEqual(yield* invalid("install", "/env", "--frozen", "--no-install"), "frozen")
      assert.strictEqual(yield* invalid("install", "/env", "--group", "g"), "group")
      assert.strictEqual(yield* invalid("remove", "/env", "x", "--group", "g", "--extra", "e"), "extra")
    }))
})
