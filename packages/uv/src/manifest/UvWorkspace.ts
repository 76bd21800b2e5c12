/**
 * Finds the members of a workspace of uv, and whether a directory is one.
 *
 * @module
 * @since 0.1.0
 */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
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

const trimmed = (glob: string): string => glob.replace(/^\.\//, "").replace(/\/+$/, "")

const matches = (glob: string, directory: string, any: string): boolean => {
  try {
    return patternOf(trimmed(glob), any).test(directory)
  } catch {
    // An invalid class of characters: uv refuses it.
    return false
  }
}

/**
 * Whether a directory belongs to the workspace of a manifest above it. The path is relative to the manifest, with slashes. Only
 * the nearest manifest above a directory decides: uv looks no further.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isMember = (manifest: Uint8Array, directory: string): Effect.Effect<boolean> =>
  Effect.match(UvManifest.decode(manifest), {
    onFailure: () => false,
    onSuccess: ({ value: { workspace } }) =>
      workspace !== null &&
      workspace.members.some((glob) => matches(glob, directory, "[^/]*")) &&
      !workspace.exclude.some((glob) => matches(glob, directory, ".*"))
  })

/**
 * The manifests of the members below the root of a workspace. Patterns match no hidden directories.
 *
 * @since 0.1.0
 * @category operations
 */
export const members = Effect.fnUntraced(
  function*(root: string, workspace: NonNullable<UvManifest.UvManifest["workspace"]>) {
    const fs = yield* FileSystem.FileSystem
    const path = yield* Path.Path

    const below = (directory: string) =>
      fs.readDirectory(path.join(root, directory)).pipe(
        Effect.map((names) => names.filter((name) => !name.startsWith("."))),
        Effect.orElseSucceed((): ReadonlyArray<string> => [])
      )

    const expand = (directory: string, parts: ReadonlyArray<string>): Effect.Effect<ReadonlyArray<string>> => {
      const [part, ...rest] = parts
      if (part === undefined) return Effect.succeed([directory])
      if (!/[*?[]/.test(part)) return expand(path.join(directory, part), rest)
      const deep = part === "**"
      const found = Effect.flatMap(
        below(directory),
        (names) =>
          Effect.forEach(names.filter((name) => matches(part, name, "[^/]*")), (name) => {
            const next = path.join(directory, name)
            if (!deep) return expand(next, rest)
            // A glob follows no links here: they may form a cycle.
            return Effect.orElse(Effect.as(fs.readLink(path.join(root, next)), []), () => expand(next, parts))
          })
      )
      return Effect.zipWith(
        deep ? expand(directory, rest) : Effect.succeed([]),
        found,
        (here, found) => [...here, ...found.flat()]
      )
    }

    const found = yield* Effect.forEach(workspace.members, (glob) => expand("", trimmed(glob).split("/")))
    const distinct = [...new Set(found.flat().map((directory) => path.normalize(directory)))].filter((directory) => {
      const relative = directory.split(path.sep).join("/")
      return relative !== "." && !workspace.exclude.some((glob) => matches(glob, relative, ".*"))
    })
    const files = distinct.map((directory) => path.join(root, directory, "pyproject.toml"))
    return yield* Effect.filter(files, (file) => Effect.orElseSucceed(fs.exists(file), () => false))
  }
)
