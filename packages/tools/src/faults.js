#!/usr/bin/env node
// @ts-check
/** Injects faults into operations, and finds whether what the library promises holds: see `usage`. */
import * as CondaChannel from "@darb/testing/CondaChannel"
import * as WheelDirectory from "@darb/testing/WheelDirectory"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { mkdtempSync, realpathSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { basename, dirname, join } from "node:path"
import { parseArgs } from "node:util"
import { serve } from "./faults/channel.js"
import { Environment } from "./faults/environment.js"
import { judge } from "./faults/judge.js"
import { kinds } from "./faults/kinds.js"
import { pixi, uv } from "./faults/managers.js"
import { canSeeProcesses, endProcesses } from "./faults/processes.js"
import { random } from "./faults/random.js"
import { classes, problemsOf, table } from "./faults/report.js"
import { whyNoTmpfs } from "./faults/tmpfs.js"

/** @typedef {import("./faults/report.js").Entry} Entry */

const usage = `usage: npm run faults -- [--seed S] [--count N] [--environments N] [--only NUMBER] [--kind TEXT]

Runs N faults (1000) on N environments (50): on a stand-in for pixi, and every fourth on the executables that
DARB_TEST_PIXI and DARB_TEST_UV name, separated by ":". The same seed makes the same plan; --only does one fault of it, --kind
those whose name has the text. The exit code is 0 if nothing is wrong.
`

/** How many environments are at work at once. */
const workers = 3

/** The part of the faults that real managers have. */
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
    const whole = (/** @type {string} */ text) => /^[1-9]\d{0,6}$/.test(text) ? Number(text) : undefined
    const count = whole(values.count)
    const environments = whole(values.environments)
    const only = values.only === undefined ? 0 : whole(values.only)
    if (values.help || count === undefined || environments === undefined || only === undefined) return undefined
    return { ...values, count, environments, only, seed: values.seed ?? String(Date.now()) }
  } catch {
    return undefined
  }
}

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
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) process.on(signal, () => process.exit(130))

/** What nobody was waiting for. @type {Array<string>} */
const stray = []
process.on("uncaughtException", (error) => stray.push(String(error?.stack ?? error)))
process.on("unhandledRejection", (error) => stray.push(String(error)))

/**
 * @param {string} variable
 * @param {import("./faults/managers.js").Kind} kind
 */
const targets = (variable, kind) =>
  (process.env[variable] ?? "").split(":").filter((path) => path !== "").map((executable) => {
    const name = basename(executable)
    const label = name === kind.name ? `${basename(dirname(executable))}/${name}` : name
    return { executable, kind, label: label.slice(0, 20) }
  })
const labels = [...targets("DARB_TEST_PIXI", pixi), ...targets("DARB_TEST_UV", uv)]
// One for each executable, and one for the stand-in.
const environments = Math.max(given.environments, labels.length + 1)
const noTmpfs = whyNoTmpfs(join(root, "mount"))
const possible = kinds.filter(({ needs }) => needs !== "tmpfs" || noTmpfs === undefined)

const say = (/** @type {string} */ line) => process.stdout.write(`${line}\n`)

say(`seed ${seed}: ${count} faults, ${environments} environments`)
say(`on the stand-in${labels.map(({ label }) => `, ${label}`).join("")}`)
for (const { name } of [pixi, uv]) {
  const takesPart = labels.some(({ kind }) => kind.name === name)
  if (!takesPart) say(`DARB_TEST_${name.toUpperCase()} is not set: NO REAL ${name} takes part`)
}
if (!canSeeProcesses) say("This machine has no /proc: WHAT IS LEFT RUNNING is not looked for")
if (noTmpfs !== undefined) say(`Left out, because no tmpfs can be mounted (${noTmpfs}): a full disk, a read-only one`)

const realEnvironments = labels.length === 0
  ? 0
  : Math.max(labels.length, Math.round(environments * realPart))

/** @typedef {{ number: number, kind: import("./faults/kinds.js").Kind, slot: number }} Planned */

