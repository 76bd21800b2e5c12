#!/usr/bin/env node
// @ts-check
/**
 * Compares what the decoders say of files with what pixi and uv say: `verdicts.js DIR`, where `DIR/INDEX.tsv` has the
 * columns `file`, `kind` and `expected` (`valid`, `invalid` or `unknown`).
 */
import * as PixiLock from "@darb/pixi/PixiLock"
import * as PixiManifest from "@darb/pixi/PixiManifest"
import * as UvLock from "@darb/uv/UvLock"
import * as UvManifest from "@darb/uv/UvManifest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { readFileSync, statSync } from "node:fs"
import { join } from "node:path"

/** @param {import("@darb/pixi/PixiManifest").FileName} fileName */
const pixi = (fileName) => (/** @type {Uint8Array} */ bytes) =>
  Effect.mapError(
    PixiManifest.document({ fileName, bytes }, { onExcessProperty: "error" }),
    ({ column, line, reason }) => `${line}:${column}: ${reason}`
  )

/** @typedef {(bytes: Uint8Array) => Effect.Effect<unknown, string>} Judge */

/** @type {Readonly<Record<string, Judge>>} */
const judges = {
  "pixi.toml": pixi("pixi.toml"),
  "mojoproject.toml": pixi("mojoproject.toml"),
  "pyproject.toml#pixi": pixi("pyproject.toml"),
  "pixi.lock": (bytes) =>
    Either.mapLeft(
      Effect.runSync(Effect.either(PixiLock.read(new TextDecoder().decode(bytes)))),
      ({ message }) => message
    ),
  "pyproject.toml#uv": (bytes) =>
    Either.mapLeft(UvManifest.decode(bytes, { strict: true }), (problem) => JSON.stringify(problem)),
  "uv.lock": (bytes) => Either.mapLeft(UvLock.decode(bytes), ({ message }) => message)
}

const [directory] = process.argv.slice(2)
if (directory === undefined || statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) {
  process.stderr.write(
    "usage: verdicts DIRECTORY\nThe directory has an INDEX.tsv with the columns file, kind and expected.\n"
  )
  process.exit(2)
}

const [header = "", ...lines] = readFileSync(join(directory, "INDEX.tsv"), "utf8").split(/\r?\n/)
const columns = header.split("\t")
for (const column of ["file", "kind", "expected"]) {
  if (columns.includes(column)) continue
  process.stderr.write(`${join(directory, "INDEX.tsv")} has no column ${column}\n`)
  process.exit(2)
}

/** @param {string} text */
const oneLine = (text) => text.replace(/\s+/g, " ").slice(0, 300)

/** @param {string} file @param {Judge} judge */
const verdictOn = (file, judge) =>
  Effect.runPromise(
    Effect.suspend(() => judge(readFileSync(file))).pipe(
      Effect.match({
        onFailure: (reason) => ({ found: "invalid", reason }),
        onSuccess: () => ({ found: "valid", reason: "it was decoded" })
      }),
      Effect.catchAllDefect((defect) => Effect.succeed({ found: "a defect", reason: String(defect) }))
    )
  )

let [agree, differ] = [0, 0]
/** @type {Map<string, number>} */
const passedOver = new Map()
for (const line of lines) {
  if (line.trim() === "") continue
  const cells = line.split("\t")
  const [file = "", kind = "", expected = ""] = ["file", "kind", "expected"].map((name) => cells[columns.indexOf(name)])
  const judge = Object.hasOwn(judges, kind) ? judges[kind] : undefined
  if (judge === undefined || (expected !== "valid" && expected !== "invalid")) {
    const why = judge === undefined ? `of kind ${kind}` : `expected ${expected}`
    passedOver.set(why, (passedOver.get(why) ?? 0) + 1)
    continue
  }
  const { found, reason } = await verdictOn(join(directory, file), judge)
  if (found === expected) agree++
  else {
    differ++
    process.stdout.write(`${file}  expected ${expected}, found ${found}: ${oneLine(reason)}\n`)
  }
}
for (const [why, count] of passedOver) process.stdout.write(`${count} passed over, ${why}\n`)
process.stdout.write(`${agree} agree, ${differ} differ\n`)
process.exitCode = differ === 0 ? 0 : 1
