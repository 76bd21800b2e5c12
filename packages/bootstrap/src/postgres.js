// @ts-check
/** Brings a PostgreSQL server for tests to a machine. It is started and stopped by the tests. */
import { readdir } from "node:fs/promises"
import { join } from "node:path"
import { makeContext } from "./context.js"
import { onPath } from "./executable.js"
import { Failure } from "./failure.js"
import { run } from "./process.js"

/** @typedef {import("./context.js").Context} Context */

/** Where Debian has a directory for each version. */
const debian = "/usr/lib/postgresql"

/**
 * The directory of the executables of the newest server that is installed.
 *
 * @param {string} directory
 * @returns {Promise<string | undefined>}
 */
export const findPostgres = async (directory = debian) => {
  /** @type {Array<string>} */
  const names = await readdir(directory).catch(() => [])
  const [newest] = names.filter((name) => /^\d+$/.test(name)).sort((a, b) => Number(b) - Number(a))
  return newest === undefined ? undefined : join(directory, newest, "bin")
}

/**
 * The directory of the executables of a server: of the one that is installed, else of Debian's, which root can install.
 *
 * @param {Partial<Context>} [options]
 * @returns {Promise<string>}
 */
export const bringPostgres = async (options = {}) => {
  const context = makeContext(options)
  const found = await findPostgres()
  if (found !== undefined) return found
  const [apt] = await onPath("apt-get", context)
  if (apt === undefined || process.getuid?.() !== 0) {
    throw new Failure(`PostgreSQL is not in ${debian}, and only root on Debian can install it.`)
  }
  await context.progress.step("postgresql: installing the package of Debian", async () => {
    const at = { context, cwd: "/", env: { DEBIAN_FRONTEND: "noninteractive" } }
    const install = () => run(apt, ["install", "--yes", "--no-install-recommends", "postgresql"], at)
    // The lists of packages may be old or absent.
    await install().catch(async () => {
      await run(apt, ["update"], at)
      await install()
    })
  })
  const installed = await findPostgres()
  if (installed === undefined) throw new Failure(`the package was installed, but there is no ${debian}`)
  return installed
}
