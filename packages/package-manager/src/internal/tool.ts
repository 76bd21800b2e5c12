/** The executable of a manager: its version, its runs, and what its failures mean. */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Output from "../Output.js"
import * as Errors from "../PackageManagerError.js"
import * as Telemetry from "../Telemetry.js"
import { inherit } from "./childEnvironment.js"
import { absolute } from "./directories.js"
import { evidenceOf } from "./evidence.js"
import { makeRunner, type NotStarted } from "./process.js"
import { shown } from "./redact.js"
import type { Result } from "./result.js"
import { makeStrays, tellUnsearched, variable } from "./strays.js"
import { contextOf, type EnvironmentTask, type Task } from "./task.js"
import type { Description, ToolOptions } from "./toolDescription.js"
import { withProgress } from "./toolProgress.js"

export interface Tool<Known> {
  /** A path, or a name. */
  readonly executable: string
  /** Runs a command that is short, whatever its end is. */
  readonly runShort: (
    task: Task,
    args: ReadonlyArray<string>,
    directory?: string
  ) => Effect.Effect<Result, Errors.PackageManagerError>
  /** The variables that its processes have. */
  readonly environment: Readonly<Record<string, string>>
  /** Runs a command in an environment, and fails if it does. Its version must be known. */
  readonly succeed: (
    task: EnvironmentTask,
    args: ReadonlyArray<string>,
    variables?: Readonly<Record<string, string>>
  ) => Effect.Effect<Result, Errors.PackageManagerError>
  /** What is known of the executable: asked once, and again when another file is in its place. */
  readonly known: (task: Task) => Effect.Effect<Known, Errors.PackageManagerError>
  /** The same where no environment is meant. */
  readonly version: Effect.Effect<Known, Errors.PackageManagerError>
}

const versionArgs = ["--version"]

