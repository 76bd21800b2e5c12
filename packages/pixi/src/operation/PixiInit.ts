/** Makes an environment of pixi, or nothing at all. */
import { makeCreation } from "@darb/package-manager/driver/Creation"
import { type Executable, outputInvalid } from "@darb/package-manager/driver/Executable"
import { contextOf, type Operation } from "@darb/package-manager/driver/Operation"
import { redact } from "@darb/package-manager/driver/process/Redact"
import type { Isolation } from "@darb/package-manager/driver/transaction/Isolation"
import type { Transaction } from "@darb/package-manager/driver/transaction/Transaction"
import type { InitOptions } from "@darb/package-manager/PackageManager"
import * as Errors from "@darb/package-manager/PackageManagerError"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as PixiCommand from "../PixiCommand.js"
import * as PixiSpec from "../PixiSpec.js"
import type { Capabilities } from "../PixiVersion.js"
import type { makeWorkspaces } from "./PixiWorkspace.js"

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
  function*(operation: Operation, { channels = [], name, platforms: named = [], python }: InitOptions) {
    const context = contextOf(operation)
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
  executable: Executable<Capabilities>,
  workspaces: Effect.Effect.Success<ReturnType<typeof makeWorkspaces>>,
  transaction: Transaction,
  isolation: Isolation
) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const create = yield* makeCreation(isolation)

  const write = Effect.fnUntraced(function*(operation: Operation, options: InitOptions, python: string | undefined) {
    const capabilities = yield* executable.capabilities(operation)
    const { channels = [], platforms = [] } = options
    const manifest = path.join(operation.environment, "pixi.toml")
    const workspace = { ...operation, manifest, lock: path.join(operation.environment, "pixi.lock") }
    const result = yield* executable.run(
      workspace,
      PixiCommand.init(capabilities, { directory: operation.environment, channels, platforms })
    )
    const written = withName(yield* fs.readFileString(manifest), options.name ?? path.basename(operation.environment))
    if (written === undefined) return yield* outputInvalid(operation, result, "the manifest that it wrote has no name")
    yield* transaction.replace(manifest, new TextEncoder().encode(written))
    if (python !== undefined) yield* executable.run(workspace, PixiCommand.add(manifest, [python]))
    const { decoded } = yield* workspaces.open(operation)
    return decoded
  })

  return Effect.fnUntraced(function*(operation: Operation, options: InitOptions) {
    const python = yield* check(operation, options)
    const creation = {
      files,
      directories: [".pixi"],
      find: (operation: Operation) => Effect.map(workspaces.findManifest(operation), (found) => found?.file),
      check: executable.capabilities(operation)
    }
    return yield* create(operation, creation, write(operation, options, python))
  })
})
