// @ts-check
import { cp, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { join, relative } from "node:path"
import { checkout } from "./checkout.js"
import { makeContext } from "./context.js"
import { Failure } from "./failure.js"
import { npm } from "./npm.js"
import { run } from "./process.js"
import { entriesOf, filesProblems, importsProblems } from "./tarball.js"

/** @typedef {import("./context.js").Context} Context */

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

/** Without what else an application has, such as the types of Node; Effect's platform itself needs those of the DOM. */
const bareOptions = { ...compilerOptions, lib: ["ES2023", "DOM"], types: [], skipLibCheck: false, noEmit: true }

const applicationOptions = { ...compilerOptions, types: ["node"], skipLibCheck: true, rootDir: "src", outDir: "dist" }

/**
 * A module that imports the entries, which must be there, and what must not be.
 *
 * @param {ReadonlyArray<string>} entries
 * @param {ReadonlyArray<string>} hidden
 */
const importerOf = (entries, hidden) => `
const load = (name) => import(name).then(() => undefined, (error) => error)
for (const name of ${JSON.stringify(entries)}) {
  const error = await load(name)
  if (error !== undefined) fail(name + " cannot be imported: " + error.stack)
}
for (const name of ${JSON.stringify(hidden)}) {
  const error = await load(name)
  if (error?.code !== "ERR_PACKAGE_PATH_NOT_EXPORTED") fail(name + " can be imported: " + (error?.stack ?? "it is exported"))
}
function fail(problem) {
  console.log(problem)
  process.exitCode = 1
}
`

/**
 * Uses the library as somebody else would: packs it, installs the tarball in an application outside of the checkout, and
 * has the examples there, which must compile, pass their tests and run.
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
        `${directory} is in the checkout, whose packages would be found: set TMPDIR to another directory.`
      )
    }
    const application = await makeApplication(directory, context)
    await application.importAll()
    await application.compile()
    await application.test()
    await application.start()
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/**
 * @param {string} directory
 * @param {Context} context
 */
const makeApplication = async (directory, context) => {
  const library = join(checkout, "packages", "package-manager")
  const manifest = await readJson(join(library, "package.json"))
  const versions = { ...(await readJson(join(checkout, "package.json"))).devDependencies, ...manifest.devDependencies }
  const pinned = (/** @type {Array<string>} */ ...names) =>
    Object.fromEntries(names.map((name) => [name, versions[name]]))

  /**
   * @param {string} title
   * @param {ReadonlyArray<string>} args
   * @param {NodeJS.ProcessEnv} [env] besides the context's
   */
  const node = (title, args, env = {}) =>
    step(title, () => run(process.execPath, args, { context, cwd: directory, env }))

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

  const { files, tarball } = await step("packing", () => pack(library, directory, context))

  /** @param {Record<string, Record<string, string>>} dependencies */
  const install = async (dependencies) => {
    await writeJson(join(directory, "package.json"), {
      name: "consumer",
      private: true,
      type: "module",
      ...dependencies
    })
    const [command, ...args] = npm("npm", context)
    await run(command, [...args, "install", "--no-audit", "--no-fund", "--prefer-offline"], { context, cwd: directory })
  }

  const dependencies = {
    [manifest.name]: `file:${tarball}`,
    ...pinned(...Object.keys(manifest.peerDependencies))
  }
  await step("installing it and its peers alone", () => install({ dependencies }))

  const { entries, hidden } = entriesOf(manifest, files)
  const internal = entries.filter((name) => name.startsWith(`${manifest.name}/internal/`))
  refuse(internal.map((name) => `${name} can be imported from the packed library, but is not public`))
  return {
    importAll: async () => {
      const installed = join(directory, "node_modules", manifest.name)
      await step("looking for imports that are not declared", async () => {
        refuse(importsProblems(manifest, await importsOf(installed, files)))
      })
      await writeFile(join(directory, "import.js"), importerOf(entries, hidden))
      await node(`importing ${entries.length} entries`, ["import.js"])
      await writeFile(join(directory, "entries.ts"), typesOf(entries, hidden))
      await writeJson(join(directory, "tsconfig.json"), { compilerOptions: bareOptions, files: ["entries.ts"] })
      await node("checking their types", [join(checkout, "node_modules", "typescript", "bin", "tsc"), "-p", "."])
    },

    compile: async () => {
      await step("installing what the application has besides", () =>
        install({
          dependencies: { ...dependencies, ...pinned("@effect/platform-node") },
          devDependencies: pinned("@effect/vitest", "@types/node", "typescript", "vitest")
        }))
      await cp(join(library, "examples"), join(directory, "src"), { recursive: true })
      await writeJson(join(directory, "tsconfig.json"), { compilerOptions: applicationOptions, include: ["src"] })
      await node("compiling the examples", [join("node_modules", "typescript", "bin", "tsc"), "-p", "."])
    },

    test: () => node("testing the examples", [join("node_modules", "vitest", "vitest.mjs"), "run", "--dir", "src"]),

    /** Without a manager, which is not what is tested here. */
    start: () =>
      node("starting the application", ["--input-type=module", "--eval", starter], {
        PACKAGE_MANAGER_DEFAULT_TYPE: "pixi",
        PACKAGE_MANAGER_PIXI_PATH: join(directory, "no-pixi")
      })
  }
}

/**
 * A module that has all entries in its types.
 *
 * @param {ReadonlyArray<string>} entries
 * @param {ReadonlyArray<string>} hidden
 */
const typesOf = (entries, hidden) =>
  [
    ...entries.map((name, index) => `export type * as Entry${index} from ${JSON.stringify(name)}`),
    ...hidden.flatMap((name, index) => [
      "// @ts-expect-error",
      `export type * as Hidden${index} from ${JSON.stringify(name)}`
    ]),
    ""
  ].join("\n")

/** The application must end with the typed error of an executable that is not there. */
const starter = `
import { spawnSync } from "node:child_process"
const { status, stdout, stderr } = spawnSync(process.execPath, ["dist/main.js", "environment", "numpy"], { encoding: "utf8" })
if (status !== 1 || !(stdout + stderr).includes("no-pixi cannot be started")) {
  console.log("main.js ended with exit code " + status + "\\n" + stdout + stderr)
  process.exitCode = 1
}
`

/**
 * @param {string} library
 * @param {string} directory
 * @param {Context} context
 * @returns {Promise<{ tarball: string, files: Array<string> }>}
 */
const pack = async (library, directory, context) => {
  /** @type {Array<string>} */
  const output = []
  const [command, ...args] = npm("npm", context)
  await run(command, [...args, "pack", "--json", "--ignore-scripts", "--pack-destination", directory], {
    context,
    cwd: library,
    onStdout: (line) => output.push(line)
  })
  /** @type {Array<{ filename: string, files: Array<{ path: string }> }>} */
  const [packed] = Object.values(JSON.parse(output.join("\n")))
  if (packed === undefined) throw new Failure("npm pack says nothing of what it packed.")
  const files = packed.files.map(({ path }) => path)
  refuse(filesProblems(files), "If it was renamed or removed, delete dist and build in packages/package-manager.")
  return { tarball: join(directory, packed.filename), files }
}

/**
 * @param {string} directory
 * @param {ReadonlyArray<string>} files
 * @returns {Promise<Map<string, Array<string>>>}
 */
const importsOf = async (directory, files) => {
  /** @type {typeof import("typescript")} */
  const typescript = createRequire(join(checkout, "package.json"))("typescript")
  const modules = files.filter((file) => /\.(?:js|d\.ts)$/.test(file))
  return new Map(
    await Promise.all(modules.map(async (file) => {
      const { importedFiles } = typescript.preProcessFile(await readFile(join(directory, file), "utf8"), true, true)
      return /** @type {[string, Array<string>]} */ ([file, importedFiles.map(({ fileName }) => fileName)])
    }))
  )
}

/**
 * @param {ReadonlyArray<string>} problems
 * @param {string} [remedy]
 */
const refuse = (problems, remedy = "") => {
  if (problems.length > 0) throw new Failure(["", ...problems, remedy].join("\n"))
}

/** @param {string} path */
const readJson = async (path) => JSON.parse(await readFile(path, "utf8"))

/**
 * @param {string} path
 * @param {unknown} value
 */
const writeJson = (path, value) => writeFile(path, `${JSON.stringify(value, null, 2)}\n`)
