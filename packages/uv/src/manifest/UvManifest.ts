/** Reads `pyproject.toml` as uv does: `[project]`, `[dependency-groups]` and `[tool.uv]`. Pure. */
import { Manifest } from "@darb/package-manager/Manifest"
import * as Pep508 from "@darb/python/Pep508"
import * as Either from "effect/Either"
import { anything, Context, type Decoder, fields, type Table } from "./UvContext.js"
import { parseToml, type Problem, problemsOf } from "./UvDecoder.js"
import { flattened } from "./UvGroups.js"
import * as UvPyproject from "./UvPyproject.js"
import type { Source } from "./UvSource.js"

export type { Problem } from "./UvDecoder.js"
export type { ConflictItem, Index } from "./UvPyproject.js"
export type { Condition, Source } from "./UvSource.js"

/** A `pyproject.toml`, without the shapes that TOML gives it. Names are normalized. */
export interface UvManifest {
  /** `null` without `[project]`: the root of a workspace, or no project at all. */
  readonly name: string | null
  /** `null` where it is dynamic. */
  readonly version: string | null
  /** The fields of `[project]` that the build backend fills in. */
  readonly dynamic: ReadonlyArray<string>
  /** Such as `>=3.12`. */
  readonly requiresPython: string | null
  readonly dependencies: ReadonlyArray<Pep508.Requirement>
  /** By extra. */
  readonly optionalDependencies: ReadonlyMap<string, ReadonlyArray<Pep508.Requirement>>
  /** By group, with what the group includes, and with the `dev-dependencies` of old. */
  readonly groups: ReadonlyMap<string, ReadonlyArray<Pep508.Requirement>>
  /** The groups that are installed where none is chosen. */
  readonly defaultGroups: ReadonlyArray<string>
  readonly groupRequiresPython: ReadonlyMap<string, string>
  /** By package. */
  readonly sources: ReadonlyMap<string, ReadonlyArray<Source>>
  readonly indexes: ReadonlyArray<UvPyproject.Index>
  /** Globs of the directories of a workspace's members, if this is its root. */
  readonly workspace: { readonly members: ReadonlyArray<string>; readonly exclude: ReadonlyArray<string> } | null
  readonly isManaged: boolean
  /** Whether the project itself is built and installed. */
  readonly isPackage: boolean
  readonly constraints: ReadonlyArray<Pep508.Requirement>
  readonly buildConstraints: ReadonlyArray<Pep508.Requirement>
  /** Those that are for all packages. */
  readonly overrides: ReadonlyArray<Pep508.Requirement>
  /** What is solved for; empty is everywhere. */
  readonly environments: ReadonlyArray<Pep508.Marker>
  readonly requiredEnvironments: ReadonlyArray<Pep508.Marker>
  readonly conflicts: ReadonlyArray<ReadonlyArray<UvPyproject.ConflictItem>>
  /** The other keys of `[tool.uv]`, as they are written. */
  readonly settings: Table
  /** Whether there is a `[tool.uv]`. */
  readonly mentionsUv: boolean
}

export interface Decoded {
  readonly manifest: UvManifest
  /** What uv ignores or only warns about, with its place. */
  readonly warnings: ReadonlyArray<Problem>
}

export interface DecodeOptions {
  /** Judges as uv does, which takes neither a project without a version nor an unknown key in a source. */
  readonly strict?: boolean | undefined
}

/** No manifest is longer. */
export const largest = 16_777_216

const decodeDocument = fields({
  project: UvPyproject.project,
  "dependency-groups": UvPyproject.groups,
  tool: fields({ uv: UvPyproject.tool }),
  "build-system": anything
})

type Document = NonNullable<ReturnType<typeof decodeDocument>>

/** Decodes a manifest; on the left is all that is wrong with it. */
export const decode = (
  source: Uint8Array | string,
  { strict = false }: DecodeOptions = {}
): Either.Either<Decoded, readonly [Problem, ...Array<Problem>]> => {
  const toml = parseToml(source, largest)
  if (Either.isLeft(toml)) return Either.left([toml.left])
  const { document, text } = toml.right
  const context = new Context(strict)
  const decoded = decodeDocument(document, context)
  const manifest = decoded === undefined ? undefined : manifestOf(decoded, context)
  const [first, ...others] = problemsOf(context.errors.slice(0, most), text)
  if (first !== undefined) return Either.left([first, ...others])
  return manifest === undefined
    ? Either.left([{ reason: "it is not a table" }])
    : Either.right({ manifest, warnings: problemsOf(context.warnings.slice(0, most), text) })
}

/** More problems than anyone reads. */
const most = 100

