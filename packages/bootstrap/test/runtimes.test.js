// @ts-check
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, assert, describe, it } from "vitest"
import { checkout } from "../src/checkout.js"
import { readJson } from "../src/pack.js"
import { bringRuntime, nodes } from "../src/runtimes.js"

const directory = mkdtempSync(join(tmpdir(), "darb-runtimes-"))

afterAll(() => rmSync(directory, { recursive: true, force: true }))

describe("the runtimes", () => {
  it("begin with the oldest Node that the packages allow", async () => {
    const { engines } = await readJson(join(checkout, "packages", "package-manager", "package.json"))
    assert.strictEqual(engines.node.split(" || ")[0], `^${nodes[0]}`)
  })

  it("are installed once", async () => {
    const path = join(directory, "bun-1.4.5-linux-x64")
    writeFileSync(path, "")
    const env = { DARB_CACHE_DIR: directory, PATH: "" }
    assert.strictEqual(await bringRuntime({ name: "bun", version: "1.4.5" }, { env, platform: "linux-x64" }), path)
  })
})
