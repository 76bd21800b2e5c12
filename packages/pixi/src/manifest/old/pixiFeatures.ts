/** Decodes features, targets and environments. */
import {
  array,
  boolean,
  type Context,
  type Decoder,
  get,
  string,
  text
} from "@darb/package-manager/driver/old/tomlDecoder"
import type * as Document from "../PixiDocument.js"
import * as Platforms from "../PixiPlatform.js"
import * as Syntax from "./condaSyntax.js"
import * as Version from "./condaVersion.js"
import { inlinePackage } from "./pixiPackageTable.js"
import { pypiSpecs } from "./pixiPypiSpecs.js"
import { dependencies, sourceLocation } from "./pixiSpecs.js"
import { tasks } from "./pixiTasks.js"
import { channelPriority, channels, pypiOptions, solveStrategy } from "./pixiWorkspaceTable.js"
import { type Fields, isTable, record, struct, type Table } from "./tomlStruct.js"

const specs = dependencies(inlinePackage)

export const activation = struct<Document.Activation>({ scripts: array(string), env: record(string) })

const targetFields: Fields<Document.Target> = {
  dependencies: specs,
  hostDependencies: specs,
  buildDependencies: specs,
  pypiDependencies: pypiSpecs,
  constraints: specs,
  dev: record(sourceLocation, Syntax.packageName),
  tasks,
  activation
}

const target = record(struct<Document.Target>(targetFields), Platforms.selectorProblem)

const libcTable = struct<{ readonly family?: string; readonly version: string }>({
  family: string,
  version: text(Version.version)
}, { required: ["version"] })

const libc: typeof libcTable = (value, context) => {
  if (isTable(value)) return libcTable(value, context)
  const version = text(Version.version)(value, context)
  return version === undefined ? undefined : { version }
}

export const systemRequirements = struct<Document.SystemRequirements>({
  linux: text(Version.version),
  macos: text(Version.version),
  cuda: text(Version.version),
  archspec: string,
  libc
}, { older: { unix: null } })

const platformNames = array(text(Platforms.nameProblem))

export const featureFields: Fields<Document.Feature> = {
  ...targetFields,
  channels,
  channelPriority,
  solveStrategy,
  platforms: platformNames,
  systemRequirements,
  pypiOptions,
  target
}

export const features = record(struct<Document.Feature>(featureFields))

interface EnvironmentTable
  extends Omit<Document.Feature, "hostDependencies" | "buildDependencies" | "systemRequirements">
{
  readonly features?: ReadonlyArray<string>
  readonly solveGroup?: string
  readonly noDefaultFeature?: boolean
}

const { buildDependencies: _, hostDependencies: __, systemRequirements: ___, ...inlineFields } = featureFields

const environmentTable = struct<EnvironmentTable>({
  ...inlineFields,
  features: array(string),
  solveGroup: string,
  noDefaultFeature: boolean
}, {
  check: (environment, context, table) => {
    const { noDefaultFeature: _, target = {}, tasks = {}, ...rest } = environment
    const isEmpty = [rest, target, tasks].every((one) => Object.keys(one).length === 0)
    if (isEmpty && table.keys.every((key) => ["no-default-feature", "target", "tasks"].includes(key))) {
      if (context.exact) context.failAt(["features"], "is missing")
    }
  }
})

const names = array(string)

const environment: Decoder<Document.Environment> = (value, context) => {
  if (Array.isArray(value)) return { features: names(value, context) ?? [], noDefaultFeature: false }
  if (!isTable(value)) return context.wrongType("table or array", value)
  const { features = [], noDefaultFeature = false, solveGroup, ...inline } = environmentTable(value, context) ?? {}
  return {
    features,
    noDefaultFeature,
    ...(solveGroup === undefined ? {} : { solveGroup }),
    ...(Object.keys(inline).length === 0 ? {} : { inline })
  }
}

/** What the default environment is if the manifest does not say. */
export const noEnvironment: Document.Environment = { features: [], noDefaultFeature: false }

export const environments = record(environment, Syntax.environmentName, (table, decoded) => {
  if (!table.has("default")) decoded["default"] = noEnvironment
})

/** Features that environments name have to be there, and only once. */
export const checkEnvironments = (
  all: Readonly<Record<string, Document.Environment>>,
  isFeature: (name: string) => boolean,
  context: Context,
  table: Table
) => {
  for (const name of Object.keys(all)) {
    const environment = get(all, name)
    if (environment === undefined) continue
    const pathOf = (index: number) =>
      Array.isArray(table.get(name)) ? ["environments", name, index] : ["environments", name, "features", index]
    for (const [index, feature] of environment.features.entries()) {
      if (!isFeature(feature)) context.failAt(pathOf(index), `there is no feature ${feature}`, { value: feature })
      else if (environment.features.indexOf(feature) !== index) {
        context.failAt(pathOf(index), `the feature ${feature} is there more than once`)
      }
    }
  }
}
