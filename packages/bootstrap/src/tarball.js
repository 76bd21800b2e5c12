// @ts-check
import { isBuiltin } from "node:module"

/**
 * What `package.json` says of how the package can be imported.
 *
 * @typedef {Record<string, null | { types: string, default: string }>} Exports
 */

/**
 * @param {string} pattern with one `*` at most
 * @returns {(path: string) => string | undefined} what the `*` stands for
 */
const matcher = (pattern) => {
  const [start = "", end] = pattern.split("*")
  return (path) => {
    if (end === undefined) return path === pattern ? "" : undefined
    const fits = path.length >= start.length + end.length && path.startsWith(start) && path.endsWith(end)
    return fits ? path.slice(start.length, path.length - end.length) : undefined
  }
}

/**
 * All that can be imported of a package, and all of its modules that cannot, as they would be named.
 *
 * @param {{ name: string, exports: Exports }} manifest
 * @param {ReadonlyArray<string>} files relative to the package
 * @returns {{ entries: Array<string>, hidden: Array<string> }}
 */
export const entriesOf = ({ exports, name }, files) => {
  const paths = Object.entries(exports).flatMap(([key, target]) => {
    if (target === null) return []
    const match = matcher(target.default)
    return files.flatMap((file) => {
      const found = match(`./${file}`)
      return found === undefined ? [] : [key.replace("*", found)]
    })
  })
  const closed = Object.entries(exports).flatMap(([key, target]) => target === null ? [matcher(key)] : [])
  const isHidden = (/** @type {string} */ path) => closed.some((match) => match(path) !== undefined)
  const named = (/** @type {Array<string>} */ some) => [...new Set(some)].sort().map((path) => name + path.slice(1))
  return { entries: named(paths.filter((path) => !isHidden(path))), hidden: named(paths.filter(isHidden)) }
}

/**
 * What is wrong with the files of the library's tarball: each comes from a source that is there too.
 *
 * @param {ReadonlyArray<string>} files relative to the package
 * @returns {Array<string>}
 */
export const filesProblems = (files) => {
  const all = new Set(files)
  const missing = ["package.json", "README.md", "dist/index.js"].filter((file) => !all.has(file))
  const strange = files.filter((file) => {
    if (["package.json", "README.md"].includes(file)) return false
    if (/\.(test|spec)\./.test(file)) return true
    const [, compiled] = /^dist\/(.+?)\.(?:d\.ts|js)(?:\.map)?$/.exec(file) ?? []
    return compiled === undefined ? !/^src\/.+\.ts$/.test(file) : !all.has(`src/${compiled}.ts`)
  })
  return [
    ...missing.map((file) => `${file} is not in the tarball`),
    ...strange.map((file) => `${file} is in the tarball, and is neither a source nor compiled from one`)
  ]
}

/**
 * Imports of what is only there because something else has it installed.
 *
 * @param {{ name: string, dependencies?: Record<string, string>, peerDependencies?: Record<string, string> }} manifest
 * @param {ReadonlyMap<string, ReadonlyArray<string>>} imports of each file
 * @returns {Array<string>}
 */
export const importsProblems = ({ dependencies, name, peerDependencies }, imports) => {
  const declared = new Set([name, ...Object.keys({ ...dependencies, ...peerDependencies })])
  const packageOf = (/** @type {string} */ specifier) => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier
  return [...imports].flatMap(([file, specifiers]) =>
    specifiers
      .filter((specifier) =>
        !/^\.{0,2}\//.test(specifier) && !isBuiltin(specifier) && !declared.has(packageOf(specifier))
      )
      .map((specifier) => `${file} imports ${specifier}, which is neither a dependency nor a peer`)
  )
}
