// @ts-check
/** Runs commands. */
import { spawn } from "node:child_process"
import { closeSync, openSync } from "node:fs"
import { constants } from "node:os"
import { basename } from "node:path"
import { createInterface } from "node:readline"
import { Failure, Interrupted, reasonOf } from "./failure.js"

/**
 * The exit code of a process that a signal ended.
 *
 * @param {NodeJS.Signals} signal
 * @returns {number}
 */
export const exitCodeOf = (signal) => 128 + constants.signals[signal]

/** On a terminal, Ctrl-C reaches the whole foreground group, so passing it on would send it twice. */
const hasTerminal = () => {
  if (process.platform === "win32") return true
  try {
    closeSync(openSync("/dev/tty", "r"))
    return true
  } catch {
    return false
  }
}

/**
 * Passes signals to a child until it ends, and kills it if this process exits.
 *
 * @param {import("node:child_process").ChildProcess} child
 * @returns {Promise<{ code: number, signal: NodeJS.Signals | undefined }>} the signal that this process got
 */
const ending = async (child) => {
  /** @type {NodeJS.Signals | undefined} */
  let received
  /** @param {NodeJS.Signals} signal */
  const forward = (signal) => {
    received = signal
    if (signal !== "SIGINT" || !hasTerminal()) child.kill(signal)
  }
  const kill = () => {
    child.kill()
  }
  process.on("SIGINT", forward).on("SIGTERM", forward).on("exit", kill)
  try {
    return await new Promise((resolve, reject) => {
      child.once("error", (error) => reject(new Failure(`${child.spawnfile} cannot be started: ${reasonOf(error)}`)))
      child.once("close", (code, signal) => {
        resolve({ code: code ?? (signal === null ? 1 : exitCodeOf(signal)), signal: received })
      })
    })
  } finally {
    process.off("SIGINT", forward).off("SIGTERM", forward).off("exit", kill)
  }
}

/**
 * Runs a command with the input and output of this process.
 *
 * @param {string} command
 * @param {ReadonlyArray<string>} args
 * @param {{ env: NodeJS.ProcessEnv, cwd?: string }} options
 * @returns {Promise<number>} its exit code
 */
export const handOver = async (command, args, options) => {
  const { code } = await ending(spawn(command, args, { ...options, stdio: "inherit" }))
  return code
}

/**
 * @typedef {object} RunOptions
 * @property {import("./context.js").Context} context
 * @property {string} cwd
 * @property {NodeJS.ProcessEnv} [env] variables besides those of the context
 * @property {(line: string) => void} [onStdout] takes the lines of standard output
 * @property {(line: string) => void} [onLine] sees all other lines
 */

const linesShown = 40

/**
 * Runs a command. If it fails, the end of its output is shown.
 *
 * @param {string} command
 * @param {ReadonlyArray<string>} args
 * @param {RunOptions} options
 * @returns {Promise<void>}
 */
export const run = async (command, args, { context, cwd, env, onLine, onStdout }) => {
  /** @type {Array<string>} */
  const lines = []
  /** @param {string} line */
  const keep = (line) => {
    lines.push(line)
    if (lines.length > linesShown) lines.shift()
    onLine?.(line)
  }

  const child = spawn(command, args, {
    cwd,
    env: { ...context.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    windowsHide: true
  })
  createInterface(child.stdout).on("line", onStdout ?? keep)
  createInterface(child.stderr).on("line", keep)

  const { code, signal } = await ending(child)
  if (signal !== undefined) throw new Interrupted(signal)
  if (code !== 0) {
    for (const line of lines) context.progress.say(`  ${line}`)
    throw new Failure(`${[basename(command), ...args.slice(0, 2)].join(" ")} ended with exit code ${code}`)
  }
}
