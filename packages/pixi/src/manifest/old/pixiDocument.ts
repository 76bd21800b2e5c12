/** Decodes a whole manifest of pixi. */
import { type Context, type Decoder, get, put, string, text } from "@darb/package-manager/driver/old/tomlDecoder"
import type { PypiSpec } from "../PixiDependency.js"
import type * as Document from "../PixiDocument.js"
import * as Syntax from "./condaSyntax.js"
import * as Pep508 from "./pep508.js"
import { checkEnvironments, environments, featureFields, features, noEnvironment } from "./pixiFeatures.js"
import { packageTable } from "./pixiPackageTable.js"
import { checkStructure } from "./pixiStructure.js"
import { workspace } from "./pixiWorkspaceTable.js"
import { type Project, pyproject } from "./pyproject.js"
import { isTable, record, struct, type Table, table } from "./tomlStruct.js"

type Decoded = Omit<Document.PixiDocument, "warnings">

interface Root
  extends
    Omit<Document.Feature, "channels" | "channelPriority" | "solveStrategy" | "platforms">,
    Pick<Document.PixiDocument, "package" | "excludeNewer" | "pypiExcludeNewer">
{
  readonly workspace?: Document.Workspace
  readonly project?: Document.Workspace
  readonly feature?: Readonly<Record<string, Document.Feature>>
  readonly environments?: Readonly<Record<string, Document.Environment>>
  readonly tool?: Table
  readonly schema?: string
}

const { channelPriority: _, channels: __, platforms: ___, solveStrategy: ____, ...rootFields } = featureFields

const root = struct<Root>({
  ...rootFields,
  workspace,
  project: workspace,
  package: packageTable,
  excludeNewer: record(text(Syntax.excludeNewer), Syntax.packageName),
  pypiExcludeNewer: record(text(Syntax.excludeNewer), Pep508.nameProblem),
  feature: features,
  environments,
  tool: table,
  schema: string
}, {
  names: { schema: "$schema" },
  older: { "build-system": null, "build-backend": null, "run-dependencies": null },
  check: (decoded, context, table) => {
    if (table.has("workspace") && table.has("project")) {
      context.doubtAt(["project"], "is passed over, since there is [workspace]")
    }
    if (!table.has("workspace") && !table.has("project") && !table.has("package")) {
      context.fail("there is no [workspace] or [project] table")
    }
    if (decoded.feature !== undefined && Object.hasOwn(decoded.feature, "default")) {
      context.doubtAt(["feature", "default"], "the feature default is what is outside of [feature]")
    }
  }
})

type Writable<A> = { -readonly [K in keyof A]: A[K] }

const onlyDefault: Document.PixiDocument["environments"] = { default: noEnvironment }

const defaultFeatureOf = (root: Root, workspace: Document.Workspace | undefined): Document.Feature => {
  const feature: Writable<Document.Feature> = {}
  const { activation, buildDependencies, constraints, dependencies, dev, hostDependencies } = root
  const { pypiDependencies, pypiOptions, systemRequirements, target, tasks } = root
  if (dependencies !== undefined) feature.dependencies = dependencies
  if (hostDependencies !== undefined) feature.hostDependencies = hostDependencies
  if (buildDependencies !== undefined) feature.buildDependencies = buildDependencies
  if (pypiDependencies !== undefined) feature.pypiDependencies = pypiDependencies
  if (constraints !== undefined) feature.constraints = constraints
  if (dev !== undefined) feature.dev = dev
  if (tasks !== undefined) feature.tasks = tasks
  if (activation !== undefined) feature.activation = activation
  if (systemRequirements !== undefined) feature.systemRequirements = systemRequirements
  if (pypiOptions !== undefined) feature.pypiOptions = pypiOptions
  if (target !== undefined) feature.target = target
  if (workspace?.channelPriority !== undefined) feature.channelPriority = workspace.channelPriority
  if (workspace?.solveStrategy !== undefined) feature.solveStrategy = workspace.solveStrategy
  return feature
}

