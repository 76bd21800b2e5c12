import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { existsSync, readFileSync } from "node:fs"
import * as Changes from "../src/Changes.js"
import * as PixiLock from "../src/PixiLock.js"

const fixture = (format: number) => readFileSync(new URL(`locks/format-${format}.lock`, import.meta.url), "utf8")

/** What identifies a package, and where it is. */
const rows = (located: ReadonlyArray<Changes.Located>) =>
  located.map(({ build, environment, kind, name, platform, source, version }) =>
    [environment, platform, kind, name, version, build, source].join(" ")
  ).sort()

const decoded = (text: string) => Effect.map(PixiLock.decode(text), rows)

const failure = (text: string) =>
  Effect.map(Effect.flip(PixiLock.decode(text)), ({ column, line, reason }) => ({ reason, line, column }))

/** A lock of one environment for one platform. */
const lockOf = (
  format: number,
  { indexes = [], packages, references }: {
    readonly indexes?: ReadonlyArray<string>
    readonly packages: ReadonlyArray<Record<string, string | null>>
    readonly references: ReadonlyArray<Record<string, string>>
  }
) =>
  `version: ${format}\n` + JSON.stringify({
    ...(format >= 7 ? { platforms: [{ name: "linux-64" }] } : {}),
    environments: { default: { channels: [], indexes, packages: { "linux-64": references } } },
    packages
  }).slice(1, -1).replace(/"(platforms|environments|packages)":(?=[[{])/g, (match, _key, at: number, all: string) =>
    at === 0 || all[at - 1] === "," && depthAt(all, at) === 0 ? `\n${match}` : match).replace(/,(?=\n)/g, "")

const depthAt = (text: string, end: number): number => {
  let depth = 0
  for (const character of text.slice(0, end)) {
    if ("[{".includes(character)) depth++
    if ("]}".includes(character)) depth--
  }
  return depth
}
