/**
 * Runs programs in activated environments.
 *
 * @module
 * @since 0.1.0
 */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Activation from "../Activation.js"
import * as Output from "../Output.js"
import type { RunOptions } from "../PackageManager.js"
import * as Errors from "../PackageManagerError.js"
import type { RunResult } from "../RunResult.js"
import { notStarted, timeLimited } from "./executable/Executable.js"
import type { ExecutableOptions } from "./executable/ExecutableDescription.js"
import { contextOf, type Operation } from "./Operation.js"
import { refuse } from "./Options.js"
import { inherit, isPlain } from "./process/ChildEnvironment.js"
import type { Result } from "./process/CommandResult.js"
import type { NotStarted } from "./process/NotStarted.js"
import { makeStart } from "./process/OperationProcess.js"
import type { OrphanProcesses } from "./process/OrphanProcesses.js"
import type * as Process from "./process/Process.js"
import { makeProgramLookup } from "./process/ProgramLookup.js"
import type { RunRecords } from "./transaction/RunRecords.js"

type Variables = Readonly<Record<string, string>>

/**
 * What an operation runs: an executable with all its variables.
 *
 * @since 0.1.0
 * @category models
 */
export interface Invocation {
  readonly executable: string
  readonly args: ReadonlyArray<string>
  readonly variables: Variables
}

/**
 * How `run` and `activation` start processes. None of it takes the lock of the environment.
 *
 * @since 0.1.0
 * @category models
 */
export interface Programs {
  /** The variables that programs inherit. Those of the driver's option `environment` are not among them, except directories. */
  readonly inherited: Variables
  /** Variables without credentials, for commands whose output shows them. */
  readonly plain: Variables
  readonly separator: ":" | ";"
  /** Runs a short command without events, such as one that prints variables. A failure of the command is a result. */
  readonly ask: (operation: Operation, invocation: Invocation) => Effect.Effect<Result, Errors.PackageManagerError>
  /** Validates the options of `run` as far as that needs no environment. */
  readonly check: (operation: Operation, options: RunOptions) => Effect.Effect<void, Errors.InvalidOption>
  /** Runs the command of the options in the activated environment. */
  readonly run: (
    operation: Operation,
    options: RunOptions,
    activation: Activation.Activation
  ) => Effect.Effect<RunResult, Errors.PackageManagerError>
  /** Does the same with an executable of the manager. */
  readonly runWith: (
    operation: Operation,
    options: RunOptions,
    invocation: Invocation
  ) => Effect.Effect<RunResult, Errors.PackageManagerError>
}

