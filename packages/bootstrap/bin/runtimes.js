#!/usr/bin/env node
// @ts-check
/** Runs the unit tests of the published packages on the other lines of Node; arguments are vitest's. */
import { join } from "node:path"
import { checkout } from "../src/checkout.js"
import { main } from "../src/main.js"
import { handOver } from "../src/process.js"
import { bringRuntime, nodes } from "../src/runtimes.js"
import { setup } from "../src/setup.js"

const projects = ["python", "package-manager", "pixi", "uv"]

/** Live tests, and those of pure decoders, which take long and do not depend on the runtime. */
const excluded = ["**/*.live.test.ts", "**/{manifest,lock}/*.test.ts"]

const majorOf = (/** @type {string} */ version) => version.split(".", 1)[0]

await main(async () => {
  await setup()
  const vitest = join(checkout, "node_modules", "vitest", "vitest.mjs")
  const args = [
    "run",
    `--root=${checkout}`,
    "--reporter=dot",
    ...projects.map((name) => `--project=${name}`),
    ...excluded.map((pattern) => `--exclude=${pattern}`),
    ...process.argv.slice(2)
  ]
  for (const version of nodes.filter((version) => majorOf(version) !== majorOf(process.versions.node))) {
    process.stderr.write(`\nrunning the unit tests on Node ${version}\n`)
    const node = await bringRuntime({ name: "node", version })
    const code = await handOver(node, [vitest, ...args], { env: process.env })
    if (code !== 0) return code
  }
  return 0
})
