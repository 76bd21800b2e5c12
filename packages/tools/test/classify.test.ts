import { assert, describe, it } from "@effect/vitest"
import { spawnSync } from "node:child_process"
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { classify } from "../src/classify/Failure.js"
import * as Recordings from "../src/classify/Recordings.js"

describe("classify", () => {
  for (const manager of ["pixi", "uv"] as const) {
    const directory = fileURLToPath(new URL(`../../${manager}/test/recordings/`, import.meta.url))
    for (const version of readdirSync(directory)) {
      it(`every step of the recordings of ${version} has a class`, () => {
        const read = Recordings.read(join(directory, version))
        assert.deepStrictEqual(read.odd, [])
        assert.strictEqual(read.manager, manager)
        for (const step of read.recordings.flatMap(({ steps }) => steps)) {
          const [end, class_] = classify(manager, step)
          assert.strictEqual(class_ === "-", end === "0" || step.exit === undefined, `${end}: ${class_}`)
        }
      })
    }
  }

  it("prints a line for each step, and what is no recording", () => {
    const directory = mkdtempSync(join(tmpdir(), "darb-classify-"))
    try {
      const steps = [{ write: "pixi.toml" }, { argv: ["add", "nowhere"], exit: -9 }, { argv: ["list"], exit: 0 }, {
        argv: [1]
      }]
      writeFileSync(join(directory, "a.json"), JSON.stringify({ scenario: "some", steps }))
      writeFileSync(join(directory, "b.json"), "[1]")
      const program = fileURLToPath(new URL("../dist/classify.js", import.meta.url))
      const { status, stderr, stdout } = spawnSync(process.execPath, [program, directory], { encoding: "utf8" })
      assert.strictEqual(status, 1)
      assert.deepStrictEqual(stdout.trimEnd().split("\n"), [
        "scenario  step  exit     class                                     arguments",
        "some      1     SIGKILL  CommandKilled (retryable) signal=SIGKILL  add nowhere",
        "some      2     0        -                                         list"
      ])
      assert.strictEqual(
        stderr,
        "odd: a.json, step 3: argv is not a list of texts\nodd: b.json: it has no list of steps\n"
      )
    } finally {
      rmSync(directory, { recursive: true })
    }
  })
})
