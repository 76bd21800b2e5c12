/** Runs the program itself, on a stand-in for pixi. */
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as Command from "@effect/platform/Command"
import * as FileSystem from "@effect/platform/FileSystem"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const program = fileURLToPath(new URL("../bin/darb.js", import.meta.url))

const textOf = <E>(stream: Stream.Stream<Uint8Array, E>) => Stream.mkString(Stream.decodeText(stream))

interface Options {
  /** Options of Node. */
  readonly node?: ReadonlyArray<string>
  /** Called when pixi has printed `started`. */
  readonly started?: (pid: number) => void
}

const darb = Effect.fnUntraced(
  function*(argv: ReadonlyArray<string>, { node = [], started = () => {} }: Options = {}) {
    const child = yield* Command.start(Command.make(process.execPath, ...node, program, ...argv))
    const stderr = Stream.tap(Stream.decodeText(child.stderr), (text) =>
      Effect.sync(() => {
        if (text.includes("started")) started(child.pid)
      }))
    const [exitCode, out, err] = yield* Effect.all([child.exitCode, textOf(child.stdout), Stream.mkString(stderr)], {
      concurrency: "unbounded"
    })
    return [Number(exitCode), out, err] as const
  },
  Effect.scoped
)

/** An environment, and a stand-in for pixi that runs a script. */
const stub = Effect.fnUntraced(function*(script: string) {
  const fs = yield* FileSystem.FileSystem
  const directory = yield* fs.makeTempDirectoryScoped({ prefix: "darb-test-" })
  const pixi = join(directory, "pixi")
  yield* fs.writeFileString(pixi, `#!/bin/sh\n[ "$1" = --version ] && echo pixi 0.41.4 && exit\n${script}\n`)
  yield* fs.chmod(pixi, 0o755)
  yield* fs.writeFileString(
    join(directory, "pixi.toml"),
    `[project]\nname = "a"\nchannels = []\nplatforms = ["linux-64"]\n`
  )
  return { argv: ["list", directory, "--manager", "pixi", "--executable", pixi] }
})

describe("darb", () => {
  it.scopedLive("is bundled without the native addon, and finds it", () =>
    Effect.gen(function*() {
      const { argv: [, directory = "", ...options] } = yield* stub("exit 1")
      const list = `process.on("exit", () => console.error(Object.keys(require("node:module")._cache).join()))`
      yield* Effect.flatMap(FileSystem.FileSystem, (fs) => fs.writeFileString(join(directory, "list.cjs"), list))
      const [exitCode, , err] = yield* darb(["install", directory, "six", ...options], {
        node: ["--require", join(directory, "list.cjs")]
      })
      assert.strictEqual(exitCode, 1)
      assert.match(err, /fs-native-extensions\.node/)
      assert.notInclude(err, "dist/main.js")
    }).pipe(Effect.provide(NodeContext.layer)))

  it.live("answers at once if it needs no manager", () =>
    Effect.gen(function*() {
      const [code, help, err] = yield* darb(["--help"])
      assert.deepStrictEqual([code, err], [0, ""])
      assert.match(help, /^Manages environments/)
      assert.deepStrictEqual(yield* darb(["--version"]), [0, "0.1.0\n", ""])
      const document = { format: 1, ok: true, value: help.slice(0, -1) }
      assert.deepStrictEqual(JSON.parse((yield* darb(["--help", "--json"]))[1]), document)
    }).pipe(Effect.provide(NodeContext.layer)))

  it.live("refuses an invalid command line with exit code 2", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* darb(["lst"]), [
        2,
        "",
        `darb: unknown command "lst". Did you mean list?\nRun darb --help for usage.\n`
      ])
      assert.deepStrictEqual(yield* darb(["list"]), [
        2,
        "",
        "darb: PATH is missing\nRun darb list --help for usage.\n"
      ])
      const [code, document, err] = yield* darb(["list", "--json"])
      assert.deepStrictEqual([code, err], [2, ""])
      assert.deepStrictEqual(JSON.parse(document), {
        format: 1,
        ok: false,
        error: { _tag: "UsageError", message: "PATH is missing" }
      })
    }).pipe(Effect.provide(NodeContext.layer)))

  for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]] as const) {
    it.scopedLive(`${signal}: exit code ${code}, and it says what was changed`, () =>
      Effect.gen(function*() {
        const { argv } = yield* stub("echo started >&2\nexec sleep 1000")
        const [exitCode, out, err] = yield* darb(argv, { started: (pid) => process.kill(pid, signal) })
        assert.strictEqual(exitCode, code)
        assert.strictEqual(out, "")
        assert.match(err, /^darb: interrupted: nothing was changed\n$/m)
      }).pipe(Effect.provide(NodeContext.layer)))
  }
})
