import * as NodeContext from "@effect/platform-node/NodeContext"
import * as FileSystem from "@effect/platform/FileSystem"
import { assert, describe, it } from "@effect/vitest"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { afterEach, vi } from "vitest"
import * as ConfigFile from "../src/ConfigFile.js"
import * as PackageManagers from "../src/PackageManagers.js"

const config = PackageManagers.config({ pixi: "", uv: "" })

afterEach(() => vi.unstubAllEnvs())

const written = Effect.fnUntraced(function*(text: string) {
  const fs = yield* FileSystem.FileSystem
  const directory = yield* fs.makeTempDirectoryScoped()
  const file = `${directory}/config.yaml`
  yield* fs.writeFileString(file, text)
  return file
})

const read = <A>(text: string, config: Config.Config<A>) =>
  Effect.flatMap(written(text), (file) => Effect.provide(config, ConfigFile.layer({ file })))

const invalid = (text: string) =>
  Effect.flatMap(written(text), (file) =>
    ConfigFile.provider({ file }).pipe(
      Effect.flip,
      Effect.map(({ column, line, reason }) => ({ line, column, reason }))
    ))

describe("ConfigFile", () => {
  it.scoped("the file configures the package manager, and the application", () =>
    Effect.gen(function*() {
      const text = "package_manager:\n  default_type: uv\n  pixi_path: /opt/pixi\nserver:\n  port: 80\nunset:\n"
      assert.deepStrictEqual(yield* read(text, config), {
        name: "uv",
        executables: { pixi: Option.some("/opt/pixi"), uv: Option.none() },
        root: Option.none()
      })
      assert.strictEqual(yield* read(text, Config.nested(Config.integer("port"), "server")), 80)
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scoped("variables of the environment win", () =>
    Effect.gen(function*() {
      vi.stubEnv("PACKAGE_MANAGER_DEFAULT_TYPE", "uv")
      vi.stubEnv("PACKAGE_MANAGER_UV_PATH", "/opt/uv")
      assert.deepStrictEqual(
        yield* read("package_manager:\n  default_type: pixi\n  pixi_path: /opt/pixi\n", config),
        {
          name: "uv",
          executables: { pixi: Option.some("/opt/pixi"), uv: Option.some("/opt/uv") },
          root: Option.none()
        }
      )
    }).pipe(Effect.provide(NodeContext.layer)))

  it.scoped("a file that says nothing leaves everything as it is by default", () =>
    Effect.forEach(
      ["", "# a comment\n", "other: 1\n", "package_manager:\n", "package_manager: {}\n"],
      (text) =>
        Effect.map(read(text, config), (found) =>
          assert.deepStrictEqual(found, {
            name: "pixi",
            executables: { pixi: Option.none(), uv: Option.none() },
            root: Option.none()
          }))
    ).pipe(
      Effect.provide(NodeContext.layer)
    ))

  it.scoped("what is wrong with the file is said, with its place", () =>
    Effect.gen(function*() {
      assert.deepInclude(yield* invalid("package_manager:\n  default_type: [\n"), { line: 3, column: 1 })
      assert.match((yield* invalid("- a\n")).reason, /mapping/)
      assert.match((yield* invalid("text")).reason, /mapping/)
      assert.match((yield* invalid("a: &a {b: *a}\n")).reason, /refers to itself/)
      const laughs = Array.from({ length: 9 }, (_, at) => `l${at + 1}: &l${at + 1} [${`*l${at},`.repeat(9)}]`)
      assert.isString((yield* invalid(["l0: &l0 lol", ...laughs, ""].join("\n"))).reason)
      assert.match((yield* invalid("package_manager: pixi\n")).reason, /^package_manager: /)
      assert.match((yield* invalid("package_manager:\n  default_type: 5\n")).reason, /^package_manager.default_type: /)
      assert.match((yield* invalid("package_manager:\n  defualt_type: uv\n")).reason, /^package_manager.defualt_type: /)
    }).pipe(Effect.provide(NodeContext.layer)))

  it.effect("a file that is named must be there", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(ConfigFile.provider({ file: "/no/such/config.yaml" }))
      assert.strictEqual(error.message, "/no/such/config.yaml: the file does not exist")
      yield* ConfigFile.provider()
    }).pipe(Effect.provide(NodeContext.layer)))
})
