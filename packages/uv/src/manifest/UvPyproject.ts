/** The tables of `pyproject.toml` that uv reads, key by key. What uv itself only warns about is a warning. */
import { isTable, show } from "@darb/package-manager/driver/old/tomlDecoder"
import * as Pep508 from "@darb/python/Pep508"
import * as Either from "effect/Either"
import {
  anything,
  array,
  boolean,
  type Decoder,
  fields,
  integer,
  oneOf,
  string,
  type Table,
  unknownKey
} from "./UvContext.js"
import { checked, marker, name, named, requirement, specifiers, version } from "./UvDecoder.js"
import { settings } from "./UvSettings.js"
import { indexName, sources } from "./UvSource.js"

/** Of a requirement in `[project]` that it cannot read, uv asks the build backend, which may be able to. */
const projectRequirement: Decoder<Pep508.Requirement> = (value, context) => {
  const parsed = typeof value === "string" ? Pep508.parse(value) : undefined
  if (parsed !== undefined && Either.isRight(parsed)) return parsed.right
  const found = typeof value === "string" ? readBySome(value) : undefined
  if (found === undefined) return requirement(value, context)
  context.warnAt([], "is not a requirement by PEP 508, but may be taken for one")
  return found
}

/** Versions such as `>=1.*`, and places such as `{root:uri}/other` in URLs. */
const readBySome = (text: string): Pep508.Requirement | undefined => {
  const [start = "", url] = /^[^@;]*@\s*(?=(\S*\{\S*))/.exec(text) ?? []
  const plain = url === undefined
    ? text.replace(/((?:^|[^=!~<>])[<>]=?\s*[\d.]+)\.\*/g, "$1")
    : `${start}file:///${text.slice(start.length + url.length)}`
  const parsed = Pep508.parse(plain)
  if (Either.isLeft(parsed)) return undefined
  return url === undefined ? parsed.right : { ...parsed.right, url }
}

export const project = fields({
  name,
  version,
  dynamic: array(string),
  "requires-python": specifiers,
  dependencies: array(projectRequirement),
  "optional-dependencies": named(array(projectRequirement)),
  scripts: anything,
  "gui-scripts": anything
})

export type GroupItem = { readonly include: string } | Pep508.Requirement

const groupItem: Decoder<GroupItem> = (value, context) => {
  if (!isTable(value)) return requirement(value, context)
  const keys = Object.keys(value)
  if (keys.length !== 1 || keys[0] !== "include-group") {
    return context.wrongType("a requirement or a table with the one key `include-group`", value)
  }
  const include = context.at("include-group", name, value["include-group"])
  return include === undefined ? undefined : { include }
}

export const groups = named(array(groupItem))

const index: Decoder<Index> = (value, context) => {
  const found = indexTable(value, context)
  if (found === undefined) return undefined
  const { default: isDefault = false, explicit = false, name: label = null, url } = found
  if (explicit && label === null) return context.fail("an index that is `explicit` must have a `name`")
  return url === undefined
    ? undefined
    : { name: label, url, default: isDefault, explicit, format: found.format ?? "simple" }
}

export interface Index {
  readonly name: string | null
  /** A URL, or the path of a directory. */
  readonly url: string
  /** Whether it takes the place of PyPI. */
  readonly default: boolean
  /** Whether it is only for the packages whose source names it. */
  readonly explicit: boolean
  readonly format: "simple" | "flat"
}

const urlOrPath = checked("a URL or a path", (text) => text.trim() !== "" && !/^https?:\/*$/i.test(text.trim()))

const status = array<number>((value, context) => {
  const code = integer(value, context)
  return code === undefined || (code >= 100 && code < 1000) ? code : context.fail("expected a status of HTTP")
})

const indexTable = fields({
  name: indexName,
  url: urlOrPath,
  default: boolean,
  explicit: boolean,
  format: oneOf("simple", "flat"),
  authenticate: oneOf("auto", "always", "never"),
  "publish-url": string,
  "ignore-error-codes": status,
  "cache-control": fields({ api: string, files: string }),
  "exclude-newer": anything,
  "hash-algorithm": anything
}, { required: ["url"], others: "warned" })

const indexes: Decoder<ReadonlyArray<Index>> = (value, context) => {
  const found = array(index)(value, context) ?? []
  const names = found.map(({ name }) => name).filter((name) => name !== null)
  const twice = names.find((name, at) => names.indexOf(name) < at)
  if (twice !== undefined) context.fail(`two indexes have the name ${show(twice)}`)
  if (found.filter((one) => one.default).length > 1) context.fail("only one index can be the `default`")
  return found
}

export interface ConflictItem {
  /** `null` is the project itself. */
  readonly package: string | null
  readonly extra: string | null
  readonly group: string | null
}

const conflictTable = fields({ package: name, extra: name, group: name }, { others: "refused" })

export const conflictItem: Decoder<ConflictItem> = (value, context) => {
  const found = conflictTable(value, context)
  if (found === undefined) return undefined
  const { extra = null, group = null, package: owner = null } = found
  if (extra !== null && group !== null) return context.fail("cannot have both `extra` and `group`")
  if (extra === null && group === null && owner === null) return context.fail("expected `package`, `extra` or `group`")
  return { package: owner, extra, group }
}

const conflictSet: Decoder<ReadonlyArray<ConflictItem>> = (value, context) => {
  const before = context.errors.length
  const items = array(conflictItem)(value, context)
  if (items === undefined || context.errors.length > before) return undefined
  const different = new Set(items.map((item) => JSON.stringify([item.package, item.extra, item.group])))
  return different.size < 2 ? context.fail("expected at least two that are in conflict") : items
}

/** `**` is a whole part of a path, and what `[` opens must be closed. */
const isGlob = (glob: string): boolean => {
  if (/\*{3}|[^/\\]\*\*|\*\*[^/\\]/.test(glob)) return false
  for (let at = glob.indexOf("["); at !== -1;) {
    // The first character of a class may be `]`.
    const end = glob.indexOf("]", at + (glob[at + 1] === "!" ? 3 : 2))
    if (end === -1) return false
    at = glob.indexOf("[", end + 1)
  }
  return true
}

const globs = array(checked("a glob pattern", isGlob))

const scoped = fields({
  package: fields({ name, version }, { required: ["name"], others: "refused" }),
  dependencies: array(anything)
}, { required: ["package", "dependencies"], others: "refused" })

const requirements = array(requirement)

/** Requirements, or tables of those that are for one package. */
const overrides: Decoder<ReadonlyArray<Pep508.Requirement>> = (value, context) => {
  const found = array((item, context) => isTable(item) ? scopedItem(item, context) : requirement(item, context))(
    value,
    context
  )
  return found?.filter((item) => item !== true)
}

const scopedItem: Decoder<true> = (value, context) => scoped(value, context) === undefined ? undefined : true

const exclusions = array((item, context) => isTable(item) ? scopedItem(item, context) : name(item, context))

const environments: Decoder<ReadonlyArray<Pep508.Marker>> = (value, context) => {
  if (Array.isArray(value)) return array(marker)(value, context)
  const one = marker(value, context)
  return one === undefined ? undefined : [one]
}

const defaultGroups: Decoder<"all" | ReadonlyArray<string>> = (value, context) => {
  if (value === "all") return value
  return Array.isArray(value) ? array(name)(value, context) : context.wrongType("\"all\" or an array of groups", value)
}

/** What concerns the project. */
const own = {
  sources: named(sources),
  index: indexes,
  workspace: fields({ members: globs, exclude: globs }, { others: "refused" }),
  managed: boolean,
  package: boolean,
  "default-groups": defaultGroups,
  "dependency-groups": named(fields({ "requires-python": specifiers })),
  "dev-dependencies": requirements,
  "override-dependencies": overrides,
  "exclude-dependencies": exclusions,
  "constraint-dependencies": requirements,
  "build-constraint-dependencies": requirements,
  environments,
  "required-environments": environments,
  conflicts: array(conflictSet)
}

const ownTable = fields(own)
const known = [...Object.keys(own), ...settings.keys()]

export const tool: Decoder<NonNullable<ReturnType<typeof ownTable>> & { readonly settings: Table }> = (
  value,
  context
) => {
  const found = ownTable(value, context)
  if (found === undefined || !isTable(value)) return undefined
  const kept: Array<readonly [string, unknown]> = []
  for (const key of Object.keys(value)) {
    if (Object.hasOwn(own, key)) continue
    const decoder = settings.get(key)
    if (decoder === undefined) unknownKey(context, key, known, "warned")
    else context.lenient(() => context.at(key, decoder, value[key]))
    kept.push([key, value[key]])
  }
  return { ...found, settings: Object.fromEntries(kept) }
}
