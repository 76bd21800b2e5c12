// @ts-check
/** Starts an application of the checkout with the executable of its package manager. */
import { join } from "node:path"
import { checkout } from "./checkout.js"
import { choose } from "./choice.js"
import { main } from "./main.js"
import { bringPixi } from "./pixi.js"
import { handOver } from "./process.js"
import { setup } from "./setup.js"
import { bringUv } from "./uv.js"

/** @type {Readonly<Record<string, { variable: string, bring: () => Promise<string> }>>} */
const managers = {
  pixi: { variable: "PACKAGE_MANAGER_PIXI_PATH", bring: bringPixi },
  uv: { variable: "PACKAGE_MANAGER_UV_PATH", bring: bringUv }
}

/**
 * The variable that names the executable, if it is not named yet. The application refuses an unknown manager.
 *
 * @param {import("./choice.js").Choice} choice
 * @returns {Promise<NodeJS.ProcessEnv>}
 */
const provide = async ({ executable, manager }) => {
  const known = Object.hasOwn(managers, manager) ? managers[manager] : undefined
  return known === undefined || executable ? {} : { [known.variable]: await known.bring() }
}

/**
 * Runs a file of the checkout with the arguments of this process, when the checkout is set up.
 *
 * @param {string} file relative to the checkout
 * @returns {Promise<void>}
 */
export const start = (file) =>
  main(async () => {
    const args = process.argv.slice(2)
    const ready = setup()
    const [brought] = await Promise.all([choose(args, { env: process.env, ready }).then(provide), ready])
    return handOver(process.execPath, [join(checkout, file), ...args], { env: { ...process.env, ...brought } })
  })
