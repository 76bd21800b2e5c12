/**
 * Reads what the name of a `NAME-VERSION.dist-info` directory says, without its `METADATA`.
 *
 * @module
 * @since 0.1.0
 */
import * as Pep508 from "./Pep508.js"

/**
 * The normalized name and the version; `undefined` if it is another directory.
 *
 * @since 0.1.0
 * @category decoding
 */
export const parse = (directory: string): { readonly name: string; readonly version: string } | undefined => {
  const [, found = "", version = ""] = /([^/\\]+)-([^-/\\]+)\.dist-info$/.exec(directory) ?? []
  const name = Pep508.normalizedName(found)
  return name === undefined ? undefined : { name, version }
}
