// @ts-check
import { readFile, stat } from "node:fs/promises"
import { join } from "node:path"
import { checkout } from "./checkout.js"
import { makeContext } from "./context.js"
import { npm } from "./npm.js"
import { run } from "./process.js"

/** @typedef {import("./context.js").Context} Context */

/**
 * @typedef {object} SetupOptions
 * @property {string} [root] of the checkout
 */

/**
 * Makes a checkout ready to run: its packages installed, its sources compiled.
 *
 * @param {SetupOptions & Partial<Context>} [options]
 * @returns {Promise<void>}
 */
export const setup = async (options = {}) => {
  const { root = checkout } = options
  const context = makeContext(options)
  // pnpm writes it at the end of each install.
  const installed = join(root, "node_modules", ".modules.yaml")
  if (await modified(installed) < await modified(join(root, "pnpm-lock.yaml"))) await install(root, context)
  await compile(root, context)
}

/**
 * @param {string} path
 * @returns {Promise<number>} 0 if there is no such file
 */
const modified = (path) => stat(path).then((file) => file.mtimeMs, () => 0)

/**
 * @param {string} root
 * @param {Context} context
 * @returns {Promise<void>}
 */
const install = async (root, context) => {
  const { packageManager } = JSON.parse(await readFile(join(root, "package.json"), "utf8"))
  // A hash may follow the version.
  const pnpm = packageManager.split("+", 1)[0]
  const [command, ...npxArgs] = npm("npx", context)
  const args = [...npxArgs, "--yes", pnpm, "install", "--frozen-lockfile", "--reporter=append-only"]
  await context.progress.step(`setup: installing packages with ${pnpm}`, (at) => {
    const onLine = (/** @type {string} */ line) => {
      if (line.startsWith("Progress: ")) at(line.slice("Progress: ".length))
    }
    return run(command, args, { context, cwd: root, onLine })
  })
}

/**
 * @param {string} root
 * @param {Context} context
 * @returns {Promise<void>}
 */
const compile = async (root, context) => {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc")
  await run(process.execPath, [tsc, "--build", "--verbose"], {
    context,
    cwd: root,
    onLine: (line) => {
      const project = /Building project '(.+)'/.exec(line)?.[1]
      if (project !== undefined) context.progress.say(`setup: compiling ${project}`)
    }
  })
}
