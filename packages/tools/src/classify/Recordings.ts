/** Reads recorded runs of pixi or uv from a directory. */
import { readdirSync, readFileSync } from "node:fs"
import { basename, join, resolve } from "node:path"

export type Manager = "pixi" | "uv"

/** A command of a recording. */
export interface Step {
  readonly index: number
  readonly argv: ReadonlyArray<string>
  /** A negative number is a signal; `undefined` after a timeout. */
  readonly exit: number | undefined
  /** Seconds. */
  readonly timeout: unknown
  readonly stdout: string
  readonly stderr: string
}

export interface Recording {
  readonly scenario: string
  readonly steps: ReadonlyArray<Step>
}

export interface Recordings {
  readonly manager: Manager
  readonly recordings: ReadonlyArray<Recording>
  /** What is not a recording, with the reason. */
  readonly odd: ReadonlyArray<string>
}

/** All recordings of a directory. A file has one recording or an array of them. */
export const read = (directory: string): Recordings => {
  const odd: Array<string> = []
  const attempt = <A>(place: string, make: () => ReadonlyArray<A>): ReadonlyArray<A> => {
    try {
      return make()
    } catch (error) {
      odd.push(`${place}${error instanceof Error ? error.message : error}`)
      return []
    }
  }

  const names = attempt("", () => readdirSync(directory).filter((name) => name.endsWith(".json")).sort())
  if (names.length === 0 && odd.length === 0) odd.push(`${directory}: it has no recordings`)
  const recordings = names.flatMap((name) =>
    attempt<unknown>(`${name}: `, () => [JSON.parse(readFileSync(join(directory, name), "utf8"))].flat()).flatMap((
      value
    ) =>
      attempt(`${name}: `, () => {
        if (!isRecord(value) || !Array.isArray(value.steps)) throw new Error("it has no list of steps")
        const scenario = typeof value.scenario === "string" ? value.scenario : name.replace(/\.json$/, "")
        const steps = value.steps.flatMap((step, index) =>
          attempt(`${name}, step ${index}: `, () => stepsOf(step, index))
        )
        return [{ scenario, steps }]
      })
    )
  )
  return { recordings, manager: managerOf(directory, recordings), odd }
}

/** The step, or nothing if it only prepares files. Fails with what is odd. */
const stepsOf = (step: unknown, index: number): ReadonlyArray<Step> => {
  if (!isRecord(step)) throw new Error("it is not an object")
  const { argv, exit, stderr, stdout, timeout } = step
  if (argv === undefined) return []
  if (!Array.isArray(argv) || !argv.every((arg) => typeof arg === "string")) {
    throw new Error("argv is not a list of texts")
  }
  if (!isText(stdout) || !isText(stderr)) throw new Error("stdout or stderr is not a text")
  const ends = typeof exit === "number" && Number.isInteger(exit)
  if (!ends && timeout === undefined) throw new Error("it has neither an exit nor a timeout")
  return [{ index, argv, exit: ends ? exit : undefined, timeout, stdout: stdout ?? "", stderr: stderr ?? "" }]
}

/** By the name of the directory; otherwise by the flag for the environment, which differs. */
const managerOf = (directory: string, recordings: ReadonlyArray<Recording>): Manager => {
  const named = /^(pixi|uv)(?![a-z])/.exec(basename(resolve(directory)))?.[1]
  if (named !== undefined) return named === "uv" ? "uv" : "pixi"
  const having = (...flags: ReadonlyArray<string>) =>
    recordings.flatMap(({ steps }) => steps).filter(({ argv }) => flags.some((flag) => argv.includes(flag))).length
  return having("--directory") > having("--manifest-path", "-m") ? "uv" : "pixi"
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const isText = (value: unknown): value is string | null | undefined =>
  value === undefined || value === null || typeof value === "string"
