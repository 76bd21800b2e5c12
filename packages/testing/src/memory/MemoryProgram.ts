/**
 * The programs of environments in memory: functions that answer with output and an exit code, in virtual time.
 *
 * By default there are some that every machine has: `true`, `false`, `echo`, `cat`, `env`, `pwd`, `sleep` with seconds, and
 * `sh` for the commands `exit N` and `kill -SIGNAL $$`.
 */
import type { Activation } from "@darb/package-manager/Activation"
import * as ActivationOf from "@darb/package-manager/Activation"
import { contextOf, type Operation } from "@darb/package-manager/driver/Operation"
import { makePipeReader } from "@darb/package-manager/driver/process/PipeReader"
import { makeByteReader } from "@darb/package-manager/driver/process/PipeReader"
import { makeTail } from "@darb/package-manager/driver/process/Tail"
import * as Output from "@darb/package-manager/Output"
import type { RunOptions } from "@darb/package-manager/PackageManager"
import * as Errors from "@darb/package-manager/PackageManagerError"
import type { RunResult } from "@darb/package-manager/RunResult"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import { identity } from "effect/Function"
import * as Stream from "effect/Stream"

/** A program that is started. */
export interface Invocation {
  readonly args: ReadonlyArray<string>
  readonly variables: Readonly<Record<string, string>>
  /** An absolute path. */
  readonly directory: string
  readonly stdin: Stream.Stream<Uint8Array>
}

/** What a program prints, and how it ends; by default with exit code 0. */
export interface Answer {
  readonly stdout?: string | undefined
  readonly stderr?: string | undefined
  readonly exitCode?: number | undefined
  readonly signal?: string | undefined
}

export type MemoryProgram = (invocation: Invocation) => Effect.Effect<Answer>

const text = (stdin: Stream.Stream<Uint8Array>) =>
  Effect.map(
    Stream.runCollect(stdin),
    (chunks) => {
      const decoder = new TextDecoder()
      return Chunk.toReadonlyArray(chunks).map((bytes) => decoder.decode(bytes, { stream: true })).join("") +
        decoder.decode()
    }
  )

const shell: MemoryProgram = ({ args: [flag, command = ""] }) => {
  const [, code] = /^exit (\d+)$/.exec(command) ?? []
  const [, signal] = /^kill -([A-Z]+) \$\$$/.exec(command) ?? []
  if (flag === "-c" && code !== undefined) return Effect.succeed({ exitCode: Number(code) })
  if (flag === "-c" && signal !== undefined) return Effect.succeed({ signal: `SIG${signal}` })
  return Effect.succeed({ stderr: `sh: not in memory: ${command}\n`, exitCode: 2 })
}

export const defaults: Readonly<Record<string, MemoryProgram>> = {
  true: () => Effect.succeed({}),
  false: () => Effect.succeed({ exitCode: 1 }),
  echo: ({ args }) => Effect.succeed({ stdout: `${args.join(" ")}\n` }),
  cat: ({ stdin }) => Effect.map(text(stdin), (stdout) => ({ stdout })),
  env: ({ variables }) =>
    Effect.succeed({ stdout: Object.entries(variables).map((entry) => `${entry.join("=")}\n`).join("") }),
  pwd: ({ directory }) => Effect.succeed({ stdout: `${directory}\n` }),
  sleep: ({ args: [seconds] }) => Effect.as(Effect.sleep(`${Number(seconds)} seconds`), {}),
  sh: shell
}

const encoder = new TextEncoder()

/** Runs a program, with the events of a process. */
export const run = Effect.fnUntraced(function*(
  programs: Readonly<Record<string, MemoryProgram>>,
  operation: Operation,
  options: RunOptions,
  activation: Activation
) {
  const [program = "", ...args] = options.command ?? []
  const { directory = ".", output = "lines", stdin = "", stdio = "pipe", variables } = options
  const found = Object.hasOwn(programs, program) ? programs[program] : undefined
  if (found === undefined) {
    const reason = "there is no such program in memory; name it in the option `programs`"
    return yield* new Errors.ProgramNotFound({ ...contextOf(operation), program, reason })
  }
  const observe = yield* Output.Observer
  const readerOf = (stream: "stdout" | "stderr") =>
    output === "bytes" ? makeByteReader(stream, observe) : makePipeReader(stream, makeTail(1), observe, identity)
  yield* observe(new Output.Started({ command: [program, ...args], pid: 0 }))
  const answer = yield* found({
    args,
    directory: directory.startsWith("/") ? directory : `${operation.environment}/${directory}`.replace(/(\/\.)+$/, ""),
    stdin: typeof stdin === "string" ? Stream.make(encoder.encode(stdin)) : stdin,
    variables: { ...ActivationOf.apply(activation, { PATH: "/usr/bin:/bin" }, ":"), ...variables }
  }).pipe(Effect.onInterrupt(() => observe(new Output.Ended({ exitCode: null, signal: "SIGTERM" }))))
  for (const stream of ["stdout", "stderr"] as const) {
    const printed = answer[stream] ?? ""
    if (printed !== "" && stdio === "pipe") yield* readerOf(stream).read(Stream.make(encoder.encode(printed)))
  }
  const { exitCode = 0, signal = null } = answer
  const result: RunResult = signal === null ? { exitCode, signal } : { exitCode: null, signal }
  yield* observe(new Output.Ended(result))
  return result
})
