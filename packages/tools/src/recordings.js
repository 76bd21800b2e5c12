// @ts-check
/** Recorded runs of pixi or uv. */
import { readdirSync, readFileSync } from "node:fs"
import { basename, join, resolve } from "node:path"

/**
 * @typedef {object} Step a command
 * @property {ReadonlyArray<string>} argv
 * @property {number | undefined} exit negative: by that signal
 * @property {unknown} timeout seconds
 * @property {string} [stdout]
 * @property {string} [stderr]
 */

/** @param {unknown} value @returns {value is Record<string, unknown>} */
const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value)

/** @param {unknown} value @returns {value is string | undefined} */
const isText = (value) => value === undefined || value === null || typeof value === "string"

/**
 * Fails with what is odd.
 *
 * @param {unknown} step
 * @returns {Step | undefined} `undefined` if it is a preparation
 */
const commandOf = (step) => {
  if (!isRecord(step)) throw new Error("it is not an object")
  const { argv, exit, stderr, stdout, timeout } = step
  if (argv === undefined) return undefined
  if (!Array.isArray(argv) || !argv.every((arg) => typeof arg === "string")) {
    throw new Error("argv is not a list of texts")
  }
  if (!isText(stdout) || !isText(stderr)) throw new Error("stdout or stderr is not a text")
  const ends = typeof exit === "number" && Number.isInteger(exit)
  if (!ends && timeout === undefined) throw new Error("it has neither an exit nor a timeout")
  return { argv, exit: ends ? exit : undefined, timeout, stdout: stdout ?? "", stderr: stderr ?? "" }
}

/** @typedef {"pixi" | "uv"} Manager */

/** @typedef {{ readonly scenario: string, readonly steps: ReadonlyArray<readonly [index: number, step: Step]> }} Recording */

/**
 * @param {string} directory
 * @param {string} name
 * @param {Array<string>} odd
 * @returns {Array<Recording>} one, or several where the file has several
 */
const recordingsOf = (directory, name, odd) => {
  /** @type {unknown} */
  let recording
  try {
    recording = JSON.parse(readFileSync(join(directory, name), "utf8"))
  } catch (error) {
    odd.push(`${name}: ${error instanceof Error ? error.message : error}`)
    return []
  }
  return (Array.isArray(recording) ? recording : [recording]).flatMap((recording) => {
    if (!isRecord(recording) || !Array.isArray(recording.steps)) {
      odd.push(`${name}: it has no list of steps`)
      return []
    }
    const scenario = typeof recording.scenario === "string" ? recording.scenario : name.replace(/\.json$/, "")
    /** @type {Recording["steps"]} */
    const steps = recording.steps.flatMap((step, index) => {
      try {
        const command = commandOf(step)
        return command === undefined ? [] : [/** @type {const} */ ([index, command])]
      } catch (error) {
        odd.push(`${name}, step ${index}: ${error instanceof Error ? error.message : error}`)
        return []
      }
    })
    return [{ scenario, steps }]
  })
}

/**
 * uv is told its directory, and pixi its manifest; neither has the other's flag.
 *
 * @param {string} directory
 * @param {ReadonlyArray<Recording>} recordings
 * @returns {Manager}
 */
const managerOf = (directory, recordings) => {
  const named = /^(pixi|uv)(?![a-z])/.exec(basename(resolve(directory)))?.[1]
  if (named !== undefined) return named === "uv" ? "uv" : "pixi"
  /** @param {ReadonlyArray<string>} flags */
  const having = (...flags) =>
    recordings.flatMap(({ steps }) => steps).filter(([, { argv }]) => flags.some((flag) => argv.includes(flag))).length
  return having("--directory") > having("--manifest-path", "-m") ? "uv" : "pixi"
}

/**
 * All recordings of a directory, and what is odd about its files.
 *
 * @param {string} directory
 */
export const read = (directory) => {
  /** @type {Array<string>} */
  const odd = []
  /** @type {Array<string>} */
  let names = []
  try {
    names = readdirSync(directory).filter((name) => name.endsWith(".json")).sort()
    if (names.length === 0) odd.push(`${directory}: it has no recordings`)
  } catch (error) {
    odd.push(error instanceof Error ? error.message : String(error))
  }
  const recordings = names.flatMap((name) => recordingsOf(directory, name, odd))
  return { recordings, manager: managerOf(directory, recordings), odd }
}
