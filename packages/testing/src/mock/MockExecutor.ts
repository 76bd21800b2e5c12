/**
 * A `CommandExecutor` that starts no process: a function answers each command, in virtual time.
 *
 * It records commands and signals, and keeps the contract of Node's executor: a process ends by itself or by a signal that
 * it does not ignore, its pipes end with it, and `kill` waits for that.
 *
 * @module
 * @since 0.1.0
 */
import * as Command from "@effect/platform/Command"
import * as CommandExecutor from "@effect/platform/CommandExecutor"
import { type PlatformError, SystemError } from "@effect/platform/Error"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as HashMap from "effect/HashMap"
import * as Inspectable from "effect/Inspectable"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Sink from "effect/Sink"
import * as Stream from "effect/Stream"

/**
 * A command that was started.
 *
 * @since 0.1.0
 * @category models
 */
export interface Invocation {
  /** The executable and its arguments. */
  readonly argv: ReadonlyArray<string>
  readonly directory: string | undefined
  readonly environment: Readonly<Record<string, string>>
}

/**
 * How the process of a command behaves.
 *
 * @since 0.1.0
 * @category models
 */
export interface Reply {
  /** Its output, at once or as a stream. */
  readonly stdout?: string | Stream.Stream<Uint8Array> | undefined
  readonly stderr?: string | Stream.Stream<Uint8Array> | undefined
  /** By default 0. */
  readonly exitCode?: number | undefined
  /** The signal that ends it instead of an exit code. */
  readonly signal?: CommandExecutor.Signal | undefined
  /** How long it runs in virtual time; by default it ends at once. */
  readonly duration?: Duration.DurationInput | undefined
  /** The signals that it ignores. */
  readonly ignores?: ReadonlyArray<CommandExecutor.Signal> | undefined
}

/**
 * What has been started so far. The same layer provides it and the `CommandExecutor`, so that a test can look at what a
 * driver did.
 *
 * ```ts
 * const executor = MockExecutor.layer(({ argv }) =>
 *   Effect.succeed(argv[1] === "--version" ? { stdout: "pixi 0.77.0\n" } : { exitCode: 1, stderr: "no network" })
 * )
 * const commands = Effect.map(MockExecutor.MockExecutor, ({ invocations }) => invocations.map(({ argv }) => argv))
 * ```
 *
 * @since 0.1.0
 * @category services
 */
export class MockExecutor extends Context.Tag("@darb/testing/MockExecutor")<MockExecutor, {
  /** The commands, in order. */
  readonly invocations: Array<Invocation>
  /** The signals sent to running processes, in order. */
  readonly signals: Array<CommandExecutor.Signal>
  /** The number of running processes. */
  readonly running: () => number
}>() {}

/**
 * The error with which Node reports an executable that does not exist.
 *
 * @since 0.1.0
 * @category operations
 */
export const notFound = (executable: string): PlatformError =>
  new SystemError({ reason: "NotFound", module: "Command", method: "spawn", pathOrDescriptor: executable })

/**
 * Answers each command with the result of the function. If its effect fails, the process cannot be started.
 *
 * Make a new layer for each test.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (
  reply: (invocation: Invocation) => Effect.Effect<Reply, PlatformError>
): Layer.Layer<MockExecutor | CommandExecutor.CommandExecutor> =>
  Layer.effectContext(Effect.sync(() => {
    const invocations: Array<Invocation> = []
    const signals: Array<CommandExecutor.Signal> = []
    let running = 0

    const start = Effect.fnUntraced(function*(command: Command.Command) {
      const invocation = invocationOf(command)
      invocations.push(invocation)
      const answer = yield* reply(invocation)
      running++
      const end = yield* Deferred.make<CommandExecutor.ExitCode, PlatformError>()
      const ended = Effect.exit(Deferred.await(end))
      const finish = (exit: Exit.Exit<CommandExecutor.ExitCode, PlatformError>) =>
        Effect.map(Deferred.done(end, exit), (first) => {
          if (first) running--
        })
      const finished = answer.signal === undefined
        ? finish(Exit.succeed(CommandExecutor.ExitCode(answer.exitCode ?? 0)))
        : finish(Exit.fail(killedBy(answer.signal)))

      const kill = (signal: CommandExecutor.Signal = "SIGTERM") =>
        Effect.gen(function*() {
          if (yield* Deferred.isDone(end)) return
          signals.push(signal)
          if (!(answer.ignores ?? []).includes(signal)) yield* finish(Exit.fail(killedBy(signal)))
          yield* ended
        })

      // `start` is uninterruptible and its forks would be too: closing the scope would wait for the sleep.
      if (answer.duration === undefined) yield* finished
      else yield* Effect.sleep(answer.duration).pipe(Effect.andThen(finished), Effect.interruptible, Effect.forkScoped)
      yield* Effect.addFinalizer(() => kill())

      return {
        ...Inspectable.BaseProto,
        [CommandExecutor.ProcessTypeId]: CommandExecutor.ProcessTypeId,
        pid: CommandExecutor.ProcessId(invocations.length),
        exitCode: Deferred.await(end),
        isRunning: Effect.negate(Deferred.isDone(end)),
        kill,
        stdin: Sink.drain,
        stdout: pipeOf(answer.stdout, ended),
        stderr: pipeOf(answer.stderr, ended),
        toJSON: () => ({ _id: "MockProcess", argv: invocation.argv })
      } satisfies CommandExecutor.Process
    })

    return Context.make(CommandExecutor.CommandExecutor, CommandExecutor.makeExecutor(start)).pipe(
      Context.add(MockExecutor, { invocations, signals, running: () => running })
    )
  }))

const invocationOf = (command: Command.Command): Invocation => {
  const first = Command.flatten(command)[0]
  return {
    argv: [first.command, ...first.args],
    directory: Option.getOrUndefined(first.cwd),
    environment: Object.fromEntries(HashMap.toEntries(first.env))
  }
}

const killedBy = (signal: CommandExecutor.Signal): PlatformError =>
  new SystemError({
    reason: "Unknown",
    module: "Command",
    method: "exitCode",
    description: `Process interrupted due to receipt of signal: ${signal}`
  })

/** The output, then silence until the process ends. */
const pipeOf = (
  output: string | Stream.Stream<Uint8Array> | undefined,
  ended: Effect.Effect<unknown>
): Stream.Stream<Uint8Array, PlatformError> => {
  if (output === undefined) return Stream.execute(ended)
  const printed = typeof output === "string" ? Stream.encodeText(Stream.make(output)) : output
  return Stream.concat(printed, Stream.execute(ended))
}
