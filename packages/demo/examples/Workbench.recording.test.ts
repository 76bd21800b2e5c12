/**
 * Tests with `Recording`: the real driver works on real files, and commands replay recorded runs of a real manager. Use it
 * for what depends on the output and the files of managers.
 */
import { Pixi } from "@darb/pixi"
import * as MockExecutor from "@darb/testing/MockExecutor"
import * as Recording from "@darb/testing/Recording"
import { FileSystem } from "@effect/platform"
import { NodeContext } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { readFileSync } from "node:fs"
import * as Workbench from "./Workbench.js"

/** Runs the application with a recording of pixi 0.77.0. */
const onRecorded = Effect.fnUntraced(function*<A, E>(
  scenario: string,
  use: (path: string) => Effect.Effect<A, E, Workbench.Workbench | FileSystem.FileSystem>
) {
  const fs = yield* FileSystem.FileSystem
  const path = `${yield* fs.makeTempDirectoryScoped()}/analysis`
  const text = readFileSync(new URL(`recordings/${scenario}.json`, import.meta.url), "utf8")
  const replay = yield* Recording.replay(yield* Recording.decode(text), {
    directory: path,
    values: { CHANNEL: "/channel" },
    // The recording is of one platform.
    ignore: ["--platform"],
    otherwise: { "--version": { stdout: "pixi 0.77.0\n" } }
  })
  return yield* Effect.provide(
    use(path),
    Workbench.layer().pipe(Layer.provide(Pixi.layer()), Layer.provide(MockExecutor.layer(replay.answer)))
  )
}, Effect.provide(NodeContext.layer))

const prepare = (path: string, name: string) =>
  Effect.flatMap(
    Workbench.Workbench,
    (workbench) => workbench.prepare({ path, packages: [name], channels: ["file:///channel"] })
  )

describe("Workbench, with a recording", () => {
  it.scoped("creates an environment with a package and its dependencies", () =>
    onRecorded("list", (path) =>
      Effect.gen(function*() {
        assert.deepStrictEqual(yield* prepare(path, "app"), { made: true, added: ["app", "greet", "libleaf"] })
        const fs = yield* FileSystem.FileSystem
        assert.include(yield* fs.readFileString(`${path}/pixi.toml`), "app = \">=2.0,<3\"")
      })))

  it.scoped("refuses a package that the channel does not have", () =>
    onRecorded("add-not-found", (path) =>
      Effect.gen(function*() {
        const error = yield* Effect.flip(prepare(path, "nonexistent-pkg"))
        assert.strictEqual(error._tag, "Refused")
        assert.include(error._tag === "Refused" ? error.reason : "", "\"nonexistent-pkg\"")
      })))
})
