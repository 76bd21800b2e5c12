/** Finds and ends the processes that an operation started, by the variables that they inherit. */
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { existsSync, readdirSync, readFileSync } from "node:fs"

/** Whether this machine shows the variables of processes. */
export const canSeeProcesses = existsSync("/proc/self/environ")

/** A file of a process; `undefined` if the process has ended or belongs to another user. */
const read = (pid: string, file: string): Buffer | undefined => {
  try {
    return readFileSync(`/proc/${pid}/${file}`)
  } catch {
    return undefined
  }
}

const isRunning = (pid: string): boolean => {
  const stat = read(pid, "stat")
  return stat !== undefined && !/^\S+ \(.*\) Z/s.test(stat.toString())
}

const commandOf = (pid: string): string => (read(pid, "cmdline")?.toString() ?? "").replaceAll("\0", " ").trim()

/** The ids of the processes that operations started with this home. All of them inherit both variables. */
export const processesOf = (home: string): ReadonlyArray<string> =>
  (canSeeProcesses ? readdirSync("/proc") : []).filter((pid) => {
    if (!/^\d+$/.test(pid)) return false
    const environment = read(pid, "environ")
    return environment?.includes(`HOME=${home}\0`) && environment.includes("DARB_OPERATION=") && isRunning(pid)
  })

/** The processes that still run after a moment: a killed process takes one to end. */
export const leftProcesses = (home: string, limit = 1000): Effect.Effect<ReadonlyArray<string>> =>
  Effect.sync(() => processesOf(home)).pipe(
    Effect.filterOrFail((left) => left.length === 0, (left) => left.map((pid) => `${pid} ${commandOf(pid)}`)),
    Effect.retry({ schedule: Schedule.spaced(20).pipe(Schedule.upTo(limit)) }),
    Effect.merge
  )

/** Kills the processes that operations started with this home. */
export const endProcesses = (home: string): void => {
  for (const pid of processesOf(home)) killQuietly(Number(pid))
}

/** Kills a process, or the group of a negative id. It may have ended. */
export const killQuietly = (pid: number): void => {
  try {
    process.kill(pid, "SIGKILL")
  } catch {
    // It has ended.
  }
}
