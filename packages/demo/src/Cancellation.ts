/** Cancels an operation on an environment while it runs, and reports what is left of it. */
import * as Output from "@darb/package-manager/Output"
import * as Command from "@effect/platform/Command"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Encoding from "effect/Encoding"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { SandboxFailed } from "./Failure.js"

export interface Cancellation {
  readonly interrupted: boolean
  /** The processes that were started, and whether they still run. */
  readonly processes: ReadonlyArray<
    { readonly pid: number; readonly command: ReadonlyArray<string>; readonly runs: boolean }
  >
  /** The files of the environment, and whether their bytes are the same as before. */
  readonly files: ReadonlyArray<{ readonly file: string; readonly same: boolean }>
}

export interface CancellationOptions {
  /** The directory of the environment. */
  readonly path: string
  /** Completes when the operation is to be cancelled. `printed` completes when a process has printed a line. */
  readonly when: (printed: Effect.Effect<void>) => Effect.Effect<void>
}

export const of = Effect.fnUntraced(
  function*<A, E, R>(
    operation: Effect.Effect<A, E, R>,
    { path, when }: CancellationOptions
  ) {
    const report = yield* Output.Observer
    const started: Array<Output.Started> = []
    const printed = yield* Deferred.make<void>()
    const observe: Output.Observe = (event) => {
      if (event._tag === "Started") started.push(event)
      return Effect.andThen(report(event), event._tag === "Output" ? Deferred.succeed(printed, undefined) : Effect.void)
    }

    const before = yield* contents(path)
    const fiber = yield* Effect.forkScoped(Output.observe(operation, observe))
    yield* Effect.raceFirst(when(Deferred.await(printed)), Fiber.await(fiber))
    const exit = yield* Fiber.interrupt(fiber)
    const after = yield* contents(path)

    const cancellation: Cancellation = {
      interrupted: Exit.isInterrupted(exit),
      processes: yield* Effect.forEach(
        started,
        ({ command, pid }) => Effect.map(isRunning(pid), (runs) => ({ pid, command, runs }))
      ),
      files: [...new Set([...before.keys(), ...after.keys()])].map((file) => ({
        file,
        same: before.get(file) === after.get(file)
      }))
    }
    return cancellation
  },
  Effect.scoped,
  Effect.catchTags({ BadArgument: SandboxFailed.of, SystemError: SandboxFailed.of })
)

/** Whether the operation was interrupted and left nothing behind. */
export const isClean = ({ files, interrupted, processes }: Cancellation): boolean =>
  interrupted && processes.length > 0 && processes.every(({ runs }) => !runs) && files.every(({ same }) => same)

/** The files in a directory by name, without those in subdirectories. */
const contents = Effect.fnUntraced(function*(directory: string) {
  const fileSystem = yield* FileSystem.FileSystem
  const { join } = yield* Path.Path
  const names = yield* fileSystem.readDirectory(directory)
  const files = yield* Effect.filter(
    names,
    (name) => Effect.map(fileSystem.stat(join(directory, name)), ({ type }) => type === "File")
  )
  const bytes = yield* Effect.forEach(files, (name) => fileSystem.readFile(join(directory, name)))
  return new Map(files.map((name, index) => [name, Encoding.encodeHex(bytes[index] ?? "")]))
})

/** `kill -0` sends no signal. It fails if the process does not exist. */
const isRunning = (pid: number) =>
  Command.make("sh", "-c", `kill -0 ${pid}`).pipe(Command.exitCode, Effect.map((exitCode) => Number(exitCode) === 0))
