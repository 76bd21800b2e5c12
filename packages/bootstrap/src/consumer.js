// @ts-check
/** Uses the packed library as an application outside of the checkout does. */
import { cp, mkdtemp, realpath, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join, relative } from "node:path"
import { checkout } from "./checkout.js"
import * as modules from "./consumer-modules.js"
import { application, bundled, smoke, transpiled } from "./consumer-smoke.js"
import { makeContext } from "./context.js"
import { Failure } from "./failure.js"
import { look } from "./installed-packages.js"
import { npm } from "./npm.js"
import { pack, readJson } from "./pack.js"
import { bringPixi } from "./pixi.js"
import { run } from "./process.js"
import { bringRuntime, nodes, runtimes } from "./runtimes.js"

/** @typedef {import("./context.js").Context} Context */
/** @typedef {import("./pack.js").Package} Package */

/** The packages whose modules an entry must not load. */
const unwanted = {
  "@darb/uv": ["@darb/pixi", "js-yaml", "@effect/platform-node", "@effect/cluster"],
  "@darb/pixi": ["@darb/uv", "@effect/platform-node", "@effect/cluster"]
}

/** What an application installs: npm's newest versions of these packages may be those for Effect 4. */
const newest = {
  effect: "^3",
  "@effect/platform": "^0",
  "@effect/platform-node": "^0",
  "@effect/cluster": "^0",
  "@effect/rpc": "^0",
  "@effect/sql": "^0"
}

/** What the declarations of all packages may have together, in bytes. */
const mostDeclarations = 710_000

const compilerOptions = {
  target: "ES2022",
  lib: ["ES2023"],
  module: "NodeNext",
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  moduleDetection: "force"
}

/** Without the types of Node, which not every application has. Effect's platform itself needs those of the DOM. */
const bareOptions = { ...compilerOptions, lib: ["ES2023", "DOM"], types: [], skipLibCheck: false, noEmit: true }

const applicationOptions = { ...compilerOptions, types: ["node"], skipLibCheck: true, rootDir: "src", outDir: "dist" }

/**
 * Packs the library, installs the tarballs in an application, and checks the packages there with their oldest peers. Then
 * compiles, tests and starts the examples with the newest ones, and runs a small application on each runtime and as a bundle.
 *
 * @param {Partial<Context>} [options]
 * @returns {Promise<void>}
 */
