// @ts-check
/** Brings uv to a machine. */
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { cachedExecutable, cacheDirectory, keepExecutable } from "./cache.js"
import { isWindows, makeContext } from "./context.js"
import { findInstalled, hasVersion, onPath } from "./executable.js"
import { Failure } from "./failure.js"
import { run } from "./process.js"

/** @typedef {import("./context.js").Context} Context */

/**
 * @typedef {object} UvOptions
 * @property {string} [requirements] pip's requirements file with uv's version and hashes
 */

/** @param {string} name */
const requirementsFile = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url))

/** The pinned versions besides the newest: the oldest that the library supports. */
export const pinnedVersions = /** @type {const} */ (["0.9.20"])

/**
 * The path of a uv: that of the machine, else the pinned one from PyPI.
 *
 * @param {UvOptions & Partial<Context>} [options]
 * @returns {Promise<string>}
 */
export const bringUv = async (options = {}) => {
  const context = makeContext(options)
  return await findInstalled("uv", "DARB_UV_PATH", context) ??
    await pinned(options.requirements ?? requirementsFile("uv-requirements.txt"), "it is not on PATH", context)
}

/**
 * The path of a uv of that version from PyPI, whichever uv the machine has.
 *
 * @param {typeof pinnedVersions[number]} version
 * @param {UvOptions & Partial<Context>} [options]
 * @returns {Promise<string>}
 */
export const bringUvVersion = (version, options = {}) =>
  pinned(options.requirements ?? requirementsFile(`uv-${version}-requirements.txt`), undefined, makeContext(options))

/**
 * @param {string} requirements
 * @param {string | undefined} missing why the machine's uv is not used
 * @param {Context} context
 * @returns {Promise<string>}
 */
const pinned = async (requirements, missing, context) => {
  const version = /^uv==(\S+)/m.exec(await readFile(requirements, "utf8"))?.[1]
  if (version === undefined) throw new Error(`${requirements} does not say uv's version`)
  const path = cachedExecutable(`uv-${version}`, context)
  if (await hasVersion(path, "uv", version, context)) return path

  await context.progress.step(
    `uv: installing ${version} with pip`,
    () => installUv(requirements, path, context)
  ).catch((error) => {
    if (!(error instanceof Failure)) throw error
    const reason = `${version} cannot be installed with pip: ${error.message}`
    const remedy = `install Python 3 with pip, or give this machine access to the network.`
    throw new Failure(
      missing === undefined
        ? `There is no uv ${version}: ${reason}. To have it, ${remedy}`
        : `There is no uv: ${missing}, and ${reason}. Install uv (https://docs.astral.sh/uv), or set DARB_UV_PATH to its ` +
          `executable, or ${remedy}`
    )
  })
  if (!await hasVersion(path, "uv", version, context)) throw new Failure(`${path}, just installed, does not run`)
  return path
}

/**
 * @param {string} requirements
 * @param {string} path
 * @param {Context} context
 * @returns {Promise<void>}
 */
const installUv = async (requirements, path, context) => {
  const [python] = [...await onPath("python3", context), ...await onPath("python", context)]
  if (python === undefined) throw new Failure("python3 is not on PATH")
  await mkdir(cacheDirectory(context), { recursive: true })
  const target = await mkdtemp(join(cacheDirectory(context), ".uv-"))
  try {
    await run(python, [
      "-m",
      "pip",
      "install",
      "--disable-pip-version-check",
      "--no-input",
      "--progress-bar=off",
      "--require-hashes",
      "--no-deps",
      "--only-binary=:all:",
      "--target",
      target,
      "--requirement",
      requirements
    ], {
      context,
      cwd: target,
      // These settings of a user contradict --target.
      env: { PIP_USER: "0", PIP_REQUIRE_VIRTUALENV: "0" }
    })
    await keepExecutable(path, await readFile(join(target, "bin", isWindows(context) ? "uv.exe" : "uv")), context)
  } finally {
    await rm(target, { recursive: true, force: true })
  }
}
