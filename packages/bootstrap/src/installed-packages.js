// @ts-check
/** Reads packages that are installed in an application. */
import { readdir, readFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { join, relative, sep } from "node:path"
import { checkout } from "./checkout.js"
import { entriesOf, filesProblems, importsProblems, optionalFiles } from "./tarball.js"

/**
 * @typedef {object} Look
 * @property {Array<string>} entries that can be imported
 * @property {Array<string>} hidden modules, which cannot
 * @property {Array<string>} optional entries, which need an optional peer
 * @property {number} declarations their size in bytes
 * @property {Array<string>} problems with files and imports
 */

/**
 * Reads packages in the `node_modules` of an application.
 *
 * @param {string} directory of the application
 * @param {ReadonlyArray<import("./tarball.js").Manifest>} manifests
 * @returns {Promise<Look>}
 */
export const look = async (directory, manifests) => {
  /** @type {Look} */
  const all = { entries: [], hidden: [], optional: [], declarations: 0, problems: [] }
  for (const manifest of manifests) {
    const { declarations, files, imports } = await readPackage(join(directory, "node_modules", manifest.name))
    all.problems.push(...filesProblems(manifest, files), ...importsProblems(manifest, imports))
    const optional = optionalFiles(manifest, imports)
    const { entries, hidden } = entriesOf(manifest, files.filter((file) => !optional.includes(file)))
    all.entries.push(...entries)
    all.hidden.push(...hidden)
    all.optional.push(...entriesOf(manifest, optional).entries)
    all.declarations += declarations
  }
  return all
}

/** @param {string} directory */
const readPackage = async (directory) => {
  /** @type {typeof import("typescript")} */
  const typescript = createRequire(join(checkout, "package.json"))("typescript")
  const found = await readdir(directory, { recursive: true, withFileTypes: true })
  const files = found.filter((entry) => entry.isFile()).map(({ name, parentPath }) =>
    relative(directory, join(parentPath, name)).split(sep).join("/")
  )
  /** @type {Map<string, Array<string>>} */
  const imports = new Map()
  let declarations = 0
  for (const file of files.filter((file) => /\.(?:js|d\.ts)$/.test(file))) {
    const text = await readFile(join(directory, file), "utf8")
    const { importedFiles } = typescript.preProcessFile(text, true, true)
    imports.set(file, importedFiles.map(({ fileName }) => fileName))
    if (file.endsWith(".d.ts")) declarations += Buffer.byteLength(text)
  }
  return { declarations, files, imports }
}
