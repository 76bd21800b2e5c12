/**
 * Ends processes that a command or a dead operation has left running. All processes of an operation have a variable with its
 * marker, which their descendants inherit even in another session. Where `/proc` does not show variables, only the process
 * groups of commands are known, because they are recorded in a file.
 *
 * @module
 * @since 0.1.0
 */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Output from "../../Output.js"
import { emit } from "../Events.js"
import { readRegularText } from "../RegularFile.js"
import { type CommandExecutorService, makeRunner, running } from "./Process.js"

/**
 * The variable that holds the marker of an operation.
 *
 * @since 0.1.0
 * @category values
 */
export const variable = "DARB_OPERATION"

/** How often the search is repeated, since a process may start others meanwhile. */
const maxRounds = 10

const includes = (bytes: Uint8Array, part: Uint8Array): boolean => {
  for (let start = bytes.indexOf(part[0] ?? 0); start !== -1; start = bytes.indexOf(part[0] ?? 0, start + 1)) {
    if (part.every((byte, at) => bytes[start + at] === byte)) return true
  }
  return false
}

/** Process numbers rise until they wrap around, which takes 32,768 new processes at least: more than start in this time. */
const wrapAround = Duration.seconds(3)

/**
 * A command that has ended.
 *
 * @since 0.1.0
 * @category models
 */
export interface EndedCommand {
  readonly pid: number
  readonly elapsed: Duration.Duration
}

/**
 * Finds and ends the processes of an operation, also those that started a session of their own, where the platform
 * shows them.
 *
 * @since 0.1.0
 * @category models
 */
export interface OrphanProcesses {
  /**
   * Kills the processes with this marker. Returns `false` if this platform does not show them. With the command that had the
   * marker, it only looks at processes that started after the command.
   */
  readonly end: (marker: string, command?: EndedCommand) => Effect.Effect<boolean>
  /** Records the processes that an effect starts in a file, if this platform does not show them. */
  readonly record: (file: string) => <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  /** Kills the process groups of the recorded processes that still run. */
  readonly endRecorded: (file: string) => Effect.Effect<void>
}

/**
 * Makes the search. On Linux it reads `/proc`; elsewhere it knows only the process groups that it has recorded.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeOrphanProcesses: Effect.Effect<
  OrphanProcesses,
  never,
  CommandExecutorService | FileSystem.FileSystem
> = Effect.map(
  Effect.zip(FileSystem.FileSystem, makeRunner),
  ([fs, { kill, startOf }]): OrphanProcesses => {
    /** All process numbers; `undefined` if this platform does not show them. */
    const processes = fs.readDirectory("/proc").pipe(
      // A directory of this name without `self` is something else.
      Effect.map((names) =>
        names.includes("self") ? names.filter((name) => /^\d+$/.test(name)).map(Number) : undefined
      ),
      Effect.orElseSucceed(() => undefined)
    )

    let areShown = false

    /** Whether this platform shows processes, which stays true. */
    const showsProcesses = Effect.suspend(() =>
      areShown ? Effect.succeed(true) : Effect.map(processes, (found) => areShown = found !== undefined)
    )

    const hasMarker = (marker: string, pid: number) =>
      fs.readFile(`/proc/${pid}/environ`).pipe(
        Effect.map((environ) => includes(environ, new TextEncoder().encode(`${variable}=${marker}\0`))),
        // The process has ended or belongs to another user.
        Effect.orElseSucceed(() => false)
      )

    /** The number of the newest process of the machine or container; 0 if it is not known. */
    const newest = fs.readFileString("/proc/loadavg").pipe(
      Effect.map((text) => Number(text.trim().split(" ").at(-1))),
      Effect.orElseSucceed(() => 0)
    )

    /** The processes that started after a command. */
    const newer = Effect.fnUntraced(function*({ elapsed, pid }: EndedCommand) {
      const last = Duration.lessThan(elapsed, wrapAround) ? yield* newest : 0
      if (last === 0) return yield* processes
      // Otherwise threads have got numbers too, which the list leaves out.
      if (last === pid) return []
      const hasWrapped = last < pid
      return (yield* processes)?.filter((each) => hasWrapped ? each > pid || each <= last : each > pid && each <= last)
    })

    const end = Effect.fnUntraced(function*(marker: string, command?: EndedCommand) {
      for (let round = 1; round <= maxRounds; round++) {
        const found = yield* command === undefined ? processes : newer(command)
        if (found === undefined) return false
        const others = found.filter((pid) => !running.has(pid))
        const pids = yield* Effect.filter(others, (pid) => hasMarker(marker, pid), { concurrency: 16 })
        if (pids.length === 0) break
        yield* kill(pids)
      }
      return true
    })

    const append = Effect.fnUntraced(function*(file: string, pid: number) {
      const start = yield* startOf(pid)
      if (start !== undefined) yield* fs.writeFileString(file, `${pid} ${start}\n`, { flag: "a" })
    }, Effect.ignore)

    const record: OrphanProcesses["record"] = (file) => (effect) =>
      Effect.gen(function*() {
        if (yield* showsProcesses) return yield* effect
        const observe = yield* Output.Observer
        yield* Effect.ignore(fs.remove(file, { force: true }))
        return yield* Output.observe(
          effect,
          (event) => Effect.zipRight(event._tag === "Started" ? append(file, event.pid) : Effect.void, observe(event))
        )
      })

    const endRecorded = Effect.fnUntraced(function*(file: string) {
      for (const line of (yield* readRegularText(fs, file)).split("\n")) {
        const [, pid, start] = /^(\d+) (.+)$/.exec(line) ?? []
        // Another process may have the same number by now.
        if (pid !== undefined && (yield* startOf(Number(pid))) === start) yield* kill([-Number(pid)])
      }
      // There may be no file.
    }, Effect.ignore)

    return { end, endRecorded, record }
  }
)

/**
 * Emits `Unsearched`: some processes may still run.
 *
 * @since 0.1.0
 * @category operations
 */
export const reportUnsearched: Effect.Effect<void> = emit((about) => new Output.Unsearched(about))
