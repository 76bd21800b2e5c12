/**
 * Reads `pyproject.toml` as uv does: `[project]`, `[dependency-groups]` and `[tool.uv]`.
 *
 * @module
 * @since 0.1.0
 */
import { type Decoder, map } from "@darb/package-manager/driver/Table"
import { Manifest } from "@darb/package-manager/Manifest"
import * as Pep508 from "@darb/python/Pep508"
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import { Pyproject } from "./UvPyproject.js"
import { decoder } from "./UvSchema.js"

export type { Source } from "./UvSource.js"

const manifestOf = (tables: Pyproject) => {
  const { "build-system": buildSystem, "dependency-groups": written = new Map<string, never>(), project = {} } = tables
  const uv = tables.tool?.uv
  const {
    "build-constraint-dependencies": buildConstraints = [],
    conflicts = [],
    "constraint-dependencies": constraints = [],
    "default-groups": chosen = ["dev"],
    "dependency-groups": groupSettings = new Map<string, never>(),
    "dev-dependencies": legacyDev = [],
    environments = [],
    index: indexes = [],
    managed: isManaged = true,
    "override-dependencies": overrides = [],
    package: isPackage = buildSystem !== undefined,
    "required-environments": requiredEnvironments = [],
    sources = new Map<string, never>(),
    workspace,
    ...settings
  } = uv ?? {}
  const groups = legacyDev.length === 0
    ? written
    : new Map(written).set("dev", [...written.get("dev") ?? [], ...legacyDev])
  return {
    /** `null` without `[project]`: the root of a workspace, or no project at all. */
    name: project.name ?? null,
    /** `null` if it is dynamic. */
    version: project.version ?? null,
    /** The fields of `[project]` that the build backend sets. */
    dynamic: project.dynamic ?? [],
    /** Version specifiers such as `>=3.12`. */
    requiresPython: project["requires-python"] ?? null,
    dependencies: project.dependencies ?? [],
    /** By extra. */
    optionalDependencies: project["optional-dependencies"] ?? new Map<string, never>(),
    /** By group, with the groups that it includes. `dev` has the legacy `dev-dependencies` too. */
    groups,
    /** The groups that uv installs by default. */
    defaultGroups: chosen === "all" ? [...groups.keys()] : chosen,
    /** By group. */
    groupRequiresPython: new Map(
      [...groupSettings].flatMap(([name, { "requires-python": python }]) =>
        python === undefined ? [] : [[name, python]]
      )
    ),
    /** By package. */
    sources,
    indexes,
    /** Globs of the members' directories, if this is the root of a workspace. */
    workspace: workspace === undefined
      ? null
      : { members: workspace.members ?? [], exclude: workspace.exclude ?? [] },
    isManaged,
    /** Whether uv builds and installs the project itself. */
    isPackage,
    constraints,
    buildConstraints,
    /** Without those that are for one package only. */
    overrides,
    /** The environments that uv solves for; all if empty. */
    environments,
    requiredEnvironments,
    conflicts,
    /** The other keys of `[tool.uv]`, as written. */
    settings,
    /** Whether there is a `[tool.uv]`. */
    mentionsUv: uv !== undefined
  }
}

const Flattened = map(Pyproject, manifestOf)

/**
 * A decoded `pyproject.toml`. Names are normalized.
 *
 * @since 0.1.0
 * @category models
 */
export interface UvManifest extends Schema.Schema.Type<typeof Flattened> {}
export const UvManifest: Decoder<UvManifest> = Flattened

/**
 * The size limit of a manifest, in bytes.
 *
 * @since 0.1.0
 * @category values
 */
export const largest = 1_000_000

/**
 * Decodes a manifest, or fails with the first problem. The warnings are the keys that uv refuses because it does not know
 * them.
 *
 * @since 0.1.0
 * @category decoding
 */
export const decode = decoder(UvManifest, largest)

/**
 * Whether a `pyproject.toml` has a `[tool.uv]`. A file that is invalid counts if it has the header of such a table.
 *
 * @since 0.1.0
 * @category predicates
 */
export const mentionsUv = (bytes: Uint8Array): Effect.Effect<boolean> =>
  Effect.match(decode(bytes), {
    onSuccess: ({ value }) => value.mentionsUv,
    onFailure: () => /^\s*\[+\s*tool\s*\.\s*uv\b/m.test(new TextDecoder().decode(bytes.subarray(0, largest)))
  })

/**
 * The extras and groups of a manifest, and the environment they are for.
 *
 * @since 0.1.0
 * @category models
 */
export interface Selection {
  readonly extras?: ReadonlyArray<string> | undefined
  /** The default groups of the manifest if absent. */
  readonly groups?: ReadonlyArray<string> | undefined
  /** If absent, markers are not evaluated. */
  readonly environment?: Pep508.Environment | undefined
}

/**
 * The requirements of a project.
 *
 * @since 0.1.0
 * @category operations
 */
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

/**
 * The manifest in the form that all drivers share.
 *
 * @since 0.1.0
 * @category operations
 */
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
  const location = source?.git?.replace(/^git\+/, "") ?? source?.url ?? source?.path
  return location ?? url ?? (specifier === "" ? "*" : specifier)
}
