/** Injects faults into operations and checks the promises of the library: see `usage`. */
import * as CondaChannel from "@darb/testing/CondaChannel"
import * as WheelDirectory from "@darb/testing/WheelDirectory"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import { mkdtempSync, realpathSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { basename, dirname, join } from "node:path"
import { parseArgs } from "node:util"
import * as Channel from "./faults/Channel.js"
import { check } from "./faults/Check.js"
import { type Driver, pixi, uv } from "./faults/Driver.js"
import { Environment, type Target } from "./faults/Environment.js"
import type { Fault } from "./faults/Fault.js"
import * as Kinds from "./faults/Kinds.js"
import { canSeeProcesses, endProcesses } from "./faults/Processes.js"
import * as Random from "./faults/Random.js"
import { classes, type Entry, problemsOf, table } from "./faults/Report.js"
import * as Tmpfs from "./faults/Tmpfs.js"

const usage = `usage: npm run faults -- [--seed S] [--count N] [--environments N] [--only NUMBER] [--kind TEXT]

Runs N faults (1000) on N environments (50): on a stand-in for pixi, and every fourth on the executables that
DARB_TEST_PIXI and DARB_TEST_UV name, separated by ":". The same seed makes the same plan; --only does one fault of it, --kind
those whose name has the text. The exit code is 0 if nothing is wrong.
`

/** How many environments are used at once. */
const workers = 3

/** The share of the faults that real managers have. */
const realPart = 0.25

const options = () => {
  try {
    const { values } = parseArgs({
      options: {
        seed: { type: "string" },
        count: { type: "string", default: "1000" },
        environments: { type: "string", default: "50" },
        only: { type: "string" },
        kind: { type: "string" },
        help: { type: "boolean" }
      }
    })
    const whole = (text: string) => /^[1-9]\d{0,6}$/.test(text) ? Number(text) : undefined
    const count = whole(values.count)
    const environments = whole(values.environments)
    const only = values.only === undefined ? 0 : whole(values.only)
    if (values.help || count === undefined || environments === undefined || only === undefined) return undefined
    return { ...values, count, environments, only, seed: values.seed ?? String(Date.now()) }
  } catch {
    return undefined
  }
}

const print = (line: string): void => void process.stdout.write(`${line}\n`)

const given = options()
if (given === undefined) {
  process.stderr.write(usage)
  process.exit(2)
}
const { count, kind: part, only, seed } = given

const root = realpathSync(mkdtempSync(join(tmpdir(), "darb-faults-")))
process.on("exit", () => {
  endProcesses(root)
  rmSync(root, { recursive: true, force: true })
})
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(130))

/** Errors that nothing was waiting for. */
const unexpected: Array<string> = []
process.on("uncaughtException", (error) => unexpected.push(String(error?.stack ?? error)))
process.on("unhandledRejection", (error) => unexpected.push(String(error)))

const targets = (variable: string, driver: Driver): ReadonlyArray<Target> =>
  (process.env[variable] ?? "").split(":").filter((path) => path !== "").map((executable) => {
    const name = basename(executable)
    const label = name === driver.name ? `${basename(dirname(executable))}/${name}` : name
    return { executable, driver, label: label.slice(0, 20) }
  })
const real = [...targets("DARB_TEST_PIXI", pixi), ...targets("DARB_TEST_UV", uv)]
// One for each executable, and one for the stand-in.
const environments = Math.max(given.environments, real.length + 1)
const realEnvironments = real.length === 0 ? 0 : Math.max(real.length, Math.round(environments * realPart))
const noTmpfs = Tmpfs.whyNot(join(root, "mount"))
const possible = Kinds.all.filter(({ needs }) => needs !== "tmpfs" || noTmpfs === undefined)

print(`seed ${seed}: ${count} faults, ${environments} environments`)
print(`on the stand-in${real.map(({ label }) => `, ${label}`).join("")}`)
for (const { name } of [pixi, uv]) {
  const takesPart = real.some(({ driver }) => driver.name === name)
  if (!takesPart) print(`DARB_TEST_${name.toUpperCase()} is not set: NO REAL ${name} takes part`)
}
if (!canSeeProcesses) print("This machine has no /proc: WHAT IS LEFT RUNNING is not looked for")
if (noTmpfs !== undefined) print(`Left out, because no tmpfs can be mounted (${noTmpfs}): a full disk, a read-only one`)

interface Planned {
  readonly number: number
  readonly fault: Fault
  /** The number of the environment. */
  readonly slot: number
}

