/**
 * Finds what a command has left behind. All processes of an operation have a variable that names it and that their
 * descendants inherit, also those that moved to a session of their own. Where `/proc` does not show variables, nothing is
 * found: there only the process group of a command is ended.
 */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"

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
  /** Ends the processes of an operation that still run. */
  readonly end: (marker: string) => Effect.Effect<void>
}

/** `kill` sends SIGKILL to processes. */
export const makeStrays = (
  kill: (pids: ReadonlyArray<number>) => Effect.Effect<void>
): Effect.Effect<Strays, never, FileSystem.FileSystem> =>
  Effect.map(FileSystem.FileSystem, (fs) => {
    const find = Effect.fnUntraced(function*(marker: string) {
      const names = yield* Effect.orElseSucceed(fs.readDirectory("/proc"), () => [])
      const wanted = new TextEncoder().encode(`${variable}=${marker}\0`)
      const found = yield* Effect.filter(
        names.filter((name) => /^\d+$/.test(name)),
        (pid) =>
          fs.readFile(`/proc/${pid}/environ`).pipe(
            Effect.map((environ) => includes(environ, wanted)),
            // It has ended, or is not ours.
            Effect.orElseSucceed(() => false)
          ),
        { concurrency: 16 }
      )
      return found.map(Number)
    })

    const end = (marker: string, round = 1): Effect.Effect<void> =>
      Effect.flatMap(find(marker), (pids) =>
        pids.length === 0 || round > rounds ? Effect.void : Effect.andThen(kill(pids), end(marker, round + 1)))

    return {
      end: (marker) =>
        end(marker)
    }
  })
