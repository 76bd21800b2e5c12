/**
 * Runs commands: the only module that knows `Command`.
 *
 * Both pipes are read while the process runs, whatever it prints takes a bounded amount of memory, and when the effect has
 * ended nothing of the process tree is left: interruption asks it to end, waits for a grace period, and kills it.
 */
import * as Command from "@effect/platform/Command"
import * as CommandExecutor from "@effect/platform/CommandExecutor"
import type { PlatformError } from "@effect/platform/Error"
import * as Data from "effect/Data"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as Output from "../../Output.js"
import type { Result } from "./CommandResult.js"
import { makeSplitter, type Piece } from "./Lines.js"
import { redact, shown } from "./Redact.js"
import { makeTail } from "./Tail.js"

/** Characters of standard output that are kept: a list of some ten thousand packages. Of more only the end is. */
const stdoutLimit = 16 * 1024 * 1024
const stdoutRest = 64 * 1024

/** Characters of standard error that are kept. */
const stderrLimit = 1024 * 1024

/** How long a pipe may be silent after the process has ended: somebody else holds it open. */
const heldPipeLimit = "1 second"

/** The process could not be started. */
export class NotStarted extends Data.TaggedError("NotStarted")<{
  readonly culprit: "executable" | "directory" | "arguments" | "machine"
  readonly reason: string
  readonly command: ReadonlyArray<string>
}> {}

export type Signal = CommandExecutor.Signal

export interface RunOptions {
  readonly executable: string
  readonly args: ReadonlyArray<string>
  /** By default this program's working directory. */
  readonly directory?: string | undefined
  /** All variables that the process has. */
  readonly environment: Readonly<Record<string, string>>
  /** How the process tree is asked to end, the gentlest way first. */
  readonly signals: ReadonlyArray<Signal>
  /** How long it has to end by itself after each. */
  readonly gracePeriod: Duration.DurationInput
}

export interface Runner {
  /** Runs a command to its end, whatever the end is. */
  readonly run: (options: RunOptions) => Effect.Effect<Result, NotStarted>
  /** Kills processes, whoever has started them; a negative number is all of the group. */
  readonly kill: (pids: ReadonlyArray<number>) => Effect.Effect<void>
  /** When a process was started, which tells it from another one with its number; `undefined` if it is not there. */
  readonly startOf: (pid: number) => Effect.Effect<string | undefined>
}

/** What `makeRunner` needs of its surroundings. */
export type CommandExecutorService = CommandExecutor.CommandExecutor

export const makeRunner: Effect.Effect<Runner, never, CommandExecutorService> = Effect.map(
  CommandExecutor.CommandExecutor,
  (executor) => ({
    run: (options) => Effect.scoped(run(executor, options)),
    // A shell has `kill` where there is no program of that name.
    kill: (pids) =>
      Effect.ignore(executor.exitCode(Command.make("sh", "-c", "kill -KILL \"$@\"", "sh", ...pids.map(String)))),
    startOf: (pid) =>
      executor.string(Command.env(Command.make("ps", "-o", "lstart=", "-p", String(pid)), { LC_ALL: "C" })).pipe(
        Effect.map((text) => text.trim() === "" ? undefined : text.trim()),
        Effect.orElseSucceed(() => undefined)
      )
  })
)

const run = Effect.fnUntraced(function*(executor: CommandExecutor.CommandExecutor, options: RunOptions) {
  const observe = yield* Output.Observer
  const argv = shown([options.executable, ...options.args])
  const process = yield* Effect.acquireRelease(
    start(executor, options, argv),
    (process) => stop(process, options, observe)
  )
  yield* observe(new Output.Started({ command: argv, pid: process.pid }))

  const stdout = makeReader("stdout", makeTail(stdoutLimit, stdoutRest), observe)
  const stderr = makeReader("stderr", makeTail(stderrLimit), observe)
  const reading = yield* Effect.fork(
    Effect.all([stdout.read(process.stdout), stderr.read(process.stderr)], { concurrency: "unbounded", discard: true })
  )
  const { exitCode, signal } = yield* endOf(process)
  // What the process leaves behind ends with it.
  yield* Effect.ignore(process.kill("SIGKILL"))
  yield* Effect.raceFirst(Fiber.await(reading), silence([stdout, stderr]))
  yield* Fiber.interrupt(reading)
  yield* observe(new Output.Ended({ exitCode, signal }))

  return {
    command: argv,
    pid: process.pid,
    exitCode,
    signal,
    stdout: redact(stdout.tail.text),
    stdoutCut: stdout.tail.cut,
    stderr: redact(stderr.tail.text)
  } satisfies Result
})

/** What cannot be an executable or a variable at all. */
const culpritOfOptions = (
  { environment, executable }: RunOptions
): Pick<NotStarted, "culprit" | "reason"> | undefined => {
  if (executable === "") return { culprit: "executable", reason: "its path is empty" }
  if (executable.includes("\0")) return { culprit: "executable", reason: "its path has a NUL byte" }
  const variable = Object.entries(environment).find((entry) => entry.join("").includes("\0"))
  return variable && { culprit: "machine", reason: `the variable ${JSON.stringify(variable[0])} has a NUL byte` }
}

