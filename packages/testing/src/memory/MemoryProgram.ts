/**
 * The programs of environments in memory: functions that answer with output and an exit code, in virtual time.
 *
 * By default there are some that every machine has: `true`, `false`, `echo`, `cat`, `env`, `pwd`, `sleep` with seconds, and
 * `sh` for the commands `exit N` and `kill -SIGNAL $$`.
 *
 * @module
 * @since 0.1.0
 */
import * as Activation from "@darb/package-manager/Activation"
import * as Events from "@darb/package-manager/driver/Events"
import { contextOf, type Operation } from "@darb/package-manager/driver/Operation"
import { refuse } from "@darb/package-manager/driver/Options"
import { type EventObserver, makeByteReader, makePipeReader } from "@darb/package-manager/driver/process/PipeReader"
import { makeTail } from "@darb/package-manager/driver/process/Tail"
import { problemOf } from "@darb/package-manager/driver/Programs"
import * as FairLock from "@darb/package-manager/driver/transaction/FairLock"
import * as Output from "@darb/package-manager/Output"
import type { RunOptions } from "@darb/package-manager/PackageManager"
import * as Errors from "@darb/package-manager/PackageManagerError"
import type { RunResult } from "@darb/package-manager/RunResult"
import * as Effect from "effect/Effect"
import { identity } from "effect/Function"
import * as Stream from "effect/Stream"
import { normalize, prefix as prefixOf } from "./MemoryState.js"
import type { Store } from "./MemoryStore.js"

/**
 * A program that is started.
 *
 * @since 0.1.0
 * @category models
 */
export interface Invocation {
  readonly args: ReadonlyArray<string>
  readonly variables: Readonly<Record<string, string>>
  /** An absolute path. */
  readonly directory: string
  readonly stdin: Stream.Stream<Uint8Array>
}

/**
 * What a program prints, and how it ends; by default with exit code 0.
 *
 * @since 0.1.0
 * @category models
 */
export interface Answer {
  readonly stdout?: string | Uint8Array | undefined
  readonly stderr?: string | Uint8Array | undefined
  readonly exitCode?: number | undefined
  readonly signal?: string | undefined
}

/**
 * What `run` does with a program in memory. Waiting in it takes virtual time, and interruption ends it.
 *
 * @since 0.1.0
 * @category models
 */
export type MemoryProgram = (invocation: Invocation) => Effect.Effect<Answer>

const all = (stdin: Stream.Stream<Uint8Array>) =>
  Stream.runFold(stdin, new Uint8Array(), (read, bytes) => {
    const joined = new Uint8Array(read.length + bytes.length)
    joined.set(read)
    joined.set(bytes, read.length)
    return joined
  })

const shell: MemoryProgram = ({ args: [flag, command = ""] }) => {
  const [, code] = /^exit (\d+)$/.exec(command) ?? []
  const [, signal] = /^kill -([A-Z]+) \$\$$/.exec(command) ?? []
  if (flag === "-c" && code !== undefined) return Effect.succeed({ exitCode: Number(code) })
  if (flag === "-c" && signal !== undefined) return Effect.succeed({ signal: `SIG${signal}` })
  return Effect.succeed({ stderr: `sh: not in memory: ${command}\n`, exitCode: 2 })
}

const defaults: Readonly<Record<string, MemoryProgram>> = {
  true: () => Effect.succeed({}),
  false: () => Effect.succeed({ exitCode: 1 }),
  echo: ({ args }) => Effect.succeed({ stdout: `${args.join(" ")}\n` }),
  cat: ({ stdin }) => Effect.map(all(stdin), (stdout) => ({ stdout })),
  env: ({ variables }) =>
    Effect.succeed({ stdout: Object.entries(variables).map((entry) => `${entry.join("=")}\n`).join("") }),
  pwd: ({ directory }) => Effect.succeed({ stdout: `${directory}\n` }),
  sleep: ({ args: [seconds] }) => Effect.as(Effect.sleep(`${Number(seconds)} seconds`), {}),
  sh: shell
}

const encoder = new TextEncoder()

const outputOf = ({ output = "lines", stdio = "pipe" }: RunOptions, observer: EventObserver) =>
  Effect.fnUntraced(function*(stream: "stdout" | "stderr", printed: string | Uint8Array = "") {
    if (printed.length === 0 || stdio === "inherit") return
    const reader = output === "bytes"
      ? makeByteReader(stream, observer)
      : makePipeReader(stream, makeTail(1), observer, identity)
    yield* reader.read(Stream.make(typeof printed === "string" ? encoder.encode(printed) : printed))
  })

/**
 * Makes `run` and `activation` for the environments of a store.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  { read }: Pick<Store, "read">,
  given: Readonly<Record<string, MemoryProgram>> | undefined
) => {
  const programs = { ...defaults, ...given }

  const activation = Effect.fnUntraced(function*(operation: Operation) {
    const { environment } = operation
    const prefix = prefixOf(environment)
    if ((yield* read(operation)).installed === undefined) {
      return yield* new Errors.EnvironmentNotInstalled({ ...contextOf(operation), prefix })
    }
    const set = { MEMORY_PREFIX: prefix }
    return new Activation.Activation({ environment, prefix, path: [`${prefix}/bin`], set, unset: [], scripts: [] })
  })

  /** Has the events of a process. */
  const run = (options: RunOptions) =>
    Effect.fnUntraced(function*(operation: Operation) {
      const problem = problemOf(options)
      if (problem !== undefined) return yield* refuse(operation, ...problem)
      const activated = yield* activation(operation)
      const { command: [program = "", ...args] = [], directory = ".", stdin = "", variables } = options
      const found = Object.hasOwn(programs, program) ? programs[program] : undefined
      if (found === undefined) {
        const reason = "there is no such program in memory; name it in the option `programs`"
        return yield* new Errors.ProgramNotFound({ ...contextOf(operation), program, reason })
      }
      if (normalize(`${operation.environment}/${directory}`) !== operation.environment) {
        return yield* refuse(operation, "directory", directory, "there are no directories in memory")
      }
      const process = { ...Events.identityOf(operation), pid: 0 }
      const report = (result: RunResult) =>
        Events.emit(() => new Output.Ended({ ...process, purpose: "operation", ...result }))
      const print = outputOf(options, {
        observe: yield* Output.Observer,
        about: process,
        turn: FairLock.make()
      })
      yield* Events.emit(() => new Output.Started({ ...process, purpose: "operation", command: [program, ...args] }))
      const { exitCode = 0, signal, stderr, stdout } = yield* found({
        args,
        directory: operation.environment,
        stdin: typeof stdin === "string" ? Stream.make(encoder.encode(stdin)) : stdin,
        variables: { ...Activation.apply(activated, { PATH: "/usr/bin:/bin" }, ":"), ...variables }
      }).pipe(Effect.onInterrupt(() => report({ exitCode: null, signal: "SIGTERM" })))
      yield* print("stdout", stdout)
      yield* print("stderr", stderr)
      const result: RunResult = signal === undefined ? { exitCode, signal: null } : { exitCode: null, signal }
      yield* report(result)
      return result
    })

  return { activation, run }
}
