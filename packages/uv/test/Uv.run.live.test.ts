import { describeEach } from "@darb/laws/LiveSuite"
import { directoryWith, filesOf } from "@darb/laws/TestDirectory"
import * as Output from "@darb/package-manager/Output"
import type { RunOptions } from "@darb/package-manager/PackageManager"
import * as WheelDirectory from "@darb/testing/WheelDirectory"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as FileSystem from "@effect/platform/FileSystem"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import { createServer } from "node:http"
import { fresh, live } from "./liveFixtures.js"

/** An environment before anything is installed. */
const made = Effect.fnUntraced(function*(executable: string, index?: string) {
  const fs = yield* FileSystem.FileSystem
  const manager = yield* fresh(executable, {}, { UV_INDEX_PRIVATE_PASSWORD: "secret-of-the-driver" })
  const url = index ?? (yield* WheelDirectory.make(WheelDirectory.examples)).url
  const path = `${yield* directoryWith({})}/my env`
  yield* manager.init({ path, indexes: [url] })
  // Python itself writes bytecode beside the modules that it imports.
  const variables = { PYTHONDONTWRITEBYTECODE: "1" }
  const run = (options: Omit<RunOptions, "path">) => {
    const lines: Array<string> = []
    return Effect.map(
      Output.observe(
        manager.run({ path, variables, ...options }),
        (event) => Effect.sync(() => event._tag === "Output" && lines.push(event.line))
      ),
      (result) => ({ ...result, lines })
    )
  }
  return { fs, manager, path, run }
})

describeEach(process.env, "DARB_TEST_UV", (executable) => {
  it.scopedLive(
    "programs run in the virtual environment, and neither they nor the activation write anything",
    live(() =>
      Effect.gen(function*() {
        const { fs, manager, path, run } = yield* made(executable)
        const before = yield* filesOf(path)
        const notInstalled = yield* Effect.flip(manager.activation({ path }))
        assert.strictEqual(notInstalled._tag, "EnvironmentNotInstalled")
        const notRun = yield* Effect.flip(manager.run({ path, command: ["true"] }))
        assert.strictEqual(notRun._tag, "EnvironmentNotInstalled")
        assert.deepStrictEqual(yield* filesOf(path), before)

        yield* manager.install({ path, packages: ["greet==1.0"] })
        // The lock file is outdated now, and the prefix as well: `uv run` would change both.
        const manifest = yield* fs.readFileString(`${path}/pyproject.toml`)
        yield* fs.writeFileString(`${path}/pyproject.toml`, manifest.replace("greet==1.0", "greet==2.0"))
        const installed = yield* filesOf(path)
        const prefix = `${path}/.venv`
        assert.deepStrictEqual({ ...yield* manager.activation({ path }) }, {
          environment: path,
          prefix,
          path: [`${prefix}/bin`],
          set: { VIRTUAL_ENV: prefix },
          unset: ["PYTHONHOME"],
          scripts: []
        })
        const script = "import sys, os; print(sys.prefix, os.environ['VIRTUAL_ENV'], sys.argv[1]); sys.exit(9)"
        assert.deepStrictEqual(yield* run({ command: ["python", "-c", script, "é $x"] }), {
          exitCode: 9,
          signal: null,
          lines: [`${prefix} ${prefix} é $x`]
        })
        const version = "from importlib.metadata import version; print(version('greet'))"
        assert.deepStrictEqual((yield* run({ command: ["python", "-c", version] })).lines, ["1.0"])
        const killed = yield* run({ command: ["python", "-c", "import os; os.abort()"] })
        assert.deepStrictEqual(killed, { exitCode: null, signal: "SIGABRT", lines: [] })
        const echo = "import sys; sys.stdout.write(sys.stdin.read().upper())"
        assert.deepStrictEqual((yield* run({ command: ["python", "-c", echo], stdin: "a\nb" })).lines, ["A", "B"])
        assert.notInclude((yield* run({ command: ["env"] })).lines.join("\n"), "secret-of-the-driver")
        assert.deepStrictEqual(yield* filesOf(path), installed)

        yield* fs.symlink("/no/such/program", `${prefix}/bin/gone`)
        const error = yield* Effect.flip(manager.run({ path, command: ["gone"] }))
        assert.strictEqual(
          error._tag === "ProgramNotFound" && error.reason,
          `${prefix}/bin/gone is a link to /no/such/program, which does not exist`
        )
        yield* fs.remove(`${prefix}/bin/python3`, { force: true })
        yield* fs.remove(`${prefix}/bin/python`)
        yield* fs.symlink("/no/such/python", `${prefix}/bin/python`)
        const dead = yield* Effect.flip(manager.run({ path, command: ["true"] }))
        assert.strictEqual(dead._tag, "EnvironmentNotInstalled")
        const task: RunOptions = { path, task: "x" }
        assert.strictEqual((yield* Effect.flip(manager.run(task)))._tag, "UnsupportedOption")
      })
    ),
    60_000
  )

  it.scopedLive(
    "a program runs while an install is at work",
    () =>
      Effect.gen(function*() {
        const index = yield* WheelDirectory.make(WheelDirectory.examples)
        const served = yield* WheelDirectory.serve(index, { stall: /bulky.*whl$/ })
        const { manager, path, run } = yield* made(executable, served.url)
        yield* manager.install({ path, packages: ["greet"] })
        const install = yield* Effect.fork(manager.install({ path, packages: ["bulky"] }))
        yield* served.stalled
        assert.deepStrictEqual((yield* run({ command: ["python", "-c", "print(1)"] })).lines, ["1"])
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
