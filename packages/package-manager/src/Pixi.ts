/** Drives the real pixi, from 0.15.2 to the newest. */
import type { PlatformError } from "@effect/platform/Error"
import type * as FileSystem from "@effect/platform/FileSystem"
import type * as Path from "@effect/platform/Path"
import * as Config from "effect/Config"
import type { ConfigError } from "effect/ConfigError"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import type { Capabilities } from "./Capabilities.js"
import { makeDirectories } from "./internal/directories.js"
import { makeGuard } from "./internal/guard.js"
import { makeOperations } from "./internal/operations.js"
import { checkOptions, refuse } from "./internal/options.js"
import { description } from "./internal/pixi.js"
import { makeInit } from "./internal/pixiInit.js"
import { without } from "./internal/pixiRelock.js"
import { type Lock, makeWorkspaces, type Workspace } from "./internal/pixiWorkspace.js"
import type { CommandExecutorService } from "./internal/process.js"
import { redact } from "./internal/redact.js"
import { contextOf } from "./internal/task.js"
import { makeTool, outputInvalid } from "./internal/tool.js"
import type { ToolOptions } from "./internal/toolDescription.js"
import { makeTransaction } from "./internal/transaction.js"
import {
  type GetManifestOptions,
  type InitOptions,
  type InstallOptions,
  type ListOptions,
  PackageManager,
  type RemoveOptions,
  type StatusOptions,
  type UpdateOptions
} from "./PackageManager.js"
import * as Errors from "./PackageManagerError.js"
import * as PixiCommand from "./PixiCommand.js"
import * as PixiFailure from "./PixiFailure.js"
import * as PixiList from "./PixiList.js"
import * as PixiManifest from "./PixiManifest.js"
import * as PixiSpec from "./PixiSpec.js"
import * as PixiVersion from "./PixiVersion.js"
import * as Telemetry from "./Telemetry.js"

export type PixiOptions = ToolOptions

/** What the driver needs of its surroundings. */
export type Requirements = CommandExecutorService | FileSystem.FileSystem | Path.Path

export const capabilities: Capabilities = {
  kinds: ["conda", "pypi"],
  options: {
    init: ["name", "python", "channels", "platforms"],
    install: ["packages", "locked"],
    remove: ["packages"],
    update: ["packages"],
    list: [],
    status: [],
    getManifest: []
  },
  exceptions: {}
}

