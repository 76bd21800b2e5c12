// @ts-check
/** Builds pixi from crates.io with cargo. */
import { createHash } from "node:crypto"
import { readFile } from "node:fs/promises"
import { homedir } from "node:os"
import { delimiter, join } from "node:path"
import { cachedExecutable, cacheDirectory, keepExecutable } from "./cache.js"
import { hasVersion, onPath } from "./executable.js"
import { Failure } from "./failure.js"
import { run } from "./process.js"

/** @typedef {import("./context.js").Context} Context */

/**
 * @typedef {object} Build
 * @property {string} crate directory
 * @property {string} version
 * @property {string} path of the executable in the cache
 */

/**
 * Reads what a crate builds. The path contains a hash of the crate, so that a changed crate is built again.
 *
 * @param {string} crate directory
 * @param {Context} context
 * @returns {Promise<Build>}
 */
export const readBuild = async (crate, context) => {
  const sources = ["Cargo.lock", "Cargo.toml", "src/main.rs"]
  const contents = await Promise.all(sources.map((source) => readFile(join(crate, source))))
  const hash = createHash("sha256")
  for (const content of contents) hash.update(content)
  const version = /^version = "(.+)"$/m.exec(String(contents[1]))?.[1]
  if (version === undefined) throw new Error(`${crate}: Cargo.toml has no version`)
  const path = cachedExecutable(`pixi-${version}-${hash.digest("hex").slice(0, 12)}`, context)
  return { crate, version, path }
}

/**
 * @param {Build} build
 * @param {Context} context
 * @returns {Promise<boolean>}
 */
export const isBuilt = ({ path, version }, context) => hasVersion(path, "pixi", version, context)

/**
 * @param {Build} build
 * @param {Context} context
 * @returns {Promise<string>}
 */
export const buildPixi = async (build, context) => {
  const cargo = await findCargo(context)
  const title = `pixi: building ${build.version} from crates.io (first time: some minutes)`
  const executable = await context.progress.step(title, async (at) => {
    const total = await countPackages(cargo, build, context, at)
    return compile(cargo, build, context, (done) => at(`${done} of ${total} crates`))
  })
  await keepExecutable(build.path, await readFile(executable), context)
  if (!await isBuilt(build, context)) throw new Failure(`${build.path}, just built, does not run`)
  return build.path
}

/**
 * @param {Context} context
 * @returns {Promise<string>}
 */
const findCargo = async (context) => {
  // rustup installs cargo there, but changes PATH for later shells only.
  const rustup = join(context.env.CARGO_HOME ?? join(context.env.HOME ?? homedir(), ".cargo"), "bin")
  const env = { ...context.env, PATH: `${context.env.PATH ?? ""}${delimiter}${rustup}` }
  const [cargo] = await onPath("cargo", { ...context, env })
  if (cargo === undefined) throw new Failure("cargo is not on PATH")
  return cargo
}

/**
 * Counts the crates to compile. The first time, this downloads them.
 *
 * @param {string} cargo
 * @param {Build} build
 * @param {Context} context
 * @param {(state: string) => void} at
 * @returns {Promise<number>}
 */
const countPackages = async (cargo, { crate }, context, at) => {
  /** @type {Set<string>} */
  const packages = new Set()
  let downloaded = 0
  await run(cargo, ["tree", "--locked", "--edges", "normal,build", "--prefix", "none"], {
    context,
    cwd: crate,
    env: { CARGO_TERM_COLOR: "never" },
    // A repeated package has a mark after its name and version.
    onStdout: (line) => packages.add(line.split(" ", 2).join(" ")),
    onLine: (line) => {
      if (line.trim().startsWith("Downloaded ")) at(`${++downloaded} crates downloaded`)
    }
  })
  return packages.size
}

/**
 * @param {string} cargo
 * @param {Build} build
 * @param {Context} context
 * @param {(done: number) => void} onDone
 * @returns {Promise<string>} the path of the executable
 */
const compile = async (cargo, { crate }, context, onDone) => {
  /** @type {Set<string>} */
  const done = new Set()
  let executable = ""
  await run(cargo, ["build", "--locked", "--message-format", "json-render-diagnostics"], {
    context,
    cwd: crate,
    env: { CARGO_TERM_COLOR: "never", CARGO_TARGET_DIR: join(cacheDirectory(context), "pixi-target") },
    onStdout: (line) => {
      const message = JSON.parse(line)
      if (message.reason !== "compiler-artifact" || message.target.kind.includes("custom-build")) return
      done.add(message.package_id)
      onDone(done.size)
      executable = message.executable ?? executable
    }
  })
  return executable
}
