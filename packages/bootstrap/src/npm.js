// @ts-check
import { dirname, join } from "node:path"
import { isWindows } from "./context.js"

/** @typedef {import("./context.js").Context} Context */

/**
 * The start of a command line. On Windows both are batch files, which need a shell.
 *
 * @param {"npm" | "npx"} name
 * @param {Context} context
 * @returns {[string, ...Array<string>]}
 */
export const npm = (name, context) =>
  isWindows(context)
    ? [process.execPath, join(dirname(process.execPath), "node_modules", "npm", "bin", `${name}-cli.js`)]
    : [name]
