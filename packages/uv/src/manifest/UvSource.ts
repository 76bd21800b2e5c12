/** Where `[tool.uv.sources]` says that packages come from. */
import { isTable } from "@darb/package-manager/driver/old/tomlDecoder"
import { overlap } from "@darb/python/MarkerOverlap"
import type * as Pep508 from "@darb/python/Pep508"
import { boolean, type Context, type Decoder, fields, string } from "./UvContext.js"
import { marker, name, url } from "./UvDecoder.js"

/** When a source applies; `null` is always. */
export interface Condition {
  readonly marker: Pep508.Marker | null
  readonly extra: string | null
  readonly group: string | null
}

export type Source =
  & Condition
  & (
    | {
      readonly _tag: "Git"
      readonly git: string
      readonly reference: { readonly kind: "rev" | "tag" | "branch"; readonly name: string } | null
      readonly subdirectory: string | null
      /** An archive in the repository. */
      readonly path: string | null
      readonly lfs: boolean | null
    }
    | { readonly _tag: "Url"; readonly url: string; readonly subdirectory: string | null }
    | {
      readonly _tag: "Path"
      readonly path: string
      readonly editable: boolean | null
      readonly package: boolean | null
    }
    | { readonly _tag: "Index"; readonly index: string }
    | {
      readonly _tag: "Workspace"
      /** `true`, or the path of another workspace. */
      readonly workspace: boolean | string
      readonly editable: boolean | null
    }
  )

const flagOrText: Decoder<boolean | string> = (value, context) =>
  typeof value === "boolean" || typeof value === "string" ? value : context.wrongType("a boolean or a string", value)

export const indexName: Decoder<string> = (value, context) => {
  if (typeof value !== "string") return context.wrongType("a string", value)
  return /^[\w.-]*$/.test(value) ? value : context.fail("expected the name of an index, of letters, digits, -, _ and .")
}

const decodeTable = fields({
  git: url,
  subdirectory: string,
  rev: string,
  tag: string,
  branch: string,
  lfs: boolean,
  url,
  path: string,
  editable: boolean,
  package: boolean,
  index: indexName,
  workspace: flagOrText,
  marker,
  extra: name,
  group: name
}, { others: "refused" })

type Values = NonNullable<ReturnType<typeof decodeTable>>
type Kind = "git" | "url" | "path" | "index" | "workspace"

/** What cannot be beside the key that makes the source what it is; the first of those that are there does. */
const excluded: ReadonlyArray<readonly [Kind, ReadonlyArray<keyof Values>]> = [
  ["git", ["index", "workspace", "url", "editable", "package"]],
  ["url", ["index", "workspace", "path", "git", "rev", "tag", "branch", "editable", "package"]],
  ["path", ["index", "workspace", "git", "url", "rev", "tag", "branch"]],
  ["index", ["workspace", "git", "url", "path", "rev", "tag", "branch", "editable", "package"]],
  ["workspace", ["index", "git", "url", "path", "rev", "tag", "branch", "package"]]
]

const one: Decoder<Source> = (value, context) => {
  const found = decodeTable(value, context)
  if (found === undefined) return undefined
  if (found.extra !== undefined && found.group !== undefined) {
    return context.fail("cannot have both `extra` and `group`")
  }
  const [kind, others] = excluded.find(([key]) => found[key] !== undefined) ?? []
  if (kind === undefined || others === undefined) {
    const isThere = isTable(value) && excluded.some(([key]) => value[key] !== undefined)
    return isThere ? undefined : context.fail("expected one of `git`, `url`, `path`, `index` and `workspace`")
  }
  const other = others.find((key) => found[key] !== undefined)
  if (other !== undefined) return context.fail(`cannot have both \`${kind}\` and \`${other}\``)
  const condition = { marker: found.marker ?? null, extra: found.extra ?? null, group: found.group ?? null }
  return sourceOf(kind, found, condition, context)
}

const sourceOf = (kind: Kind, found: Values, condition: Condition, context: Context): Source | undefined => {
  const { editable = null, subdirectory = null } = found
  switch (kind) {
    case "git": {
      const references = (["rev", "tag", "branch"] as const).flatMap((kind) => {
        const name = found[kind]
        return name === undefined ? [] : [{ kind, name }]
      })
      if (references.length > 1) return context.fail("can have only one of `rev`, `tag` and `branch`")
      if (found.path !== undefined && subdirectory !== null) {
        return context.fail("cannot have both `subdirectory` and `path`")
      }
      return {
        _tag: "Git",
        ...condition,
        git: (found.git ?? "").replace(/^git\+/, ""),
        reference: references[0] ?? null,
        subdirectory,
        path: found.path ?? null,
        lfs: found.lfs ?? null
      }
    }
    case "url":
      return { _tag: "Url", ...condition, url: found.url ?? "", subdirectory }
    case "path":
      return editable === true && found.package === false
        ? context.fail("cannot have both `editable = true` and `package = false`")
        : { _tag: "Path", ...condition, path: found.path ?? "", editable, package: found.package ?? null }
    case "index":
      return { _tag: "Index", ...condition, index: found.index ?? "" }
    case "workspace":
      return { _tag: "Workspace", ...condition, workspace: found.workspace ?? true, editable }
  }
}

/** One source, or several, each with a marker of its own. */
export const sources: Decoder<ReadonlyArray<Source>> = (value, context) => {
  if (!Array.isArray(value)) {
    const source = one(value, context)
    return source === undefined ? undefined : [source]
  }
  if (value.length === 0) return context.fail("expected at least one source")
  const decoded = value.map((item: unknown, index) => context.at(index, one, item))
  const known = decoded.filter((source) => source !== undefined)
  if (known.length < decoded.length) return undefined
  for (const [index, source] of known.entries()) {
    const before = known[index - 1]
    if (before === undefined || before.extra !== source.extra || before.group !== source.group) continue
    const isEverywhere = before.marker?.expression === undefined || source.marker?.expression === undefined
    if (isEverywhere) return context.fail("Of several sources each must have a marker, an extra or a group of its own")
    if (overlap(before.marker, source.marker)) {
      return context.fail(`The markers of two sources overlap: ${before.marker.text} and ${source.marker.text}`)
    }
  }
  return known
}
