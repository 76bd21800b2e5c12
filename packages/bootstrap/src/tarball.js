// @ts-check
/** Checks on a packed package: its entries, its files and its imports. Pure. */
import { isBuiltin } from "node:module"

/**
 * The parts of a `package.json` that say how the package can be published and imported.
 *
 * @typedef {object} Manifest
 * @property {string} name
 * @property {string} [version]
 * @property {Record<string, { types: string, default: string }>} exports each key has one `*` at most
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [devDependencies]
 * @property {Record<string, string>} [peerDependencies]
 * @property {Record<string, { optional?: boolean }>} [peerDependenciesMeta]
 */

/**
 * The text that the `*` of a pattern matches in a path.
 *
 * @param {string} pattern
 * @param {string} path
 * @returns {string | undefined}
 */
const match = (pattern, path) => {
  const [start = "", end] = pattern.split("*")
  if (end === undefined) return path === pattern ? "" : undefined
  const matches = path.length >= start.length + end.length && path.startsWith(start) && path.endsWith(end)
  return matches ? path.slice(start.length, path.length - end.length) : undefined
}

/**
 * The specifiers of a package's modules: those that its exports name, and those that they hide.
 *
 * @param {Manifest} manifest
 * @param {ReadonlyArray<string>} files relative to the package
 * @returns {{ entries: Array<string>, hidden: Array<string> }}
 */
export const entriesOf = ({ exports, name }, files) => {
  /** @type {Array<string>} */
  const entries = []
  /** @type {Array<string>} */
  const hidden = []
  for (const file of files) {
    const module = /^dist\/(.+)\.js$/.exec(file)?.[1]
    if (module === undefined) continue
    const keys = Object.entries(exports).flatMap(([key, target]) => {
      const matched = match(target.default, `./${file}`)
      return matched === undefined ? [] : [key.replace("*", matched)]
    })
    entries.push(...keys.map((key) => name + key.slice(1)))
    if (keys.length === 0) hidden.push(`${name}/${module}`)
  }
  return { entries: entries.sort(), hidden: hidden.sort() }
}

const documents = ["package.json", "README.md", "LICENSE", "CHANGELOG.md"]

/**
 * The problems with the files of a tarball: each compiled file needs its source, and each entry its file.
 *
 * @param {Manifest} manifest
 * @param {ReadonlyArray<string>} files relative to the package
 * @returns {Array<string>}
 */
export const filesProblems = ({ exports, name }, files) => {
  const all = new Set(files)
  const targets = Object.values(exports).flatMap((target) => [target.types, target.default])
  const expected = targets.filter((target) => !target.includes("*")).map((target) => target.replace("./", ""))
  const missing = [...documents, ...expected].filter((file) => !all.has(file))
  const stray = files.filter((file) => {
    if (documents.includes(file)) return false
    if (/\.(test|spec)\./.test(file)) return true
    const [, module] = /^dist\/(.+?)\.(?:d\.ts|js)(?:\.map)?$/.exec(file) ?? []
    return module === undefined ? !/^src\/.+\.ts$/.test(file) : !all.has(`src/${module}.ts`)
  })
  return [
    ...missing.map((file) => `${name}: ${file} is not in the tarball`),
    ...stray.map((file) => `${name}: ${file} is in the tarball, but is neither a source nor compiled from one`)
  ]
}

/** @param {string} specifier */
const packageOf = (specifier) => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier

/**
 * The imports of packages that the manifest does not declare: they resolve only where something else installs them.
 *
 * @param {Manifest} manifest
 * @param {ReadonlyMap<string, ReadonlyArray<string>>} imports of each file
 * @returns {Array<string>}
 */
export const importsProblems = ({ dependencies, name, peerDependencies }, imports) => {
  const declared = new Set([name, ...Object.keys({ ...dependencies, ...peerDependencies })])
  return [...imports].flatMap(([file, specifiers]) =>
    specifiers
      .filter((specifier) =>
        !/^\.{0,2}\//.test(specifier) && !isBuiltin(specifier) && !declared.has(packageOf(specifier))
      )
      .map((specifier) => `${name}: ${file} imports ${specifier}, which is neither a dependency nor a peer`)
  )
}

/**
 * The modules that an application can import only if it has the optional peers.
 *
 * @param {Manifest} manifest
 * @param {ReadonlyMap<string, ReadonlyArray<string>>} imports of each file
 * @returns {Array<string>}
 */
export const optionalFiles = ({ peerDependenciesMeta = {} }, imports) =>
  [...imports].flatMap(([file, specifiers]) =>
    specifiers.some((specifier) => peerDependenciesMeta[packageOf(specifier)]?.optional) ? [file] : []
  )
