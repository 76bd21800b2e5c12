import { directoryWith, settled } from "@darb/laws/TestDirectory"
import * as Output from "@darb/package-manager/Output"
import { PackageManager } from "@darb/package-manager/PackageManager"
import * as MockExecutor from "@darb/testing/MockExecutor"
import * as NodeContext from "@effect/platform-node/NodeContext"
import { SystemError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/TestClock"
import * as Pixi from "../src/Pixi.js"
import { manifestText } from "./fixtures.js"

const absent = new SystemError({ reason: "NotFound", module: "FileSystem", method: "readDirectory" })

/** A machine that does not show what processes there are. */
const withoutProc = Layer.effect(
  FileSystem.FileSystem,
  Effect.map(FileSystem.FileSystem, (fs) =>
    FileSystem.FileSystem.of({
      ...fs,
      readDirectory: (path, options) => path === "/proc" ? Effect.fail(absent) : fs.readDirectory(path, options)
    }))
)

const executor = MockExecutor.layer(({ argv }) => {
  if (argv[0] === "ps") return Effect.succeed({ stdout: "Wed Nov 25 05:00:00 2026\n" })
  return Effect.succeed(argv[1] === "--version" ? { stdout: "pixi 0.77.0\n" } : { duration: "1 minute" })
})

const layer = Pixi.layer().pipe(
  Layer.provide(executor),
  Layer.provide(withoutProc),
  Layer.provideMerge(NodeContext.layer)
)

describe("orphans that cannot be looked for", () => {
  it.scoped("are told of where they may be: after an interruption, and after a program that died", () =>
    Effect.gen(function*() {
      const path = yield* directoryWith({ "pixi.toml": manifestText("") })
      const fs = yield* FileSystem.FileSystem
      const manager = yield* PackageManager
      let tags: Array<string> = []
      const installing = Effect.gen(function*() {
        tags = []
        return yield* manager.install({ path }).pipe(
          Output.observe((event) => Effect.sync(() => tags.push(event._tag))),
          Effect.fork
        )
      })
      const isRunning = settled(Effect.sync(() => tags), (tags) => tags.at(-1) === "Progress")

      const interrupted = yield* installing
      yield* isRunning
      yield* Fiber.interrupt(interrupted)
      assert.include(tags, "Unsearched")

      const successful = yield* installing
      yield* isRunning
      yield* TestClock.adjust("1 minute")
      yield* Fiber.join(successful)
      assert.notInclude(tags, "Unsearched")

      yield* fs.makeDirectory(`${path}/.darb`)
      yield* fs.writeFileString(
        `${path}/.darb/journal`,
        JSON.stringify({ version: 1, operation: "install", marker: "m", files: [], created: [] })
      )
      const recovering = yield* installing
      yield* isRunning
      assert.include(tags, "Unsearched")
      yield* Fiber.interrupt(recovering)
    }).pipe(Effect.provide(layer)))
})
