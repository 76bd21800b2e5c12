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
import { makeRunner, type NotStarted, type Signal } from "./process.js"
import { shown } from "./redact.js"
import type { Result } from "./result.js"
import { makeStrays, tellUnsearched, variable } from "./strays.js"
import { contextOf, type EnvironmentTask, type Task } from "./task.js"

export interface ToolOptions {
  /**
   * A directory that all environments are in: their paths are relative to it, and what leads out of it, also by a link, is
   * `InvalidOption`.
   */
  readonly root?: string | undefined
  /** A path, or a name that is looked for on PATH; the manager's name by default. */
  readonly executable?: string | undefined
  /** Variables that the manager gets besides those that it inherits, such as credentials. */
  readonly environment?: Readonly<Record<string, string>> | undefined
  /** How long the manager and its children have to end by themselves when they are asked to; 5 seconds by default. */
  readonly gracePeriod?: Duration.DurationInput | undefined
  /** The time limit of calls that are short: for the version and for lists; 30 seconds by default. */
  readonly shortLimit?: Duration.DurationInput | undefined
  /**
   * The time limit of calls that solve, download and link. By default there is none, but for versions of pixi before 0.41,
   * which now and then do not come to an end: 1 hour. What is given up is undone, and can be tried again.
   */
  readonly limit?: Duration.DurationInput | undefined
  /** How long another operation on the same environment is waited for before `EnvironmentBusy`; without end by default. */
  readonly waitLimit?: Duration.DurationInput | undefined
  /** How many processes of the manager may change environments at once; as many as there are operations by default. */
  readonly concurrency?: number | undefined
}

/** What a line tells of the progress. */
export interface Step {
  readonly phase: Output.Phase
  readonly package: string | null
  readonly bytes: number | null
  /** The name of the file that is downloaded. */
  readonly archive?: string | null | undefined
}

/** What there is to know of a manager's executable. */
export interface Description<Known> {
  readonly manager: string
  /** Variables that it inherits besides those that all managers do. */
  readonly inherited: ReadonlyArray<string | RegExp>
  /** Variables that it always has. */
  readonly fixed: Readonly<Record<string, string>>
  /** How it is asked to end, the gentlest way first. */
  readonly signals: readonly [Signal, ...Array<Signal>]
  /** What is known of it by what `--version` prints, or else why it cannot be used. */
  readonly read: (stdout: string) => Either.Either<Known, Pick<Errors.UnsupportedVersion, "found" | "reason">>
  /** The lowest version that is driven. */
  readonly oldest: string
  /** The time limit of calls that solve, if there is one. */
  readonly limit: (known: Known) => Duration.DurationInput
  readonly classify: (task: EnvironmentTask, result: Result) => Errors.PackageManagerError
  readonly progress: {
    /** The commands that solve. */
    readonly commands: ReadonlySet<string>
    /** Variables that make it say more. */
    readonly environment: Readonly<Record<string, string>>
    /** Whether a line of standard error is there only because of them. */
    readonly isLogged: (line: string) => boolean
    readonly parse: (line: string) => Step | undefined
    /** The bytes of archives that the text of the lock file knows, by the names of their files. */
    readonly sizes?: ((lock: string) => Effect.Effect<ReadonlyMap<string, number>>) | undefined
  }
}

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

  const strays = yield* makeStrays(runner.kill)

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

  const tool: Tool<Known> = {
    executable,
    environment,
    runShort,
    succeed,
    known: (task) => asking.withPermits(1)(ask(task))
  }
  return { ...tool, strays }
})

/** Turns what is said into progress, and tells where it begins and ends. */
const withProgress = <Known>(
  observe: Output.Observe,
  { isLogged, parse, sizes }: Description<Known>["progress"],
  lock: Effect.Effect<string>
): Output.Observe => {
  let known: ReadonlyMap<string, number> | undefined
  const sizeOf = Effect.fnUntraced(function*({ archive, bytes }: Step) {
    if (bytes !== null || typeof archive !== "string" || sizes === undefined) return bytes
    known ??= yield* Effect.flatMap(lock, sizes)
    return known.get(archive) ?? null
  })
  const tell = (step: Step) =>
    Effect.flatMap(
      sizeOf(step),
      (bytes) => observe(new Output.Progress({ phase: step.phase, package: step.package, bytes }))
    )
  const at = (phase: Output.Phase) => tell({ phase, package: null, bytes: null })
  return (event) => {
    if (event._tag === "Started") return Effect.zipRight(observe(event), at("solving"))
    if (event._tag === "Ended" && event.exitCode === 0) return Effect.zipRight(at("done"), observe(event))
    if (event._tag !== "Output" || event.stream !== "stderr") return observe(event)
    const step = parse(event.line)
    const told = step === undefined ? Effect.void : tell(step)
    return isLogged(event.line) ? told : Effect.zipRight(observe(event), told)
  }
}

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