const start = (
  executor: CommandExecutor.CommandExecutor,
  options: RunOptions,
  argv: ReadonlyArray<string>
): Effect.Effect<CommandExecutor.Process, NotStarted, Scope.Scope> => {
  const culprit = culpritOfOptions(options)
  if (culprit !== undefined) return new NotStarted({ ...culprit, command: argv })
  const command = Command.make(options.executable, ...options.args).pipe(
    Command.env(options.environment, { extendEnv: false }),
    Command.stdin(Stream.empty)
  )
  return executor.start(
    options.directory === undefined ? command : Command.workingDirectory(command, options.directory)
  ).pipe(
    Effect.mapError((error) => new NotStarted({ ...culpritOf(error), command: argv })),
    // Node throws some of its errors instead of reporting them.
    Effect.catchAllDefect((defect) => {
      const thrown = culpritOfThrown(defect)
      return thrown === undefined ? Effect.die(defect) : Effect.fail(new NotStarted({ ...thrown, command: argv }))
    })
  )
}

const culpritOf = (error: PlatformError): Pick<NotStarted, "culprit" | "reason"> => {
  if (error._tag === "SystemError" && error.method === "access") {
    return { culprit: "directory", reason: "there is no such directory" }
  }
  if (error._tag === "SystemError" && error.reason === "NotFound") {
    return { culprit: "executable", reason: "there is no such file" }
  }
  if (error._tag === "SystemError" && error.reason === "PermissionDenied") {
    return { culprit: "executable", reason: "it is not executable" }
  }
  const resource = /EAGAIN|EMFILE|ENFILE|ENOMEM/.exec(error.message)
  return resource === null
    ? { culprit: "executable", reason: error.message }
    : { culprit: "machine", reason: `the machine cannot start another process (${resource[0]})` }
}

const culpritOfThrown = (defect: unknown): Pick<NotStarted, "culprit" | "reason"> | undefined => {
  if (!Predicate.hasProperty(defect, "code")) return undefined
  switch (defect.code) {
    case "E2BIG":
      return { culprit: "arguments", reason: "the arguments are too long for the operating system: pass fewer at once" }
    case "ERR_INVALID_ARG_VALUE":
      return { culprit: "arguments", reason: "an argument has a NUL byte" }
    case "ENOTDIR":
      return { culprit: "directory", reason: "it is a file, not a directory" }
    case "EAGAIN":
    case "EMFILE":
    case "ENFILE":
    case "ENOMEM":
      return { culprit: "machine", reason: `the machine cannot start another process (${defect.code})` }
    default:
      return typeof defect.code === "string" ? { culprit: "executable", reason: defect.code } : undefined
  }
}

/** Ends the process tree. */
const stop = Effect.fnUntraced(function*(
  process: CommandExecutor.Process,
  { gracePeriod, signals }: RunOptions,
  observe: Output.Observe
) {
  if (!(yield* process.isRunning)) return
  let ended: Signal | undefined
  for (const signal of signals) {
    // Interruptible, because a finalizer is not, and the time limit would wait for the end that it is there to give up on.
    const asked = yield* process.kill(signal).pipe(Effect.interruptible, Effect.timeoutOption(gracePeriod))
    if (Option.isNone(asked)) continue
    ended = signal
    break
  }
  // Also when the process has ended: what it started may have not.
  yield* Effect.ignore(process.kill("SIGKILL"))
  yield* observe(new Output.Ended({ exitCode: null, signal: ended ?? "SIGKILL" }))
}, Effect.ignore)

const endOf = (process: CommandExecutor.Process) =>
  process.exitCode.pipe(
    Effect.map((exitCode) => ({ exitCode: Number(exitCode), signal: null })),
    Effect.catchAll((error) =>
      Effect.succeed({ exitCode: null, signal: /\bSIG[A-Z0-9]+\b/.exec(error.message)?.[0] ?? "an unknown signal" })
    )
  )

/** There are millions of them, and they are as they should be. */
const unchecked = true

interface Reader {
  readonly read: (pipe: Stream.Stream<Uint8Array, PlatformError>) => Effect.Effect<void>
  readonly tail: ReturnType<typeof makeTail>
  /** How many chunks have come, or `undefined` while one is being observed. */
  readonly chunks: () => number | undefined
}

const makeReader = (stream: "stdout" | "stderr", tail: Reader["tail"], observe: Output.Observe): Reader => {
  // Keeps the bytes of a character that is not whole yet.
  const decoder = new TextDecoder()
  const splitter = makeSplitter()
  let chunks = 0
  let observing = false

  const tell = (pieces: ReadonlyArray<Piece>) =>
    Effect.forEach(
      pieces,
      ({ continued, line }) => observe(new Output.Line({ stream, line: redact(line), continued }, unchecked)),
      { discard: true }
    )

  const take = (text: string) => {
    tail.add(text)
    if (observe === Output.nobody) return Effect.void
    observing = true
    return Effect.andThen(tell(splitter.split(text)), Effect.sync(() => observing = false))
  }

  return {
    tail,
    chunks: () => observing ? undefined : chunks,
    read: (pipe) =>
      pipe.pipe(
        Stream.runForEach((bytes) => {
          chunks++
          return take(decoder.decode(bytes, { stream: true }))
        }),
        // A pipe that breaks has ended.
        Effect.ignore,
        Effect.andThen(Effect.suspend(() => take(decoder.decode()))),
        Effect.andThen(Effect.suspend(() => tell(splitter.rest()))),
        Effect.asVoid
      )
  }
}

/** Ends when nothing has come for a while, and nobody was observing what had. */
const silence = (readers: ReadonlyArray<Reader>): Effect.Effect<void> => {
  const total = () => readers.reduce<number>((sum, reader) => sum + (reader.chunks() ?? Number.NaN), 0)
  return Effect.suspend(() => {
    const before = total()
    return Effect.sleep(heldPipeLimit).pipe(Effect.andThen(Effect.sync(() => total() === before)))
  }).pipe(Effect.repeat({ until: (silent) => silent }), Effect.asVoid)
}
