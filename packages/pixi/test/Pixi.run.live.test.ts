import { describeEach } from "@darb/laws/LiveSuite"
import { directoryWith, filesOf } from "@darb/laws/TestDirectory"
import * as Output from "@darb/package-manager/Output"
import type { RunOptions } from "@darb/package-manager/PackageManager"
import * as CondaChannel from "@darb/testing/CondaChannel"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as FileSystem from "@effect/platform/FileSystem"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { createServer } from "node:http"
import type * as Pixi from "../src/Pixi.js"
import { platform } from "./fixtures.js"
import { fresh } from "./liveFixtures.js"

const packages: ReadonlyArray<CondaChannel.CondaPackage> = [
  ...CondaChannel.examples,
  {
    name: "tool",
    version: "1.0",
    files: {
      "bin/tool": "#!/bin/sh\necho \"tool $TOOL $1\"\n",
      "etc/conda/activate.d/tool.sh":
        "echo noise\nread line\nexport TOOL=\"activated$line\" TOOL_PATH=\"$CONDA_PREFIX/x\"\n",
      "etc/conda/env_vars.d/tool.json": "{\"TOOL_VARIABLE\": \"a b\"}\n"
    }
  }
]

const tasks = (dependsOn: string) => `
[tasks]
say = "echo said $TOOL"
fail = "exit 7"
args = "echo got"
both = { cmd = "echo both", ${dependsOn} = ["say"] }
`

/** An environment with these lines in its manifest, before anything is installed. */
const made = Effect.fnUntraced(function*(executable: string, lines: string, options: Pixi.PixiOptions = {}) {
  const fs = yield* FileSystem.FileSystem
  const { packageManager: manager } = yield* fresh(executable, options, {
    CREDENTIAL: "secret-of-the-driver",
    AWS_SECRET_ACCESS_KEY: "secret-of-the-cloud"
  })
  const channel = yield* CondaChannel.make(packages)
  const path = `${yield* directoryWith({})}/my env`
  yield* manager.init({ path, channels: [channel.url], platforms: [platform] })
  const text = yield* fs.readFileString(`${path}/pixi.toml`)
  yield* fs.writeFileString(`${path}/pixi.toml`, `${text.replace("[tasks]\n", "")}${lines}`)
  const run = (options: Omit<RunOptions, "path">) => {
    const lines: Array<string> = []
    return Effect.map(
      Output.observe(
        manager.run({ path, ...options }),
        (event) => Effect.sync(() => event._tag === "Output" && lines.push(event.line))
      ),
      (result) => ({ ...result, lines })
    )
  }
  return { fs, manager, path, run, version: yield* manager.version }
})

const isOld = (version: string) => version.startsWith("0.15.")

const live = <A, E>(effect: () => Effect.Effect<A, E, NodeContext.NodeContext | Scope.Scope>) => () =>
  effect().pipe(Effect.provide(NodeContext.layer))

