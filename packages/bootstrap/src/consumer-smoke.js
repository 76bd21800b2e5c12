// @ts-check
/** Runs the consumer's small application: on several runtimes, with the oldest Effect, and as a bundle. */
import { copyFile, mkdir, writeFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { checkout } from "./checkout.js"
import { Failure } from "./failure.js"
import { run } from "./process.js"

/** @typedef {import("./context.js").Context} Context */

/** The source of the application. */
export const application = fileURLToPath(new URL("../consumer/smoke.ts", import.meta.url))

/** esbuild makes `require` of Node's modules an error, which the packages of Effect need. */
const banner = "import { createRequire } from \"node:module\"; const require = createRequire(import.meta.url);"

/**
 * Runs the application, and checks how it locks.
 *
 * @param {string} runtime
 * @param {string} script
 * @param {{ context: Context, cwd: string, pixi: string, lock: "native" | "a record", other?: [string, string] }} options
 */
export const smoke = async (runtime, script, { context, cwd, lock, other = [runtime, script], pixi }) => {
  /** @type {Array<string>} */
  const lines = []
  await run(runtime, [script, pixi, ...other], { context, cwd, onStdout: (line) => lines.push(line) }).catch(
    (error) => {
      throw error instanceof Failure ? new Failure([error.message, ...lines].join("\n")) : error
    }
  )
  for (const line of [`smoke: the lock is ${lock}`, "smoke: passed"]) {
    if (!lines.includes(line)) throw new Failure(["", `The output lacks "${line}":`, ...lines].join("\n"))
  }
}

/**
 * Compiles the application without checking its types.
 *
 * @param {string} directory
 * @returns {Promise<string>}
 */
export const transpiled = async (directory) => {
  const script = join(directory, "smoke.js")
  const { build } = await esbuild()
  await build({ entryPoints: [application], outfile: script, format: "esm", platform: "node", logLevel: "silent" })
  return script
}

/**
 * Bundles the application, whose packages are installed in a directory, into a file outside of it.
 *
 * @param {string} directory
 * @param {string} outside
 * @returns {Promise<string>}
 */
export const bundled = async (directory, outside) => {
  await mkdir(outside, { recursive: true })
  await writeFile(join(outside, "package.json"), "{ \"type\": \"module\" }\n")
  const script = join(outside, "bundle.js")
  await copyFile(application, join(directory, "smoke.ts"))
  const { build } = await esbuild()
  const { warnings } = await build({
    entryPoints: [join(directory, "smoke.ts")],
    outfile: script,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    banner: { js: banner },
    logLevel: "silent"
  })
  if (warnings.length > 0) throw new Failure(["", ...warnings.map(({ text }) => `esbuild: ${text}`)].join("\n"))
  return script
}

/** @returns {Promise<typeof import("esbuild")>} */
const esbuild = async () =>
  (await import(pathToFileURL(createRequire(join(checkout, "package.json")).resolve("esbuild")).href)).default
