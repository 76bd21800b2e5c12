/** Which workspace of uv a directory belongs to. Pure. */
import * as Either from "effect/Either"
import * as UvManifest from "./UvManifest.js"

/** A part of a glob as `glob` of Rust has it, which uv uses. */
const parts = /\*\*\/?|\*|\?|\[!?[^\]]+\]|[^*?[]+|\[/g

/** `any` is what a single star stands for. */
const patternOf = (glob: string, any: string): RegExp =>
  new RegExp(`^${
    (glob.match(parts) ?? []).map((part) => {
      if (part.startsWith("**")) return ".*"
      if (part === "*") return any
      if (part === "?") return "[^/]"
      if (part.length > 2 && part.startsWith("[")) {
        return `[${part.slice(1, -1).replace(/^!/, "^").replace(/\\/g, "\\\\")}]`
      }
      return part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
    }).join("")
  }$`)

const matches = (glob: string, directory: string, any: string): boolean => {
  try {
    return patternOf(glob.replace(/^\.\//, "").replace(/\/+$/, ""), any).test(directory)
  } catch {
    // A class of characters that is none: uv refuses it.
    return false
  }
}

/**
 * Whether the directory, relative and with slashes, belongs to the workspace of a manifest above it. Only the nearest manifest
 * above a directory decides: uv looks no further.
 */
export const isMember = (manifest: Uint8Array, directory: string): boolean => {
  const decoded = UvManifest.decode(manifest)
  const workspace = Either.isRight(decoded) ? decoded.right.manifest.workspace : null
  return workspace !== null &&
    workspace.members.some((glob) => matches(glob, directory, "[^/]*")) &&
    !workspace.exclude.some((glob) => matches(glob, directory, ".*"))
}
