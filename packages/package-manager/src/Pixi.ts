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
import * as Changes from "./Changes.js"
import { makeGuard } from "./internal/guard.js"
import { contextOf, makePixi, outputInvalid, type PixiOptions, type Task } from "./internal/pixi.js"
import { makeInit } from "./internal/pixiInit.js"
import { without } from "./internal/pixiRelock.js"
import { makeWorkspaces, translated, type Workspace } from "./internal/pixiWorkspace.js"
import type { CommandExecutorService } from "./internal/process.js"
import { redact } from "./internal/redact.js"
import { makeTransaction } from "./internal/transaction.js"
import {
  type GetManifestOptions,
  type InstallOptions,
  type ListOptions,
  PackageManager,
  type RemoveOptions,
  type UpdateOptions
} from "./PackageManager.js"
import * as Errors from "./PackageManagerError.js"
import * as PixiCommand from "./PixiCommand.js"
import * as PixiFailure from "./PixiFailure.js"
import * as PixiList from "./PixiList.js"
import * as PixiManifest from "./PixiManifest.js"
import * as PixiSpec from "./PixiSpec.js"
import type { Capabilities } from "./PixiVersion.js"
import * as Telemetry from "./Telemetry.js"

export type { PixiOptions }

/** What the driver needs of its surroundings. */
export type Requirements = CommandExecutorService | FileSystem.FileSystem | Path.Path

type Workspaces = Effect.Effect.Success<ReturnType<typeof makeWorkspaces>>

type Lock = Effect.Effect.Success<ReturnType<Workspaces["readLock"]>>

/** Changes the files of a workspace; the lock file is as it was before. */
type Change = (
  capabilities: Capabilities,
  lock: Lock
) => Effect.Effect<unknown, Errors.PackageManagerError | PlatformError>

