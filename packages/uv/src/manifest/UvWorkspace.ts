/** Finds out whether a directory is a member of a workspace of uv. */
import * as Effect from "effect/Effect"
import * as UvManifest from "./UvManifest.js"

/** The parts of a glob, as in the crate `glob`, which uv uses. */
const parts = /\*\*\/?|\*|\?|\[(?:![^\]]|[^\]!])[^\]]*\]|[^*?[]+|\[/g

/** `any` is the pattern of a single star. */
const patternOf = (glob: string, any: string): RegExp =>
  new RegExp(`^${
    (glob.match(parts) ?? []).map((part) => {
      if (part.startsWith("**")) return ".*"
      if (part === "*") return any
      if (part === "?") return "[^/]"
      // A class that is not closed: uv refuses it.
      if (part === "[") return "(?!)"
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
    // An invalid class of characters: uv refuses it.
    return false
  }
}

/**
 * Whether a directory belongs to the workspace of a manifest above it. The path is relative to the manifest, with slashes. Only
 * the nearest manifest above a directory decides: uv looks no further.
 */
export const isMember = (manifest: Uint8Array, directory: string): Effect.Effect<boolean> =>
  Effect.match(UvManifest.decode(manifest), {
    onFailure: () => false,
    onSuccess: ({ value: { workspace } }) =>
      workspace !== null &&
      workspace.members.some((glob) => matches(glob, directory, "[^/]*")) &&
      !workspace.exclude.some((glob) => matches(glob, directory, ".*"))
  })