export const consume = async (options = {}) => {
  const context = makeContext(options)
  const directory = await realpath(await mkdtemp(join(tmpdir(), "darb-consumer-")))
  try {
    if (!relative(checkout, directory).startsWith("..")) {
      throw new Failure(
        `${directory} is in the checkout, so its packages would be found: set TMPDIR to another directory.`
      )
    }
    await check(directory, context)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/**
 * @param {string} directory
 * @param {Context} context
 * @returns {Promise<void>}
 */
const check = async (directory, context) => {
  /**
   * @template A
   * @param {string} title
   * @param {() => Promise<A>} action
   * @returns {Promise<A>}
   */
  const step = (title, action) =>
    context.progress.step(`consumer: ${title}`, action).catch((error) => {
      if (!(error instanceof Failure)) throw error
      throw new Failure(`The packed library failed its consumer at: ${title}. ${error.message}`)
    })

  const node = (/** @type {Array<string>} */ ...args) => run(process.execPath, args, { context, cwd: directory })

  /** @param {string} source */
  const evaluate = (source) => node("--input-type=module", "--eval", source)

  const tsc = () => node(join(checkout, "node_modules", "typescript", "bin", "tsc"), "-p", ".")

  /** @param {object} manifest */
  const install = async (manifest) => {
    await writeJson(join(directory, "package.json"), { name: "consumer", private: true, type: "module", ...manifest })
    const [command, ...args] = npm("npm", context)
    await run(command, [...args, "install", "--no-audit", "--no-fund", "--prefer-offline"], { context, cwd: directory })
  }

  const packages = await step("packing the public packages", () => pack(directory, context))

  const versions = await pinnedVersions(packages)
  const pinned = (/** @type {Array<string>} */ ...names) =>
    Object.fromEntries(names.map((name) => [name, versions[name]]))
  const dependencies = Object.fromEntries(packages.map(({ manifest, tarball }) => [manifest.name, `file:${tarball}`]))
  const oldest = oldestPeers(packages)
  await step(
    "installing the packages with their oldest peers alone",
    () => install({ dependencies: { ...dependencies, ...oldest } })
  )

  const { declarations, entries, hidden, optional, problems } = await step(
    "looking at their files and imports",
    () => look(directory, packages.map(({ manifest }) => manifest))
  )
  refuse(problems, "If a source was renamed or removed, delete dist and build of its package.")
  context.progress.say(`consumer: the declarations of ${packages.length} packages have ${declarations} bytes`)
  if (declarations > mostDeclarations) throw new Failure(`The declarations have more than ${mostDeclarations} bytes.`)

  await step(
    `importing ${entries.length} entries, and none of ${hidden.length} hidden modules`,
    () => evaluate(modules.importer(entries, hidden))
  )
  for (const [entry, packages] of Object.entries(unwanted)) {
    await step(`importing ${entry} without ${packages.join(" and ")}`, async () => {
      /** @type {Array<string>} */
      const problems = []
      const args = ["--input-type=module", "--eval", modules.loader(entry, packages)]
      await run(process.execPath, args, { context, cwd: directory, onStdout: (line) => problems.push(line) })
      refuse(problems)
    })
  }
  await writeFile(join(directory, "entries.ts"), modules.types(entries, hidden))
  await writeJson(join(directory, "tsconfig.json"), { compilerOptions: bareOptions, files: ["entries.ts"] })
  await step("checking their types", tsc)

  const pixi = await bringPixi(context)
  const options = { context, cwd: directory, pixi }
  /** @type {Array<{ label: string, path: string, isNode: boolean }>} */
  const brought = []
  for (const runtime of runtimes) {
    const { name, version } = runtime
    brought.push({ label: `${name} ${version}`, path: await bringRuntime(runtime, context), isNode: name === "node" })
  }
  const oldestNode = await bringRuntime({ name: "node", version: nodes[0] }, context)
  const script = await transpiled(directory)
  await step(
    `running an application on node ${nodes[0]} with effect ${oldest.effect}`,
    () => smoke(oldestNode, script, { ...options, lock: "native" })
  )

  for (const name of ["node_modules", "package-lock.json"]) await rm(join(directory, name), { recursive: true })
  await step("installing the newest Effect 3, and the other dependencies of the application", () =>
    install({
      dependencies: { ...dependencies, ...newest },
      devDependencies: pinned("@effect/vitest", "@types/node", "typescript", "vitest")
    }))
  await cp(join(checkout, "packages", "demo", "examples"), join(directory, "src"), { recursive: true })
  await cp(application, join(directory, "src", "smoke.ts"))
  await writeFile(join(directory, "src", "optional.ts"), modules.types(optional))
  await writeJson(join(directory, "tsconfig.json"), { compilerOptions: applicationOptions, include: ["src"] })
  await step("compiling the examples", tsc)
  await step(
    "testing the examples",
    () => node(join("node_modules", "vitest", "vitest.mjs"), "run", "--dir", "src", "--testTimeout=30000")
  )
  await step("starting the application", () => evaluate(modules.starter))

  const compiled = join(directory, "dist", "smoke.js")
  for (const { isNode, label, path } of brought) {
    await step(`running an application on ${label}`, () =>
      smoke(path, compiled, {
        ...options,
        // On Bun, the second of two programs at once is on Node.
        ...isNode ? { lock: "native" } : { lock: "a record", other: [oldestNode, compiled] }
      }))
  }
  await step("bundling the application with esbuild, and running it without packages", async () => {
    const outside = await realpath(await mkdtemp(join(tmpdir(), "darb-bundle-")))
    try {
      const bundle = await bundled(directory, outside)
      // The second of two programs at once is not bundled.
      await smoke(oldestNode, bundle, { ...options, cwd: outside, lock: "a record", other: [oldestNode, compiled] })
    } finally {
      await rm(outside, { recursive: true, force: true })
    }
  })
}

/**
 * The oldest versions of the packages of Effect that the peers of the packages allow.
 *
 * @param {ReadonlyArray<Package>} packages
 * @returns {Record<string, string>}
 */
const oldestPeers = (packages) => {
  const peers = packages.flatMap(({ manifest: { peerDependencies = {}, peerDependenciesMeta = {} } }) =>
    Object.entries(peerDependencies).filter(([name]) =>
      !name.startsWith("@darb/") && !peerDependenciesMeta[name]?.optional
    )
  )
  return Object.fromEntries(
    [...new Set(peers.map(([name]) => name))].map((name) => {
      const ranges = new Set(peers.filter(([peer]) => peer === name).map(([, range]) => range.replace(/^\^/, "")))
      if (ranges.size !== 1) {
        throw new Failure(`The packages have different ranges for ${name}: ${[...ranges].join(", ")}`)
      }
      return [name, [...ranges][0] ?? ""]
    })
  )
}

/**
 * The versions that the checkout is tested with.
 *
 * @param {ReadonlyArray<Package>} packages
 * @returns {Promise<Record<string, string>>}
 */
const pinnedVersions = async (packages) => {
  const root = await readJson(join(checkout, "package.json"))
  return Object.assign({}, root.devDependencies, ...packages.map(({ manifest }) => manifest.devDependencies))
}

/**
 * @param {ReadonlyArray<string>} problems
 * @param {string} [remedy]
 */
const refuse = (problems, remedy = "") => {
  if (problems.length > 0) throw new Failure(["", ...problems, remedy].join("\n"))
}

/**
 * @param {string} path
 * @param {unknown} value
 */
const writeJson = (path, value) => writeFile(path, `${JSON.stringify(value, null, 2)}\n`)
