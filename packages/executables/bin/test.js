#!/usr/bin/env node
// @ts-check
import { join } from "node:path"
import { checkout } from "../src/checkout.js"
import { Failure } from "../src/failure.js"
import { main } from "../src/main.js"
import { bringPixi } from "../src/pixi.js"
import { handOver } from "../src/process.js"
import { setup } from "../src/setup.js"
import { bringUv } from "../src/uv.js"

const env = { ...process.env }

/**
 * The live tests that need an executable are skipped without it, which must not go unseen.
 *
 * @param {string} variable
 * @param {() => Promise<string>} bring
 * @returns {Promise<string>} a warning
 */
const provide = async (variable, bring) => {
  if (env[variable]) return ""
  try {
    env[variable] = await bring()
    return ""
  } catch (error) {
    if (env.CI || !(error instanceof Failure)) throw error
    return `\nWARNING: live tests are SKIPPED, because ${variable} is not set and cannot be. ${error.message}\n\n`
  }
}

await main(async () => {
  const [, ...warnings] = await Promise.all([
    setup(),
    provide("DARB_TEST_PIXI", bringPixi),
    provide("DARB_TEST_UV", bringUv)
  ])
  process.stderr.write(warnings.join(""))
  const vitest = join(checkout, "node_modules", "vitest", "vitest.mjs")
  const summary = join(checkout, "packages", "executables", "src", "summary-reporter.js")
  const args = ["run", "--root", checkout, "--reporter=default", `--reporter=${summary}`, ...process.argv.slice(2)]
  const code = await handOver(process.execPath, [vitest, ...args], { env })
  // Again, where it is seen.
  process.stderr.write(warnings.join(""))
  return code
})