/** @returns {Array<Planned>} */
const makePlan = () => {
  const { chance, below, shuffled } = random(seed, "plan")
  const onReal = possible.filter(({ on }) => on === "any").length / possible.length
  /** @type {Array<Planned>} */
  const plan = []
  for (let round = 0; plan.length < count; round++) {
    for (const kind of shuffled(possible.filter(({ every = 1 }) => round % every === 0))) {
      const isReal = kind.on === "any" && realEnvironments > 0 && chance(Math.min(1, realPart / onReal))
      const standIns = environments - realEnvironments
      const slot = isReal ? below(realEnvironments) : realEnvironments + below(standIns)
      plan.push({ number: plan.length + 1, kind, slot })
    }
  }
  return plan.slice(0, count)
}

const plan = makePlan().filter(({ kind, number }) =>
  (only === 0 || number === only) && (part === undefined || kind.name.includes(part))
)
const runtime = ManagedRuntime.make(NodeContext.layer)
await runtime.runPromise(CondaChannel.write(join(root, "channel"), CondaChannel.examples))
await runtime.runPromise(WheelDirectory.write(join(root, "channel", "wheels"), WheelDirectory.examples))
const channel = await serve(join(root, "channel"))

/** @type {Array<Environment | undefined>} */
const slots = []
let made = 0

/**
 * @param {number} slot
 * @returns {Promise<Environment>}
 */
const environmentAt = async (slot) => {
  const target = slot < realEnvironments ? labels[slot % labels.length] : undefined
  return slots[slot] ??= await new Environment(
    { channel, root, runtime },
    target ?? { label: "stand-in", executable: undefined, kind: pixi },
    `${slot}-${++made}`
  ).prepare()
}

/**
 * @param {Planned} planned
 * @returns {Promise<Entry>}
 */
const doOne = async ({ kind, number, slot }) => {
  try {
    const environment = await environmentAt(slot)
    environment.calm()
    const verdict = await judge({ random: random(seed, number), environment }, kind)
    // What is wrong in one must not count again in the next, and what only pixi can judge it may judge differently.
    if (verdict.problems.length > 0 || (kind.name.includes("corrupt") && verdict.outcome === "succeeded")) {
      environment.remove()
      slots[slot] = undefined
    }
    return { number, kind: kind.name, environment: String(environment), verdict }
  } catch (error) {
    const text = error instanceof Error ? error.stack ?? error.message : String(error)
    slots[slot] = undefined
    return {
      number,
      kind: kind.name,
      environment: String(slot),
      verdict: { outcome: "failed", detail: "the fault could not be injected", problems: [{ column: "defects", text }] }
    }
  }
}

/** @type {Array<Entry>} */
const entries = []
const begun = Date.now()
const seconds = () => Math.round((Date.now() - begun) / 1000)

/** @param {number} worker */
const work = async (worker) => {
  for (const planned of plan.filter(({ slot }) => slot % workers === worker)) {
    const entry = await doOne(planned)
    entries.push(entry)
    for (const problem of problemsOf(entry)) say(problem)
    if (entries.length % 50 === 0) process.stderr.write(`${entries.length} of ${plan.length} after ${seconds()} s\n`)
  }
}
await Promise.all(Array.from({ length: workers }, (_, worker) => work(worker)))
await channel.close()
await runtime.dispose()

const names = possible.map(({ name }) => name)
const failed = entries.filter(({ verdict }) => verdict.problems.length > 0).length + stray.length
for (const text of stray) say(`an error that nobody was waiting for: ${text}`)
say("")
say(table(entries, names))
say("\nClasses of the failures:")
say(classes(entries, names))
const complete = entries.filter(({ verdict }) => verdict.complete)
const interrupted = complete.filter(({ verdict }) => verdict.outcome === "interrupted").length
if (complete.length > 0) {
  say(`\nComplete when it came: ${interrupted} interruptions, ${complete.length - interrupted} kills of the program.`)
}
const mended = entries.filter(({ verdict }) => verdict.mended).length
if (mended > 0) {
  say(`\nThe next operation said ${mended} times that what is installed is damaged and to be removed, and then worked.`)
}
say(`\nseed ${seed}, ${seconds()} s`)
say(`${entries.length - Math.min(failed, entries.length)} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
