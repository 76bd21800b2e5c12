/**
 * Finds what a command has left behind. All processes of an operation have a variable that names it and that their
 * descendants inherit, also those that moved to a session of their own. Where `/proc` does not show variables, nothing is
 * found: there only the process group of a command is ended.
 */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import * as Output from "../Output.js"

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

export interface Strays {
  /** Ends the processes of an operation that still run; `false` where it is not known which do. */
  readonly end: (marker: string) => Effect.Effect<boolean>
}

/** `kill` sends SIGKILL to processes. */
export const makeStrays = (
  kill: (pids: ReadonlyArray<number>) => Effect.Effect<void>
): Effect.Effect<Strays, never, FileSystem.FileSystem> =>
  Effect.map(FileSystem.FileSystem, (fs) => {
    const isOf = (marker: string, pid: string) =>
      fs.readFile(`/proc/${pid}/environ`).pipe(
        Effect.map((environ) => includes(environ, new TextEncoder().encode(`${variable}=${marker}\0`))),
        // It has ended, or is not ours.
        Effect.orElseSucceed(() => false)
      )

    const find = Effect.fnUntraced(function*(marker: string, names: ReadonlyArray<string>) {
      const pids = names.filter((name) => /^\d+$/.test(name))
      return (yield* Effect.filter(pids, (pid) => isOf(marker, pid), { concurrency: 16 })).map(Number)
    })

    const end = Effect.fnUntraced(function*(marker: string) {
      for (let round = 1; round <= rounds; round++) {
        const names = yield* Effect.orElseSucceed(fs.readDirectory("/proc"), (): ReadonlyArray<string> => [])
        // This process is not in it where it is something else.
        if (!names.includes("self")) return false
        const pids = yield* find(marker, names)
        if (pids.length === 0) break
        yield* kill(pids)
      }
      return true
    })

    return { end }
  })

/** Says that it is not known whether all processes have ended. */
export const tellUnsearched = (searched: boolean): Effect.Effect<void> =>
  searched ? Effect.void : Effect.flatMap(Output.Observer, (observe) => observe(new Output.Unsearched()))
