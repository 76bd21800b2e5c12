/** Real manifests of many repositories. They are beside the checkout, and are not part of it. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { existsSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import * as PixiManifest from "../../src/manifest/PixiManifest.js"

const directory = fileURLToPath(new URL("../../../../../shared/corpus/", import.meta.url))

interface Row {
  readonly file: string
  readonly kind: string
  readonly expected: string
}

const rows = (): ReadonlyArray<Row> =>
  readFileSync(`${directory}INDEX.tsv`, "utf8").trimEnd().split("\n").slice(1).flatMap((line) => {
    const [file = "", kind = "", , , , expected = ""] = line.split("\t")
    return /^(?:pixi\.toml|mojoproject\.toml|pyproject\.toml#pixi)$/.test(kind) ? [{ file, kind, expected }] : []
  })

const sourceOf = ({ file, kind }: Row) => {
  const name = kind.split("#", 1)[0]
  return {
    bytes: readFileSync(directory + file),
    fileName: PixiManifest.fileNames.find((other) => other === name) ?? "pixi.toml"
  }
}

const isHere = existsSync(`${directory}INDEX.tsv`)
if (!isHere) process.stderr.write(`\nWARNING: tests of the corpus are SKIPPED, because ${directory} is not there\n`)

describe.skipIf(!isHere)("the corpus", () => {
  it.effect("of valid manifests has only known keys; of invalid ones most are refused", () =>
    Effect.gen(function*() {
      const refused: Array<string> = []
      const counts = { valid: 0, invalid: 0, unknownKeys: 0 }
      for (const row of rows()) {
        const source = sourceOf(row)
        const problems = yield* PixiManifest.problems(source)
        const all = yield* PixiManifest.problems(source, { onExcessProperty: "error" })
        if (row.expected === "valid") {
          counts.valid++
          refused.push(...all.map(({ reason }) => `${row.file}: ${reason}`))
        }
        if (row.expected === "invalid") {
          if (problems.length > 0) counts.invalid++
          if (all.length > 0) counts.unknownKeys++
        }
      }
      assert.deepStrictEqual(refused, [])
      assert.isAtLeast(counts.valid, 383)
      assert.isAtLeast(counts.invalid, 12)
      assert.isAtLeast(counts.unknownKeys, 18)
    }), 60_000)

  it("has only environments that can be selected on each of their platforms", () => {
    for (const row of rows().filter(({ expected }) => expected === "valid")) {
      const document = Effect.runSync(PixiManifest.document(sourceOf(row)))
      const [first] = document.workspace?.platforms ?? []
      if (first === undefined) continue
      for (const environment of Object.keys(document.environments)) {
        const selected = PixiManifest.environment(document, { environment, platform: first.name })
        for (const { name: platform } of Either.isRight(selected) ? selected.right.platforms : []) {
          const again = Either.getOrThrow(PixiManifest.environment(document, { environment, platform }))
          assert.strictEqual(again.platform.name, platform, row.file)
        }
      }
    }
  })
})
