/**
 * Where `[tool.uv.sources]` says that a package comes from.
 *
 * @module
 * @since 0.1.0
 */
import { type Decoder, optional } from "@darb/package-manager/driver/Table"
import * as Schema from "effect/Schema"
import { Marker, Name } from "./UvSchema.js"

const { Boolean, String } = Schema

const Table = Schema.Struct({
  git: optional(String),
  rev: optional(String),
  tag: optional(String),
  branch: optional(String),
  lfs: optional(Boolean),
  url: optional(String),
  subdirectory: optional(String),
  /** A file or a directory; with `git` an archive in the repository. */
  path: optional(String),
  editable: optional(Boolean),
  package: optional(Boolean),
  /** The name of an index. */
  index: optional(String),
  /** `true`, or the path of another workspace. */
  workspace: optional(Schema.Union(Boolean, String)),
  /** The source applies where the marker is true, and only to the extra or the group. */
  marker: optional(Marker),
  extra: optional(Name),
  group: optional(Name)
})

type Key = keyof typeof Table.Type

const among = (source: typeof Table.Type, ...keys: ReadonlyArray<Key>) =>
  keys.filter((key) => source[key] !== undefined)

/**
 * One of `git`, `url`, `path`, `index` and `workspace`, with what belongs to it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Source extends Schema.Schema.Type<typeof Table> {}

export const Source: Decoder<Source> = Table.pipe(Schema.filter((source) => {
  const kinds = among(
    source,
    "git",
    "url",
    ...(source.git === undefined ? ["path"] as const : []),
    "index",
    "workspace"
  )
  if (kinds.length === 0) return "Expected one of `git`, `url`, `path`, `index` and `workspace`"
  const [first, second] = kinds.length > 1 ? kinds : among(source, "rev", "tag", "branch")
  return second === undefined || `Expected only one of \`${first}\` and \`${second}\``
}))
