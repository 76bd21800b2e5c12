/** Measures the decoders beside a baseline, in one process: `bench.js [CORPUS]`. Prints each figure with its goal. */
import * as PixiLock from "@darb/pixi/PixiLock"
import * as PixiManifest from "@darb/pixi/PixiManifest"
import * as PixiPrefix from "@darb/pixi/PixiPrefix"
import * as UvLock from "@darb/uv/UvLock"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as FileSystem from "@effect/platform/FileSystem"
import type * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Yaml from "js-yaml"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import * as Toml from "smol-toml"
import * as Comparison from "./bench/Comparison.js"
import * as Corpus from "./bench/Corpus.js"
import * as Fixtures from "./bench/Fixtures.js"

const megabytes = (bytes: Uint8Array) => `${(bytes.length / 1e6).toFixed(1)} MB`

const manifests = (what: string, files: ReadonlyArray<Buffer>, goals: Comparison.Comparison["goals"]) => {
  const texts = files.map(String)
  const comparison: Comparison.Comparison = {
    what,
    ours: Effect.orDie(
      Effect.forEach(files, (bytes) => PixiManifest.document({ fileName: "pixi.toml", bytes }), { discard: true })
    ),
    than: "smol-toml",
    baseline: Effect.sync(() => texts.forEach((text) => Toml.parse(text))),
    goals
  }
  return comparison
}

const pixiLock = (from: string, bytes: Buffer): Comparison.Comparison => {
  const text = String(bytes)
  return {
    what: `pixi.lock of ${megabytes(bytes)}${from}`,
    ours: Effect.orDie(PixiLock.read(text)),
    than: "js-yaml",
    baseline: Effect.sync(() => Yaml.load(text)),
    goals: [{ timesFaster: 5 }]
  }
}

const uvLock = (from: string, bytes: Buffer): Comparison.Comparison => {
  const text = String(bytes)
  return {
    what: `uv.lock of ${megabytes(bytes)}${from}`,
    ours: Effect.orDie(UvLock.decode(bytes)),
    than: "smol-toml",
    baseline: Effect.sync(() => Toml.parse(text)),
    // What the decoder took when the goal was set: 1.9 to 2.3 times.
    goals: [{ atMost: 2.5 }]
  }
}

const prefix = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const context = yield* Effect.context<FileSystem.FileSystem | Path.Path>()
  const directory = yield* fs.makeTempDirectoryScoped({ prefix: "darb-bench-" })
  Fixtures.prefix(directory, 500)
  const meta = join(directory, "conda-meta")
  const comparison: Comparison.Comparison = {
    what: "prefix of 500 packages",
    ours: Effect.orDie(Effect.provide(PixiPrefix.read(directory), context)),
    than: "reading, JSON.parse",
    baseline: Effect.sync(() => readdirSync(meta).map((name) => JSON.parse(readFileSync(join(meta, name), "utf8")))),
    goals: [{ atMost: 0.35 }]
  }
  return comparison
})

/** Whether smol-toml parses it, too: both have to do the same work. */
const isToml = (bytes: Buffer) => Either.isRight(Either.try(() => Toml.parse(String(bytes))))

const corpus = Corpus.directory(process.argv[2])
const [largestPixiLock] = Corpus.files(corpus, "pixi.lock")
const [largestUvLock] = Corpus.files(corpus, "uv.lock")
const found = Corpus.files(corpus, "pixi.toml").filter(isToml)
const large = Buffer.from(Fixtures.largeManifest(30_000))

const program = Effect.gen(function*() {
  const comparisons = [
    found.length > 0
      ? manifests(`${found.length} pixi.toml of the corpus`, found, [{ atMost: 6 }])
      : manifests("300 pixi.toml", Fixtures.manifests(300).map((text) => Buffer.from(text)), [{ atMost: 6 }]),
    manifests(`pixi.toml of ${(large.length / 1e3).toFixed()} KB`, [large], [{ atMost: 6 }, { milliseconds: 3 }]),
    pixiLock("", Buffer.from(Fixtures.pixiLock(11_000_000))),
    ...(largestPixiLock === undefined ? [] : [pixiLock(" of the corpus", largestPixiLock)]),
    uvLock("", Buffer.from(Fixtures.uvLock(1_200_000))),
    ...(largestUvLock === undefined ? [] : [uvLock(" of the corpus", largestUvLock)]),
    yield* prefix
  ]
  const table = [Comparison.header, ...(yield* Effect.forEach(comparisons, Comparison.run)).flat()]
  const widths = Comparison.header.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)))
  for (const row of table) {
    process.stdout.write(`${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd()}\n`)
  }
  const { rounds, warmUp } = Comparison
  process.stdout.write(`Medians of ${rounds} interleaved rounds after ${warmUp} to warm up, Node ${process.version}.\n`)
})

program.pipe(Effect.scoped, Effect.provide(NodeContext.layer), NodeRuntime.runMain)
