/** What pixi takes from the tables of `pyproject.toml` that are not its own. */
import { array, type Context, type Decoder, get, put, string, text } from "@darb/package-manager/driver/old/tomlDecoder"
import type { PypiSpec } from "../PixiDependency.js"
import * as Pep508 from "./pep508.js"
import { isTable, record, struct, type Table, table } from "./tomlStruct.js"

export interface Requirement {
  /** Normalized. */
  readonly name: string
  readonly spec: PypiSpec
}

export interface Project {
  readonly name: string | undefined
  readonly version: string | undefined
  readonly description: string | undefined
  readonly hasAuthors: boolean
  /** The version spec of Python. */
  readonly python: string
  readonly dependencies: ReadonlyArray<Requirement>
  /** The extras and the dependency groups. */
  readonly groups: Readonly<Record<string, ReadonlyArray<Requirement>>>
}

const requirement: Decoder<Pep508.Requirement> = (value, context) => {
  if (typeof value !== "string") return context.wrongType("string", value)
  const parsed = Pep508.parse(value)
  if (typeof parsed !== "string") return parsed
  context.doubt(parsed, { value })
  return undefined
}
const requirements = array(requirement)

type Included = { readonly includeGroup: string }
const included = struct<Included>({ includeGroup: string }, { required: ["includeGroup"] })
const groups = record(
  array<Pep508.Requirement | Included>((value, context) =>
    isTable(value) ? included(value, context) : requirement(value, context)
  )
)

const strings = array(string)
const stringRecord = record(string)
const contact = struct<{ readonly name?: string; readonly email?: string }>({ name: string, email: string }, {
  check: (one, context) => {
    if ((one.name ?? one.email) === undefined) context.doubtAt(["name"], "is missing")
  }
})

const readmeTable = struct({ file: string, text: string, contentType: string })
const licenseTable = struct<{ readonly file?: string; readonly text?: string }>({ file: string, text: string }, {
  check: (license, context) => {
    if ((license.file === undefined) === (license.text === undefined)) {
      context.doubt("it has to have one of file and text")
    }
  }
})
const stringOr = (decode: Decoder<unknown>): Decoder<unknown> => (value, context) =>
  typeof value === "string" ? value : decode(value, context)

interface ProjectTable {
  readonly name?: string
  readonly version?: string
  readonly description?: string
  readonly readme?: unknown
  readonly requiresPython?: string
  readonly license?: unknown
  readonly licenseFiles?: unknown
  readonly authors?: unknown
  readonly maintainers?: unknown
  readonly keywords?: unknown
  readonly classifiers?: unknown
  readonly urls?: unknown
  readonly entryPoints?: unknown
  readonly scripts?: unknown
  readonly guiScripts?: unknown
  readonly dependencies?: ReadonlyArray<Pep508.Requirement>
  readonly optionalDependencies?: Readonly<Record<string, ReadonlyArray<Pep508.Requirement>>>
  readonly dynamic?: unknown
  readonly importNames?: unknown
  readonly importNamespaces?: unknown
}

const projectTable = struct<ProjectTable>({
  name: string,
  version: text(Pep508.versionProblem),
  description: string,
  readme: stringOr(readmeTable),
  requiresPython: text(Pep508.specifiersProblem),
  license: stringOr(licenseTable),
  licenseFiles: strings,
  authors: array(contact),
  maintainers: array(contact),
  keywords: strings,
  classifiers: strings,
  urls: stringRecord,
  entryPoints: record(stringRecord),
  scripts: stringRecord,
  guiScripts: stringRecord,
  dependencies: requirements,
  optionalDependencies: record(requirements),
  dynamic: strings,
  importNames: strings,
  importNamespaces: strings
}, {
  check: (_, context, table) => {
    if (!table.has("name")) context.doubtAt(["name"], "is missing")
  }
})

const buildSystem = struct<
  { readonly requires?: unknown; readonly buildBackend?: unknown; readonly backendPath?: unknown }
>({
  requires: requirements,
  buildBackend: string,
  backendPath: strings
}, {
  open: true,
  check: (_, context, table) => {
    if (!table.has("requires")) context.doubtAt(["requires"], "is missing")
  }
})

