/** Lists the packages of an environment of pixi. */
import { outputInvalid } from "@darb/package-manager/driver/Executable"
import type { Operation } from "@darb/package-manager/driver/Operation"
import * as Platform from "@darb/package-manager/driver/Platform"
import { Package } from "@darb/package-manager/Package"
import type { ListOptions } from "@darb/package-manager/PackageManager"
import * as Effect from "effect/Effect"
import * as PixiFailure from "../failure/PixiFailure.js"
import * as PixiCommand from "../PixiCommand.js"
import { checkEnvironment, checkMachine, findPlatform } from "./PixiChecks.js"
import type { PixiDriver } from "./PixiFiles.js"
import * as PixiListOutput from "./PixiListOutput.js"

const keyOf = ({ build, kind, name, version }: PixiListOutput.Identity): string =>
  [kind, name, version, build].join(" ")

export const makeList = ({ executable, files, inspect }: PixiDriver) =>
  Effect.fnUntraced(function*(operation: Operation, options: ListOptions) {
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
    const args = PixiCommand.list(known, workspace.manifest, {
      environment: options.environment,
      platform: known.platformNames ? platform?.name : platform?.subdir
    })
    const result = yield* executable.runShort(workspace, args, operation.environment)
    if (result.exitCode !== 0) {
      return PixiListOutput.isEmpty(result.stderr) ? [] : yield* PixiFailure.classify({ ...workspace, result })
    }
    if (result.stdoutCut) return yield* outputInvalid(operation, result, "it printed more than 16 MiB")
    const locked = lock?.entries.filter((found) => found.environment === environment) ?? []
    const sources = new Map(locked.map((found) => [keyOf(found), found.source]))
    const packages = yield* Effect.mapError(
      PixiListOutput.decode(result.stdout, (item) => sources.get(keyOf(item))),
      (reason) => outputInvalid(operation, result, reason)
    )
    if (platform !== undefined && platform.subdir !== Platform.current()) return packages
    // A prefix that cannot be read must not stop the list.
    const installed = yield* Effect.orElseSucceed(files.installed(workspace), () => undefined)
    const versions = new Map(installed?.map(({ kind, name, version }) => [`${kind} ${name}`, version]))
    return packages.map((found) =>
      new Package({ ...found, installed: versions.get(`${found.kind} ${found.name}`) ?? null })
    )
  })
