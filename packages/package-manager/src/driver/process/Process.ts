/**
 * Runs commands. Only this module uses `Command`, besides `ActivatedCommand` for those of applications.
 *
 * Both pipes are drained while the process runs, in bounded memory. When the effect has ended, nothing of the process tree is
 * left: interruption asks the tree to end, waits for the grace period, and kills it.
 *
 * @module
 * @since 0.1.0
 */
import * as Command from "@effect/platform/Command"
import * as CommandExecutor from "@effect/platform/CommandExecutor"
import * as Chunk from "effect/Chunk"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { identity } from "effect/Function"
import { globalValue } from "effect/GlobalValue"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as Output from "../../Output.js"
import { Current, emit, limited, Turn } from "../Events.js"
import type { Result } from "./CommandResult.js"
import * as NotStarted from "./NotStarted.js"
import { type EventObserver, makeByteReader, makePipeReader, silence } from "./PipeReader.js"
import { redact, shown } from "./Redact.js"
import { makeTail } from "./Tail.js"

/** Characters of standard output that are kept, enough for a list of some ten thousand packages; beyond that, its end. */
const stdoutLimit = 16 * 1024 * 1024
const stdoutRest = 64 * 1024

/** Characters of standard error that are kept. */
const stderrLimit = 1024 * 1024

/** How long the pipes of a process that was stopped are read: another process may hold them open. */
const drainLimit = "1 second"

/**
 * The name of a signal, such as `SIGTERM`.
 *
 * @since 0.1.0
 * @category models
 */
export type Signal = CommandExecutor.Signal

/**
 * A command, all its variables, and how it is ended.
 *
 * @since 0.1.0
 * @category options
 */
export interface RunOptions {
  readonly executable: string
  readonly args: ReadonlyArray<string>
  /** The working directory of this process by default. */
  readonly directory?: string | undefined
  /** All variables of the process. Nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>
  /** The signals that ask the process tree to end, the gentlest first. */
  readonly signals: ReadonlyArray<Signal>
  /** How long to wait after each signal. */
  readonly gracePeriod: Duration.DurationInput
  /** What its events say; `operation` by default. */
  readonly purpose?: Output.Purpose | undefined
  /** Standard input; empty by default. */
  readonly stdin?: Stream.Stream<Uint8Array> | undefined
  /** `inherit`: the process has the standard streams of this process, and the result has no output. */
  readonly stdio?: "pipe" | "inherit" | undefined
  /**
   * What becomes of the output: `kept`, the default, keeps its end and emits lines without credentials. `lines` and `bytes`
   * emit it as it is and keep nothing. `raw` keeps it as it is.
   */
  readonly output?: "kept" | "lines" | "bytes" | "raw" | undefined
}

/**
 * Runs commands, and looks at processes that it did not start.
 *
 * @since 0.1.0
 * @category models
 */
export interface Runner {
  /** Runs a command. A failure of the command is a result. */
  readonly run: (options: RunOptions) => Effect.Effect<Result, NotStarted.NotStarted>
  /** Kills processes of anyone. A negative number stands for a process group. */
  readonly kill: (pids: ReadonlyArray<number>) => Effect.Effect<void>
  /** What a command prints; `undefined` if that is nothing. */
  readonly ask: (executable: string, ...args: ReadonlyArray<string>) => Effect.Effect<string | undefined>
  /** The start time of a process, which tells it from a later one with the same number; `undefined` if it has ended. */
  readonly startOf: (pid: number) => Effect.Effect<string | undefined>
}

/**
 * The commands of this process that run: none of them is an orphan.
 *
 * @since 0.1.0
 * @category values
 */
export const running = globalValue("@darb/package-manager/driver/process/Process/running", () => new Set<number>())

/**
 * The requirement of `makeRunner`.
 *
 * @since 0.1.0
 * @category models
 */
export type CommandExecutorService = CommandExecutor.CommandExecutor