const file = struct<{
  readonly project?: ProjectTable
  readonly dependencyGroups?: Readonly<Record<string, ReadonlyArray<Pep508.Requirement | Included>>>
  readonly buildSystem?: unknown
  readonly tool?: Table
}>({ project: projectTable, dependencyGroups: groups, buildSystem, tool: table }, { open: true })

/** Decodes the tables of Python's packaging. */
export const pyproject = (toml: Table, context: Context): Project => {
  const { dependencyGroups = {}, project = {}, tool } = file(toml, context) ?? {}
  const poetry = tool?.get("poetry")
  const field = (key: string) => isTable(poetry) ? poetry.get(key) : undefined
  const { optionalDependencies = {} } = project
  const own = project.name === undefined ? undefined : Pep508.normalize(project.name)
  const all: Record<string, ReadonlyArray<Requirement>> = {}
  for (const [name, listed] of Object.entries(optionalDependencies)) {
    put(all, name, resolveExtras(listed, optionalDependencies, own).map(requirementOf))
  }
  for (const name of Object.keys(dependencyGroups)) {
    const listed = resolveGroup(name, dependencyGroups, context, [])
    put(all, name, resolveExtras(listed, optionalDependencies, own).map(requirementOf))
  }
  const python = project.requiresPython?.trim() ?? ""
  return {
    name: project.name ?? stringOf(field("name")),
    version: project.version ?? stringOf(field("version")),
    description: project.description ?? stringOf(field("description")),
    hasAuthors: (project.authors ?? field("authors")) !== undefined,
    python: python === "" ? "*" : python.replace(/^==(?!=)\s*/, ""),
    dependencies: (project.dependencies ?? []).map(requirementOf),
    groups: all
  }
}

const stringOf = (value: unknown): string | undefined => typeof value === "string" ? value : undefined

/** The requirements of a group with those of the groups that it includes. */
const resolveGroup = (
  name: string,
  all: Readonly<Record<string, ReadonlyArray<Pep508.Requirement | Included>>>,
  context: Context,
  above: ReadonlyArray<string>
): ReadonlyArray<Pep508.Requirement> =>
  (get(all, name) ?? []).flatMap((one) => {
    if (!("includeGroup" in one)) return [one]
    const group = one.includeGroup
    const normal = Pep508.normalize(group)
    const found = Object.hasOwn(all, group)
      ? group
      : Object.keys(all).find((other) => Pep508.normalize(other) === normal)
    const problem = found === undefined
      ? `there is no group ${group}`
      : found === name || above.includes(found)
      ? `the group ${group} includes itself`
      : above.length > 50
      ? "groups include each other too deeply"
      : undefined
    if (problem !== undefined || found === undefined) {
      context.doubtAt(["dependency-groups", name], problem ?? "")
      return []
    }
    return resolveGroup(found, all, context, [...above, name])
  })

/** An extra may name others of the project itself: those are what it stands for. */
const resolveExtras = (
  listed: ReadonlyArray<Pep508.Requirement>,
  all: Readonly<Record<string, ReadonlyArray<Pep508.Requirement>>>,
  own: string | undefined,
  depth = 0
): ReadonlyArray<Pep508.Requirement> =>
  listed.flatMap((one) =>
    one.extras.length === 0 || Pep508.normalize(one.name) !== own || depth > 10
      ? [one]
      : one.extras.flatMap((extra) => resolveExtras(get(all, extra) ?? [], all, own, depth + 1))
  )

const requirementOf = ({ extras, marker, name, url, version }: Pep508.Requirement): Requirement => ({
  name: Pep508.normalize(name),
  spec: {
    ...(url === undefined ? { version: version === "" ? "*" : version } : locationOf(url)),
    ...(extras.length === 0 ? {} : { extras }),
    ...(marker === undefined ? {} : { envMarkers: marker })
  }
})

const locationOf = (url: string): PypiSpec => {
  const subdirectory = /[#&]subdirectory=([^&]+)/.exec(url)?.[1]
  const rest = subdirectory === undefined ? {} : { subdirectory }
  const bare = url.split("#", 1)[0] ?? url
  if (!bare.startsWith("git+")) {
    return bare.startsWith("file://") ? { path: bare.slice(7), ...rest } : { url: bare, ...rest }
  }
  const [, git = bare.slice(4), rev] = /^(.*?:\/\/.*)@([^@/]+)$/.exec(bare.slice(4)) ?? []
  return { git, ...(rev === undefined ? {} : { rev }), ...rest }
}
