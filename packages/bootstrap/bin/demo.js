#!/usr/bin/env node
// @ts-check
/** Starts the demo with the executable of its package manager. */
import { join } from "node:path"
import { checkout } from "../src/checkout.js"
import { choose } from "../src/choice.js"
import { main } from "../src/main.js"
import { bringPixi } from "../src/pixi.js"
import { handOver } from "../src/process.js"
import { setup } from "../src/setup.js"
import { bringUv } from "../src/uv.js"

/** @type {Readonly<Record<string, { variable: string, bring: () => Promise<string> }>>} */
const managers = {
  pixi: { variable: "PACKAGE_MANAGER_PIXI_PATH", bring: bringPixi },
  uv: { variable: "PACKAGE_MANAGER_UV_PATH", bring: bringUv }
}

/**
 * The variable that names the executable, if it is not named yet. The demo refuses an unknown manager.
 *
 * @param {import("../src/choice.js").Choice} choice
 * @returns {Promise<NodeJS.ProcessEnv>}
 */
const provide = async ({ executable, manager }) => {
  const known = Object.hasOwn(managers, manager) ? managers[manager] : undefined
  return known === undefined || executable ? {} : { [known.variable]: await known.bring() }
}

await main(async () => {
  const args = process.argv.slice(2)
  const ready = setup()
  const [brought] = await Promise.all([choose(args, { env: process.env, ready }).then(provide), ready])
  const demo = join(checkout, "packages", "demo", "bin", "darb.js")
  return handOver(process.execPath, [demo, ...args], { env: { ...process.env, ...brought } })
})
