/** Starts runners, and reads what they did. */
import * as Effect from "effect/Effect"
import { type ChildProcess, spawn } from "node:child_process"
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
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
      createInterface({ input: child.stdout! }).on("line", (line) => {
        lines.push(line)
        if (line !== "ready") return
        resume(Effect.succeed({
          pid: child.pid ?? 0,
          signal: (signal) => Effect.sync(() => void child.kill(signal)),
          end: (signal) => Effect.andThen(Effect.sync(() => void child.kill(signal)), Effect.promise(() => ended))
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

/** Waits for what other processes do. */
export const eventually = (holds: () => boolean, limit = 30_000): Effect.Effect<void> =>
  Effect.suspend(() => {
    if (holds()) return Effect.void
    if (limit <= 0) return Effect.dieMessage("it did not happen in time")
    return Effect.delay(eventually(holds, limit - 50), 50)
  })
