// @ts-check
/** Brings the runtimes that the library is tried on, from npm. */
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { cachedExecutable, cacheDirectory, keepExecutable } from "./cache.js"
import { makeContext } from "./context.js"
import { npm } from "./npm.js"
import { run } from "./process.js"

/** @typedef {import("./context.js").Context} Context */
/** @typedef {{ name: "node" | "bun", version: string }} Runtime */

/** The oldest Node that the dependencies allow, and the newest of the other lines. */
export const nodes = /** @type {const} */ (["20.19.0", "22.23.5", "24.22.3"])

/** @type {ReadonlyArray<Runtime>} */
export const runtimes = [
  ...nodes.map((version) => ({ name: /** @type {const} */ ("node"), version })),
  { name: "bun", version: "1.4.5" }
]

/**
 * @param {Runtime} runtime
 * @param {Context} context
 */
const packageOf = ({ name }, { platform }) =>
  name === "node" ? `node-${platform}` : `@oven/bun-${platform.replace("arm64", "aarch64")}`

/**
 * The path of a runtime, which is installed in the cache directory if necessary.
 *
 * @param {Runtime} runtime
 * @param {Partial<Context>} [options]
 * @returns {Promise<string>}
 */
export const bringRuntime = async (runtime, options = {}) => {
  const context = makeContext(options)
  const { name, version } = runtime
  const path = cachedExecutable(`${name}-${version}`, context)
  // It is written in one step.
  if (await access(path).then(() => true, () => false)) return path

  const installed = packageOf(runtime, context)
  await context.progress.step(`${name}: installing ${version} with npm`, async () => {
    await mkdir(cacheDirectory(context), { recursive: true })
    const target = await mkdtemp(join(cacheDirectory(context), `.${name}-`))
    try {
      await writeFile(join(target, "package.json"), "{}\n")
      const [command, ...args] = npm("npm", context)
      const options = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"]
      await run(command, [...args, "install", ...options, `${installed}@${version}`], { context, cwd: target })
      await keepExecutable(path, await readFile(join(target, "node_modules", installed, "bin", name)), context)
    } finally {
      await rm(target, { recursive: true, force: true })
    }
  })
  return path
}
