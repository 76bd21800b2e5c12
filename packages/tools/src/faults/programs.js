// @ts-check
import { spawn } from "node:child_process"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { shown } from "./operations.js"
import { killQuietly } from "./processes.js"
import { soon } from "./run.js"

/** @typedef {import("./run.js").Outcome} Outcome */

const file = fileURLToPath(new URL("program.js", import.meta.url))

/**
 * Another program that does an operation.
 *
 * @param {import("./environment.js").Environment} environment
 * @param {import("./operations.js").Operation} operation
 */
export const startProgram = (environment, operation) => {
  const assignment = JSON.stringify({ manager: environment.kind.name, options: environment.options, operation })
  const child = spawn(process.execPath, [file, assignment], { stdio: ["ignore", "pipe", "pipe"], detached: true })
  /** @type {Outcome | undefined} */
  let said
  let errors = ""
  /** @type {Set<() => void>} */
  const started = new Set()
  let count = 0

  child.stderr.on("data", (data) => errors = `${errors}${data}`.slice(-2000))
  const lines = createInterface(child.stdout).on("line", (line) => {
    const value = JSON.parse(line)
    const detail = `${shown(operation)} in another program: ${line}`
    if (value.succeeded) said = { kind: "succeeded", detail }
    else if (value.failed) said = { kind: "failed", tag: value.failed, detail }
    else if (value.defect) said = { kind: "defect", detail }
    else if (value._tag === "Started") {
      count++
      for (const listener of started) listener()
    }
  })
  /** @type {Promise<Outcome>} */
  const outcome = new Promise((resolve) => {
    let closed = 0
    const ended = () => {
      if (++closed < 2) return
      if (said !== undefined) return resolve(said)
      if (child.signalCode !== null) return resolve({ kind: "killed", detail: `${shown(operation)}: killed` })
      resolve({ kind: "defect", detail: `${shown(operation)} in another program: exit ${child.exitCode}: ${errors}` })
    }
    child.once("close", ended)
    lines.once("close", ended)
  })

  return {
    outcome,
    /**
     * Waits until it has started so many processes, or has ended.
     *
     * @param {number} processes
     */
    hasStarted: (processes) =>
      Promise.race([
        outcome.then(() => {}),
        /** @type {Promise<void>} */ (new Promise((resolve) => {
          const listener = () => count >= processes && resolve()
          started.add(listener)
          listener()
        }))
      ]),
    /** Kills it alone, or all of its process group. */
    kill: (group = false) => {
      if (child.pid !== undefined) killQuietly(group ? -child.pid : child.pid)
    },
    /** @param {number} limit milliseconds */
    within: async (limit) => {
      /** @type {Outcome | undefined} */
      const ended = await soon(outcome, limit)
      if (ended !== undefined) return ended
      if (child.pid !== undefined) killQuietly(-child.pid)
      return /** @type {Outcome} */ ({ kind: "hung", detail: `${shown(operation)} in another program did not end` })
    }
  }
}
