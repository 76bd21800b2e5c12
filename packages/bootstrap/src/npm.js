// @ts-check
/** The command lines of the package managers of Node. */
import { readFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { isWindows } from "./context.js"

/** @typedef {import("./context.js").Context} Context */

/**
 * The start of a command line. On Windows both are batch files, which need a shell, so Node runs their scripts instead.
 *
 * @param {"npm" | "npx"} name
 * @param {Context} context
 * @returns {[string, ...Array<string>]}
 */
export const npm = (name, context) =>
  isWindows(context)
    ? [process.execPath, join(dirname(process.execPath), "node_modules", "npm", "bin", `${name}-cli.js`)]
    : [name]

/**
 * The version of pnpm that the checkout pins, such as `pnpm@10.34.9`.
 *
 * @param {string} root
 * @returns {Promise<string>}
 */
export const pinnedPnpm = async (root) => {
  const { packageManager } = JSON.parse(await readFile(join(root, "package.json"), "utf8"))
  // A hash may follow the version.
  return packageManager.split("+", 1)[0]
}

/**
 * The start of a command line that runs a pinned pnpm without installing it.
 *
 * @param {string} pinned
 * @param {Context} context
 * @returns {[string, ...Array<string>]}
 */
export const pnpm = (pinned, context) => [...npm("npx", context), "--yes", pinned]
