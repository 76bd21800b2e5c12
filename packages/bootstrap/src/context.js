// @ts-check
import { standardProgress } from "./progress.js"

/**
 * @typedef {object} Limits milliseconds
 * @property {number} stall that a download may go without a byte
 * @property {number} version that an executable may take to say its version
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
