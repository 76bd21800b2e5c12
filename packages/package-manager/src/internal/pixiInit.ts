/** Makes an environment of pixi, or nothing at all. */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import type { InitOptions } from "../PackageManager.js"
import * as Errors from "../PackageManagerError.js"
import * as PixiCommand from "../PixiCommand.js"
import * as PixiSpec from "../PixiSpec.js"
import type { Capabilities } from "../PixiVersion.js"
import { makeCreation } from "./creation.js"
import type { Guard } from "./guard.js"
import type { makeWorkspaces } from "./pixiWorkspace.js"
import { redact } from "./redact.js"
import { contextOf, type Task } from "./task.js"
import { outputInvalid, type Tool } from "./tool.js"
import type { Transaction } from "./transaction.js"

/** The conda subdirectories that are platforms: pixi writes others into the manifest, and fails from then on. */
const platforms: ReadonlySet<string> = new Set([
  ...["linux-32", "linux-64", "linux-aarch64", "linux-armv6l", "linux-armv7l", "linux-loongarch64", "linux-ppc64"],
  ...["linux-ppc64le", "linux-riscv32", "linux-riscv64", "linux-s390x", "osx-64", "osx-arm64"],
  ...["win-32", "win-64", "win-arm64", "emscripten-wasm32", "wasi-wasm32", "zos-z"]
])

const problemOfText = (text: string): string | undefined => {
  if (text.trim() === "") return "it is empty"

  return /[\u0000-\u001f\u007f\p{Surrogate}]/u.test(text) ? "it has a control character, such as a line end" : undefined
}

/** Sets the name of a manifest that pixi has just written. */
const withName = (text: string, name: string): string | undefined => {
  const line = /^name = .*$/m
  // JSON's strings are also TOML's.
  return line.test(text) ? text.replace(line, () => `name = ${JSON.stringify(name)}`) : undefined
}

const check = Effect.fnUntraced(
  function*(task: Task, { channels = [], name, platforms: named = [], python }: InitOptions) {
    const context = contextOf(task)
    for (
      const [option, value] of [
        ["name", name],
        ...channels.map((channel) => ["channels", channel] as const)
      ] as const
    ) {
      const reason = value === undefined ? undefined : problemOfText(value)
      if (value !== undefined && reason !== undefined) {
        return yield* new Errors.InvalidOption({ ...context, option, value: redact(value), reason })
      }
    }
    const unknown = named.find((platform) => !platforms.has(platform))
    if (unknown !== undefined) {
      const reason = `this is not a platform; the platforms are ${[...platforms].join(", ")}`
      return yield* new Errors.PlatformUnsupported({ ...context, platform: unknown, reason })
    }
    return python === undefined ? undefined : yield* PixiSpec.python(python).pipe(
      Effect.mapError((reason) => new Errors.InvalidOption({ ...context, option: "python", value: python, reason }))
    )
  }
)

/** What pixi makes; the manifest comes first. */
const files = ["pixi.toml", "pixi.lock", ".gitignore", ".gitattributes"]

export const makeInit = Effect.fnUntraced(function*(
  tool: Tool<Capabilities>,
  workspaces: Effect.Effect.Success<ReturnType<typeof makeWorkspaces>>,
  transaction: Transaction,
  guard: Guard
) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const create = yield* makeCreation(guard)

  const write = Effect.fnUntraced(function*(task: Task, options: InitOptions, python: string | undefined) {
    const capabilities = yield* tool.known(task)
    const { channels = [], platforms = [] } = options
    const manifest = path.join(task.environment, "pixi.toml")
    const workspace = { ...task, manifest, lock: path.join(task.environment, "pixi.lock") }
    const result = yield* tool.succeed(
      workspace,
      PixiCommand.init(capabilities, { directory: task.environment, channels, platforms })
    )
    const written = withName(yield* fs.readFileString(manifest), options.name ?? path.basename(task.environment))
    if (written === undefined) return yield* outputInvalid(task, result, "the manifest that it wrote has no name")
    yield* transaction.replace(manifest, new TextEncoder().encode(written))
    if (python !== undefined) yield* tool.succeed(workspace, PixiCommand.add(manifest, [python]))
    const { decoded } = yield* workspaces.open(task)
    return decoded
  })

  return Effect.fnUntraced(function*(task: Task, options: InitOptions) {
    const python = yield* check(task, options)
    const creation = {
      files,
      directories: [".pixi"],
      find: (task: Task) => Effect.map(workspaces.findManifest(task), (found) => found?.file),
      check: tool.known(task)
    }
    return yield* create(task, creation, write(task, options, python))
  })
})