export const make = Effect.fnUntraced(function*(options: PixiOptions = {}) {
  const pixi = yield* makePixi(options)
  const workspaces = yield* makeWorkspaces(options.root)
  const transaction = yield* makeTransaction(pixi.strays)
  const guard = yield* makeGuard(transaction, options.waitLimit ?? Duration.infinity)
  const initialize = yield* makeInit(pixi, workspaces, transaction, guard)

  /**
   * An operation that changes an environment: alone in it, all or nothing, and answered with what it did to the lock file.
   * What the manifest decides is decided before anything runs.
   */
  const change = (
    task: Task,
    decide: (workspace: Workspace) => Effect.Effect<Change, Errors.PackageManagerError>
  ) =>
    Effect.gen(function*() {
      const workspace = yield* workspaces.open(task)
      const run = yield* decide(workspace)
      const capabilities = yield* pixi.capabilities(task)
      yield* workspaces.checkManifest(workspace, pixi.executable, capabilities)
      const before = yield* workspaces.readLock(workspace, capabilities)
      return yield* run(capabilities, before).pipe(
        // It may have been removed or moved away meanwhile.
        Effect.andThen(workspaces.check(task)),
        Effect.andThen(workspaces.readLock(workspace, capabilities)),
        Effect.map((after) => Changes.between(before?.located ?? [], after?.located ?? [])),
        guard.protect(task, { files: [workspace.manifest, workspace.lock] })
      )
    }).pipe(
      (effect) => guard.alone(task, workspaces.check(task), effect),
      Effect.mapError(translated(task))
    )

  /** An operation that only reads never waits; it undoes what a program that died has left. */
  const reading = Effect.fnUntraced(function*(task: Task) {
    yield* guard.recover(task)
    // pixi writes the manifest before it has succeeded, and some versions not in one step.
    return yield* workspaces.open(task, yield* guard.committed(task))
  })

  /**
   * Whether pixi had no candidates for a spec because no channel has a package of that name: asked where there is one
   * platform, because it does not always say for which of several it had none.
   */
  const withPackageNotFound = Effect.fnUntraced(function*(
    workspace: Workspace,
    capabilities: Capabilities,
    error: Errors.Unsolvable
  ) {
    const missing = PixiFailure.missingCandidate(error.evidence?.stderr ?? "")
    const [platform, ...others] = workspace.decoded.platforms
    if (missing === undefined || platform === undefined || others.length > 0) return yield* error
    const args = PixiCommand.search(capabilities, workspace.manifest, { name: missing.name, platform })
    const result = yield* Effect.orElseFail(pixi.runShort(workspace, args), () => error)
    if (!PixiFailure.isUnknownPackage(result)) return yield* error
    return yield* new Errors.PackageNotFound({
      ...contextOf(workspace),
      evidence: error.evidence,
      packages: [missing.name],
      platform
    })
  })

  const install = Effect.fn("Pixi.install")(function*({ locked = false, packages = [], path }: InstallOptions) {
    const task = yield* workspaces.locate("install", path)
    if (locked && packages.length > 0) {
      return yield* new Errors.InvalidOption({
        ...contextOf(task),
        option: "locked",
        value: "true",
        reason: "to add packages is to change the lock file; give one or the other"
      })
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
      return Effect.succeed((capabilities) =>
        missing.length === 0
          ? pixi.succeed(workspace, PixiCommand.install(workspace.manifest, { locked }))
          : pixi.succeed(workspace, PixiCommand.add(workspace.manifest, missing.map(({ spec }) => spec))).pipe(
            Effect.catchIf(isUnsolvable, (error) => withPackageNotFound(workspace, capabilities, error))
          )
      )
    })
  }, Telemetry.operation("pixi", "install"))

  const remove = Effect.fn("Pixi.remove")(function*({ packages, path }: RemoveOptions) {
    const task = yield* workspaces.locate("remove", path)
    if (packages.length === 0) {
      return yield* new Errors.InvalidOption({
        ...contextOf(task),
        option: "packages",
        value: "[]",
        reason: "name at least one package to remove"
      })
    }
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
      return Effect.succeed(() => Effect.forEach(commands, (args) => pixi.succeed(workspace, args), { discard: true }))
    })
  }, Telemetry.operation("pixi", "remove"))

  const update = Effect.fn("Pixi.update")(function*({ packages = [], path }: UpdateOptions) {
    const task = yield* workspaces.locate("update", path)
    return yield* change(task, (workspace) =>
      Effect.succeed((capabilities, lock) => {
        const names = namesIn(lock?.located.map(({ name }) => name) ?? [], packages)
        // What the manifest has and the lock file has not yet, the install solves.
        const asked = namesIn(
          [workspace.decoded.packages, workspace.decoded.pypiPackages].flatMap(Object.keys),
          packages
        )
        const unknown = packages.filter((name) => !names.has(name) && !asked.has(name))
        if (unknown.length > 0) return new Errors.DependencyNotFound({ ...contextOf(task), packages: unknown })
        const install = pixi.succeed(workspace, PixiCommand.install(workspace.manifest, { locked: false }))
        if (packages.length > 0 && names.size === 0) return install
        return Effect.andThen(resolve(workspace, capabilities, lock, [...new Set(names.values())]), install)
      }))
  }, Telemetry.operation("pixi", "update"))

  /** Brings the lock file up to date, or makes it such that an install does. */
  const resolve = (
    workspace: Workspace,
    { update }: Capabilities,
    lock: Lock,
    names: ReadonlyArray<string>
  ): Effect.Effect<unknown, Errors.PackageManagerError | PlatformError> => {
    if (update) return pixi.succeed(workspace, PixiCommand.update(workspace.manifest, names))
    if (lock === undefined) return Effect.void
    // Versions without `update` solve again for what the lock file lacks, and keep the rest if they can.
    return names.length === 0
      ? transaction.remove(workspace.lock)
      : transaction.replace(workspace.lock, new TextEncoder().encode(without(lock.text, new Set(names))))
  }

  const list = Effect.fn("Pixi.list")(function*({ path }: ListOptions) {
    const task = yield* workspaces.locate("list", path)
    const workspace = yield* reading(task)
    const capabilities = yield* pixi.capabilities(task)
    yield* workspaces.checkManifest(workspace, pixi.executable, capabilities)
    const lock = yield* workspaces.readLock(workspace, capabilities)
    const result = yield* pixi.runShort(workspace, PixiCommand.list(capabilities, workspace.manifest), task.environment)
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
    init: Effect.fn("Pixi.init")(initialize, Telemetry.operation("pixi", "init")),
    install,
    remove,
    update,
    list,
    getManifest: Effect.fn("Pixi.getManifest")(function*({ path }: GetManifestOptions) {
      const task = yield* workspaces.locate("getManifest", path)
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
