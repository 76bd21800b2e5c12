// @ts-check
/** Sets up a checkout: installs its packages and compiles its sources. */
import { stat } from "node:fs/promises"
import { dirname, join } from "node:path"
import { checkout } from "./checkout.js"
import { makeContext } from "./context.js"
import { pinnedPnpm, pnpm } from "./npm.js"
import { run } from "./process.js"

/** @typedef {import("./context.js").Context} Context */

/**
 * Installs the packages if the lock file is newer than they are, and compiles what has changed.
 *
 * @param {{ root?: string } & Partial<Context>} [options] the root is the checkout's by default
 * @returns {Promise<void>}
 */
export const setup = async (options = {}) => {
  const { root = checkout } = options
  const context = makeContext(options)
  // pnpm writes this file at the end of each install.
  const installed = join(root, "node_modules", ".modules.yaml")
  if (await modified(installed) < await modified(join(root, "pnpm-lock.yaml"))) await install(root, context)
  await compile(root, context)
}

/**
 * @param {string} path
 * @returns {Promise<number>} 0 if the file does not exist
 */
const modified = (path) => stat(path).then((file) => file.mtimeMs, () => 0)

/**
 * @param {string} root
 * @param {Context} context
 * @returns {Promise<void>}
 */
const install = async (root, context) => {
  const pinned = await pinnedPnpm(root)
  const [command, ...args] = [...pnpm(pinned, context), "install", "--frozen-lockfile", "--reporter=append-only"]
  const env = await nodeHeaders()
  await context.progress.step(`setup: installing packages with ${pinned}`, (at) =>
    run(command, args, {
      context,
      env,
      cwd: root,
      onLine: (line) => {
        if (line.startsWith("Progress: ")) at(line.slice("Progress: ".length))
      }
    }))
}

/**
 * better-sqlite3 is compiled where it has no build for the machine. The headers of Node are then beside Node, or downloaded.
 *
 * @returns {Promise<NodeJS.ProcessEnv>}
 */
const nodeHeaders = async () => {
  const prefix = dirname(dirname(process.execPath))
  const found = await stat(join(prefix, "include", "node", "node.h")).then(() => true, () => false)
  return found ? { npm_config_nodedir: prefix } : {}
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
