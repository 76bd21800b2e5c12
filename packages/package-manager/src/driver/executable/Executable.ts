/**
 * Runs the executable of a manager: detects its version, limits its time, reports progress and classifies failures.
 *
 * @module
 * @since 0.1.0
 */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Output from "../../Output.js"
import * as Errors from "../../PackageManagerError.js"
import { absolute } from "../Directories.js"
import * as Events from "../Events.js"
import { contextOf, type EnvironmentOperation, type Operation } from "../Operation.js"
import { inherit } from "../process/ChildEnvironment.js"
import type { Result } from "../process/CommandResult.js"
import { evidenceOf } from "../process/Evidence.js"
import type { NotStarted } from "../process/NotStarted.js"
import { makeStart } from "../process/OperationProcess.js"
import { makeOrphanProcesses } from "../process/OrphanProcesses.js"
import { shown } from "../process/Redact.js"
import { readRegularText } from "../RegularFile.js"
import type { ExecutableDescription, ExecutableOptions } from "./ExecutableDescription.js"
import { isPath, makeIdentity } from "./ExecutableFile.js"
import { withProgress } from "./ExecutableProgress.js"

type Variables = Readonly<Record<string, string>>

/**
 * Runs the executable of a manager for the operations of its driver. Its version is asked for once, at the first
 * operation.
 *
 * @since 0.1.0
 * @category models
 */
export interface Executable<Capabilities> {
  /** The path of the executable, or its name. */
  readonly executable: string
  /** The variables of its processes. */
  readonly environment: Variables
  /** Runs a short command. A failure of the command is a result. */
  readonly runShort: (
    operation: Operation,
    args: ReadonlyArray<string>,
    directory?: string
  ) => Effect.Effect<Result, Errors.PackageManagerError>
  /** Runs a command in an environment, and fails if the command fails. `capabilities` must have succeeded before. */
  readonly run: (
    operation: EnvironmentOperation,
    args: ReadonlyArray<string>,
    variables?: Variables
  ) => Effect.Effect<Result, Errors.PackageManagerError>
  /** What the version of the executable can do. Detected once, and by a later operation if the file has changed. */
  readonly capabilities: (operation: Operation) => Effect.Effect<Capabilities, Errors.PackageManagerError>
  /** The same outside of an environment. */
  readonly version: Effect.Effect<Capabilities, Errors.PackageManagerError>
}