describeEach(process.env, "DARB_TEST_PIXI", (executable) => {
  it.scopedLive(
    "programs have what packages and manifest set, and neither they nor the activation write anything",
    live(() =>
      Effect.gen(function*() {
        const lines = "\n[activation]\nscripts = [\"on.sh\", \"missing.sh\"]\n"
        const { fs, manager, path, run, version } = yield* made(executable, lines)
        yield* fs.writeFileString(
          `${path}/on.sh`,
          "export FROM_MANIFEST='x y' PATH=\"$PIXI_PROJECT_ROOT/own:$PATH\" SEEN=\"$CREDENTIAL$AWS_SECRET_ACCESS_KEY\"\n"
        )
        yield* manager.install({ path, packages: ["tool", "greet==1.0"] })
        const prefix = `${path}/.pixi/envs/default`
        yield* fs.chmod(`${prefix}/bin/tool`, 0o755)
        // The lock file is outdated now, and the prefix as well.
        const manifest = yield* fs.readFileString(`${path}/pixi.toml`)
        yield* fs.writeFileString(
          `${path}/pixi.toml`,
          manifest.replace("[dependencies]", "[dependencies]\nlibleaf = \"*\"")
        )
        const before = yield* filesOf(path)

        const activation = yield* manager.activation({ path })
        assert.deepStrictEqual(activation.path, [`${path}/own`, `${prefix}/bin`])
        assert.deepStrictEqual([activation.environment, activation.prefix, activation.scripts], [path, prefix, []])
        assert.include(activation.set, {
          CONDA_PREFIX: prefix,
          FROM_MANIFEST: "x y",
          PIXI_ENVIRONMENT_NAME: "default",
          PIXI_PROJECT_ROOT: path,
          TOOL: "activated",
          TOOL_PATH: `${prefix}/x`,
          TOOL_VARIABLE: "a b"
        })
        assert.notInclude(JSON.stringify(activation), "secret-of")

        assert.deepStrictEqual(yield* run({ command: ["tool", "a b"] }), {
          exitCode: 0,
          signal: null,
          lines: ["tool activated a b"]
        })
        const env = yield* run({ command: ["env"] })
        assert.notInclude(env.lines.join("\n"), "secret-of-the-driver")
        if (!isOld(version)) assert.isUndefined(activation.set["DARB_OPERATION"])
        const missing = yield* Effect.flip(manager.run({ path, command: ["no-such-program"] }))
        assert.strictEqual(missing._tag, "ProgramNotFound")
        assert.deepStrictEqual(yield* filesOf(path), before)
      })
    ),
    60_000
  )

  it.scopedLive(
    "tasks run where the version can do it without installing",
    live(() =>
      Effect.gen(function*() {
        const old = isOld(executable.replace(/.*pixi-/, ""))
        const { manager, path, run, version } = yield* made(executable, tasks(old ? "depends_on" : "depends-on"))
        yield* manager.install({ path, packages: ["tool"] })
        const before = yield* manager.status({ path })
        const unknown = yield* Effect.flip(manager.run({ path, task: "nope" }))
        assert.strictEqual(
          unknown.message,
          "task \"nope\": the environment has no task of that name; its tasks are: args, both, fail, say"
        )
        // The name of a program is not one of a task.
        assert.strictEqual((yield* Effect.flip(manager.run({ path, task: "env" })))._tag, "InvalidOption")
        if (isOld(version)) {
          const error = yield* Effect.flip(manager.run({ path, task: "say" }))
          assert.strictEqual(error._tag === "UnsupportedVersion" && error.required, "0.30.0")
          return
        }
        assert.deepStrictEqual((yield* run({ task: "say" })).lines, ["said activated"])
        assert.deepStrictEqual(yield* run({ task: "fail" }), { exitCode: 7, signal: null, lines: [] })
        assert.deepStrictEqual((yield* run({ task: "args", args: ["--help", "a b", "$HOME"] })).lines, [
          "got --help a b $HOME"
        ])
        assert.deepStrictEqual((yield* run({ task: "both" })).lines, ["said activated", "both"])
        assert.deepStrictEqual(yield* manager.status({ path }), before)
      })
    ),
    60_000
  )

  it.scopedLive(
    "what is not installed is told, and an environment without packages is installed",
    live(() =>
      Effect.gen(function*() {
        const lines = "\n[feature.other.dependencies]\ngreet = \"*\"\n\n[environments]\nother = [\"other\"]\n"
        const { fs, manager, path, run } = yield* made(executable, lines)
        const before = yield* filesOf(path)
        for (const options of [{}, { environment: "other" }]) {
          const activation = Effect.asVoid(manager.activation({ path, ...options }))
          for (const effect of [activation, Effect.asVoid(manager.run({ path, command: ["true"], ...options }))]) {
            const error = yield* Effect.flip(effect)
            assert.strictEqual(error._tag, "EnvironmentNotInstalled")
            assert.match(error.message, /: use install first$/)
          }
        }
        assert.deepStrictEqual(yield* filesOf(path), before)
        yield* manager.install({ path })
        assert.deepStrictEqual((yield* run({ command: ["true"] })).exitCode, 0)
        const other = yield* Effect.flip(manager.activation({ path, environment: "other" }))
        assert.strictEqual(other._tag, "EnvironmentNotInstalled")
        yield* manager.install({ path, environment: "other" })
        const { lines: [prefix] } = yield* run({ command: ["sh", "-c", "echo $CONDA_PREFIX"], environment: "other" })
        assert.strictEqual(prefix, `${path}/.pixi/envs/other`)
        const unknown = yield* Effect.flip(manager.activation({ path, environment: "nope" }))
        assert.strictEqual(unknown._tag === "InvalidOption" && unknown.option, "environment")
        assert.isFalse(yield* fs.exists(`${path}/.darb`))
      })
    ),
    60_000
  )

  it.scopedLive(
    "an activation that fails, or does not end, is a typed error",
    live(() =>
      Effect.gen(function*() {
        const lines = "\n[activation]\nscripts = [\"on.sh\"]\n"
        const { fs, manager, path } = yield* made(executable, lines, {
          shortLimit: "3 seconds",
          gracePeriod: "300 millis"
        })
        yield* manager.install({ path, packages: ["greet"] })
        yield* fs.writeFileString(`${path}/on.sh`, "echo why >&2\nexit 3\n")
        const failed = yield* Effect.flip(manager.run({ path, command: ["true"] }))
        assert.strictEqual(failed._tag, "CommandFailed")
        yield* fs.writeFileString(`${path}/on.sh`, "sleep 100\n")
        const [duration, endless] = yield* Effect.timed(Effect.flip(manager.run({ path, command: ["true"] })))
        assert.strictEqual(endless._tag, "CommandTimedOut")
        assert.isBelow(Number(duration.value._tag === "Millis" && duration.value.millis), 8000)
      })
    ),
    60_000
  )

  it.scopedLive(
    "a program runs while an install is at work",
    () =>
      Effect.gen(function*() {
        const served = yield* CondaChannel.serve(yield* CondaChannel.make(packages), { stall: /bulky-1\.0/ })
        const { fs, manager, path, run } = yield* made(executable, "")
        const text = yield* fs.readFileString(`${path}/pixi.toml`)
        yield* fs.writeFileString(`${path}/pixi.toml`, text.replace(/channels = .*/, `channels = ["${served.url}"]`))
        yield* manager.install({ path, packages: ["tool"] })
        const install = yield* Effect.fork(manager.install({ path, packages: ["bulky"] }))
        yield* served.stalled
        const { exitCode, lines } = yield* run({ command: ["sh", "-c", "echo $TOOL; exit 5"] })
        assert.deepStrictEqual([exitCode, lines], [5, ["activated"]])
        assert.strictEqual((yield* Fiber.poll(install))._tag, "None")
        yield* Fiber.interrupt(install)
      }).pipe(
        Effect.scoped,
        Effect.provide(Layer.merge(
          NodeContext.layer,
          NodeHttpServer.layer(() => createServer(), { port: 0, host: "127.0.0.1" })
        ))
      ),
    60_000
  )
})
