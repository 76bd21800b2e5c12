// @ts-check
import { existsSync, readdirSync, readFileSync } from "node:fs"

/** Whether this machine shows the variables of processes. */
export const canSeeProcesses = existsSync("/proc/self/environ")

/** @param {string} pid */
const environmentOf = (pid) => {
  try {
    return readFileSync(`/proc/${pid}/environ`)
  } catch {
    // It has ended, or is somebody else's.
    return Buffer.alloc(0)
  }
}

/** @param {string} pid */
const isRunning = (pid) => {
  try {
    return !/^\S+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, "utf8"))
  } catch {
    return false
  }
}

/** @param {string} pid */
const commandOf = (pid) => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim()
  } catch {
    return ""
  }
}

/**
 * The processes that an operation has started with this home. All of them inherit both variables.
 *
 * @param {string} home
 * @returns {Array<string>} their ids
 */
export const processesOf = (home) =>
  (canSeeProcesses ? readdirSync("/proc") : []).filter((pid) => {
    if (!/^\d+$/.test(pid)) return false
    const environment = environmentOf(pid)
    return environment.includes(`HOME=${home}\0`) && environment.includes("DARB_OPERATION=") && isRunning(pid)
  })

/**
 * Waits a moment, as a process that was killed takes one to end.
 *
 * @param {string} home
 * @param {number} [limit] milliseconds
 * @returns {Promise<Array<string>>} what still runs
 */
export const leftProcesses = async (home, limit = 1000) => {
  const end = Date.now() + limit
  for (;;) {
    const left = processesOf(home)
    if (left.length === 0 || Date.now() > end) return left.map((pid) => `${pid} ${commandOf(pid)}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/**
 * Ends what was found.
 *
 * @param {string} home
 */
export const endProcesses = (home) => {
  for (const pid of processesOf(home)) killQuietly(Number(pid))
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals} [signal]
 */
export const killQuietly = (pid, signal = "SIGKILL") => {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended.
  }
}
