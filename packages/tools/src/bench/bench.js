#!/usr/bin/env node
// @ts-check
/** Measures the decoders beside what they are compared with: in one process, in rounds of both, of which the median counts. */
import * as PixiLock from "@darb/pixi/PixiLock"
import * as PixiManifest from "@darb/pixi/PixiManifest"
import * as PixiPrefix from "@darb/pixi/PixiPrefix"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as Effect from "effect/Effect"
import * as Yaml from "js-yaml"
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parse } from "smol-toml"
import { lock, manifests, prefix } from "./fixtures.js"

const [warmUp, rounds] = [3, 15]

/** @param {ReadonlyArray<number>} values */
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN

/** The second of two runs, so that it has to clean up after itself and not after the other. @param {() => unknown} run */
const time = async (run) => {
  await run()
  const start = performance.now()
  await run()
  return performance.now() - start
}

/**
 * @param {() => unknown} ours
 * @param {() => unknown} baseline
 */
const compare = async (ours, baseline) => {
  const times = { ours: /** @type {Array<number>} */ ([]), baseline: /** @type {Array<number>} */ ([]) }
  for (let round = -warmUp; round < rounds; round++) {
    const other = await time(baseline)
    const own = await time(ours)
    if (round < 0) continue
    times.baseline.push(other)
    times.ours.push(own)
  }
  return { ours: median(times.ours), baseline: median(times.baseline) }
}

const corpus = new URL("../../../../shared/corpus/", import.meta.url)

/** @param {string} kind */
const inCorpus = (kind) =>
  !existsSync(new URL("INDEX.tsv", corpus))
    ? []
    : readFileSync(new URL("INDEX.tsv", corpus), "utf8").split("\n").slice(1)
      .map((line) => line.split("\t"))
      .filter(([, found, , , , expected]) => found === kind && expected === "valid")
      .map(([file = ""]) => readFileSync(new URL(encodeURI(file), corpus)))

/** What `smol-toml` takes, so that both do the same work. @param {string} text */
const isToml = (text) => {
  try {
    parse(text)
    return true
  } catch {
    return false
  }
}

const manifestTexts = () => {
  const found = inCorpus("pixi.toml").map((bytes) => bytes.toString()).filter(isToml)
  return found.length > 0 ? { texts: found, from: "of ../shared/corpus" } : { texts: manifests(300), from: "generated" }
}

/** @type {Array<{ readonly what: string; readonly baseline: string; readonly ours: number; readonly other: number; readonly isMet: boolean; readonly ratio: string; readonly goal: string }>} */
const rows = []

/**
 * @param {string} what
 * @param {string} name
 * @param {{ readonly ours: number; readonly baseline: number }} times
 * @param {{ readonly atMost: number } | { readonly timesFaster: number }} goal
 */
const report = (what, name, { baseline, ours }, goal) => {
  const isFaster = "timesFaster" in goal
  rows.push({
    what,
    baseline: name,
    ours,
    other: baseline,
    ratio: isFaster ? `${(baseline / ours).toFixed(2)} × faster` : `${(ours / baseline).toFixed(2)} ×`,
    goal: isFaster ? `at least ${goal.timesFaster} × faster` : `at most ${goal.atMost} ×`,
    isMet: isFaster ? baseline / ours >= goal.timesFaster : ours / baseline <= goal.atMost
  })
}

const { from, texts } = manifestTexts()
const sources = texts.map((text) => ({
  file: "/srv/project/pixi.toml",
  fileName: /** @type {const} */ ("pixi.toml"),
  directoryName: "project",
  bytes: Buffer.from(text)
}))
report(
  `${texts.length} pixi.toml ${from}`,
  "smol-toml",
  await compare(
    () => sources.forEach((source) => Effect.runSync(PixiManifest.document(source))),
    () => texts.forEach((text) => parse(text))
  ),
  { atMost: 6 }
)

// As from a file: not a text that is still in pieces.
const large = Buffer.from(lock(11_000_000)).toString()
report(
  `pixi.lock of ${(large.length / 1e6).toFixed(1)} MB`,
  "js-yaml",
  await compare(() => Effect.runSync(PixiLock.read(large)), () => Yaml.load(large)),
  { timesFaster: 5 }
)

const [longest] = inCorpus("pixi.lock").sort((a, b) => b.length - a.length)
if (longest !== undefined) {
  const text = longest.toString()
  report(
    `pixi.lock of ${(text.length / 1e6).toFixed(1)} MB of ../shared/corpus`,
    "js-yaml",
    await compare(() => Effect.runSync(PixiLock.read(text)), () => Yaml.load(text)),
    { timesFaster: 5 }
  )
}

const directory = mkdtempSync(join(tmpdir(), "darb-bench-"))
try {
  prefix(directory, 500)
  const meta = join(directory, "conda-meta")
  const read = PixiPrefix.read(directory).pipe(Effect.provide(NodeContext.layer))
  report(
    "prefix of 500 packages",
    "reading, JSON.parse",
    await compare(
      () => Effect.runPromise(read),
      () => readdirSync(meta).map((name) => JSON.parse(readFileSync(join(meta, name), "utf8")))
    ),
    { atMost: 0.35 }
  )
} finally {
  rmSync(directory, { recursive: true, force: true })
}

const table = [
  ["", "ms", "baseline", "ms", "ratio", "goal", ""],
  ...rows.map(({ baseline, goal, isMet, other, ours, ratio, what }) => [
    what,
    ours.toFixed(1),
    baseline,
    other.toFixed(1),
    ratio,
    goal,
    isMet ? "met" : "MISSED"
  ])
]
const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => (row[column] ?? "").length))) ?? []
for (const row of table) {
  process.stdout.write(`${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd()}\n`)
}
process.stdout.write(`Medians of ${rounds} interleaved rounds after ${warmUp} to warm up, Node ${process.version}.\n`)
