/**
 * Ends processes that a command or a dead operation has left running. All processes of an operation have a variable with its
 * marker, which their descendants inherit even in another session. Where `/proc` does not show variables, only the process
 * groups of commands are known, because they are recorded in a file.
 */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import * as Output from "../../Output.js"
import { readRegularText } from "../RegularFile.js"
import type { Runner } from "./Process.js"

/** The variable that holds the marker of an operation. */
export const variable = "DARB_OPERATION"

/** How often the search is repeated, since a process may start others meanwhile. */
const maxRounds = 10

const includes = (bytes: Uint8Array, part: Uint8Array): boolean => {
  for (let start = bytes.indexOf(part[0] ?? 0); start !== -1; start = bytes.indexOf(part[0] ?? 0, start + 1)) {
    if (part.every((byte, at) => bytes[start + at] === byte)) return true
  }
  return false
}

export interface OrphanProcesses {
  /** Kills the processes with this marker. Returns `false` if this platform does not show them. */
  readonly end: (marker: string) => Effect.Effect<boolean>
  /** Records the processes that an effect starts in a file, if this platform does not show them. */
  readonly record: (file: string) => <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  /** Kills the process groups of the recorded processes that still run. */
  readonly endRecorded: (file: string) => Effect.Effect<void>
}

export const makeOrphanProcesses = ({ kill, startOf }: Pick<Runner, "kill" | "startOf">) =>
  Effect.map(FileSystem.FileSystem, (fs): OrphanProcesses => {
    /** All process numbers; `undefined` if this platform does not show them. */
    const processes = fs.readDirectory("/proc").pipe(
      // A directory of this name without `self` is something else.
      Effect.map((names) => names.includes("self") ? names.filter((name) => /^\d+$/.test(name)) : undefined),
      Effect.orElseSucceed(() => undefined)
    )

    const hasMarker = (marker: string, pid: string) =>
      fs.readFile(`/proc/${pid}/environ`).pipe(
        Effect.map((environ) => includes(environ, new TextEncoder().encode(`${variable}=${marker}\0`))),
        // The process has ended or belongs to another user.
        Effect.orElseSucceed(() => false)
      )

    const end = Effect.fnUntraced(function*(marker: string) {
      for (let round = 1; round <= maxRounds; round++) {
        const names = yield* processes
        if (names === undefined) return false
        const pids = yield* Effect.filter(names, (pid) => hasMarker(marker, pid), { concurrency: 16 })
        if (pids.length === 0) break
        yield* kill(pids.map(Number))
      }
      return true
    })

    const append = Effect.fnUntraced(function*(file: string, pid: number) {
      const start = yield* startOf(pid)
      if (start !== undefined) yield* fs.writeFileString(file, `${pid} ${start}\n`, { flag: "a" })
    }, Effect.ignore)

    const record: OrphanProcesses["record"] = (file) => (effect) =>
      Effect.gen(function*() {
        if ((yield* processes) !== undefined) return yield* effect
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
  })

/** Emits `Unsearched`: some processes may still run. */
export const reportUnsearched: Effect.Effect<void> = Effect.flatMap(
  Output.Observer,
  (observe) => observe(new Output.Unsearched())
)