const makePlan = (): ReadonlyArray<Planned> => {
  const { below, chance, shuffled } = Random.make(seed, "plan")
  const onReal = possible.filter(({ on }) => on === "any").length / possible.length
  const plan: Array<Planned> = []
  for (let round = 0; plan.length < count; round++) {
    for (const fault of shuffled(possible.filter(({ every = 1 }) => round % every === 0))) {
      const isReal = fault.on === "any" && realEnvironments > 0 && chance(Math.min(1, realPart / onReal))
      const slot = isReal ? below(realEnvironments) : realEnvironments + below(environments - realEnvironments)
      plan.push({ number: plan.length + 1, fault, slot })
    }
  }
  return plan.slice(0, count)
}

const plan = makePlan().filter(({ fault, number }) =>
  (only === 0 || number === only) && (part === undefined || fault.name.includes(part))
)

const begun = Date.now()
const seconds = () => Math.round((Date.now() - begun) / 1000)

const run = Effect.gen(function*() {
  yield* CondaChannel.write(join(root, "channel"), CondaChannel.examples)
  yield* WheelDirectory.write(join(root, "channel", "wheels"), WheelDirectory.examples)
  const channel = yield* Channel.serve(join(root, "channel"))
  const entries: Array<Entry> = []
  const slots: Array<Environment | undefined> = []
  let made = 0

  const environmentAt = Effect.fnUntraced(function*(slot: number) {
    const target = slot < realEnvironments ? real[slot % real.length] : undefined
    return slots[slot] ??= yield* new Environment(
      { channel, root },
      target ?? { label: "stand-in", driver: pixi },
      `${slot}-${++made}`
    ).prepare
  })

  const inject = ({ fault, number, slot }: Planned) =>
    Effect.gen(function*() {
      const environment = yield* environmentAt(slot)
      environment.calm()
      const result = yield* check({ random: Random.make(seed, number), environment }, fault)
      // A problem must not count again in the next fault, and only pixi knows what a corrupt file means.
      if (result.problems.length > 0 || (fault.name.includes("corrupt") && result.outcome === "succeeded")) {
        environment.remove()
        slots[slot] = undefined
      }
      const entry: Entry = { number, fault: fault.name, environment: String(environment), result }
      return entry
    }).pipe(
      Effect.catchAllCause((cause) => {
        slots[slot] = undefined
        const entry: Entry = {
          number,
          fault: fault.name,
          environment: String(slot),
          result: {
            outcome: "failed",
            detail: "the fault could not be injected",
            problems: [{ column: "defects", text: Cause.pretty(cause) }]
          }
        }
        return Effect.succeed(entry)
      })
    )

  const work = (worker: number) =>
    Effect.forEach(
      plan.filter(({ slot }) => slot % workers === worker),
      (planned) =>
        Effect.map(inject(planned), (entry) => {
          entries.push(entry)
          for (const problem of problemsOf(entry)) print(problem)
          if (entries.length % 50 === 0) {
            process.stderr.write(`${entries.length} of ${plan.length} after ${seconds()} s\n`)
          }
        }),
      { discard: true }
    )
  yield* Effect.forEach(Array.from({ length: workers }, (_, worker) => worker), work, { concurrency: workers })
  return entries
}).pipe(Effect.scoped)

const report = (entries: ReadonlyArray<Entry>): number => {
  const names = possible.map(({ name }) => name)
  const failed = entries.filter(({ result }) => result.problems.length > 0).length + unexpected.length
  for (const text of unexpected) print(`an error that nobody was waiting for: ${text}`)
  print("")
  print(table(entries, names))
  print("\nClasses of the failures:")
  print(classes(entries, names))
  const complete = entries.filter(({ result }) => result.complete)
  const interrupted = complete.filter(({ result }) => result.outcome === "interrupted").length
  if (complete.length > 0) {
    print(
      `\nComplete when it came: ${interrupted} interruptions, ${complete.length - interrupted} kills of the program.`
    )
  }
  const mended = entries.filter(({ result }) => result.mended).length
  if (mended > 0) {
    print(
      `\nThe next operation said ${mended} times that what is installed is damaged and to be removed, and then worked.`
    )
  }
  print(`\nseed ${seed}, ${seconds()} s`)
  print(`${entries.length - Math.min(failed, entries.length)} passed, ${failed} failed`)
  return failed
}

run.pipe(
  Effect.map((entries) => process.exit(report(entries) === 0 ? 0 : 1)),
  Effect.provide(NodeContext.layer),
  NodeRuntime.runMain({ disablePrettyLogger: true })
)
