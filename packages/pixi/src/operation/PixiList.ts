/**
 * Lists the packages of an environment of pixi.
 *
 * @module
 * @since 0.1.0
 */
import { outputInvalid } from "@darb/package-manager/driver/executable/Executable"
import type { Operation } from "@darb/package-manager/driver/Operation"
import { operationError } from "@darb/package-manager/driver/OperationError"
import * as Platform from "@darb/package-manager/driver/Platform"
import type { ListOptions } from "@darb/package-manager/PackageManager"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as PixiFailure from "../failure/PixiFailure.js"
import * as PixiLock from "../lock/PixiLock.js"
import * as PixiCommand from "../PixiCommand.js"
import { checkEnvironment, checkMachine, findPlatform } from "./PixiChecks.js"
import type { PixiDriver, Workspace } from "./PixiFiles.js"
import * as PixiListOutput from "./PixiListOutput.js"

const keyOf = ({ build, kind, name, version }: PixiListOutput.Identity): string => `${kind} ${name} ${version} ${build}`

/**
 * Makes `list`: what `pixi list --json` prints of the lock file, with the installed versions.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeList = Effect.fnUntraced(function*({ directories, executable, files, inspect }: PixiDriver) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path

  /** The manifest that pixi reads. While a change runs, it is that of a copy of the files from before the change. */
  const manifestFor = Effect.fnUntraced(function*(workspace: Workspace) {
    const { committed, decoded, fileName, lock } = workspace
    if (committed === undefined || committed.size === 0) return workspace.manifest
    const directory = yield* fs.makeTempDirectoryScoped({ prefix: "darb-list-" })
    yield* fs.writeFile(path.join(directory, fileName), decoded.bytes)
    const bytes = yield* directories.readCommitted(workspace, lock)
    if (bytes !== undefined) yield* fs.writeFile(path.join(directory, "pixi.lock"), bytes)
    return path.join(directory, fileName)
  }, (effect, workspace) => Effect.mapError(effect, operationError(workspace)))

  return Effect.fnUntraced(function*(operation: Operation, options: ListOptions) {
    const { environment = "default" } = options
    const workspace = yield* inspect({ ...operation, selected: options.environment })
    yield* checkEnvironment(workspace, options.environment)
    const platform = options.platform === undefined
      ? undefined
      : yield* findPlatform(workspace, environment, options.platform)
    if (platform === undefined) yield* checkMachine(workspace, environment)
    const known = yield* files.capabilities(workspace)
    const lock = yield* files.readLock(workspace)
    if (lock?.environments.has(environment) === false) return []
    const args = PixiCommand.list(known, yield* manifestFor(workspace), {
      environment: options.environment,
      platform: known.platformNames ? platform?.name : platform?.subdir
    })
    const isHere = platform === undefined || platform.subdir === Platform.current()
    // A prefix that cannot be read must not stop the list.
    const reading = isHere ? Effect.orElseSucceed(files.listed(workspace), () => undefined) : Effect.succeed(undefined)
    const [result, installed] = yield* Effect.all(
      [executable.runShort(workspace, args, operation.environment), reading],
      { concurrency: 2 }
    )
    if (result.exitCode !== 0) {
      return PixiListOutput.isEmpty(result.stderr) ? [] : yield* PixiFailure.classify({ ...workspace, result })
    }
    if (result.stdoutCut) return yield* outputInvalid(operation, result, "it printed more than 16 MiB")
    const locked = lock === undefined ? [] : PixiLock.entries(lock, environment)
    const sources = new Map(locked.map((found) => [keyOf(found), found.source]))
    const versions = new Map(installed?.map(({ kind, name, version }) => [`${kind} ${name}`, version]))
    return yield* Effect.mapError(
      PixiListOutput.decode(result.stdout, (item) => ({
        source: sources.get(keyOf(item)),
        installed: versions.get(`${item.kind} ${item.name}`)
      })),
      (reason) => outputInvalid(operation, result, reason)
    )
  }, Effect.scoped)
})
