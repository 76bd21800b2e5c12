/** Reading what is installed beside reading and parsing every record. */
import * as PixiPrefix from "@darb/pixi/PixiPrefix"
import * as FileSystem from "@effect/platform/FileSystem"
import type * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import * as Fixtures from "../Fixtures.js"
import type { Row } from "../Row.js"

export const rows: ReadonlyArray<Row> = [{
  name: "prefix: 500 packages of pixi",
  prepare: Effect.gen(function*() {
    const fs = yield* FileSystem.FileSystem
    const context = yield* Effect.context<FileSystem.FileSystem | Path.Path>()
    const directory = yield* Effect.orDie(fs.makeTempDirectoryScoped({ prefix: "darb-bench-" }))
    Fixtures.prefix(directory, 500)
    const meta = join(directory, "conda-meta")
    return {
      ours: Effect.orDie(Effect.provide(PixiPrefix.read(directory), context)),
      than: "reading, JSON.parse",
      baseline: Effect.sync(() => readdirSync(meta).map((name) => JSON.parse(readFileSync(join(meta, name), "utf8")))),
      goals: [{ figure: "wall", is: "times", atMost: 0.3 }]
    }
  })
}]