export const makeTool = Effect.fnUntraced(function*<Known>(description: Description<Known>, options: ToolOptions) {
  const { manager, progress } = description
  const { executable: named = manager, gracePeriod = "5 seconds", shortLimit = "30 seconds" } = options
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const runner = yield* makeRunner
  const environment: Record<string, string> = {
    ...yield* inherit(description.inherited),
    ...options.environment,
    ...description.fixed
  }
  // A relative path would be looked for in the directory of the environment.
  const executable = /[/\\]/.test(named) ? yield* Effect.orElseSucceed(absolute(path, named), () => named) : named

  const strays = yield* makeStrays(runner)

  const run = (
    task: Task,
    args: ReadonlyArray<string>,
    directory?: string,
    more: Readonly<Record<string, string>> = {}
  ) =>
    runner.run({
      executable,
      args,
      directory,
      environment: { ...environment, ...more, [variable]: task.marker },
      signals: description.signals,
      gracePeriod
    }).pipe(
      Effect.tap(({ exitCode, pid, signal }) => Effect.annotateCurrentSpan({ exitCode, pid, signal })),
      Effect.mapError((error) => notStarted(task, executable, error)),
      Effect.onExit((exit) =>
        Effect.flatMap(
          strays.end(task.marker),
          // What ended by itself ended what it had started, or wants it to go on.
          (searched) => tellUnsearched(searched || Exit.isSuccess(exit))
        )
      ),
      Telemetry.running,
      Effect.withSpan("PackageManager.command", {
        attributes: { manager, command: args[0], executable, operation: task.operation, environment: task.environment }
      })
    )

  const runWithin = Effect.fnUntraced(
    function*<R>(
      limit: Duration.DurationInput,
      task: Task,
      args: ReadonlyArray<string>,
      running: Effect.Effect<Result, Errors.PackageManagerError, R>
    ) {
      const result = yield* Effect.timeoutOption(running, limit)
      if (Option.isSome(result)) return result.value
      return yield* new Errors.CommandTimedOut({
        ...contextOf(task),
        command: shown([executable, ...args]),
        limit: Duration.toMillis(limit)
      })
    }
  )

  const runShort = (task: Task, args: ReadonlyArray<string>, directory?: string) =>
    runWithin(shortLimit, task, args, run(task, args, directory))

  /** Runs a command that solves, and tells how far it is. */
  const runWithProgress = Effect.fnUntraced(function*(
    task: EnvironmentTask,
    args: ReadonlyArray<string>,
    variables: Readonly<Record<string, string>>
  ) {
    if (!progress.commands.has(args[0] ?? "")) return yield* run(task, args, task.environment, variables)
    const observe = yield* Output.Observer
    const running = run(task, args, task.environment, { ...variables, ...progress.environment })
    const result = yield* observe === Output.nobody
      ? running
      : Output.observe(running, withProgress(observe, progress, lockText(task)))
    const lines = result.stderr.split("\n").filter((line) => !progress.isLogged(line))
    return { ...result, stderr: lines.join("\n") }
  })

  const lockText = ({ lock }: EnvironmentTask) => Effect.orElseSucceed(fs.readFileString(lock), () => "")

  const candidates = /[/\\]/.test(executable)
    ? [executable]
    : (environment.PATH ?? "").split(path.sep === "/" ? ":" : ";").map((directory) => path.join(directory, executable))

  /** Tells the executable from one that takes its place later; nothing where it cannot be seen. */
  const identity = Effect.firstSuccessOf(
    candidates.map((file) =>
      Effect.map(fs.stat(file), ({ dev, ino, mtime, size }) =>
        [
          ...[file, dev, size],
          ...Option.toArray(ino),
          ...Option.toArray(Option.map(mtime, (time) => time.getTime()))
        ].join(" "))
    )
  ).pipe(Effect.orElseSucceed(() => undefined))

  const asking = yield* Effect.makeSemaphore(1)
  let known: { readonly value: Known; readonly of: string | undefined } | undefined

  const ask = Effect.fnUntraced(function*(task: Task) {
    const current = yield* identity
    if (known !== undefined && known.of === current) return known.value
    known = undefined
    const result = yield* runShort(task, versionArgs)
    if (result.signal !== null) {
      return yield* new Errors.CommandKilled({
        ...contextOf(task),
        evidence: evidenceOf(result),
        signal: result.signal
      })
    }
    const read = result.exitCode === 0
      ? description.read(result.stdout)
      : Either.left({ found: result.stdout || result.stderr, reason: "--version fails" })
    if (Either.isRight(read)) {
      known = { value: read.right, of: current }
      return read.right
    }
    const { found, reason } = read.left
    return yield* new Errors.UnsupportedVersion({
      ...contextOf(task),
      executable,
      found: firstLine(found),
      required: description.oldest,
      reason
    })
  })

  const places = options.concurrency === undefined ? undefined : yield* Effect.makeSemaphore(options.concurrency)

  const succeed = Effect.fnUntraced(function*(
    task: EnvironmentTask,
    args: ReadonlyArray<string>,
    variables: Readonly<Record<string, string>> = {}
  ) {
    const limit = options.limit ?? (known === undefined ? Duration.infinity : description.limit(known.value))
    const running = runWithin(limit, task, args, runWithProgress(task, args, variables))
    const result = yield* places === undefined ? running : places.withPermits(1)(running)
    if (result.exitCode !== 0) return yield* description.classify(task, result)
    return result
  })

  const knownOf = (task: Task) => asking.withPermits(1)(ask(task))

  const tool: Tool<Known> = {
    executable,
    environment,
    runShort,
    succeed,
    known: knownOf,
    version: Effect.suspend(() =>
      knownOf({ manager, operation: "version", environment: "", marker: globalThis.crypto.randomUUID() })
    )
  }
  return { ...tool, strays }
})

const firstLine = (text: string): string => text.trim().split("\n", 1)[0]?.slice(0, 200) ?? ""

const notStarted = (task: Task, executable: string, { command, culprit, reason }: NotStarted) => {
  const context = contextOf(task)
  switch (culprit) {
    case "executable":
      return new Errors.ExecutableNotFound({ ...context, executable, reason })
    case "directory":
      return new Errors.EnvironmentNotFound({ ...context, reason })
    case "arguments":
    case "machine": {
      const evidence = { command, exitCode: null, signal: null, stdout: "", stderr: "" }
      return new Errors.CommandFailed({ ...context, evidence, reason })
    }
  }
}

/** The error of a command that ended well and said what cannot be read. */
export const outputInvalid = (task: Task, result: Result, reason: string): Errors.OutputInvalid =>
  new Errors.OutputInvalid({ ...contextOf(task), evidence: evidenceOf(result), reason })
