/**
 * Creates an environment of pixi, or leaves nothing behind.
 *
 * @module
 * @since 0.1.0
 */
import { makeCreation } from "@darb/package-manager/driver/Creation"
import { outputInvalid } from "@darb/package-manager/driver/executable/Executable"
import { contextOf, type Operation } from "@darb/package-manager/driver/Operation"
import { refuse } from "@darb/package-manager/driver/Options"
import { redact } from "@darb/package-manager/driver/process/Redact"
import { textProblem } from "@darb/package-manager/driver/Spec"
import type { InitOptions } from "@darb/package-manager/PackageManager"
import * as Errors from "@darb/package-manager/PackageManagerError"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as PixiCommand from "../PixiCommand.js"
import * as PixiSpec from "../PixiSpec.js"
import { machineSubdirs } from "./PixiChecks.js"
import type { PixiDriver } from "./PixiFiles.js"

/** The platforms of conda. pixi writes any other text into the manifest and then fails to read it. */
const condaPlatforms: ReadonlySet<string> = new Set([
  ...["linux-32", "linux-64", "linux-aarch64", "linux-armv6l", "linux-armv7l", "linux-loongarch64", "linux-ppc64"],
  ...["linux-ppc64le", "linux-riscv32", "linux-riscv64", "linux-s390x", "osx-64", "osx-arm64"],
  ...["win-32", "win-64", "win-arm64", "emscripten-wasm32", "wasi-wasm32", "zos-z"]
])

/** Sets the name in a manifest that pixi has just written. */
const withName = (text: string, name: string): string | undefined => {
  const line = /^name = .*$/m
  // Strings of JSON are strings of TOML.
  return line.test(text) ? text.replace(line, () => `name = ${JSON.stringify(name)}`) : undefined
}

/** Checks the options and returns the match spec of Python. */
const check = Effect.fnUntraced(function*(operation: Operation, options: InitOptions) {
  const { channels = [], name, platforms = [], python } = options
  const texts = [
    ...name === undefined ? [] : [["name", name] as const],
    ...channels.map((channel) => ["channels", channel] as const)
  ]
  for (const [option, value] of texts) {
    const reason = textProblem(value)
    if (reason !== undefined) return yield* refuse(operation, option, redact(value), reason)
  }
  const unknown = platforms.find((platform) => !condaPlatforms.has(platform))
  if (unknown !== undefined) {
    const reason = `conda has no platform of that name; its platforms are: ${[...condaPlatforms].join(", ")}`
    return yield* new Errors.PlatformUnsupported({ ...contextOf(operation), platform: unknown, reason })
  }
  if (python === undefined) return undefined
  const [platform, ...others] = machineSubdirs()
  if (platforms.length > 0 && ![platform, ...others].some((subdir) => platforms.includes(subdir))) {
    const reason = `Python cannot be installed, since the platforms are only: ${platforms.join(", ")}`
    return yield* new Errors.PlatformUnsupported({ ...contextOf(operation), platform, reason })
  }
  return yield* Effect.catchAll(PixiSpec.python(python), (reason) => refuse(operation, "python", python, reason))
})

/**
 * Makes `init`: lets pixi write `pixi.toml`, sets the name in it, and adds Python. If one of these fails, nothing is
 * left.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeInit = Effect.fnUntraced(function*(driver: PixiDriver) {
  const { executable, files, isolation, transaction, withProgress } = driver
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const create = yield* makeCreation(isolation)

  const write = Effect.fnUntraced(function*(operation: Operation, options: InitOptions, python: string | undefined) {
    const { environment: directory } = operation
    const { channels = [], name = path.basename(directory), platforms = [] } = options
    const manifest = path.join(directory, "pixi.toml")
    const workspace = { ...operation, manifest, lock: path.join(directory, "pixi.lock") }
    const args = PixiCommand.init(yield* executable.capabilities(operation), { directory, channels, platforms })
    const result = yield* executable.run(workspace, args)
    const written = yield* fs.readFileString(manifest)
    const named = withName(written, name)
    if (named === undefined) return yield* outputInvalid(operation, result, "it wrote a manifest without a name")
    if (named !== written) yield* transaction.replace(manifest, new TextEncoder().encode(named))
    if (python !== undefined) {
      const add = executable.run(workspace, PixiCommand.add(manifest, [python]))
      yield* withProgress(yield* files.open(operation))(add)
    }
    return (yield* files.open(operation)).decoded
  })

  return Effect.fnUntraced(function*(operation: Operation, options: InitOptions) {
    const python = yield* check(operation, options)
    const creation = {
      files: ["pixi.toml", "pixi.lock", ".gitignore", ".gitattributes"],
      directories: [".pixi"],
      find: (operation: Operation) => Effect.map(files.findManifest(operation), (found) => found?.file),
      check: executable.capabilities(operation)
    }
    return yield* create(operation, creation, write(operation, options, python))
  })
})
