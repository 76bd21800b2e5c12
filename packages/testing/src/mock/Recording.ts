/**
 * Replays a recording of a real manager: its answers to commands, and its changes to the files of the workspace.
 *
 * ```ts
 * const recording = yield* Recording.decode(text)
 * const replay = yield* Recording.replay(recording, {
 *   directory,
 *   values: { CHANNEL: "/channel" },
 *   otherwise: { "--version": { stdout: "pixi 0.77.0\n" } }
 * })
 * const layer = Pixi.layer().pipe(Layer.provide(MockExecutor.layer(replay.answer)))
 * ```
 *
 * @module
 * @since 0.1.0
 */
import type { PlatformError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { ParseError } from "effect/ParseResult"
import * as Schema from "effect/Schema"
import * as CommandWords from "./CommandWords.js"
import type * as MockExecutor from "./MockExecutor.js"
import * as RecordedWorkspace from "./RecordedWorkspace.js"

type Signal = NonNullable<MockExecutor.Reply["signal"]>

/** Signals by number: a recorded process that a signal ended has the negative number as its exit code. */
const signals: Readonly<Record<number, Signal>> = {
  1: "SIGHUP",
  2: "SIGINT",
  3: "SIGQUIT",
  4: "SIGILL",
  6: "SIGABRT",
  7: "SIGBUS",
  8: "SIGFPE",
  9: "SIGKILL",
  11: "SIGSEGV",
  13: "SIGPIPE",
  15: "SIGTERM"
}

const Exit = Schema.Int.pipe(Schema.filter((exit) => exit >= 0 || (-exit) in signals, {
  message: ({ actual }) => `${String(actual)} is neither an exit code nor the negative number of a signal`
}))

const Answer = {
  /** The arguments, without the executable. */
  argv: Schema.Array(Schema.String),
  stdout: Schema.String,
  stderr: Schema.String,
  changed: RecordedWorkspace.Changed
}

/**
 * A command with its end.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Ended = Schema.Struct({ ...Answer, exit: Exit })

/**
 * A command that did not end within the given number of seconds.
 *
 * @since 0.1.0
 * @category schemas
 */
export const TimedOut = Schema.Struct({ ...Answer, timeout: Schema.Number })

/**
 * A recorded command: one that ended, or one that the recorder ended because it took too long.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Command = Schema.Union(Ended, TimedOut)
export type Command = typeof Command.Type

/**
 * A command, or a preparation of files between two commands.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Step = Schema.Union(Ended, TimedOut, RecordedWorkspace.Preparation)
export type Step = typeof Step.Type

/**
 * Texts contain placeholders, such as `$WS` for the directory of the workspace.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Recording = Schema.Struct({ scenario: Schema.String, steps: Schema.Array(Step) })
export type Recording = typeof Recording.Type

/**
 * Decodes the text of a recording; fails for unknown keys.
 *
 * @since 0.1.0
 * @category decoding
 */
export const decode: (text: string) => Effect.Effect<Recording, ParseError> = Schema.decode(
  Schema.parseJson(Recording),
  { onExcessProperty: "error" }
)

/**
 * The recording has no answer for a command at this point. A defect, because the test is wrong.
 *
 * @since 0.1.0
 * @category errors
 */
export class NotRecorded extends Data.TaggedError("NotRecorded")<{
  readonly scenario: string
  /** The executable and its arguments. */
  readonly asked: ReadonlyArray<string>
  /** The arguments of the recorded commands that could come next; none at the end of the recording. */
  readonly expected: ReadonlyArray<ReadonlyArray<string>>
}> {
  override get message(): string {
    const [next, ...others] = this.expected.map((argv) => argv.join(" "))
    const expected = next === undefined ? "nothing more was recorded" : [`expected ${next}`, ...others].join(", or ")
    return `The recording ${this.scenario} does not answer ${this.asked.join(" ")}: ${expected}`
  }
}

/**
 * Where the recording is replayed, and what its placeholders stand for.
 *
 * @since 0.1.0
 * @category options
 */
export interface ReplayOptions {
  /** The directory that stands for the recorded workspace, as the driver names it. */
  readonly directory: string
  /**
   * Values of placeholders by name, without `$`. By default `WS` is the directory and `TMP` its parent. A placeholder
   * without a value stays.
   */
  readonly values?: Readonly<Record<string, string>> | undefined
  /**
   * Replies to commands that were not recorded, by subcommand or first option, such as `--version`. A recorded command
   * comes first.
   */
  readonly otherwise?: Readonly<Record<string, MockExecutor.Reply>> | undefined
  /** More options that need not agree, besides `CommandWords.ignored`. */
  readonly ignore?: ReadonlyArray<string> | undefined
  /** How long each recorded command runs in virtual time; by default it ends at once. */
  readonly duration?: Duration.DurationInput | undefined
  /** The signals that recorded commands ignore. */
  readonly ignores?: ReadonlyArray<Signal> | undefined
}

/**
 * A recording that answers commands, each recorded one once and in order.
 *
 * @since 0.1.0
 * @category models
 */
export interface Replay {
  /** For `MockExecutor.layer`. */
  readonly answer: (invocation: MockExecutor.Invocation) => Effect.Effect<MockExecutor.Reply, PlatformError>
  /**
   * Applies the preparations before the next command. The command itself would apply them too, but a driver reads files
   * before it runs a command.
   */
  readonly prepare: Effect.Effect<void, PlatformError>
  /** The arguments of the recorded commands that were neither replayed nor skipped. */
  readonly remaining: Effect.Effect<ReadonlyArray<ReadonlyArray<string>>>
}

/**
 * Answers commands as the recorded manager did. Make a new replay for each test.
 *
 * Recorded commands are replayed in order. A command matches the next one if both have the same subcommand, the same
 * operands (specs, names) in any order, and the same options in any order, apart from `CommandWords.ignored` and `ignore`;
 * `--name=value` equals `--name value`. The executable does not matter. A recorded command that changed no file may be
 * skipped. A command without an answer is the defect `NotRecorded`.
 *
 * The files that a command changed are written when it starts, even if it is killed later. Files below `.pixi` and `.venv`
 * are empty, because only their names were recorded. The working directory and variables are ignored.
 *
 * @since 0.1.0
 * @category operations
 */
export const replay = Effect.fn("Recording.replay")(function*(
  recording: Recording,
  options: ReplayOptions
): Effect.fn.Return<Replay, never, FileSystem.FileSystem | Path.Path> {
  const fileSystem = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const { directory, duration, ignore, ignores, otherwise = {} } = options
  const values: Readonly<Record<string, string>> = {
    WS: directory,
    TMP: path.dirname(directory),
    ...options.values
  }
  const fill = (text: string): string =>
    text.replace(/\$([A-Z_]+)/g, (whole, name: string) => Object.hasOwn(values, name) ? values[name]! : whole)
  const workspace = RecordedWorkspace.make({ directory, fileSystem, path, fill })
  const wordsOf = (argv: ReadonlyArray<string>) => CommandWords.of(argv, { directory, ignore })
  const steps = recording.steps
  let at = 0

  /** The recorded commands up to the first one that changed files. */
  const candidates = (): ReadonlyArray<readonly [index: number, command: Command]> => {
    const commands = steps.flatMap((step, index) => index >= at && isCommand(step) ? [[index, step] as const] : [])
    const last = commands.findIndex(([, { changed }]) => Object.keys(changed).length > 0)
    return last === -1 ? commands : commands.slice(0, last + 1)
  }

  /** Applies the preparations before a step and continues after it. */
  const advance = Effect.fnUntraced(function*(to: number, next: number) {
    const passed = steps.slice(at, to)
    at = next
    for (const step of passed) {
      if (!isCommand(step)) yield* workspace.prepare(step)
    }
  })

  const answer = Effect.fnUntraced(function*({ argv }: MockExecutor.Invocation) {
    const words = wordsOf(argv.slice(1))
    const expected = candidates()
    const found = expected.find(([, command]) => CommandWords.equals(wordsOf(command.argv.map(fill)), words))
    if (found === undefined) {
      const reply = Object.entries(otherwise).find(([command]) => command === words.command)
      if (reply !== undefined) return reply[1]
      return yield* Effect.die(
        new NotRecorded({
          scenario: recording.scenario,
          asked: argv,
          expected: expected.map(([, command]) => command.argv.map(fill))
        })
      )
    }
    const [index, command] = found
    // A file that cannot be written is a fault of the test, not of the command.
    yield* Effect.orDie(Effect.andThen(advance(index, index + 1), workspace.change(command.changed)))
    return {
      stdout: fill(command.stdout),
      stderr: fill(command.stderr),
      ignores,
      ...("exit" in command
        ? { duration, exitCode: Math.max(command.exit, 0), signal: signals[-command.exit] }
        : { duration: Duration.infinity })
    }
  })

  return {
    answer,
    prepare: Effect.suspend(() => {
      const next = steps.findIndex((step, index) => index >= at && isCommand(step))
      const to = next === -1 ? steps.length : next
      return advance(to, to)
    }),
    remaining: Effect.sync(() => steps.slice(at).filter(isCommand).map(({ argv }) => argv.map(fill)))
  }
})

const isCommand = (step: Step): step is Command => "argv" in step