export const make = Effect.fnUntraced(function*(options: PixiOptions = {}) {
  const { strays, ...tool } = yield* makeTool(description, options)
  const directories = yield* makeDirectories("pixi", options.root)
  const workspaces = yield* makeWorkspaces(directories, tool)
  const transaction = yield* makeTransaction(strays)
  const guard = yield* makeGuard(transaction, options.waitLimit ?? Duration.infinity)
  const { change, reading } = makeOperations(workspaces, guard)
  const initialize = yield* makeInit(tool, workspaces, transaction, guard)

  /** The directory that is named, if all options are there. */
  const begin = <Operation extends keyof Capabilities["options"]>(
    operation: Operation,
    given: { readonly path: string }
  ) =>
    Effect.tap(
      directories.locate(operation, given.path),
      (task) => checkOptions(task, given, capabilities.options[operation])
    )

  /**
   * Whether pixi had no candidates for a spec because no channel has a package of that name: asked where there is one
   * platform, because it does not always say for which of several it had none.
   */
  const withPackageNotFound = Effect.fnUntraced(function*(workspace: Workspace, error: Errors.Unsolvable) {
    const missing = PixiFailure.missingCandidate(error.evidence?.stderr ?? "")
    const [platform, ...others] = workspace.decoded.platforms
    if (missing === undefined || platform === undefined || others.length > 0) return yield* error
    const args = PixiCommand.search(yield* tool.known(workspace), workspace.manifest, { name: missing.name, platform })
    const result = yield* Effect.orElseFail(tool.runShort(workspace, args), () => error)
    if (!PixiFailure.isUnknownPackage(result)) return yield* error
    return yield* new Errors.PackageNotFound({
      ...contextOf(workspace),
      evidence: error.evidence,
      packages: [missing.name],
      platform
    })
  })

  const install = Effect.fn("Pixi.install")(function*(given: InstallOptions) {
    const task = yield* begin("install", given)
    const { locked = false, packages = [] } = given
    if (locked && packages.length > 0) {
      return yield* refuse(task, "locked", "true", "to add packages is to change the lock file; give one or the other")
    }
    const specs = yield* PixiSpec.parseAll(packages).pipe(
      Effect.mapError((refused) =>
        new Errors.InvalidSpec({ ...contextOf(task), spec: redact(refused.spec), reason: redact(refused.reason) })
      )
    )
    return yield* change(task, (workspace) => {
      const present = new Set(Object.keys(workspace.decoded.packages).map(normalized))
      // What pixi makes of a bare name that is there already depends on its version: an error, another pin, nothing.
      const missing = specs.filter(({ isBare, name }) => !(isBare && present.has(name)))
      return Effect.succeed(() =>
        missing.length === 0
          ? tool.succeed(workspace, PixiCommand.install(workspace.manifest, { locked }))
          : tool.succeed(workspace, PixiCommand.add(workspace.manifest, missing.map(({ spec }) => spec))).pipe(
            Effect.catchIf(isUnsolvable, (error) => withPackageNotFound(workspace, error))
          )
      )
    })
  }, Telemetry.operation("pixi", "install"))

  const remove = Effect.fn("Pixi.remove")(function*(given: RemoveOptions) {
    const task = yield* begin("remove", given)
    const { packages } = given
    if (packages.length === 0) return yield* refuse(task, "packages", "[]", "name at least one package to remove")
    return yield* change(task, (workspace) => {
      const { decoded, fileName } = workspace
      // Python that comes with the project is no dependency that could be removed.
      const isImplicit = PixiManifest.hasImplicitPython({ bytes: decoded.bytes, fileName })
      const removable = Object.keys(decoded.packages).filter((name) => !(isImplicit && name === "python"))
      const conda = namesIn(removable, packages)
      const pypi = namesIn(
        Object.keys(decoded.pypiPackages),
        packages.filter((name) => !conda.has(name))
      )
      const unknown = packages.filter((name) => !conda.has(name) && !pypi.has(name))
      if (unknown.length > 0) return new Errors.DependencyNotFound({ ...contextOf(task), packages: unknown })
      const commands = [{ pypi: true, names: pypi }, { pypi: false, names: conda }]
        .filter(({ names }) => names.size > 0)
        .map(({ names, pypi }) => PixiCommand.remove(workspace.manifest, { pypi, names: [...new Set(names.values())] }))
      return Effect.succeed(() => Effect.forEach(commands, (args) => tool.succeed(workspace, args), { discard: true }))
    })
  }, Telemetry.operation("pixi", "remove"))

  const update = Effect.fn("Pixi.update")(function*(given: UpdateOptions) {
    const task = yield* begin("update", given)
    const { packages = [] } = given
    return yield* change(task, (workspace) =>
      Effect.succeed((lock) => {
        const names = namesIn(lock?.located.map(({ name }) => name) ?? [], packages)
        // What the manifest has and the lock file has not yet, the install solves.
        const asked = namesIn(
          [workspace.decoded.packages, workspace.decoded.pypiPackages].flatMap(Object.keys),
          packages
        )
        const unknown = packages.filter((name) => !names.has(name) && !asked.has(name))
        if (unknown.length > 0) return new Errors.DependencyNotFound({ ...contextOf(task), packages: unknown })
        const install = tool.succeed(workspace, PixiCommand.install(workspace.manifest, { locked: false }))
        if (packages.length > 0 && names.size === 0) return install
        return Effect.andThen(resolve(workspace, lock, [...new Set(names.values())]), install)
      }))
  }, Telemetry.operation("pixi", "update"))

  /** Brings the lock file up to date, or makes it such that an install does. */
  const resolve = Effect.fnUntraced(function*(
    workspace: Workspace,
    lock: Lock | undefined,
    names: ReadonlyArray<string>
  ): Effect.fn.Return<unknown, Errors.PackageManagerError | PlatformError> {
    const { update } = yield* tool.known(workspace)
    if (update) return yield* tool.succeed(workspace, PixiCommand.update(workspace.manifest, names))
    if (lock === undefined) return
    // Versions without `update` solve again for what the lock file lacks, and keep the rest if they can.
    return yield* names.length === 0
      ? transaction.remove(workspace.lock)
      : transaction.replace(workspace.lock, new TextEncoder().encode(without(lock.text, new Set(names))))
  })

  const list = Effect.fn("Pixi.list")(function*(given: ListOptions) {
    const task = yield* begin("list", given)
    const workspace = yield* reading(task)
    const known = yield* workspaces.capabilities(workspace)
    const lock = yield* workspaces.readLock(workspace)
    const result = yield* tool.runShort(workspace, PixiCommand.list(known, workspace.manifest), task.environment)
    if (result.exitCode !== 0) {
      return PixiList.isEmpty(result.stderr) ? [] : yield* PixiFailure.classify({ ...workspace, result })
    }
    if (result.stdoutCut) return yield* outputInvalid(task, result, "it printed more than 16 MiB")
    const keyOf = ({ build, kind, name, version }: PixiList.Identity) => [kind, name, version, build].join(" ")
    const listed = lock?.located.filter(({ environment }) => environment === "default") ?? []
    const sources = new Map(listed.map((located) => [keyOf(located), located.source]))
    return yield* Either.mapLeft(
      PixiList.decode(result.stdout, (item) => sources.get(keyOf(item))),
      (reason) => outputInvalid(task, result, reason)
    )
  }, Telemetry.operation("pixi", "list"))

  return PackageManager.of({
    name: "pixi",
    capabilities,
    version: Effect.map(
      tool.known({ manager: "pixi", operation: "version", environment: "", marker: globalThis.crypto.randomUUID() }),
      ({ version }) => PixiVersion.format(version)
    ).pipe(Telemetry.operation("pixi", "version"), Effect.withSpan("Pixi.version")),
    init: Effect.fn("Pixi.init")(function*(given: InitOptions) {
      return yield* initialize(yield* begin("init", given), given)
    }, Telemetry.operation("pixi", "init")),
    install,
    remove,
    update,
    list,
    status: Effect.fn("Pixi.status")(function*(given: StatusOptions) {
      const task = yield* begin("status", given)
      return yield* workspaces.status(yield* reading(task))
    }, Telemetry.operation("pixi", "status")),
    getManifest: Effect.fn("Pixi.getManifest")(function*(given: GetManifestOptions) {
      const task = yield* begin("getManifest", given)
      const { decoded } = yield* reading(task)
      return decoded
    }, Telemetry.operation("pixi", "getManifest"))
  })
})

const isUnsolvable = (error: Errors.PackageManagerError): error is Errors.Unsolvable => error._tag === "Unsolvable"

/** Names as they were given, each with the one of the keys that it stands for. */
const namesIn = (keys: ReadonlyArray<string>, names: ReadonlyArray<string>): ReadonlyMap<string, string> => {
  const byName = new Map(keys.map((key) => [normalized(key), key]))
  return new Map(names.flatMap((name) => {
    const key = byName.get(normalized(name))
    return key === undefined ? [] : [[name, key]]
  }))
}

/** Names of conda are compared in lower case. */
const normalized = (name: string): string => name.toLowerCase()

/** A layer for given options. Each call makes another instance: keep what it returns. */
export const layer = (options?: PixiOptions): Layer.Layer<PackageManager, never, Requirements> =>
  Layer.effect(PackageManager, make(options))

/** A layer whose options come from the configuration. */
export const layerConfig = (
  options: Config.Config.Wrap<PixiOptions>
): Layer.Layer<PackageManager, ConfigError, Requirements> =>
  Layer.effect(PackageManager, Effect.flatMap(Config.unwrap(options), make))

/** The `pixi` on PATH. */
export const PixiLive = layer()