/**
 * The runner on the command executor of the context.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeRunner: Effect.Effect<Runner, never, CommandExecutorService> = Effect.map(
  CommandExecutor.CommandExecutor,
  (executor) => {
    const ask: Runner["ask"] = (executable, ...args) =>
      executor.string(Command.env(Command.make(executable, ...args), { LC_ALL: "C", TZ: "UTC" })).pipe(
        Effect.map((text) => text.trim() || undefined),
        Effect.orElseSucceed(() => undefined)
      )
    return {
      run: (options) => Effect.scoped(run(executor, options)),
      // `kill` is built into shells, but not every machine has an executable of that name.
      kill: (pids) =>
        Effect.ignore(executor.exitCode(Command.make("sh", "-c", "kill -KILL \"$@\"", "sh", ...pids.map(String)))),
      ask,
      startOf: (pid) => ask("ps", "-o", "lstart=", "-p", String(pid))
    }
  }
)

const run = Effect.fnUntraced(function*(executor: CommandExecutor.CommandExecutor, options: RunOptions) {
  const { purpose = "operation", stdin } = options
  const command = shown([options.executable, ...options.args])
  const reportEnd = (pid: number, end: Pick<Result, "exitCode" | "signal">) =>
    emit((about) => new Output.Ended({ ...about, pid, purpose, ...end }))
  let reading: ReadonlyArray<Fiber.RuntimeFiber<void>> = []
  let feeding: Fiber.RuntimeFiber<unknown> | undefined
  // Interrupted when the process has ended: without it, nothing would handle the error of a pipe that the process closes.
  yield* Effect.addFinalizer(() => feeding === undefined ? Effect.void : Fiber.interrupt(feeding))
  const process = yield* Effect.acquireRelease(
    Effect.mapError(start(executor, options), (reason) => new NotStarted.NotStarted({ ...reason, command })),
    (process) =>
      stop(process, options).pipe(
        Effect.tap(() => Effect.timeoutOption(Effect.interruptible(Fiber.awaitAll(reading)), drainLimit)),
        Effect.ensuring(Effect.suspend(() => Fiber.interruptAll(reading))),
        Effect.flatMap((signal) => reportEnd(process.pid, { exitCode: null, signal })),
        limited,
        Effect.ignore
      )
  )
  const { pid } = process
  yield* Effect.acquireRelease(Effect.sync(() => running.add(pid)), () => Effect.sync(() => running.delete(pid)))

  const turn = yield* Turn
  const started = yield* Effect.makeLatch()
  const [stdout, stderr] = readersOf(options, {
    observe: yield* Output.Observer,
    about: { ...yield* Current, pid },
    turn: { withLock: (effect) => started.whenOpen(turn.withLock(effect)) }
  })
  // An interruption of this fiber does not interrupt the readers, so that they see what the process still prints.
  if (!isInherited(options)) {
    reading = yield* Effect.forEach(
      [stdout.read(process.stdout), stderr.read(process.stderr)],
      (read) => Effect.forkDaemon(Effect.interruptible(read))
    )
  }
  // After the readers have started: Node discards what a process printed if nothing reads its pipes when it ends.
  yield* Effect.ensuring(emit((about) => new Output.Started({ ...about, pid, purpose, command })), started.open)
  if (stdin !== undefined) {
    feeding = yield* Effect.forkDaemon(Effect.ignore(Stream.run(paced(stdin), process.stdin)))
  }
  const fed = feeding === undefined ? undefined : Effect.andThen(Fiber.join(feeding), Effect.never)
  const end = yield* fed === undefined ? endOf(process) : Effect.raceFirst(endOf(process), fed)
  // Ends the rest of the process group.
  yield* Effect.ignore(process.kill("SIGKILL")).pipe(
    Effect.andThen(Effect.suspend(() =>
      reading.every((fiber) => fiber.unsafePoll() !== null)
        ? Effect.void
        : Effect.raceFirst(Fiber.awaitAll(reading), silence([stdout, stderr]))
    )),
    Effect.ensuring(Effect.suspend(() => Fiber.interruptAll(reading))),
    Effect.onInterrupt(() => limited(reportEnd(pid, end)))
  )
  yield* reportEnd(pid, end)

  const result: Result = {
    command,
    pid,
    ...end,
    stdout: options.output === "raw" ? stdout.tail.text : redact(stdout.tail.text),
    stdoutCut: stdout.tail.cut,
    stderr: redact(stderr.tail.text)
  }
  return result
})

/** The sink waits for the process between the elements of a chunk, but not after the last one. */
const paced = (stdin: Stream.Stream<Uint8Array>) =>
  Stream.mapConcatChunk(stdin, (bytes) => Chunk.make(bytes, new Uint8Array()))

