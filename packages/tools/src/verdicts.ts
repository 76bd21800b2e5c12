/**
 * Compares what the decoders say of files with what pixi and uv say: `verdicts.js DIR`, where `DIR/INDEX.tsv` has the
 * columns `file`, `kind` and `expected` (`valid`, `invalid` or `unknown`).
 */
import * as Effect from "effect/Effect"
import { readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import * as Verdict from "./verdicts/Verdict.js"

const fail = (message: string): never => {
  process.stderr.write(message)
  process.exit(2)
}

const [directory = ""] = process.argv.slice(2)
if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) {
  fail("usage: verdicts DIRECTORY\nThe directory has an INDEX.tsv with the columns file, kind and expected.\n")
}

const index = join(directory, "INDEX.tsv")
const [header = "", ...lines] = readFileSync(index, "utf8").split(/\r?\n/)
const columns = header.split("\t")
for (const column of ["file", "kind", "expected"]) {
  if (!columns.includes(column)) fail(`${index} has no column ${column}\n`)
}

const print = (line: string): void => void process.stdout.write(`${line}\n`)

const counts = { valid: { accepted: 0, refused: 0 }, invalid: { accepted: 0, refused: 0 } }
const skipped = new Map<string, number>()
let differ = 0
for (const line of lines) {
  if (line.trim() === "") continue
  const cells = line.split("\t")
  const [file = "", kind = "", expected = ""] = ["file", "kind", "expected"].map((name) => cells[columns.indexOf(name)])
  if (!Verdict.isKind(kind) || (expected !== "valid" && expected !== "invalid")) {
    const why = Verdict.isKind(kind) ? `expected ${expected}` : `of kind ${kind}`
    skipped.set(why, (skipped.get(why) ?? 0) + 1)
    continue
  }
  const { _tag, reason } = await Effect.runPromise(Verdict.on(kind, join(directory, file)))
  // A defect is never what was expected.
  const found = _tag === "defect" ? "a defect" : _tag === "accepted" ? "valid" : "invalid"
  counts[expected][_tag === "accepted" ? "accepted" : "refused"]++
  if (found === expected) continue
  differ++
  print(`${file}  expected ${expected}, found ${found}: ${reason.replace(/\s+/g, " ").slice(0, 300)}`)
}
const { invalid, valid } = counts
const total = valid.accepted + valid.refused + invalid.accepted + invalid.refused
for (const [why, count] of skipped) print(`${count} passed over, ${why}`)
print(`${total - differ} agree, ${differ} differ`)
print(
  `valid: ${valid.accepted} accepted, ${valid.refused} refused · ` +
    `invalid: ${invalid.refused} refused, ${invalid.accepted} accepted`
)
process.exitCode = differ === 0 ? 0 : 1
