/** Starts runners, and reads what they did. */
import * as Effect from "effect/Effect"
import { type ChildProcess, spawn } from "node:child_process"
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import type { RunnerProcessOptions } from "./runner.js"
import type { Note } from "./Witness.js"

/** Node runs what was compiled, also if a test runner loads this file as it is. */
const compiled = import.meta.url.endsWith(".js") ? "runner.js" : "../../build/test/test/processes/runner.js"
const script = fileURLToPath(new URL(compiled, import.meta.url))

export interface Started {
  readonly pid: number
  readonly signal: (signal: NodeJS.Signals) => Effect.Effect<void>
  /** Ends it with a signal, and waits for the end. */
  readonly end: (signal: NodeJS.Signals) => Effect.Effect<number | null>
  readonly ended: Effect.Effect<void>
  /** Waits until it says a line, and returns what follows. */
  readonly says: (start: string) => Effect.Effect<string>
  /** The number of its fibers. */
  readonly fibers: Effect.Effect<number>
}

/** Fails with what it says if it does not become ready. */
export const runner = (options: RunnerProcessOptions) =>
  Effect.acquireRelease(
    Effect.async<Started, Error>((resume) => {
      const child: ChildProcess = spawn(process.execPath, [script, JSON.stringify(options)], {
        stdio: ["ignore", "pipe", process.env.DARB_TEST_VERBOSE ? "inherit" : "ignore"]
      })
      const ended = new Promise<number | null>((resolve) => child.once("close", resolve))
      const lines: Array<string> = []
      const says = (start: string, after = 0): Effect.Effect<string> =>
        Effect.suspend(() => {
          const said = lines.slice(after).find((line) => line.startsWith(start))
          return said === undefined ? Effect.delay(says(start, after), 20) : Effect.succeed(said.slice(start.length))
        })
      const signal = (signal: NodeJS.Signals) => Effect.sync(() => void child.kill(signal))
      createInterface({ input: child.stdout! }).on("line", (line) => {
        lines.push(line)
        if (line !== "ready") return
        resume(Effect.succeed({
          pid: child.pid ?? 0,
          signal,
          end: (name) => Effect.andThen(signal(name), Effect.promise(() => ended)),
          ended: Effect.promise(() => ended),
          says,
          fibers: Effect.suspend(() => {
            const before = lines.length
            return Effect.andThen(signal("SIGUSR2"), Effect.map(says("fibers ", before), Number))
          })
        }))
      })
      child.once("close", () => resume(Effect.fail(new Error(lines.join("\n")))))
      return Effect.sync(() => void child.kill("SIGKILL"))
    }),
    ({ end }) => end("SIGKILL")
  )

/** Environments of the witness below a root. */
export const environments = (root: string, names: ReadonlyArray<string>) =>
  Effect.sync(() => {
    for (const name of names) {
      mkdirSync(join(root, name), { recursive: true })
      writeFileSync(join(root, name, "witness.json"), "[]")
    }
  })

export const notes = (log: string): ReadonlyArray<Note> =>
  existsSync(log)
    ? readFileSync(log, "utf8").split("\n").filter((line) => line !== "").map((line) => JSON.parse(line))
    : []

export const installed = (root: string, name: string): ReadonlyArray<string> =>
  JSON.parse(readFileSync(join(root, name, "witness.json"), "utf8"))

/** The memory of a process in MB, now and at most. */
export const memoryOf = (pid: number) => {
  const status = readFileSync(`/proc/${pid}/status`, "utf8")
  const of = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0) / 1024
  return { now: of("VmRSS"), most: of("VmHWM") }
}

/** The number of open files, sockets and pipes of a process. */
export const descriptorsOf = (pid: number) => readdirSync(`/proc/${pid}/fd`).length

/** Waits for what other processes do. */
export const eventually = (holds: () => boolean, limit = 30_000): Effect.Effect<void> =>
  Effect.suspend(() => {
    if (holds()) return Effect.void
    if (limit <= 0) return Effect.dieMessage("it did not happen in time")
    return Effect.delay(eventually(holds, limit - 50), 50)
  })
