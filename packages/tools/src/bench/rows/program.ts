/** The program `darb` in a fresh process beside a process of Node that does nothing. */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import { existsSync } from "node:fs"
import { delimiter, join } from "node:path"
import { fileURLToPath } from "node:url"
import type { Row } from "../Row.js"
import { output } from "../Subprocess.js"

const program = fileURLToPath(new URL("../../../../demo/bin/darb.js", import.meta.url))

const node = (...args: ReadonlyArray<string>) => output(process.execPath, args)

const row = (name: string, args: ReadonlyArray<string>, atMost: number): Row => ({
  name,
  prepare: Effect.succeed({
    ours: node(program, ...args),
    than: "node -e 0",
    baseline: node("-e", "0"),
    goals: [{ figure: "wall", is: "more", atMost }]
  })
})

/** The first executable of the live tests, or the one on PATH. */
const pixi = [
  ...(process.env["DARB_TEST_PIXI"] ?? "").split(delimiter),
  ...(process.env["PATH"] ?? "").split(delimiter).map((directory) => join(directory, "pixi"))
].find((file) => existsSync(file))

const list = "darb list of an empty environment"

export const rows: ReadonlyArray<Row> = [
  row("darb --help", ["--help"], 250),
  {
    name: list,
    prepare: Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const directory = yield* Effect.orDie(fs.makeTempDirectoryScoped({ prefix: "darb-bench-" }))
      if (pixi === undefined) return undefined
      yield* node(program, "init", directory, "--manager", "pixi", "--executable", pixi)
      return yield* row(list, ["list", directory, "--manager", "pixi", "--executable", pixi], 350).prepare
    })
  }
]
