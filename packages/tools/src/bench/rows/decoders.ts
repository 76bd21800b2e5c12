/** The decoders of manifests and lock files beside a plain parser of the format. */
import * as PixiLock from "@darb/pixi/PixiLock"
import * as PixiManifest from "@darb/pixi/PixiManifest"
import * as UvLock from "@darb/uv/UvLock"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Yaml from "js-yaml"
import * as Toml from "smol-toml"
import type { Goal } from "../Comparison.js"
import * as Corpus from "../Corpus.js"
import * as Fixtures from "../Fixtures.js"
import type { Row } from "../Row.js"

const atMost = (times: number): Goal => ({ figure: "wall", is: "times", atMost: times })

const manifests = (name: string, files: () => ReadonlyArray<Buffer>, goals: ReadonlyArray<Goal>): Row => ({
  name,
  prepare: Effect.sync(() => {
    const all = files()
    if (all.length === 0) return undefined
    const texts = all.map(String)
    return {
      ours: Effect.orDie(
        Effect.forEach(all, (bytes) => PixiManifest.document({ fileName: "pixi.toml", bytes }), { discard: true })
      ),
      than: "smol-toml",
      baseline: Effect.sync(() => texts.forEach((text) => Toml.parse(text))),
      goals
    }
  })
})

const pixiLock = (name: string, bytes: () => Buffer | undefined): Row => ({
  name,
  prepare: Effect.sync(() => {
    const text = bytes()?.toString()
    return text === undefined ? undefined : {
      ours: Effect.orDie(PixiLock.read(text)),
      than: "js-yaml",
      baseline: Effect.sync(() => Yaml.load(text)),
      goals: [atMost(0.2)]
    }
  })
})

const uvLock = (name: string, find: () => Buffer | undefined): Row => ({
  name,
  prepare: Effect.sync(() => {
    const bytes = find()
    const text = String(bytes)
    return bytes === undefined ? undefined : {
      ours: Effect.orDie(UvLock.decode(bytes)),
      than: "smol-toml",
      baseline: Effect.sync(() => Toml.parse(text)),
      // What the decoder took when the goal was set: 1.9 to 2.3 times.
      goals: [atMost(2.5)]
    }
  })
})

/** Whether smol-toml parses it, too: both have to do the same work. */
const isToml = (bytes: Buffer) => Either.isRight(Either.try(() => Toml.parse(String(bytes))))

/** The corpus is the directory that `DARB_CORPUS` names. */
const corpus = (kind: string) => Corpus.files(Corpus.directory(process.env["DARB_CORPUS"]), kind)

export const rows: ReadonlyArray<Row> = [
  manifests("manifests: 300 pixi.toml", () => Fixtures.manifests(300).map((text) => Buffer.from(text)), [atMost(6)]),
  manifests("manifests: of the corpus", () => corpus("pixi.toml").filter(isToml), [atMost(6)]),
  manifests("manifests: 30 KB", () => [Buffer.from(Fixtures.largeManifest(30_000))], [
    atMost(6),
    { figure: "wall", is: "value", atMost: 3 }
  ]),
  pixiLock("pixi.lock: 11 MB", () => Buffer.from(Fixtures.pixiLock(11_000_000))),
  pixiLock("pixi.lock: 200 KB", () => Buffer.from(Fixtures.pixiLock(200_000))),
  pixiLock("pixi.lock: of the corpus", () => corpus("pixi.lock")[0]),
  uvLock("uv.lock: 1.2 MB", () => Buffer.from(Fixtures.uvLock(1_200_000))),
  uvLock("uv.lock: of the corpus", () => corpus("uv.lock")[0])
]
