import { describeEach } from "@darb/laws/LiveSuite"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as FileSystem from "@effect/platform/FileSystem"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { type ChildProcess, spawn } from "node:child_process"
import { createServer } from "node:http"
import * as WheelDirectory from "../../src/packages/WheelDirectory.js"

const serverLayer = NodeHttpServer.layer(createServer, { port: 0, host: "127.0.0.1" })

describeEach(process.env, "DARB_TEST_UV", (executable) => {
  /** A new project and a uv with a cache of its own. */
  const project = Effect.gen(function*() {
    const fileSystem = yield* FileSystem.FileSystem
    const directory = yield* fileSystem.realPath(yield* fileSystem.makeTempDirectoryScoped({ prefix: "darb-uv-" }))
    const path = `${directory}/demo`
    yield* fileSystem.makeDirectory(path)
    const start = (args: ReadonlyArray<string>): ChildProcess =>
      spawn(executable, args, {
        cwd: path,
        stdio: ["ignore", "pipe", "pipe"],
        env: {
          PATH: process.env.PATH,
          HOME: directory,
          TMPDIR: directory,
          NO_COLOR: "1",
          UV_CACHE_DIR: `${directory}/cache`,
          UV_NO_PROGRESS: "1",
          UV_NO_SYSTEM_CONFIG: "1",
          UV_NO_WRAP: "1",
          UV_PYTHON_DOWNLOADS: "never"
        }
      })
    const uv = (...args: ReadonlyArray<string>) =>
      Effect.async<{ readonly exitCode: number | null; readonly stderr: string }>((resume) => {
        const child = start(args)
        let stderr = ""
        child.stderr!.on("data", (chunk) => {
          stderr += chunk
        })
        child.once("close", (exitCode) => resume(Effect.succeed({ exitCode, stderr })))
        return Effect.async<void>((ended) => {
          child.once("close", () => ended(Effect.void))
          child.kill("SIGKILL")
        })
      })
    const { exitCode, stderr } = yield* uv("init", "--bare", "--no-workspace", "--name", "demo")
    assert.strictEqual(exitCode, 0, stderr)
    return { uv, lock: fileSystem.readFileString(`${path}/uv.lock`) }
  })

  const installed = (stderr: string) => stderr.split("\n").filter((line) => line.startsWith(" + "))
  const app = [" + app==2.0", " + greet==2.0", " + libleaf==0.2.0"]

  it.scopedLive("packages come from an index of files", () =>
    Effect.gen(function*() {
      const { url } = yield* WheelDirectory.make(WheelDirectory.examples)
      const { lock, uv } = yield* project
      const add = (...specs: ReadonlyArray<string>) => uv("add", "--default-index", url, "--", ...specs)
      const added = yield* add("app")
      assert.deepStrictEqual(installed(added.stderr), app, added.stderr)
      assert.include(yield* lock, "[[package]]\nname = \"libleaf\"\nversion = \"0.2.0\"\n")
      assert.include(yield* lock, "hash = \"sha256:")
      const ran = yield* uv("run", "--no-sync", "--", "python", "-c", "import greet; assert greet.__version__ == '2.0'")
      assert.strictEqual(ran.exitCode, 0, ran.stderr)
      const older = yield* add("app==1.0")
      assert.deepStrictEqual(installed(older.stderr), [" + app==1.0", " + greet==1.1"], older.stderr)

      for (
        const [name, reason] of [
          ["orphan", /nowhere was not found in the package registry/],
          ["py4", /Python>=4/],
          ["winonly", /winonly==1\.0 .*wheel for the current platform/],
          ["broken", /broken==1\.0 has an invalid package format/]
        ] as const
      ) {
        const failed = yield* add(name)
        assert.notStrictEqual(failed.exitCode, 0, name)
        assert.match(failed.stderr, reason)
      }
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scopedLive("packages come from a directory of wheels", () =>
    Effect.gen(function*() {
      const { wheels } = yield* WheelDirectory.make([
        ...WheelDirectory.examples,
        { name: "extra", version: "1.0", extras: { all: ["app<2; python_version >= '3'"] } }
      ])
      const { uv } = yield* project
      const added = yield* uv("add", "--no-index", "--find-links", wheels, "--", "extra[all]")
      assert.deepStrictEqual(
        installed(added.stderr),
        [" + app==1.0", " + extra==1.0", " + greet==1.1", " + libleaf==0.2.0"],
        added.stderr
      )
    }).pipe(Effect.provide(NodeContext.layer)))

  it.live("packages come over HTTP, and what fails does so when it is downloaded", () =>
    Effect.gen(function*() {
      const index = yield* WheelDirectory.make([
        ...WheelDirectory.examples,
        { name: "gone", version: "1.0", archive: "missing" }
      ])
      const { requests, url } = yield* WheelDirectory.serve(index)
      const { lock, uv } = yield* project
      const add = (...specs: ReadonlyArray<string>) => uv("add", "--default-index", url, "--", ...specs)
      const added = yield* add("app")
      assert.deepStrictEqual(installed(added.stderr), app, added.stderr)
      assert.include(yield* lock, `source = { registry = "${url}" }`)
      assert.include(yield* requests, "GET /wheels/libleaf-0.2.0-py3-none-any.whl")
      for (const name of ["gone", "broken"]) {
        const failed = yield* add(name)
        assert.notStrictEqual(failed.exitCode, 0, name)
        assert.include(failed.stderr, `Failed to download \`${name}==1.0\``)
      }
    }).pipe(Effect.scoped, Effect.provide(serverLayer)))

  it.live("a download that stalls is in the middle of an installation", () =>
    Effect.gen(function*() {
      const index = yield* WheelDirectory.make(WheelDirectory.examples)
      const { stalled, url } = yield* WheelDirectory.serve(index, { stall: /bulky.*\.whl$/ })
      const { lock, uv } = yield* project
      const adding = yield* Effect.forkScoped(uv("add", "--default-index", url, "--", "bulky"))
      yield* Effect.raceFirst(stalled, Effect.flatMap(adding, ({ stderr }) => Effect.die(new Error(stderr))))
      assert.isNull(adding.unsafePoll())
      assert.include(yield* lock, "name = \"bulky\"")
    }).pipe(Effect.scoped, Effect.provide(serverLayer)))
})
