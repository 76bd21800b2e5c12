import { assert, describe, it } from "@effect/vitest"
import { spawnSync } from "node:child_process"
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const program = fileURLToPath(new URL("../dist/verdicts.js", import.meta.url))

const verdicts = (directory: string) => {
  const { status, stderr, stdout } = spawnSync(process.execPath, [program, directory], { encoding: "utf8" })
  return { status, stderr, lines: stdout.trimEnd().split("\n") }
}

describe("verdicts", () => {
  it("counts what is accepted and refused, and names the files that differ", () => {
    const directory = mkdtempSync(join(tmpdir(), "darb-verdicts-"))
    try {
      const workspace = "[workspace]\nchannels = []\nplatforms = [\"linux-64\"]\n"
      const files = {
        "good.toml": ["pixi.toml", "valid", workspace],
        "unknown-key.toml": ["pixi.toml", "invalid", `${workspace}nope = 1\n`],
        "no-toml.toml": ["pixi.toml", "valid", "[workspace"],
        "good.lock": ["uv.lock", "invalid", "version = 1\nrequires-python = \">=3.12\"\n"],
        "other.toml": ["something", "valid", ""]
      }
      const rows = Object.entries(files).map(([name, [kind, expected, text = ""]]) => {
        writeFileSync(join(directory, name), text)
        return [name, kind, expected].join("\t")
      })
      writeFileSync(join(directory, "INDEX.tsv"), ["file\tkind\texpected", ...rows, ""].join("\n"))
      const { lines, status } = verdicts(directory)
      assert.strictEqual(status, 1)
      assert.match(lines[0] ?? "", /^no-toml\.toml {2}expected valid, found invalid: /)
      assert.match(lines[1] ?? "", /^good\.lock {2}expected invalid, found valid: /)
      assert.deepStrictEqual(lines.slice(2), [
        "1 passed over, of kind something",
        "2 agree, 2 differ",
        "valid: 1 accepted, 1 refused · invalid: 1 refused, 1 accepted"
      ])
    } finally {
      rmSync(directory, { recursive: true })
    }
  })

  it("says how it is used", () => {
    const { status, stderr } = verdicts("/nonexistent")
    assert.strictEqual(status, 2)
    assert.match(stderr, /^usage: verdicts DIRECTORY\n/)
  })

  // It is beside the checkout, and is not part of it.
  const corpus = fileURLToPath(new URL("../../../../shared/corpus/", import.meta.url))
  it.skipIf(!existsSync(corpus))("no defect comes of a real file", { timeout: 120_000 }, () => {
    const { lines } = verdicts(corpus)
    assert.deepStrictEqual(lines.filter((line) => line.includes("found a defect")), [])
    assert.match(lines.at(-1) ?? "", /^valid: \d+ accepted, \d+ refused · invalid: \d+ refused, \d+ accepted$/)
  })
})
