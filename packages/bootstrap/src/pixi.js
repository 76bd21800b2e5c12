// @ts-check
/** Brings pixi to a machine. */
import { createHash } from "node:crypto"
import { fileURLToPath } from "node:url"
import { unpack } from "./archive.js"
import { buildPixi, isBuilt, readBuild } from "./build-pixi.js"
import { cachedExecutable, keepExecutable } from "./cache.js"
import { makeContext } from "./context.js"
import { download } from "./download.js"
import { findInstalled, hasVersion } from "./executable.js"
import { Failure, Unavailable } from "./failure.js"
import { pixiRelease } from "./pixi-release.js"

/** @typedef {import("./context.js").Context} Context */
/** @typedef {import("./pixi-release.js").Release} Release */

/**
 * @typedef {object} PixiOptions
 * @property {Release} [release] to download
 * @property {string} [crate] directory of the crate to build if the release cannot be downloaded
 */

const releases = "https://github.com/prefix-dev/pixi/releases/download"
const pixiCrate = fileURLToPath(new URL("../pixi-0.15.2", import.meta.url))

/** The stall limit in milliseconds if a built pixi is in the cache. */
const stallWithBuild = 3_000

/**
 * The path of a pixi: that of the machine, else the pinned release, else one that is built from crates.io.
 *
 * @param {PixiOptions & Partial<Context>} [options]
 * @returns {Promise<string>}
 */
export const bringPixi = async (options = {}) => {
  const { crate = pixiCrate, release = pixiRelease } = options
  const context = makeContext(options)
  const installed = await findInstalled("pixi", "DARB_PIXI_PATH", context)
  if (installed !== undefined) return installed

  const path = cachedExecutable(`pixi-${release.version}`, context)
  if (await hasVersion(path, "pixi", release.version, context)) return path

  const build = await readBuild(crate, context)
  const built = await isBuilt(build, context)
  const stall = built ? Math.min(context.limits.stall, stallWithBuild) : context.limits.stall
  try {
    await downloadPixi(release, path, { ...context, limits: { ...context.limits, stall } })
    return path
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error
    context.progress.say(`pixi: ${error.message}`)
    if (built) {
      context.progress.say(`pixi: using ${build.version}, which was built from crates.io`)
      return build.path
    }
    return await buildPixi(build, context).catch((buildError) => {
      if (!(buildError instanceof Failure)) throw buildError
      throw new Failure(
        `There is no pixi: it is not on PATH, ${error.message}, and ${build.version} cannot be built from crates.io: ` +
          `${buildError.message}. Install pixi (https://pixi.sh), or set DARB_PIXI_PATH to its executable, or install ` +
          `cargo (https://rustup.rs), or give this machine access to the network.`
      )
    })
  }
}

/**
 * @param {Release} release
 * @param {string} path
 * @param {Context} context
 * @returns {Promise<void>}
 */
const downloadPixi = async ({ assets, version }, path, context) => {
  const asset = assets[context.platform]
  if (asset === undefined) throw new Unavailable(`pixi ${version} has no release for ${context.platform}`)
  const base = (context.env.DARB_RELEASES_URL || releases).replace(/\/+$/, "")
  const url = `${base}/v${version}/${asset.name}`
  const title = `pixi: downloading ${version} for ${context.platform}`
  const archive = await context.progress.step(title, (at) => download(url, context, at))

  const sha256 = createHash("sha256").update(archive).digest("hex")
  if (sha256 !== asset.sha256) {
    throw new Failure(
      `${url} is not the expected archive, and was discarded: its SHA-256 is ${sha256}, not ${asset.sha256}.`
    )
  }

  await keepExecutable(path, await unpack(archive, asset.name, context), context)
  if (!await hasVersion(path, "pixi", version, context)) throw new Failure(`${path}, just downloaded, does not run`)
}