/**
 * Makes the runner of an executable. Nothing runs yet: a missing executable fails the first operation that needs it.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeExecutable = Effect.fnUntraced(
  function*<Capabilities>(description: ExecutableDescription<Capabilities>, options: ExecutableOptions) {
    const { manager, progress } = description
    const { executable: name = manager, gracePeriod, shortLimit = "30 seconds" } = options
    const fs = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const orphans = yield* makeOrphanProcesses
    const environment: Variables = {
      ...yield* inherit(description.inherited),
      ...options.environment,
      ...description.fixed
    }
    // The process would resolve a relative path in the directory of the environment.
    const executable = isPath(name) ? yield* Effect.orElseSucceed(absolute(path, name), () => name) : name

    const startProcess = yield* makeStart(orphans, { span: "PackageManager.command", gracePeriod, mayLeave: false })

    const start = (
      operation: Operation,
      args: ReadonlyArray<string>,
      directory: string | undefined,
      variables: Variables = {},
      purpose?: Output.Purpose
    ) =>
      Effect.mapError(
        startProcess(operation, {
          executable,
          args,
          directory,
          environment: { ...environment, ...variables },
          signals: description.signals,
          purpose
        }, { command: args[0] }),
        (error) => notStarted(operation, executable, error)
      )

    const runShort: Executable<Capabilities>["runShort"] = (operation, args, directory) =>
      timeLimited(operation, [executable, ...args], shortLimit)(start(operation, args, directory))

    const startWithProgress = Effect.fnUntraced(function*(
      operation: EnvironmentOperation,
      args: ReadonlyArray<string>,
      variables: Variables
    ) {
      if (!progress.commands.has(args[0] ?? "")) return yield* start(operation, args, operation.environment, variables)
      const observe = yield* Output.Observer
      const running = start(operation, args, operation.environment, { ...variables, ...progress.environment })
      const lock = Effect.orElseSucceed(readRegularText(fs, operation.lock), () => "")
      const result = yield* observe === Output.nobody
        ? running
        : Output.observe(running, withProgress(observe, progress, lock))
      const lines = result.stderr.split("\n").filter((line) => !progress.isLogged(line))
      return { ...result, stderr: lines.join("\n") }
    })

    const identityOf = yield* makeIdentity(executable, environment)

    let detected: { readonly capabilities: Capabilities; readonly identity: string | undefined } | undefined

    const detect = Effect.fnUntraced(function*(operation: Operation) {
      const identity = yield* identityOf(operation)
      if (detected !== undefined && detected.identity === identity) return detected.capabilities
      detected = undefined
      const args = ["--version"]
      const result = yield* timeLimited(operation, [executable, ...args], shortLimit)(
        start(operation, args, undefined, {}, "version")
      )
      const context = contextOf(operation)
      if (result.signal !== null) {
        return yield* new Errors.CommandKilled({ ...context, evidence: evidenceOf(result), signal: result.signal })
      }
      const read = result.exitCode === 0
        ? description.read(result.stdout)
        : Either.left({ found: result.stdout || result.stderr, reason: "--version fails" })
      if (Either.isRight(read)) {
        detected = { capabilities: read.right, identity }
        return read.right
      }
      return yield* new Errors.UnsupportedVersion({
        ...context,
        executable,
        found: firstLine(read.left.found),
        required: description.oldest,
        reason: read.left.reason
      })
    }, (yield* Effect.makeSemaphore(1)).withPermits(1))

    const permits = yield* Effect.makeSemaphore(options.concurrency ?? Number.POSITIVE_INFINITY)

    const run = Effect.fnUntraced(function*(
      operation: EnvironmentOperation,
      args: ReadonlyArray<string>,
      variables: Variables = {}
    ) {
      const limit = options.limit ??
        (detected === undefined ? Duration.infinity : description.limit(detected.capabilities))
      const running = timeLimited(operation, [executable, ...args], limit)(
        startWithProgress(operation, args, variables)
      )
      const result = yield* permits.withPermits(1)(running)
      if (result.exitCode !== 0) return yield* description.classify(operation, result)
      return result
    })

    const version = Effect.suspend(() => {
      const marker = globalThis.crypto.randomUUID()
      const operation: Operation = { manager, operation: "version", environment: "", marker }
      return Events.within(operation)(detect(operation))
    })
    const made: Executable<Capabilities> = { executable, environment, runShort, run, capabilities: detect, version }
    return { ...made, orphans }
  }
)

const firstLine = (text: string): string => text.trim().split("\n", 1)[0]?.slice(0, 200) ?? ""

/**
 * The error for a command that did not start, by what is at fault: the executable, the directory, the arguments or the
 * machine.
 *
 * @since 0.1.0
 * @category errors
 */
export const notStarted = (operation: Operation, executable: string, { command, culprit, reason }: NotStarted) => {
  const context = contextOf(operation)
  switch (culprit) {
    case "executable":
      return new Errors.ExecutableNotFound({ ...context, executable, reason })
    case "directory":
      return new Errors.EnvironmentNotFound({ ...context, reason })
    case "machine":
      return new Errors.ExecutableUnavailable({ ...context, executable, reason })
    case "arguments": {
      const evidence = { command, exitCode: null, signal: null, stdout: "", stderr: "" }
      return new Errors.CommandFailed({ ...context, evidence, reason })
    }
  }
}

/**
 * Fails with `CommandTimedOut` if a command takes longer than the limit.
 *
 * @since 0.1.0
 * @category operations
 */
export const timeLimited =
  (operation: Operation, command: ReadonlyArray<string>, limit: Duration.DurationInput) =>
  <A, E, R>(running: Effect.Effect<A, E, R>): Effect.Effect<A, E | Errors.CommandTimedOut, R> =>
    Duration.toMillis(limit) === Infinity ? running : Effect.timeoutFail(running, {
      duration: limit,
      onTimeout: () =>
        new Errors.CommandTimedOut({
          ...contextOf(operation),
          command: shown(command),
          limit: Duration.toMillis(limit)
        })
    })

/**
 * The error of a command that succeeded with output that cannot be decoded.
 *
 * @since 0.1.0
 * @category errors
 */
export const outputInvalid = (operation: Operation, result: Result, reason: string): Errors.OutputInvalid =>
  new Errors.OutputInvalid({ ...contextOf(operation), evidence: evidenceOf(result), reason })
