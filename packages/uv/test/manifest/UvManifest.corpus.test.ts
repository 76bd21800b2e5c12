import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
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

/** uv refuses the keys that are warnings. */
const withoutWarnings = (bytes: Uint8Array) =>
  UvManifest.decode(bytes).pipe(
    Effect.flatMap(({ warnings }) => warnings),
    Effect.filterOrFail((warnings) => warnings.length === 0)
  )

describeWith("corpus/", (directory) => {
  const files = readFileSync(new URL("INDEX.tsv", directory), "utf8").trimEnd().split("\n").slice(1).map((line) => {
    const [file = "", kind = "", , , , expected = ""] = line.split("\t")
    return { file, kind, expected }
  })

  const isValid = (kind: string, bytes: Uint8Array) =>
    kind === "uv.lock" ? Effect.isSuccess(UvLock.decode(bytes)) : Effect.isSuccess(withoutWarnings(bytes))

  for (const kind of ["pyproject.toml#uv", "pyproject.toml#none", "uv.lock"]) {
    it.effect(`holds the verdicts on ${kind}`, () =>
      Effect.gen(function*() {
        const ofKind = files.filter((file) => file.kind === kind && file.expected !== "unknown")
        assert.isAbove(ofKind.length, 0)
        for (const { expected, file } of ofKind) {
          assert.strictEqual(yield* isValid(kind, readFileSync(new URL(file, directory))), expected === "valid", file)
        }
      }))
  }

  it.effect("every file is decoded", () =>
    Effect.forEach(
      files.filter(({ kind }) => /^pyproject\.toml#(?:uv|none)$/.test(kind)),
      ({ file }) => UvManifest.decode(readFileSync(new URL(file, directory)))
    ))
})

interface Step {
  readonly argv?: ReadonlyArray<string>
  readonly exit?: number
  readonly changed?: Readonly<Record<string, unknown>>
}

describeWith("recordings/uv-0.13.9/", (directory) => {
  it.effect("what uv wrote is decoded", () =>
    Effect.gen(function*() {
      let count = 0
      for (const file of readdirSync(directory)) {
        const { steps }: { readonly steps: ReadonlyArray<Step> } = JSON.parse(
          readFileSync(new URL(file, directory), "utf8")
        )
        for (const { argv, changed = {}, exit } of steps) {
          if (argv === undefined || exit !== 0) continue
          const { "pyproject.toml": manifest, "uv.lock": lock } = changed
          if (typeof manifest === "string") yield* withoutWarnings(new TextEncoder().encode(manifest))
          if (typeof lock === "string") yield* UvLock.decode(new TextEncoder().encode(lock))
          count += [manifest, lock].filter((text) => typeof text === "string").length
        }
      }
      assert.isAbove(count, 50)
    }))
})
