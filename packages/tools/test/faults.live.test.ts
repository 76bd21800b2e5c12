import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"

const faults = fileURLToPath(new URL("../dist/faults.js", import.meta.url))

/** A short run of `npm run faults`, on the stand-in and on the first executable of each manager. */
it.live("what is promised holds under faults", () =>
  Effect.gen(function*() {
    const [pixi = ""] = (process.env.DARB_TEST_PIXI ?? "").split(":")
    const [uv = ""] = (process.env.DARB_TEST_UV ?? "").split(":")
    const { status, stderr, stdout } = yield* Effect.async<{ status: unknown; stderr: string; stdout: string }>(
      (resume) => {
        execFile(
          process.execPath,
          [faults, "--seed", "short", "--count", "40", "--environments", "6"],
          { env: { ...process.env, DARB_TEST_PIXI: pixi, DARB_TEST_UV: uv } },
          (error, stdout, stderr) => resume(Effect.succeed({ status: error?.code ?? 0, stderr, stdout }))
        )
      }
    )
    assert.strictEqual(status, 0, `${stdout}${stderr}`)
    assert.match(stdout, /\n40 passed, 0 failed\n$/)
  }), 300_000)
