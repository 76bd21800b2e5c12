// @ts-check
/** Packs the public packages, as they would be published. */
import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { checkout } from "./checkout.js"
import { Failure } from "./failure.js"
import { pinnedPnpm, pnpm } from "./npm.js"
import { run } from "./process.js"

/** @typedef {{ folder: string, manifest: import("./tarball.js").Manifest, tarball: string }} Package */

/**
 * Packs with pnpm, which replaces the versions `workspace:^` and adds the licence.
 *
 * @param {string} directory of the tarballs
 * @param {import("./context.js").Context} context
 * @param {string} [repository] the URL of a web page
 * @returns {Promise<Array<Package>>}
 */
export const pack = async (directory, context, repository) => {
  /** @type {Array<string>} */
  const output = []
  const folders = await publicFolders()
  const [command, ...args] = [
    ...pnpm(await pinnedPnpm(checkout), context),
    `--config.pnpmfile=${fileURLToPath(new URL("pnpmfile.cjs", import.meta.url))}`,
    "--recursive",
    ...folders.map(({ folder }) => `--filter=./packages/${folder}`),
    "pack",
    "--json",
    `--pack-destination=${directory}`
  ]
  const env = { ...context.env, DARB_REPOSITORY: repository }
  await run(command, args, { context: { ...context, env }, cwd: checkout, onStdout: (line) => output.push(line) })
  /** @type {Array<{ name: string, filename: string }>} */
  const packed = JSON.parse(output.join("\n"))
  return folders.map(({ folder, manifest }) => {
    const tarball = packed.find((other) => other.name === manifest.name)?.filename
    if (tarball === undefined) throw new Failure(`pnpm pack does not report ${manifest.name}.`)
    return { folder, manifest, tarball }
  })
}

/** The folders in `packages` whose packages are published. */
const publicFolders = async () => {
  const folders = (await readdir(join(checkout, "packages"))).sort()
  const all = await Promise.all(folders.map(async (folder) => ({
    folder,
    manifest: await readJson(join(checkout, "packages", folder, "package.json"))
  })))
  return all.filter(({ manifest }) => !manifest.private)
}

/** @param {string} path */
export const readJson = async (path) => JSON.parse(await readFile(path, "utf8"))
