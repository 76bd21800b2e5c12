// @ts-check
/** Finds executables and their versions. */
import { execFile } from "node:child_process"
import { constants } from "node:fs"
import { access, stat } from "node:fs/promises"
import { delimiter, isAbsolute, join, resolve } from "node:path"
import { promisify } from "node:util"
import { isWindows } from "./context.js"
import { Failure, reasonOf } from "./failure.js"

/** @typedef {import("./context.js").Context} Context */

/**
 * Fails if the file cannot be executed.
 *
 * @param {string} path
 * @returns {Promise<void>}
 */
const checkExecutable = async (path) => {
  const file = await stat(path).catch((error) => {
    throw new Failure(error.code === "ENOENT" ? "the file does not exist" : reasonOf(error))
  })
  if (!file.isFile()) throw new Failure("it is not a file")
  await access(path, constants.X_OK).catch(() => {
    throw new Failure("it is not executable")
  })
}

/**
 * The version that an executable prints after its name. Fails if it does not.
 *
 * @param {string} path
 * @param {string} name
 * @param {Context} context
 * @returns {Promise<string>}
 */
export const versionOf = async (path, name, context) => {
  await checkExecutable(path)
  const stdout = await printed(path, "--version", context)
  const [found, version] = stdout.trim().split(/\s+/)
  if (found !== name || version === undefined) {
    throw new Failure(`--version says ${JSON.stringify(stdout.split("\n", 1)[0])}`)
  }
  return version
}

/**
 * @param {string} path
 * @param {string} argument
 * @param {Context} context
 * @returns {Promise<string>}
 */
const printed = async (path, argument, { env, limits }) => {
  const options = { env, timeout: limits.version, killSignal: /** @type {const} */ ("SIGKILL"), windowsHide: true }
  try {
    return (await promisify(execFile)(path, [argument], options)).stdout
  } catch (error) {
    const late = error instanceof Error && "killed" in error && error.killed === true
    throw new Failure(
      late
        ? `${argument} did not end within ${limits.version / 1000} s`
        : `${argument} failed: ${reasonOf(error).trim().split("\n").join(" ")}`
    )
  }
}

/**
 * @param {string} path
 * @param {string} name
 * @param {string} version
 * @param {Context} context
 * @returns {Promise<boolean>}
 */
export const hasVersion = (path, name, version, context) =>
  versionOf(path, name, context).then((found) => found === version, () => false)

/**
 * The executable files of that name on PATH.
 *
 * @param {string} name
 * @param {Context} context
 * @returns {Promise<Array<string>>}
 */
export const onPath = async (name, context) => {
  const file = isWindows(context) ? `${name}.exe` : name
  const paths = (context.env.PATH ?? "").split(delimiter).filter(isAbsolute).map((directory) => join(directory, file))
  const usable = await Promise.all(paths.map((path) => checkExecutable(path).then(() => true, () => false)))
  return paths.filter((_, index) => usable[index])
}

/**
 * The executable that the machine has: the one that the variable names, else the first one on PATH that works.
 *
 * @param {string} name
 * @param {string} variable
 * @param {Context} context
 * @returns {Promise<string | undefined>}
 */
export const findInstalled = async (name, variable, context) => {
  const named = context.env[variable]
  if (named) {
    const path = resolve(named)
    await versionOf(path, name, context).catch((error) => {
      throw new Failure(`${variable} names ${path}, which cannot be used as ${name}: ${error.message}.`)
    })
    return path
  }
  for (const path of await onPath(name, context)) {
    try {
      await versionOf(path, name, context)
      return path
    } catch (error) {
      // It can be the shim of a version manager, or another program of that name.
      context.progress.say(`${name}: ${path} is skipped: ${reasonOf(error)}`)
    }
  }
  return undefined
}
