/** Drives the real pixi, from 0.15.2 to the newest. */
import type { Capabilities } from "@darb/package-manager/Capabilities"
import { makeDirectories } from "@darb/package-manager/driver/Directories"
import { makeExecutable, outputInvalid } from "@darb/package-manager/driver/Executable"
import type { ExecutableOptions } from "@darb/package-manager/driver/ExecutableDescription"
import { makeOperations } from "@darb/package-manager/driver/Operations"
import { makeValidate } from "@darb/package-manager/driver/Options"
import * as Platform from "@darb/package-manager/driver/Platform"
import type { CommandExecutorService } from "@darb/package-manager/driver/process/Process"
import { makeIsolation } from "@darb/package-manager/driver/transaction/Isolation"
import { makeTransaction } from "@darb/package-manager/driver/transaction/Transaction"
import { Package } from "@darb/package-manager/Package"
import {
  type GetManifestOptions,
  type InitOptions,
  type InstallOptions,
  type ListOptions,
  PackageManager,
  type RemoveOptions,
  type StatusOptions,
  type UpdateOptions
} from "@darb/package-manager/PackageManager"
import * as Telemetry from "@darb/package-manager/Telemetry"
import type * as FileSystem from "@effect/platform/FileSystem"
import type * as Path from "@effect/platform/Path"
import * as Config from "effect/Config"
import type { ConfigError } from "effect/ConfigError"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as PixiFailure from "./failure/PixiFailure.js"
import { checkEnvironment, platformOf } from "./operation/PixiChoice.js"
import { makeInit } from "./operation/PixiInit.js"
import { makeInstall } from "./operation/PixiInstall.js"
import * as PixiList from "./operation/PixiList.js"
import { makeRemove } from "./operation/PixiRemove.js"
import { makeUpdate } from "./operation/PixiUpdate.js"
import { makeWorkspaces } from "./operation/PixiWorkspace.js"
import * as PixiCommand from "./PixiCommand.js"
import { description } from "./PixiExecutable.js"
import * as PixiVersion from "./PixiVersion.js"

export type PixiOptions = ExecutableOptions

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
  const { orphans, ...executable } = yield* makeExecutable(description, options)
  const directories = yield* makeDirectories("pixi", options.root)
  const workspaces = yield* makeWorkspaces(directories, executable)
  const transaction = yield* makeTransaction(orphans)
  const isolation = yield* makeIsolation(transaction, options)
  const { change, inspect } = makeOperations(workspaces, isolation)
  const initialize = yield* makeInit(executable, workspaces, transaction, isolation)
  const decideInstall = makeInstall(executable, workspaces, transaction)
  const decideRemove = yield* makeRemove(executable, transaction)
  const decideUpdate = makeUpdate(executable, transaction)

  const begin = makeValidate(directories, capabilities)

  const list = Effect.fn("Pixi.list")(function*(given: ListOptions) {
    const { environment = "default", platform } = given
    const operation = { ...yield* begin("list", given), selected: given.environment }
    const workspace = yield* inspect(operation)
    yield* checkEnvironment(workspace, given.environment)
    const wanted = platform === undefined ? undefined : yield* platformOf(workspace, environment, platform)
    const known = yield* workspaces.capabilities(workspace)
    const lock = yield* workspaces.readLock(workspace)
    if (lock?.environments.has(environment) === false) return []
    const args = PixiCommand.list(known, workspace.manifest, {
      environment: given.environment,
      platform: known.platformNames ? wanted?.name : wanted?.subdir
    })
    const result = yield* executable.runShort(workspace, args, operation.environment)
    if (result.exitCode !== 0) {
      return PixiList.isEmpty(result.stderr) ? [] : yield* PixiFailure.classify({ ...workspace, result })
    }
    if (result.stdoutCut) return yield* outputInvalid(operation, result, "it printed more than 16 MiB")
    const keyOf = ({ build, kind, name, version }: PixiList.Identity) => [kind, name, version, build].join(" ")
    const listed = lock?.located.filter((located) => located.environment === environment) ?? []
    const sources = new Map(listed.map((located) => [keyOf(located), located.source]))
    const packages = yield* Either.mapLeft(
      PixiList.decode(result.stdout, (item) => sources.get(keyOf(item))),
      (reason) => outputInvalid(operation, result, reason)
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
    version: Effect.map(executable.version, ({ version }) => PixiVersion.format(version)).pipe(
      Telemetry.operation("pixi", "version"),
      Effect.withSpan("Pixi.version")
    ),
    init: Effect.fn("Pixi.init")(function*(given: InitOptions) {
      return yield* initialize(yield* begin("init", given), given)
    }, Telemetry.operation("pixi", "init")),
    install: Effect.fn("Pixi.install")(function*(given: InstallOptions) {
      const operation = { ...yield* begin("install", given), selected: given.environment }
      return yield* change(operation, yield* decideInstall(operation, given))
    }, Telemetry.operation("pixi", "install")),
    remove: Effect.fn("Pixi.remove")(function*(given: RemoveOptions) {
      const operation = yield* begin("remove", given)
      return yield* change(operation, yield* decideRemove(operation, given))
    }, Telemetry.operation("pixi", "remove")),
    update: Effect.fn("Pixi.update")(function*(given: UpdateOptions) {
      return yield* change(yield* begin("update", given), (workspace) => decideUpdate(workspace, given))
    }, Telemetry.operation("pixi", "update")),
    list,
    status: Effect.fn("Pixi.status")(function*(given: StatusOptions) {
      const operation = { ...yield* begin("status", given), selected: given.environment }
      const workspace = yield* inspect(operation)
      yield* checkEnvironment(workspace, given.environment)
      return yield* workspaces.status(workspace)
    }, Telemetry.operation("pixi", "status")),
    getManifest: Effect.fn("Pixi.getManifest")(function*(given: GetManifestOptions) {
      const operation = yield* begin("getManifest", given)
      const { decoded } = yield* inspect(operation)
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
