// @ts-check
/** Keeps executables in the cache directory of the user. */
import { randomUUID } from "node:crypto"
import { mkdir, open, rename, rm } from "node:fs/promises"
import { homedir } from "node:os"
import { basename, dirname, isAbsolute, join, resolve } from "node:path"
import { isWindows } from "./context.js"
import { Failure, reasonOf } from "./failure.js"

/** @typedef {import("./context.js").Context} Context */

/**
 * @param {Context} context
 * @returns {string}
 */
export const cacheDirectory = (context) => {
  const { env, platform } = context
  if (env.DARB_CACHE_DIR) return resolve(env.DARB_CACHE_DIR)
  if (isWindows(context) && env.LOCALAPPDATA) return join(env.LOCALAPPDATA, "darb")
  const home = env.HOME || homedir()
  if (platform.startsWith("darwin-")) return join(home, "Library", "Caches", "darb")
  if (env.XDG_CACHE_HOME && isAbsolute(env.XDG_CACHE_HOME)) return join(env.XDG_CACHE_HOME, "darb")
  return join(home, ".cache", "darb")
}

/**
 * @param {string} name with the version
 * @param {Context} context
 * @returns {string}
 */
export const cachedExecutable = (name, context) =>
  join(cacheDirectory(context), `${name}-${context.platform}${isWindows(context) ? ".exe" : ""}`)

/**
 * Writes an executable in one step, so that several processes can write it at once.
 *
 * @param {string} path in the cache directory
 * @param {Uint8Array} content
 * @param {Context} context
 * @returns {Promise<void>}
 */
export const keepExecutable = async (path, content, context) => {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}`)
  try {
    await mkdir(dirname(path), { recursive: true })
    const file = await open(temporary, "wx", 0o700)
    try {
      await file.writeFile(content)
      await file.sync()
      await file.chmod(0o755)
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {})
    // Windows does not replace a running executable, so another process has just written the same one.
    if (isWindows(context) && error instanceof Error && "code" in error && error.code === "EPERM") return
    throw new Failure(`${path} cannot be written: ${reasonOf(error)}. Set DARB_CACHE_DIR to another directory.`)
  }
}
