/** Performs an operation in a process of its own, which can be killed. */
import type { PixiOptions } from "@darb/pixi/Pixi"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { spawn } from "node:child_process"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import type { Environment } from "./Environment.js"
import { type Operation, shown } from "./Operation.js"
import { killQuietly } from "./Processes.js"
import type { Outcome } from "./Run.js"
import * as Watch from "./Watch.js"

/** What the program `perform.js` is told. */
export interface Assignment {
  readonly driver: "pixi" | "uv"
  readonly options: PixiOptions
  readonly operation: Operation
}

const file = fileURLToPath(new URL("perform.js", import.meta.url))

export const start = (environment: Environment, operation: Operation) => {
  const assignment: Assignment = { driver: environment.driver.name, options: environment.options, operation }
  const child = spawn(process.execPath, [file, JSON.stringify(assignment)], {
    stdio: ["ignore", "pipe", "pipe"],
    detached: true
  })
  const watch = Watch.make()
  const name = `${shown(operation)} in another program`
  let said: Outcome | undefined
  let errors = ""
  let started = 0
  let open = 2

  child.stderr.on("data", (data) => errors = `${errors}${data}`.slice(-2000))
  const lines = createInterface(child.stdout).on("line", (line) => {
    const value = JSON.parse(line)
    const detail = `${name}: ${line}`
    if (value.succeeded) said = { kind: "succeeded", detail }
    else if (value.failed) said = { kind: "failed", tag: value.failed, detail }
    else if (value.defect) said = { kind: "defect", detail }
    else if (value._tag === "Started") started++
    watch.notify()
  })
  const closed = () => {
    open--
    watch.notify()
  }
  child.once("close", closed)
  lines.once("close", closed)

  const outcome = watch.until((): Outcome | undefined => {
    if (open > 0) return undefined
    if (said !== undefined) return said
    return child.signalCode !== null
      ? { kind: "killed", detail: `${shown(operation)}: killed` }
      : { kind: "defect", detail: `${name}: exit ${child.exitCode}: ${errors}` }
  })

  return {
    /** Waits until it has started this many processes, or has ended. */
    hasStarted: (processes: number) => watch.until(() => started >= processes || open === 0 || undefined),
    /** Kills the program alone, or its process group. */
    kill: (group: boolean) =>
      Effect.sync(() => {
        if (child.pid !== undefined) killQuietly(group ? -child.pid : child.pid)
      }),
    /** The outcome. A program that does not end within the milliseconds is killed, and has hung. */
    within: Effect.fnUntraced(function*(limit: number) {
      const ended = yield* Effect.timeoutOption(outcome, limit)
      if (Option.isSome(ended)) return ended.value
      if (child.pid !== undefined) killQuietly(-child.pid)
      const hung: Outcome = { kind: "hung", detail: `${name} did not end` }
      return hung
    })
  }
}
