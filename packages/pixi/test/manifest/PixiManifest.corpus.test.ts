/** Real manifests of many repositories. They are beside the checkout, and are not part of it. */
import { assert, describe, it } from "@effect/vitest"
import * as Either from "effect/Either"
import { existsSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import * as PixiManifest from "../../src/manifest/PixiManifest.js"

const directory = fileURLToPath(new URL("../../../../../shared/corpus/", import.meta.url))

/** Files whose verdict differs, by the end of their names. */
const exceptions: ReadonlyMap<string, string> = new Map([
  [
    "schema__examples__invalid__package_target_removed.toml",
    "the schema of pixi has no [package.target] any more, but pixi 0.77.0 takes it"
  ],
  [
    "3tier-resolution-pyproject__pyproject.toml",
    "a package of a workspace that another file describes: what that one lacks cannot be known from this one"
  ]
])

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
  it("is judged as pixi judges it", () => {
    const differing = rows().flatMap((row) => {
      const judged = PixiManifest.document(sourceOf(row), { strict: true })
      const verdict = Either.isRight(judged) ? "valid" : "invalid"
      return row.expected === "unknown" || row.expected === verdict ? [] : [`${row.file}: ${verdict}`]
    })
    const unexpected = differing.filter((line) => ![...exceptions.keys()].some((end) => line.includes(end)))
    assert.deepStrictEqual(unexpected, [])
    assert.strictEqual(differing.length, exceptions.size, "an exception is none any more")
  })

  it("is read, all that pixi takes, and every environment of it can be selected on each of its platforms", () => {
    for (const row of rows().filter(({ expected }) => expected === "valid")) {
      const document = Either.getOrThrowWith(
        PixiManifest.document(sourceOf(row)),
        (problem) => new Error(`${row.file}: ${problem.reason}`)
      )
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