/**
 * Makes the runner of programs. A program and what it has started end with the effect, or with the next operation on
 * the environment if the application dies.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makePrograms = Effect.fnUntraced(function*(
  given: ExecutableOptions,
  orphans: OrphanProcesses,
  records: RunRecords
) {
  const { shortLimit = "30 seconds" } = given
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const lookup = yield* makeProgramLookup
  const separator = path.sep === "/" ? ":" : ";"

  const directories = Object.entries(given.environment ?? {}).filter(([name]) => isPlain(name))
  const inherited: Variables = { ...yield* inherit([]), ...Object.fromEntries(directories) }
  const plain = Object.fromEntries(Object.entries(inherited).filter(([name]) => isPlain(name)))

  const startProcess = yield* makeStart(orphans, {
    span: "PackageManager.program",
    gracePeriod: given.gracePeriod,
    mayLeave: true
  })

  const start = (
    operation: Operation,
    { args, executable, variables: environment }: Invocation,
    rest: Pick<Process.RunOptions, "directory" | "output" | "stdin" | "stdio">
  ) => startProcess(operation, { executable, args, environment, signals: ["SIGTERM"], ...rest })

  const ask: Programs["ask"] = (operation, invocation) =>
    start(operation, invocation, { directory: operation.environment, output: "raw" }).pipe(
      Output.observe(Output.nobody),
      Effect.mapError((error) => notStarted(operation, invocation.executable, error)),
      timeLimited(operation, [invocation.executable, ...invocation.args], shortLimit)
    )

  const workingDirectory = Effect.fnUntraced(function*(operation: Operation, { directory = "." }: RunOptions) {
    const absolute = path.resolve(operation.environment, directory)
    const info = yield* Effect.option(fs.stat(absolute))
    if (info._tag === "None") return yield* refuse(operation, "directory", directory, "there is no such directory")
    if (info.value.type !== "Directory") {
      return yield* refuse(operation, "directory", directory, "it is not a directory")
    }
    return absolute
  })

  const runWith: Programs["runWith"] = Effect.fnUntraced(function*(operation, options, invocation) {
    const { output = "lines", stdin, stdio } = options
    const directory = yield* workingDirectory(operation, options)
    yield* records.recover(operation.environment)
    const { exitCode, signal } = yield* start(operation, invocation, {
      directory,
      output,
      stdio,
      stdin: typeof stdin === "string" ? Stream.make(new TextEncoder().encode(stdin)) : stdin
    }).pipe(
      records.recorded(operation),
      Effect.mapError((error) => programNotStarted(operation, options, invocation.executable, error))
    )
    const result: RunResult = { exitCode, signal }
    return result
  })

  const run: Programs["run"] = Effect.fnUntraced(function*(operation, options, activation) {
    const directory = yield* workingDirectory(operation, options)
    const [program = "", ...args] = options.command ?? []
    const variables = { ...Activation.apply(activation, inherited, separator), ...options.variables }
    const executable = yield* Effect.mapError(
      lookup(program, { directory, variables }),
      ({ reason }) => new Errors.ProgramNotFound({ ...contextOf(operation), program, reason })
    )
    return yield* runWith(operation, options, { executable, args, variables })
  })

  const check: Programs["check"] = (operation, options) => {
    const problem = problemOf(options)
    return problem === undefined ? Effect.void : refuse(operation, ...problem)
  }

  const programs: Programs = { inherited, plain, separator, ask, check, run, runWith }
  return programs
})

type Problem = readonly [option: keyof RunOptions, value: string, reason: string]

const nul = "it has a NUL byte"

/**
 * What is wrong with the options of `run`.
 *
 * @since 0.1.0
 * @category getters
 */
export const problemOf = (options: RunOptions): Problem | undefined => {
  const { args, command, directory = ".", output, stdio, task, variables = {} } = options
  if (command === undefined && task === undefined) return ["command", "", "it is missing: name a program, or a task"]
  if (command !== undefined && task !== undefined) return ["task", task, "use `command` or `task`, not both"]
  if (command !== undefined && args !== undefined) {
    return ["args", args.join(" "), "they are for a task; the arguments of a program follow its name in `command`"]
  }
  if (command?.length === 0) return ["command", "[]", "it is empty: name a program"]
  if (command?.[0] === "") return ["command", "", "the name of the program is empty"]
  if (task === "") return ["task", "", "it is empty"]
  const texts = [["command", command], ["args", args], ["task", [task]], ["directory", [directory]]] as const
  for (const [option, values] of texts) {
    const value = values?.find((each) => each?.includes("\0"))
    if (value !== undefined) return [option, value, nul]
  }
  for (const [name, value] of Object.entries(variables)) {
    if (name === "" || /[=\0]/.test(name)) {
      return ["variables", name, "the name of a variable is not empty and has no `=`"]
    }
    if (value.includes("\0")) return ["variables", name, nul]
  }
  if (stdio === "inherit" && output !== undefined) {
    return ["output", output, "with `stdio: \"inherit\"` there is no output to observe; use one or the other"]
  }
  return undefined
}

const programNotStarted = (operation: Operation, options: RunOptions, executable: string, error: NotStarted) => {
  // A task is run by the executable of the manager.
  if (options.command === undefined) return notStarted(operation, executable, error)
  switch (error.culprit) {
    case "executable": {
      // The file was there a moment ago.
      const reason = error.reason === "there is no such file"
        ? `${executable}, or the interpreter that its first line names, does not exist`
        : `${executable}: ${error.reason}`
      return new Errors.ProgramNotFound({ ...contextOf(operation), program: options.command[0] ?? executable, reason })
    }
    case "directory":
      return new Errors.InvalidOption({
        ...contextOf(operation),
        option: "directory",
        value: options.directory ?? ".",
        reason: error.reason
      })
    case "arguments":
      return new Errors.InvalidOption({
        ...contextOf(operation),
        option: "command",
        value: options.command[0] ?? "",
        reason: error.reason
      })
    case "machine":
      return notStarted(operation, executable, error)
  }
}
