// @ts-check
/** Finds out which package manager the demo will use. */
import { readFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { join, resolve } from "node:path"
import { pathToFileURL } from "node:url"
import { checkout } from "./checkout.js"

/**
 * @typedef {object} Choice
 * @property {string} manager
 * @property {boolean} executable whether the options or the configuration name its executable
 */

/**
 * @typedef {object} ChoiceOptions
 * @property {NodeJS.ProcessEnv} env
 * @property {Promise<void>} ready resolves when the packages are installed
 * @property {string} [cwd]
 */

/**
 * Finds the manager like the demo does: from its options, the environment variables or the configuration file; else pixi.
 *
 * @param {ReadonlyArray<string>} args of the demo
 * @param {ChoiceOptions} options
 * @returns {Promise<Choice>}
 */
export const choose = async (args, { cwd = process.cwd(), env, ready }) => {
  /** @param {string} name */
  const option = (name) => valueOf(args, name)
  const file = option("config")
  const configured = await read(resolve(cwd, file ?? "config.yaml"), ready)
  const manager = option("manager") ?? String(env.PACKAGE_MANAGER_DEFAULT_TYPE || configured.default_type || "pixi")
  const path = env[`PACKAGE_MANAGER_${manager.toUpperCase()}_PATH`] || configured[`${manager}_path`]
  return { manager, executable: Boolean(option("executable") ?? path) }
}

/**
 * @param {ReadonlyArray<string>} args
 * @param {string} name
 * @returns {string | undefined}
 */
const valueOf = (args, name) => {
  const end = args.includes("--") ? args.indexOf("--") : args.length
  const given = args.slice(0, end)
  const at = given.findIndex((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`))
  return at === -1 ? undefined : given[at] === `--${name}` ? given[at + 1] : given[at]?.slice(`--${name}=`.length)
}

/**
 * Reads the section of a configuration file. An invalid file counts as empty here: the demo reports it.
 *
 * @param {string} file
 * @param {Promise<void>} ready
 * @returns {Promise<Readonly<Record<string, string | undefined>>>}
 */
const read = async (file, ready) => {
  const text = await readFile(file, "utf8").catch(() => undefined)
  if (text === undefined) return {}
  await ready
  const require = createRequire(join(checkout, "packages", "package-manager", "package.json"))
  const yaml = await import(pathToFileURL(require.resolve("js-yaml")).href)
  try {
    return Object(Object(yaml.load(text)).package_manager)
  } catch {
    return {}
  }
}
