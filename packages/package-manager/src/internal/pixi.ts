/** The executable: its version, its runs, and what its failures mean. */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Output from "../Output.js"
import * as Errors from "../PackageManagerError.js"
import * as PixiCommand from "../PixiCommand.js"
import * as PixiFailure from "../PixiFailure.js"
import * as PixiProgress from "../PixiProgress.js"
import * as PixiVersion from "../PixiVersion.js"
import * as Telemetry from "../Telemetry.js"
import { inherit } from "./childEnvironment.js"
import { makeRunner, type NotStarted } from "./process.js"
import { shown } from "./redact.js"
import type { Result } from "./result.js"
import { makeStrays, variable } from "./strays.js"

export interface PixiOptions {
  /**
   * A directory that all environments are in: their paths are relative to it, and what leads out of it, also by a link, is
   * `InvalidOption`.
   */
  readonly root?: string | undefined
  /** A path, or a name that is looked for on PATH; `pixi` by default. */
  readonly executable?: string | undefined
  /** Variables that pixi gets besides those that it inherits, such as credentials. */
  readonly environment?: Readonly<Record<string, string>> | undefined
  /** How long pixi and its children have to end by themselves when they are asked to; 5 seconds by default. */
  readonly gracePeriod?: Duration.DurationInput | undefined
  /** The time limit of calls that are short: for the version and for lists; 30 seconds by default. */
  readonly shortLimit?: Duration.DurationInput | undefined
  /**
   * The time limit of calls that solve, download and link. By default there is none, but for versions before 0.41, which
   * now and then do not come to an end: 1 hour. What is given up is undone, and can be tried again.
   */
  readonly limit?: Duration.DurationInput | undefined
  /** How long another operation on the same environment is waited for before `EnvironmentBusy`; without end by default. */
  readonly waitLimit?: Duration.DurationInput | undefined
  /** How many processes of pixi may change environments at once; as many as there are operations by default. */
  readonly concurrency?: number | undefined
}

/** What is being done where. */
export interface Task {
  readonly operation: Errors.Operation
  /** The absolute path of the directory. */
  readonly environment: string
  /** The value of the variable that all processes of the task have. */
  readonly marker: string
}

/** A task in an environment that is there. */
export interface WorkspaceTask extends Task {
  readonly manifest: string
  readonly lock: string
}

/** Where a machine keeps what all environments share, and how it authenticates. */
const inheritedByPixi = ["PIXI_HOME", "PIXI_CACHE_DIR", "RATTLER_CACHE_DIR", "RATTLER_AUTH_FILE"]

const fixed = { NO_COLOR: "1", PIXI_NO_PROGRESS: "true", PIXI_NO_WRAP: "1" }

export const contextOf = ({ environment, operation }: Task) => ({ manager: "pixi", operation, environment })