const manifestOf = (document: Document, context: Context): UvManifest => {
  const { project, tool = {} } = document
  const uv = tool.uv ?? { settings: {} }
  if (project !== undefined) checkProject(project, context)
  const groups = flattened(document["dependency-groups"] ?? new Map(), uv["dev-dependencies"] ?? [], context)
  const settings = uv["dependency-groups"] ?? new Map<string, { readonly "requires-python"?: string | undefined }>()
  for (const group of settings.keys()) {
    if (!groups.has(group)) missingGroup(context, ["tool", "uv", "dependency-groups", group], group)
  }
  const chosen = uv["default-groups"] ?? ["dev"]
  const defaultGroups = chosen === "all" ? [...groups.keys()] : chosen
  // uv does not count the group that the `dev-dependencies` of old make.
  const inTable = document["dependency-groups"]
  for (const [index, group] of (uv["default-groups"] === undefined ? [] : defaultGroups).entries()) {
    if (chosen !== "all" && !inTable?.has(group)) missingGroup(context, ["tool", "uv", "default-groups", index], group)
  }
  for (const [index, set] of (uv.conflicts ?? []).entries()) {
    if (project?.name === undefined || set.every((item) => item.package !== null)) continue
    const names = new Set(set.map((item) => JSON.stringify([item.package ?? project.name, item.extra, item.group])))
    if (names.size < 2) context.failAt(["tool", "uv", "conflicts", index], "expected at least two that are in conflict")
  }
  return {
    name: project?.name ?? null,
    version: project?.version ?? null,
    dynamic: project?.dynamic ?? [],
    requiresPython: project?.["requires-python"] ?? null,
    dependencies: project?.dependencies ?? [],
    optionalDependencies: project?.["optional-dependencies"] ?? new Map(),
    groups,
    defaultGroups,
    groupRequiresPython: new Map(
      [...settings].flatMap(([group, { "requires-python": python }]) => python === undefined ? [] : [[group, python]])
    ),
    sources: uv.sources ?? new Map(),
    indexes: uv.index ?? [],
    workspace: uv.workspace === undefined
      ? null
      : { members: uv.workspace.members ?? [], exclude: uv.workspace.exclude ?? [] },
    isManaged: uv.managed ?? true,
    isPackage: uv.package ?? document["build-system"] !== undefined,
    constraints: uv["constraint-dependencies"] ?? [],
    buildConstraints: uv["build-constraint-dependencies"] ?? [],
    overrides: uv["override-dependencies"] ?? [],
    environments: uv.environments ?? [],
    requiredEnvironments: uv["required-environments"] ?? [],
    conflicts: uv.conflicts ?? [],
    settings: uv.settings,
    mentionsUv: tool.uv !== undefined
  }
}

/** Without a name or a version, uv takes no project; others do. */
const checkProject = (project: NonNullable<Document["project"]>, context: Context): void => {
  if (context.errors.length > 0) return
  if (project.name === undefined) context.doubtAt(["project", "name"], "is missing")
  const hasVersion = project.version !== undefined || project.dynamic?.includes("version") === true
  if (!hasVersion) context.doubtAt(["project", "version"], "is missing, and `dynamic` does not name it")
}

const missingGroup = (context: Context, path: ReadonlyArray<string | number>, group: string): void =>
  context.doubtAt(path, `there is no group ${JSON.stringify(group)} in \`dependency-groups\``)

/** Whether a `pyproject.toml` is meant for uv: one that cannot be parsed may be. */
export const mentionsUv = (source: Uint8Array | string): boolean => {
  const toml = parseToml(source, largest)
  if (Either.isRight(toml)) return mentions(toml.right.document, new Context(false)) ?? false
  const text = typeof source === "string" ? source : new TextDecoder().decode(source.subarray(0, largest))
  return /^\s*\[+\s*tool\s*\.\s*uv\b/m.test(text)
}

const mentions: Decoder<boolean> = (value, context) =>
  fields({ tool: fields({ uv: anything }) })(value, context)?.tool?.uv !== undefined

/** What is chosen of a manifest, and where for. */
export interface Selection {
  readonly extras?: ReadonlyArray<string> | undefined
  /** The default groups of the manifest, if nothing else is said. */
  readonly groups?: ReadonlyArray<string> | undefined
  /** Everything, whatever its markers say, if there is none. */
  readonly environment?: Pep508.Environment | undefined
}

/** What a project asks for. */
export const requirements = (
  manifest: UvManifest,
  { environment, extras = [], groups = manifest.defaultGroups }: Selection = {}
): ReadonlyArray<Pep508.Requirement> => {
  const all = [
    ...manifest.dependencies,
    ...extras.flatMap((extra) => manifest.optionalDependencies.get(Pep508.normalized(extra)) ?? []),
    ...groups.flatMap((group) => manifest.groups.get(Pep508.normalized(group)) ?? [])
  ]
  return environment === undefined ? all : all.filter(({ marker }) => Pep508.evaluate(marker, environment))
}

/** What all managers say of a manifest. */
export const toManifest = (
  manifest: UvManifest,
  { bytes, directoryName, file }: {
    /** The absolute path of the manifest. */
    readonly file: string
    readonly directoryName: string
    readonly bytes: Uint8Array
  }
): Manifest =>
  new Manifest({
    file,
    bytes,
    name: manifest.name ?? directoryName,
    packages: {},
    pypiPackages: Object.fromEntries(
      requirements(manifest).map((requirement) => [requirement.name, specOf(requirement, manifest)])
    ),
    channels: [],
    platforms: []
  })

const specOf = ({ name, specifier, url }: Pep508.Requirement, manifest: UvManifest): string => {
  const [source] = manifest.sources.get(name) ?? []
  const location = source?._tag === "Git" ? source.git : source?._tag === "Url" ? source.url : source?._tag === "Path"
    ? source.path
    : undefined
  return location ?? url ?? (specifier === "" ? "*" : specifier)
}
