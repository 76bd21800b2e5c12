import { assert, it } from "@effect/vitest"
import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"

const faults = fileURLToPath(new URL("../dist/faults.js", import.meta.url))

/** A short run of `npm run faults`, on the stand-in and on the first executable that there is of each manager. */
it("what is promised holds under faults", { timeout: 300_000 }, () => {
  const [pixi = ""] = (process.env.DARB_TEST_PIXI ?? "").split(":")
  const [uv = ""] = (process.env.DARB_TEST_UV ?? "").split(":")
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    [faults, "--seed", "short", "--count", "40", "--environments", "6"],
    { encoding: "utf8", env: { ...process.env, DARB_TEST_PIXI: pixi, DARB_TEST_UV: uv } }
  )
  assert.strictEqual(status, 0, `${stdout}${stderr}`)
  assert.match(stdout, /\n40 passed, 0 failed\n$/)
})