export const makePixi = Effect.fnUntraced(function*(options: PixiOptions) {
  const { executable: named = "pixi", gracePeriod = "5 seconds", shortLimit = "30 seconds" } = options
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const runner = yield* makeRunner
  const environment: Record<string, string> = { ...yield* inherit(inheritedByPixi), ...options.environment, ...fixed }
  // A relative path would be looked for in the directory of the environment.
  const executable = /[/\\]/.test(named) ? yield* Effect.orElseSucceed(absolute(path, named), () => named) : named

  const strays = yield* makeStrays(runner.kill)

  const run = (task: Task, args: ReadonlyArray<string>, directory?: string, log?: { readonly RUST_LOG: string }) =>
    runner.run({
      executable,
      args,
      directory,
      environment: { ...environment, ...log, [variable]: task.marker },
      gracePeriod
    }).pipe(
      Effect.tap(({ exitCode, pid, signal }) => Effect.annotateCurrentSpan({ exitCode, pid, signal })),
      Effect.mapError((error) => notStarted(task, executable, error)),
      Effect.ensuring(strays.end(task.marker)),
      Telemetry.running,
      Effect.withSpan("Pixi.command", {
        attributes: { command: args[0], executable, operation: task.operation, environment: task.environment }
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
  const runWithProgress = Effect.fnUntraced(function*(task: WorkspaceTask, args: ReadonlyArray<string>) {
    if (!solving.has(args[0] ?? "")) return yield* run(task, args, task.environment)
    const observe = yield* Output.Observer
    const running = run(task, args, task.environment, { RUST_LOG: PixiProgress.logFilter })
    const result = yield* observe === Output.nobody ? running : Output.observe(running, withProgress(observe))
    return { ...result, stderr: PixiProgress.withoutLog(result.stderr) }
  })

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
  let known: PixiVersion.Capabilities | undefined
  let knownOf: string | undefined

  const ask = Effect.fnUntraced(function*(task: Task) {
    const current = yield* identity
    if (known !== undefined && knownOf === current) return known
    known = undefined
    knownOf = current
    const result = yield* runShort(task, PixiCommand.version)
    if (result.signal !== null) {
      const evidence = PixiFailure.evidenceOf(result)
      return yield* new Errors.CommandKilled({ ...contextOf(task), evidence, signal: result.signal })
    }
    const version = result.exitCode === 0 ? PixiVersion.parse(result.stdout) : undefined
    const found = version === undefined ? undefined : PixiVersion.capabilities(version)
    if (found !== undefined) return known = found
    return yield* new Errors.UnsupportedVersion({
      ...contextOf(task),
      executable,
      found: firstLine(version === undefined ? result.stdout || result.stderr : PixiVersion.format(version)),
      required: PixiVersion.oldest,
      reason: version === undefined ? "--version does not say that it is a pixi" : "it is too old"
    })
  })

  const places = options.concurrency === undefined ? undefined : yield* Effect.makeSemaphore(options.concurrency)

  const succeed = Effect.fnUntraced(function*(task: WorkspaceTask, args: ReadonlyArray<string>) {
    const limit = options.limit ?? (known?.mayHang === true ? "1 hour" : Duration.infinity)
    const running = runWithin(limit, task, args, runWithProgress(task, args))
    const result = yield* places === undefined ? running : places.withPermits(1)(running)
    if (result.exitCode !== 0) return yield* PixiFailure.classify({ ...task, result })
    return result
  })

  return {
    executable,
    strays,
    /** Runs a command that is short, whatever its end is. */
    runShort,
    /** Runs a command in an environment, and fails if it does. Its version must be known. */
    succeed,
    /** What this pixi can do: asked once, and again when another file is in its place. */
    capabilities: (task: Task) => asking.withPermits(1)(ask(task))
  }
})

/** The commands that solve. */
const solving: ReadonlySet<string> = new Set(["add", "install", "remove", "update"])

/** Turns what is logged into progress, and tells where it begins and ends. */
const withProgress = (observe: Output.Observe): Output.Observe => {
  const tell = (phase: Output.Phase, name: string | null = null) =>
    observe(new Output.Progress({ phase, package: name }))
  return (event) => {
    if (event._tag === "Started") return Effect.zipRight(observe(event), tell("solving"))
    if (event._tag === "Ended" && event.exitCode === 0) return Effect.zipRight(tell("done"), observe(event))
    if (event._tag !== "Output" || event.stream !== "stderr" || !PixiProgress.isLogged(event.line)) {
      return observe(event)
    }
    const progress = PixiProgress.parse(event.line)
    return progress === undefined ? Effect.void : tell(progress.phase, progress.package)
  }
}

/** There is no absolute path where the working directory is gone. */
export const absolute = (path: Path.Path, ...parts: ReadonlyArray<string>): Effect.Effect<string, string> =>
  Effect.try({
    try: () => path.resolve(...parts),
    catch: () => "the working directory is gone; give an absolute path"
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
  new Errors.OutputInvalid({ ...contextOf(task), evidence: PixiFailure.evidenceOf(result), reason })
