#!/usr/bin/env node
// @ts-check
/** Runs the tests with the executables that can be brought. */
import { delimiter, join } from "node:path"
import { checkout } from "../src/checkout.js"
import { Failure } from "../src/failure.js"
import { main } from "../src/main.js"
import { bringPixi } from "../src/pixi.js"
import { bringPostgres } from "../src/postgres.js"
import { handOver } from "../src/process.js"
import { setup } from "../src/setup.js"
import { bringUv, bringUvVersion, pinnedVersions } from "../src/uv.js"

const env = { ...process.env }

/**
 * Brings the executables of the live tests. Live tests without executables are skipped, with a warning.
 *
 * @param {string} variable
 * @param {ReadonlyArray<() => Promise<string>>} brings
 * @returns {Promise<string>} a warning
 */
const provide = async (variable, brings) => {
  if (env[variable]) return ""
  /** @type {Array<string>} */
  const paths = []
  /** @type {Array<string>} */
  const problems = []
  for (const result of await Promise.allSettled(brings.map((bring) => bring()))) {
    if (result.status === "fulfilled") paths.push(result.value)
    else if (env.CI || !(result.reason instanceof Failure)) throw result.reason
    else problems.push(result.reason.message)
  }
  if (paths.length > 0) env[variable] = [...new Set(paths)].join(delimiter)
  if (problems.length === 0) return ""
  const found = paths.length === 0
    ? `live tests are SKIPPED, because ${variable} is not set and cannot be`
    : `live tests run on ${paths.join(" and ")} only`
  return `\nWARNING: ${found}. ${problems.join(" ")}\n\n`
}

await main(async () => {
  const [, ...warnings] = await Promise.all([
    setup(),
    provide("DARB_TEST_PIXI", [bringPixi]),
    provide("DARB_TEST_POSTGRES", [bringPostgres]),
    provide("DARB_TEST_UV", [bringUv, ...pinnedVersions.map((version) => () => bringUvVersion(version))])
  ])
  process.stderr.write(warnings.join(""))
  const vitest = join(checkout, "node_modules", "vitest", "vitest.mjs")
  const summary = join(checkout, "packages", "bootstrap", "src", "summary-reporter.js")
  const args = ["run", "--root", checkout, "--reporter=default", `--reporter=${summary}`, ...process.argv.slice(2)]
  const code = await handOver(process.execPath, [vitest, ...args], { env })
  // Again at the end, where it is seen.
  process.stderr.write(warnings.join(""))
  return code
})
