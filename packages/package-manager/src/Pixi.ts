/** Drives the real pixi, from 0.15.2 to the newest. */
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
import { makeBegin } from "./internal/options.js"
import { description } from "./internal/pixi.js"
import { checkEnvironment, platformOf } from "./internal/pixiChoice.js"
import { makeInit } from "./internal/pixiInit.js"
import { makeInstall } from "./internal/pixiInstall.js"
import { makeRemove } from "./internal/pixiRemove.js"
import { makeUpdate } from "./internal/pixiUpdate.js"
import { makeWorkspaces } from "./internal/pixiWorkspace.js"
import * as Platform from "./internal/platform.js"
import type { CommandExecutorService } from "./internal/process.js"
import { makeTool, outputInvalid } from "./internal/tool.js"
import type { ToolOptions } from "./internal/toolDescription.js"
import { makeTransaction } from "./internal/transaction.js"
import { Package } from "./Package.js"
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
import * as PixiCommand from "./PixiCommand.js"
import * as PixiFailure from "./PixiFailure.js"
import * as PixiList from "./PixiList.js"
import * as PixiVersion from "./PixiVersion.js"
import * as Telemetry from "./Telemetry.js"

export type PixiOptions = ToolOptions

/** What the driver needs of its surroundings. */
export type Requirements = CommandExecutorService | FileSystem.FileSystem | Path.Path

export const capabilities: Capabilities = {
  kinds: ["conda", "pypi"],
  options: {
    init: ["name", "python", "channels", "platforms"],
    install: ["packages", "pypi", "locked", "frozen", "noInstall", "environment", "feature", "platforms"],
    remove: ["packages", "noInstall", "feature", "platforms"],
    update: ["packages", "noInstall"],
    list: ["environment", "platform"],
    status: ["environment"],
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
  const decideInstall = makeInstall(tool, workspaces, transaction)
  const decideRemove = yield* makeRemove(tool, transaction)
  const decideUpdate = makeUpdate(tool, transaction)

  const begin = makeBegin(directories, capabilities)

  const list = Effect.fn("Pixi.list")(function*(given: ListOptions) {
    const { environment = "default", platform } = given
    const task = { ...yield* begin("list", given), selected: given.environment }
    const workspace = yield* reading(task)
    yield* checkEnvironment(workspace, given.environment)
    const wanted = platform === undefined ? undefined : yield* platformOf(workspace, environment, platform)
    const known = yield* workspaces.capabilities(workspace)
    const lock = yield* workspaces.readLock(workspace)
    if (lock?.environments.has(environment) === false) return []
    const args = PixiCommand.list(known, workspace.manifest, {
      environment: given.environment,
      platform: known.platformNames ? wanted?.name : wanted?.subdir
    })
    const result = yield* tool.runShort(workspace, args, task.environment)
    if (result.exitCode !== 0) {
      return PixiList.isEmpty(result.stderr) ? [] : yield* PixiFailure.classify({ ...workspace, result })
    }
    if (result.stdoutCut) return yield* outputInvalid(task, result, "it printed more than 16 MiB")
    const keyOf = ({ build, kind, name, version }: PixiList.Identity) => [kind, name, version, build].join(" ")
    const listed = lock?.located.filter((located) => located.environment === environment) ?? []
    const sources = new Map(listed.map((located) => [keyOf(located), located.source]))
    const packages = yield* Either.mapLeft(
      PixiList.decode(result.stdout, (item) => sources.get(keyOf(item))),
      (reason) => outputInvalid(task, result, reason)
    )
    if (wanted !== undefined && wanted.subdir !== Platform.current()) return packages
    // What cannot be read there is no reason not to list.
    const installed = yield* Effect.orElseSucceed(workspaces.installedIn(workspace), () => undefined)
    const versions = new Map(installed?.map(({ kind, name, version }) => [`${kind} ${name}`, version]))
    return packages.map((found) =>
      new Package({ ...found, installed: versions.get(`${found.kind} ${found.name}`) ?? null })
    )
  }, Telemetry.operation("pixi", "list"))

  return PackageManager.of({
    name: "pixi",
    capabilities,
    version: Effect.map(tool.version, ({ version }) => PixiVersion.format(version)).pipe(
      Telemetry.operation("pixi", "version"),
      Effect.withSpan("Pixi.version")
    ),
    init: Effect.fn("Pixi.init")(function*(given: InitOptions) {
      return yield* initialize(yield* begin("init", given), given)
    }, Telemetry.operation("pixi", "init")),
    install: Effect.fn("Pixi.install")(function*(given: InstallOptions) {
      const task = { ...yield* begin("install", given), selected: given.environment }
      return yield* change(task, yield* decideInstall(task, given))
    }, Telemetry.operation("pixi", "install")),
    remove: Effect.fn("Pixi.remove")(function*(given: RemoveOptions) {
      const task = yield* begin("remove", given)
      return yield* change(task, yield* decideRemove(task, given))
    }, Telemetry.operation("pixi", "remove")),
    update: Effect.fn("Pixi.update")(function*(given: UpdateOptions) {
      return yield* change(yield* begin("update", given), (workspace) => decideUpdate(workspace, given))
    }, Telemetry.operation("pixi", "update")),
    list,
    status: Effect.fn("Pixi.status")(function*(given: StatusOptions) {
      const task = { ...yield* begin("status", given), selected: given.environment }
      const workspace = yield* reading(task)
      yield* checkEnvironment(workspace, given.environment)
      return yield* workspaces.status(workspace)
    }, Telemetry.operation("pixi", "status")),
    getManifest: Effect.fn("Pixi.getManifest")(function*(given: GetManifestOptions) {
      const task = yield* begin("getManifest", given)
      const { decoded } = yield* reading(task)
      return decoded
    }, Telemetry.operation("pixi", "getManifest"))
  })
})

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
