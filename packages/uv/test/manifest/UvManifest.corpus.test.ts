import { assert, describe, it } from "@effect/vitest"
import * as Either from "effect/Either"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import * as UvLock from "../../src/lock/UvLock.js"
import * as UvManifest from "../../src/manifest/UvManifest.js"

const shared = new URL("../../../../../shared/", import.meta.url)

/** What is not in the repository: a copy of it may be without. */
const describeWith = (path: string, suite: (directory: URL) => void): void => {
  const directory = new URL(path, shared)
  if (existsSync(directory)) {
    describe(path, () => suite(directory))
    return
  }
  process.stderr.write(`\nWARNING: tests are SKIPPED, because ${directory.pathname} is not there\n`)
  describe.skip(path, () => it("is not there", () => {}))
}

/** Files that are judged otherwise than the index says, each with the reason. */
const exceptions: ReadonlyMap<string, string> = new Map()

describeWith("corpus/", (directory) => {
  const files = readFileSync(new URL("INDEX.tsv", directory), "utf8").trimEnd().split("\n").slice(1).map((line) => {
    const [file = "", kind = "", , , , expected = ""] = line.split("\t")
    return { file, kind, expected }
  })

  const judge = (kind: string, bytes: Uint8Array): Either.Either<unknown, unknown> =>
    kind === "uv.lock"
      ? UvLock.decode(bytes)
      // Without [tool.uv] it is not meant for uv, which wants more than others.
      : UvManifest.decode(bytes, { strict: kind === "pyproject.toml#uv" })

  for (const kind of ["pyproject.toml#uv", "pyproject.toml#none", "uv.lock"]) {
    it(`holds the verdicts on ${kind}`, () => {
      const ofKind = files.filter((file) => file.kind === kind && file.expected !== "unknown")
      assert.isAbove(ofKind.length, 0)
      const differ = ofKind.flatMap(({ expected, file }) => {
        const verdict = judge(kind, readFileSync(new URL(file, directory)))
        const isSame = Either.isRight(verdict) === (expected === "valid")
        return isSame === !exceptions.has(file) ? [] : [{ file, expected, verdict }]
      })
      assert.deepStrictEqual(differ, [])
    })
  }

  it("every file that is not judged strictly is decoded", () => {
    for (const { file, kind } of files) {
      if (!/^pyproject\.toml#(?:uv|none)$/.test(kind)) continue
      assert.isTrue(Either.isRight(UvManifest.decode(readFileSync(new URL(file, directory)))), file)
    }
  })
})

interface Step {
  readonly argv?: ReadonlyArray<string>
  readonly exit?: number
  readonly changed?: Readonly<Record<string, unknown>>
}

describeWith("recordings/uv-0.13.9/", (directory) => {
  it("what uv wrote is decoded", () => {
    let count = 0
    for (const file of readdirSync(directory)) {
      const { steps }: { readonly steps: ReadonlyArray<Step> } = JSON.parse(
        readFileSync(new URL(file, directory), "utf8")
      )
      for (const { argv, changed = {}, exit } of steps) {
        if (argv === undefined || exit !== 0) continue
        const { "pyproject.toml": manifest, "uv.lock": lock } = changed
        if (typeof manifest === "string") {
          count++
          assert.deepStrictEqual(
            Either.map(UvManifest.decode(manifest, { strict: true }), () => file),
            Either.right(file)
          )
        }
        if (typeof lock === "string") {
          count++
          assert.deepStrictEqual(Either.map(UvLock.decode(lock), () => file), Either.right(file))
        }
      }
    }
    assert.isAbove(count, 50)
  })
})
