/**
 * Finds what a command has left behind. All processes of an operation have a variable that names it and that their
 * descendants inherit, also those that moved to a session of their own. Where `/proc` does not show variables, only the
 * process groups of commands are known: they are noted while they run.
 */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import * as Output from "../../Output.js"
import type { Runner } from "./Process.js"

/** The variable that names an operation. */
export const variable = "DARB_OPERATION"

/** How often it is looked again, for what was started in the meantime. */
const rounds = 10

const includes = (bytes: Uint8Array, part: Uint8Array): boolean => {
  for (let start = bytes.indexOf(part[0] ?? 0); start !== -1; start = bytes.indexOf(part[0] ?? 0, start + 1)) {
    if (part.every((byte, at) => bytes[start + at] === byte)) return true
  }
  return false
}

export interface OrphanProcesses {
  /** Ends the processes of an operation that still run; `false` where it is not known which do. */
  readonly end: (marker: string) => Effect.Effect<boolean>
  /** Notes in a file which processes an effect starts, where they could not be found otherwise. */
  readonly noting: (file: string) => <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  /** Ends the processes that were noted in a file with their groups, if they still are those. */
  readonly endNoted: (file: string) => Effect.Effect<void>
}

export const makeOrphanProcesses = ({ kill, startOf }: Pick<Runner, "kill" | "startOf">) =>
  Effect.map(FileSystem.FileSystem, (fs) => {
    /** The names of all processes; `undefined` where they are not shown. */
    const processes = fs.readDirectory("/proc").pipe(
      // This process is not in it where it is something else.
      Effect.map((names) => names.includes("self") ? names.filter((name) => /^\d+$/.test(name)) : undefined),
      Effect.orElseSucceed(() => undefined)
    )

    const isOf = (marker: string, pid: string) =>
      fs.readFile(`/proc/${pid}/environ`).pipe(
        Effect.map((environ) => includes(environ, new TextEncoder().encode(`${variable}=${marker}\0`))),
        // It has ended, or is not ours.
        Effect.orElseSucceed(() => false)
      )

    const end = Effect.fnUntraced(function*(marker: string) {
      for (let round = 1; round <= rounds; round++) {
        const names = yield* processes
        if (names === undefined) return false
        const pids = yield* Effect.filter(names, (pid) => isOf(marker, pid), { concurrency: 16 })
        if (pids.length === 0) break
        yield* kill(pids.map(Number))
      }
      return true
    })

    const note = Effect.fnUntraced(function*(file: string, pid: number) {
      const start = yield* startOf(pid)
      if (start !== undefined) yield* fs.writeFileString(file, `${pid} ${start}\n`, { flag: "a" })
    }, Effect.ignore)

    const noting = (file: string) => <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
      Effect.gen(function*() {
        if ((yield* processes) !== undefined) return yield* effect
        const observe = yield* Output.Observer
        return yield* Output.observe(
          effect,
          (event) => Effect.zipRight(event._tag === "Started" ? note(file, event.pid) : Effect.void, observe(event))
        )
      })

    const endNoted = Effect.fnUntraced(function*(file: string) {
      for (const line of (yield* fs.readFileString(file)).split("\n")) {
        const [, pid, start] = /^(\d+) (.+)$/.exec(line) ?? []
        // Another process may have its number by now.
        if (pid !== undefined && (yield* startOf(Number(pid))) === start) yield* kill([-Number(pid)])
      }
      // Nothing was noted.
    }, Effect.ignore)

    const orphans: OrphanProcesses = { end, endNoted, noting }
    return orphans
  })

/** Says that it is not known whether all processes have ended. */
export const reportUnsearched = (searched: boolean): Effect.Effect<void> =>
  searched ? Effect.void : Effect.flatMap(Output.Observer, (observe) => observe(new Output.Unsearched()))
