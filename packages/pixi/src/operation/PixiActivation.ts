/**
 * Activates an environment of pixi, and runs programs and tasks in it.
 *
 * @module
 * @since 0.1.0
 */
import { Activation } from "@darb/package-manager/Activation"
import { contextOf, type Operation } from "@darb/package-manager/driver/Operation"
import { refuse } from "@darb/package-manager/driver/Options"
import * as Platform from "@darb/package-manager/driver/Platform"
import type { Result } from "@darb/package-manager/driver/process/CommandResult"
import { evidenceOf } from "@darb/package-manager/driver/process/Evidence"
import * as Output from "@darb/package-manager/Output"
import type { ActivationOptions, RunOptions } from "@darb/package-manager/PackageManager"
import * as Errors from "@darb/package-manager/PackageManagerError"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as PixiFailure from "../failure/PixiFailure.js"
import * as PixiEnvironment from "../manifest/PixiEnvironment.js"
import * as PixiCommand from "../PixiCommand.js"
import { description } from "../PixiExecutable.js"
import * as PixiShellHook from "../PixiShellHook.js"
import * as PixiVersion from "../PixiVersion.js"
import { makePrefixActivation } from "../prefix/PixiPrefixActivation.js"
import { checkEnvironment, checkMachine } from "./PixiChecks.js"
import type { PixiDriver, Workspace } from "./PixiFiles.js"

/** The variables that say where pixi finds its configuration and its caches. */
const directories: ReadonlySet<string> = new Set(["PIXI_HOME", "PIXI_CACHE_DIR", "RATTLER_CACHE_DIR"])

interface Installed extends Workspace {
  /** The absolute path of the prefix. */
  readonly prefix: string
}

/**
 * Makes `run` and `activation`. Versions without the capability `activation` would solve and install first, so the
 * prefix is activated without pixi there.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeActivation = Effect.fnUntraced(function*({ executable, files, inspect, programs }: PixiDriver) {
  const path = yield* Path.Path
  const prefixActivation = yield* makePrefixActivation

  const own = Object.fromEntries(Object.entries(executable.environment).filter(([name]) => directories.has(name)))
  const plain = { ...programs.plain, ...own, ...description.fixed }

  /** Without the events of the process that prints the version: those of `run` are the program's. */
  const capabilities = (workspace: Workspace) => Output.observe(files.capabilities(workspace), Output.nobody)

  const nameOf = ({ selected = "default" }: Workspace) => selected

  /** Some versions create no prefix without packages. */
  const isEmpty = (workspace: Workspace) =>
    Effect.map(
      Effect.orElseSucceed(files.readAnyLock(workspace), () => undefined),
      (lock) => {
        const packages = lock?.environments.get(nameOf(workspace))?.packages
        return packages !== undefined && [...packages.values()].every(({ length }) => length === 0)
      }
    )

  /** The directory of the prefix. */
  const checkInstalled = Effect.fnUntraced(function*(workspace: Workspace) {
    const usual = path.join(files.prefix(workspace), "envs", nameOf(workspace))
    const prefix = yield* files.working(workspace)
    if (prefix?.names.includes("conda-meta") === true) return prefix.directory
    if (yield* isEmpty(workspace)) return usual
    return yield* new Errors.EnvironmentNotInstalled({ ...contextOf(workspace), prefix: prefix?.directory ?? usual })
  })

  const open = Effect.fnUntraced(function*(operation: Operation, { environment }: ActivationOptions) {
    const workspace = yield* inspect({ ...operation, selected: environment })
    yield* checkEnvironment(workspace, environment)
    yield* checkMachine(workspace, environment)
    return { ...workspace, prefix: yield* checkInstalled(workspace) }
  })

  const invalid = (workspace: Workspace, result: Result) => (reason: string) =>
    new Errors.OutputInvalid({ ...contextOf(workspace), evidence: evidenceOf(result), reason })

  const tooOld = (workspace: Workspace, { version }: PixiVersion.Capabilities, reason: string) =>
    new Errors.UnsupportedVersion({
      ...contextOf(workspace),
      executable: executable.executable,
      found: PixiVersion.format(version),
      required: PixiVersion.activation,
      reason
    })

  const ask = Effect.fnUntraced(function*(workspace: Workspace, program: string, args: ReadonlyArray<string>) {
    const result = yield* programs.ask(workspace, { executable: program, args, variables: plain })
    return result.exitCode === 0 ? result : yield* PixiFailure.classify({ ...workspace, result })
  })

  /** The variables of the activated environment that a process without it does not have. */
  const variablesOf = Effect.fnUntraced(function*(workspace: Installed) {
    const known = yield* capabilities(workspace)
    if (known.activation) {
      const args = PixiCommand.shellHook(workspace.manifest, nameOf(workspace))
      const result = yield* ask(workspace, executable.executable, args)
      return yield* Effect.mapError(PixiShellHook.decode(result.stdout), invalid(workspace, result))
    }
    if (path.sep === "\\") {
      return yield* tooOld(workspace, known, "on Windows it cannot activate an environment without installing it first")
    }
    const script = yield* prefixActivation(workspace, workspace.prefix)
    const result = yield* ask(workspace, yield* script.shellOf(plain), script.args(plain))
    return yield* Effect.mapError(script.decode(result.stdout, plain), invalid(workspace, result))
  })

  const activate = Effect.fnUntraced(function*(workspace: Installed) {
    const { set: { PATH = "", ...set }, unset } = yield* variablesOf(workspace)
    return new Activation({
      environment: workspace.environment,
      prefix: workspace.prefix,
      path: addedTo(PATH, plain["PATH"] ?? "", programs.separator),
      set,
      unset,
      scripts: []
    })
  })

  const runTask = Effect.fnUntraced(function*(workspace: Workspace, task: string, options: RunOptions) {
    const environment = nameOf(workspace)
    const selected = PixiEnvironment.select(workspace.document, { environment, platform: Platform.current() })
    const tasks = Either.match(selected, {
      onLeft: (): Array<string> => [],
      onRight: ({ tasks }) => Object.keys(tasks)
    })
    if (!tasks.includes(task)) {
      const reason = `the environment has no task of that name; its tasks are: ${tasks.sort().join(", ") || "none"}`
      return yield* refuse(workspace, "task", task, reason)
    }
    const known = yield* capabilities(workspace)
    if (!known.activation) {
      return yield* tooOld(workspace, known, "it cannot run a task without installing the environment first")
    }
    return yield* programs.runWith(workspace, options, {
      executable: executable.executable,
      args: PixiCommand.run(workspace.manifest, { environment, task, args: options.args ?? [] }),
      variables: { ...programs.inherited, ...own, ...options.variables }
    })
  })

  return {
    activation: (operation: Operation, options: ActivationOptions) =>
      Effect.flatMap(open(operation, options), activate),
    run: Effect.fnUntraced(function*(operation: Operation, options: RunOptions) {
      yield* programs.check(operation, options)
      const workspace = yield* open(operation, options)
      if (options.task !== undefined) return yield* runTask(workspace, options.task, options)
      return yield* programs.run(workspace, options, yield* activate(workspace))
    })
  }
})

/** The directories that were added to PATH. */
const addedTo = (path: string, before: string, separator: string): ReadonlyArray<string> => {
  if (path.endsWith(`${separator}${before}`)) return path.slice(0, -before.length - 1).split(separator)
  const known = new Set(before.split(separator))
  return path.split(separator).filter((directory) => !known.has(directory))
}
