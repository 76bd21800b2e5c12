/** The phases of the stand-in, in one of which it misbehaves. */
// @effect-diagnostics asyncFunction:off
import { spawn } from "node:child_process"
import { appendFileSync, closeSync, writeSync } from "node:fs"
import { join } from "node:path"
import * as Switch from "./Switch.js"

const home = process.env.HOME ?? "/nonexistent"

const { at = "solve", pace = 0, pipe = false, stream = "stdout", ...given } = Switch.read(home, process.argv[2] ?? "")

export const { fault, signal } = given

const isAtEnd = at === "end"

export const remember = (pid: number | undefined): void => appendFileSync(join(home, "pids"), `${pid}\n`)

export const print = (line: string): void => void process.stderr.write(`${line}\n`)

export const fail = (reason: string): never => {
  writeSync(2, `Error:   × ${reason}\n`)
  process.exit(1)
}

/** It has written one half of the lock file. */
export const failAtHalf = (): never => {
  if (signal !== undefined && isAtEnd) process.kill(process.pid, signal)
  return fail("it has written one half of the lock file")
}

/** Takes its time, and misbehaves if this is the phase for it. */
export const phase = async (name: Switch.Phase): Promise<void> => {
  if (pace > 0) await sleep(pace)
  if (name === at) await misbehave()
}

const sleep = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))

const misbehave = async (): Promise<void> => {
  switch (fault) {
    case "hang":
      return sleep(600_000)
    case "ignore TERM":
      process.on("SIGTERM", () => {})
      remember(spawn("sh", ["-c", "trap '' TERM; while :; do sleep 1; done"], { stdio: "ignore" }).pid)
      return sleep(600_000)
    case "orphan": {
      const child = spawn("sleep", ["600"], { detached: true, stdio: pipe ? "inherit" : "ignore" })
      remember(child.pid)
      return child.unref()
    }
    case "child": {
      const child = spawn("sleep", ["30"], { stdio: "ignore" })
      remember(child.pid)
      print(`child ${child.pid}`)
      const ended = await new Promise((resolve) => child.once("exit", (_, signal) => resolve(signal)))
      return fail(`a process that it had started was ended by ${ended}`)
    }
    case "gigabyte":
      return gigabyte()
    case "invalid UTF-8":
      writeSync(stream === "stdout" ? 1 : 2, Buffer.from([0x2d, 0xff, 0xfe, 0xc3, 0x28, 0xf0, 0x9f, 0x0a]))
      return
    case "close pipes":
      closeSync(1)
      closeSync(2)
      return sleep(20)
    case "signal":
      process.kill(process.pid, signal ?? "SIGKILL")
      return sleep(600_000)
    default:
      return
  }
}

const gigabyte = async (): Promise<void> => {
  const chunk = Buffer.from(`${"x".repeat(1023)}\n`.repeat(1024))
  for (let count = 0; count < 1024; count++) {
    await new Promise((resolve) => process[stream].write(chunk, resolve))
  }
}