/** Whether the process has the standard streams of this process. */
const isInherited = ({ stdio }: RunOptions) => stdio === "inherit"

const readersOf = ({ output = "kept" }: RunOptions, observer: EventObserver) => {
  if (output === "bytes") return [makeByteReader("stdout", observer), makeByteReader("stderr", observer)] as const
  if (output === "lines") {
    return [
      makePipeReader("stdout", makeTail(1), observer, identity),
      makePipeReader("stderr", makeTail(1), observer, identity)
    ] as const
  }
  return [
    makePipeReader("stdout", makeTail(stdoutLimit, stdoutRest), observer),
    makePipeReader("stderr", makeTail(stderrLimit), observer)
  ] as const
}

/** Node's word, which the type lacks. A pipe costs as much as the process, and somebody has to end it. */
const empty = "ignore" as string as Command.Command.Input

const start = (
  executor: CommandExecutor.CommandExecutor,
  { args, directory, environment, executable, stdin, stdio = "pipe" }: RunOptions
): Effect.Effect<CommandExecutor.Process, NotStarted.Reason, Scope.Scope> => {
  const invalid = NotStarted.ofOptions(executable, environment)
  if (invalid !== undefined) return Effect.fail(invalid)
  const command = Command.make(executable, ...args).pipe(
    Command.env(environment, { extendEnv: false }),
    Command.stdin(stdin !== undefined ? "pipe" : stdio === "inherit" ? "inherit" : empty),
    Command.stdout(stdio),
    Command.stderr(stdio)
  )
  return executor.start(directory === undefined ? command : Command.workingDirectory(command, directory)).pipe(
    Effect.mapError(NotStarted.ofError),
    Effect.catchAllDefect((defect) => {
      const reason = NotStarted.ofDefect(defect)
      return reason === undefined ? Effect.die(defect) : Effect.fail(reason)
    })
  )
}

/** Ends the process tree: one signal after the other, then SIGKILL. Fails if the process has ended before. */
const stop = Effect.fnUntraced(function*(process: CommandExecutor.Process, { gracePeriod, signals }: RunOptions) {
  if (!(yield* process.isRunning)) return yield* Effect.fail(undefined)
  let ended: Signal | undefined
  for (const signal of signals) {
    // Finalizers are uninterruptible, and a time limit has to interrupt the wait for the end of the process.
    const asked = yield* process.kill(signal).pipe(Effect.interruptible, Effect.timeoutOption(gracePeriod))
    if (Option.isNone(asked)) continue
    ended = signal
    break
  }
  // Even if the process has ended, its children may not have.
  yield* Effect.ignore(process.kill("SIGKILL"))
  return ended ?? "SIGKILL"
})

const endOf = (process: CommandExecutor.Process) =>
  process.exitCode.pipe(
    Effect.map((exitCode) => ({ exitCode: Number(exitCode), signal: null })),
    Effect.catchAll((error) =>
      Effect.succeed({ exitCode: null, signal: /\bSIG[A-Z0-9]+\b/.exec(error.message)?.[0] ?? "an unknown signal" })
    )
  )
