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
import { absolute } from "./Directories.js"
import type { ExecutableDescription, ExecutableOptions } from "./ExecutableDescription.js"
import { withProgress } from "./ExecutableProgress.js"
import { contextOf, type EnvironmentOperation, type Operation } from "./Operation.js"
import { inherit } from "./process/ChildEnvironment.js"
import type { Result } from "./process/CommandResult.js"
import { evidenceOf } from "./process/Evidence.js"
import { makeOrphanProcesses, reportUnsearched, variable } from "./process/OrphanProcesses.js"
import { makeRunner, type NotStarted } from "./process/Process.js"
import { shown } from "./process/Redact.js"

export interface Executable<Known> {
  /** A path, or a name. */
  readonly executable: string
  /** Runs a command that is short, whatever its end is. */
  readonly runShort: (
    operation: Operation,
    args: ReadonlyArray<string>,
    directory?: string
  ) => Effect.Effect<Result, Errors.PackageManagerError>
  /** The variables that its processes have. */
  readonly environment: Readonly<Record<string, string>>
  /** Runs a command in an environment, and fails if it does. Its version must be known. */
  readonly succeed: (
    operation: EnvironmentOperation,
    args: ReadonlyArray<string>,
    variables?: Readonly<Record<string, string>>
  ) => Effect.Effect<Result, Errors.PackageManagerError>
  /** What is known of the executable: asked once, and again when another file is in its place. */
  readonly known: (operation: Operation) => Effect.Effect<Known, Errors.PackageManagerError>
  /** The same where no environment is meant. */
  readonly version: Effect.Effect<Known, Errors.PackageManagerError>
}

const versionArgs = ["--version"]

export const makeExecutable = Effect.fnUntraced(
  function*<Known>(description: ExecutableDescription<Known>, options: ExecutableOptions) {
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

    const orphans = yield* makeOrphanProcesses(runner)

    const run = (
      operation: Operation,
      args: ReadonlyArray<string>,
      directory?: string,
      more: Readonly<Record<string, string>> = {}
    ) =>
      runner.run({
        executable,
        args,
        directory,
        environment: { ...environment, ...more, [variable]: operation.marker },
        signals: description.signals,
        gracePeriod
      }).pipe(
        Effect.tap(({ exitCode, pid, signal }) => Effect.annotateCurrentSpan({ exitCode, pid, signal })),
        Effect.mapError((error) => notStarted(operation, executable, error)),
        Effect.onExit((exit) =>
          Effect.flatMap(
            orphans.end(operation.marker),
            // What ended by itself ended what it had started, or wants it to go on.
            (searched) => reportUnsearched(searched || Exit.isSuccess(exit))
          )
        ),
        Telemetry.running,
        Effect.withSpan("PackageManager.command", {
          attributes: {
            manager,
            command: args[0],
            executable,
            operation: operation.operation,
            environment: operation.environment
          }
        })
      )

    const runWithin = Effect.fnUntraced(
      function*<R>(
        limit: Duration.DurationInput,
        operation: Operation,
        args: ReadonlyArray<string>,
        running: Effect.Effect<Result, Errors.PackageManagerError, R>
      ) {
        const result = yield* Effect.timeoutOption(running, limit)
        if (Option.isSome(result)) return result.value
        return yield* new Errors.CommandTimedOut({
          ...contextOf(operation),
          command: shown([executable, ...args]),
          limit: Duration.toMillis(limit)
        })
      }
    )

    const runShort = (operation: Operation, args: ReadonlyArray<string>, directory?: string) =>
      runWithin(shortLimit, operation, args, run(operation, args, directory))

    /** Runs a command that solves, and tells how far it is. */
    const runWithProgress = Effect.fnUntraced(function*(
      operation: EnvironmentOperation,
      args: ReadonlyArray<string>,
      variables: Readonly<Record<string, string>>
    ) {
      if (!progress.commands.has(args[0] ?? "")) return yield* run(operation, args, operation.environment, variables)
      const observe = yield* Output.Observer
      const running = run(operation, args, operation.environment, { ...variables, ...progress.environment })
      const result = yield* observe === Output.nobody
        ? running
        : Output.observe(running, withProgress(observe, progress, lockText(operation)))
      const lines = result.stderr.split("\n").filter((line) => !progress.isLogged(line))
      return { ...result, stderr: lines.join("\n") }
    })

    const lockText = ({ lock }: EnvironmentOperation) => Effect.orElseSucceed(fs.readFileString(lock), () => "")

    const candidates = /[/\\]/.test(executable)
      ? [executable]
      : (environment.PATH ?? "").split(path.sep === "/" ? ":" : ";").map((directory) =>
        path.join(directory, executable)
      )

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

    const ask = Effect.fnUntraced(function*(operation: Operation) {
      const current = yield* identity
      if (known !== undefined && known.of === current) return known.value
      known = undefined
      const result = yield* runShort(operation, versionArgs)
      if (result.signal !== null) {
        return yield* new Errors.CommandKilled({
          ...contextOf(operation),
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
        ...contextOf(operation),
        executable,
        found: firstLine(found),
        required: description.oldest,
        reason
      })
    })

    const places = options.concurrency === undefined ? undefined : yield* Effect.makeSemaphore(options.concurrency)

    const succeed = Effect.fnUntraced(function*(
      operation: EnvironmentOperation,
      args: ReadonlyArray<string>,
      variables: Readonly<Record<string, string>> = {}
    ) {
      const limit = options.limit ?? (known === undefined ? Duration.infinity : description.limit(known.value))
      const running = runWithin(limit, operation, args, runWithProgress(operation, args, variables))
      const result = yield* places === undefined ? running : places.withPermits(1)(running)
      if (result.exitCode !== 0) return yield* description.classify(operation, result)
      return result
    })

    const knownOf = (operation: Operation) => asking.withPermits(1)(ask(operation))

    const made: Executable<Known> = {
      executable,
      environment,
      runShort,
      succeed,
      known: knownOf,
      version: Effect.suspend(() =>
        knownOf({ manager, operation: "version", environment: "", marker: globalThis.crypto.randomUUID() })
      )
    }
    return { ...made, orphans }
  }
)

const firstLine = (text: string): string => text.trim().split("\n", 1)[0]?.slice(0, 200) ?? ""

const notStarted = (operation: Operation, executable: string, { command, culprit, reason }: NotStarted) => {
  const context = contextOf(operation)
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
export const outputInvalid = (operation: Operation, result: Result, reason: string): Errors.OutputInvalid =>
  new Errors.OutputInvalid({ ...contextOf(operation), evidence: evidenceOf(result), reason })
