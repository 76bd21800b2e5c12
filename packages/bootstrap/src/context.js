// @ts-check
/** What the bootstrap depends on, so that tests can replace it. */
import { standardProgress } from "./progress.js"

/**
 * @typedef {object} Limits in milliseconds
 * @property {number} stall without a byte before a download fails
 * @property {number} version for the version of an executable
 */

/**
 * @typedef {object} Context
 * @property {NodeJS.ProcessEnv} env
 * @property {string} platform for example linux-x64
 * @property {import("./progress.js").Progress} progress
 * @property {Limits} limits
 */

/**
 * @param {Partial<Context>} options
 * @returns {Context}
 */
export const makeContext = ({
  env = process.env,
  limits = { stall: 30_000, version: 10_000 },
  platform = `${process.platform}-${process.arch}`,
  progress = standardProgress
}) => ({ env, limits, platform, progress })

/**
 * @param {Context} context
 * @returns {boolean}
 */
export const isWindows = ({ platform }) => platform.startsWith("win32-")
