/** Makes an environment of pixi, or nothing at all. */
import type { PlatformError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import type { InitOptions } from "../PackageManager.js"
import * as Errors from "../PackageManagerError.js"
import * as PixiCommand from "../PixiCommand.js"
import * as PixiSpec from "../PixiSpec.js"
import type { Guard } from "./guard.js"
import { contextOf, type makePixi, outputInvalid, type Task } from "./pixi.js"
import { type makeWorkspaces, translated } from "./pixiWorkspace.js"
import { redact } from "./redact.js"
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

export const makeInit = Effect.fnUntraced(function*(
  pixi: Effect.Effect.Success<ReturnType<typeof makePixi>>,
  workspaces: Effect.Effect.Success<ReturnType<typeof makeWorkspaces>>,
  transaction: Transaction,
  guard: Guard
) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path

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

  /** The directories that have to be made for a path, the outermost first. */
  const missingDirectories = (directory: string): Effect.Effect<ReadonlyArray<string>, PlatformError> =>
    Effect.flatMap(fs.exists(directory), (exists) =>
      exists
        ? Effect.succeed([])
        : Effect.map(missingDirectories(path.dirname(directory)), (missing) => [...missing, directory]))

  /** Makes directories, and removes those that were made, if nothing else is in them, when the effect does not succeed. */
  const withDirectories = <A, E>(task: Task, effect: Effect.Effect<A, E>) =>
    Effect.acquireUseRelease(
      Effect.tap(missingDirectories(task.environment), () => fs.makeDirectory(task.environment, { recursive: true })),
      () => effect,
      (made, exit) =>
        Exit.isSuccess(exit) ? Effect.void : Effect.forEach([...made].reverse(), removeIfEmpty, { discard: true })
    )

  const removeIfEmpty = (directory: string) =>
    fs.readDirectory(directory).pipe(
      Effect.filterOrFail((entries) => entries.length === 0),
      Effect.andThen(fs.remove(directory, { recursive: true })),
      Effect.ignore
    )

  const checkVacant = Effect.fnUntraced(function*(task: Task) {
    const info = yield* Effect.option(fs.stat(task.environment))
    if (Option.isSome(info) && info.value.type !== "Directory") {
      const reason = "it is a file, not a directory"
      return yield* new Errors.InvalidOption({ ...contextOf(task), option: "path", value: task.environment, reason })
    }
    const found = yield* workspaces.findManifest(task)
    if (found !== undefined) {
      return yield* new Errors.EnvironmentExists({ ...contextOf(task), manifest: found.file })
    }
  })

  const write = Effect.fnUntraced(function*(task: Task, options: InitOptions, python: string | undefined) {
    const capabilities = yield* pixi.capabilities(task)
    const { channels = [], platforms = [] } = options
    const manifest = path.join(task.environment, "pixi.toml")
    const workspace = { ...task, manifest, lock: path.join(task.environment, "pixi.lock") }
    const result = yield* pixi.succeed(
      workspace,
      PixiCommand.init(capabilities, { directory: task.environment, channels, platforms })
    )
    const written = withName(yield* fs.readFileString(manifest), options.name ?? path.basename(task.environment))
    if (written === undefined) return yield* outputInvalid(task, result, "the manifest that it wrote has no name")
    yield* transaction.replace(manifest, new TextEncoder().encode(written))
    if (python !== undefined) yield* pixi.succeed(workspace, PixiCommand.add(manifest, [python]))
    const { decoded } = yield* workspaces.open(task)
    return decoded
  })

  /** What pixi makes; the manifest comes first. */
  const files = ["pixi.toml", "pixi.lock", ".gitignore", ".gitattributes"]

  const create = Effect.fnUntraced(function*(task: Task, options: InitOptions) {
    const python = yield* check(task, options)
    const inDirectory = (name: string) => path.join(task.environment, name)
    const what = { files: files.map(inDirectory), creates: [inDirectory(".pixi")] }
    const made = Effect.andThen(checkVacant(task), guard.protect(task, what)(write(task, options, python)))
    yield* guard.recover(task)
    // Both are asked before anything is made.
    yield* checkVacant(task)
    yield* pixi.capabilities(task)
    const makeDirectory = fs.makeDirectory(task.environment, { recursive: true })
    return yield* withDirectories(task, guard.alone(task, makeDirectory, made))
  })

  return Effect.fnUntraced(function*(options: InitOptions) {
    const task = yield* workspaces.locate("init", options.path)
    return yield* Effect.mapError(create(task, options), translated(task))
  })
})