/** Decodes `pixi.toml`, or what is below `tool.pixi`. */
const decodeRoot = (value: Table, context: Context, project: Project | undefined): Decoded | undefined => {
  const decoded = root(value, context)
  if (decoded === undefined) return undefined
  const { environments, excludeNewer, feature = {}, package: own, pypiExcludeNewer } = decoded
  const workspace = decoded.workspace ?? decoded.project
  const defaultFeature = defaultFeatureOf(decoded, workspace)
  const name = workspace?.name ?? (typeof own?.name === "string" ? own.name : undefined) ?? project?.name
  const groups = project?.groups ?? {}
  const isFeature = (name: string) => name === "default" || Object.hasOwn(feature, name) || Object.hasOwn(groups, name)
  const table = value.get("environments")
  if (environments !== undefined && isTable(table)) checkEnvironments(environments, isFeature, context, table)
  const document: Writable<Decoded> = {
    defaultFeature: project === undefined ? defaultFeature : withProject(defaultFeature, project),
    features: withGroups(feature, groups),
    environments: environments ?? onlyDefault
  }
  if (name !== undefined) document.name = name
  if (workspace !== undefined) document.workspace = workspace
  if (own !== undefined) document.package = own
  if (excludeNewer !== undefined) document.excludeNewer = excludeNewer
  if (pypiExcludeNewer !== undefined) document.pypiExcludeNewer = pypiExcludeNewer
  if (context.strict && context.errors.length === 0) checkStructure(document, context, project)
  return document
}

/** A manifest as TOML; `undefined` if issues say why it is none. */
export const decode = (toml: Table, isPyproject: boolean, context: Context): Decoded | undefined => {
  if (!isPyproject) return decodeRoot(toml, context, undefined)
  const tool = toml.get("tool")
  const pixi = isTable(tool) ? tool.get("pixi") : undefined
  if (pixi === undefined) return context.fail("there is no [tool.pixi] table")
  const project = pyproject(toml, context)
  return context.at("tool", (_, inTool) => inTool.at("pixi", ofPixi(project), pixi), tool)
}

const ofPixi = (project: Project): Decoder<Decoded> => (value, context) =>
  isTable(value) ? decodeRoot(value, context, project) : context.wrongType("table", value)

/** pixi adds Python, and the requirements of the project. */
const withProject = (feature: Document.Feature, project: Project): Document.Feature => ({
  ...feature,
  dependencies: feature.dependencies !== undefined && Object.hasOwn(feature.dependencies, "python")
    ? feature.dependencies
    : { python: { version: project.python }, ...feature.dependencies },
  ...(project.dependencies.length === 0
    ? {}
    : { pypiDependencies: withRequirements(feature.pypiDependencies, project.dependencies) })
})

const withGroups = (
  features: Readonly<Record<string, Document.Feature>>,
  groups: Project["groups"]
): Readonly<Record<string, Document.Feature>> => {
  if (Object.keys(groups).length === 0) return features
  const all: Record<string, Document.Feature> = { ...features }
  for (const [name, requirements] of Object.entries(groups)) {
    const feature = get(features, name) ?? {}
    put(all, name, { ...feature, pypiDependencies: withRequirements(feature.pypiDependencies, requirements) })
  }
  return all
}

const withRequirements = (
  specs: Readonly<Record<string, ReadonlyArray<PypiSpec>>> = {},
  requirements: Project["dependencies"]
): Readonly<Record<string, ReadonlyArray<PypiSpec>>> => {
  const all: Record<string, ReadonlyArray<PypiSpec>> = { ...specs }
  const written = new Map(Object.keys(specs).map((name) => [Pep508.normalize(name), name]))
  for (const { name, spec } of requirements) {
    const key = written.get(name) ?? name
    written.set(name, key)
    const before = get(all, key) ?? []
    const isThere = before.some((other) => JSON.stringify(other) === JSON.stringify(spec))
    if (!isThere) put(all, key, [...before, spec])
  }
  return all
}
