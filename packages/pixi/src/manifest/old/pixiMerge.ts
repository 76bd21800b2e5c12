/** How pixi merges features and targets. */
import { get, put } from "@darb/package-manager/driver/old/tomlDecoder"
import type { CondaSpec, PypiSpec, SourceLocation } from "../PixiDependency.js"
import type * as Document from "../PixiDocument.js"
import * as Platforms from "../PixiPlatform.js"
import type { Task } from "../PixiTask.js"
import { compareVersions } from "./condaVersion.js"
import * as Pep508 from "./pep508.js"

type Features = Pick<Document.PixiDocument, "defaultFeature" | "features">

/** The features of an environment in order of priority. What its own table says comes first, by the environment's name. */
export const featuresOf = (
  { defaultFeature, features }: Features,
  name: string,
  environment: Document.Environment
): ReadonlyArray<readonly [name: string, feature: Document.Feature]> => {
  const all: Array<readonly [string, Document.Feature]> = []
  if (environment.inline !== undefined) all.push([name, environment.inline])
  for (const feature of environment.features) {
    const found = feature === "default" ? defaultFeature : get(features, feature)
    if (found !== undefined) all.push([feature, found])
  }
  if (!environment.noDefaultFeature) all.push(["default", defaultFeature])
  return all
}

/** What holds of a feature on a platform, the least specific first. */
export const targetsOf = (feature: Document.Feature, platform: Document.Platform): ReadonlyArray<Document.Target> => {
  const { target = {} } = feature
  return [
    feature,
    ...Object.keys(target).filter((key) => Platforms.matches(key, platform)).flatMap((key) => get(target, key) ?? [])
  ]
}

/** By feature: the least specific target first. */
type Targets = ReadonlyArray<ReadonlyArray<Document.Target>>

/** A more specific target overwrites within a feature; what features say of a package must all hold. */
class Specs<A> {
  private readonly byName = new Map<
    string,
    { readonly name: string; readonly specs: Array<A>; readonly seen: Set<string> }
  >()

  constructor(private readonly normalize: (name: string) => string) {}

  addFeature(tables: ReadonlyArray<Readonly<Record<string, ReadonlyArray<A>>>>) {
    const feature = new Map<string, readonly [name: string, specs: ReadonlyArray<A>]>()
    for (const table of tables) {
      for (const name of Object.keys(table)) feature.set(this.normalize(name), [name, get(table, name) ?? []])
    }
    for (const [normal, [name, specs]] of feature) {
      const entry = this.byName.get(normal) ?? { name, specs: [], seen: new Set() }
      this.byName.set(normal, entry)
      for (const spec of specs) {
        const id = JSON.stringify(spec)
        if (!entry.seen.has(id)) entry.specs.push(spec)
        entry.seen.add(id)
      }
    }
  }

  toRecord(): Readonly<Record<string, ReadonlyArray<A>>> {
    const record: Record<string, ReadonlyArray<A>> = {}
    for (const { name, specs } of this.byName.values()) put(record, name, specs)
    return record
  }
}

const each = <A>(table: Readonly<Record<string, A>> | undefined): Readonly<Record<string, ReadonlyArray<A>>> => {
  const all: Record<string, ReadonlyArray<A>> = {}
  for (const [name, spec] of Object.entries(table ?? {})) put(all, name, [spec])
  return all
}

const lowerCase = (name: string) => name.toLowerCase()

export const condaSpecs = (
  targets: Targets,
  workspace: Document.Workspace,
  tables: ReadonlyArray<"dependencies" | "hostDependencies" | "buildDependencies" | "constraints">
) => {
  const specs = new Specs<CondaSpec>(lowerCase)
  for (const feature of targets) {
    specs.addFeature(feature.flatMap((target) =>
      tables.map((table) => {
        const written = target[table]
        if (written === undefined) return {}
        const resolved: Record<string, ReadonlyArray<CondaSpec>> = {}
        for (const [name, spec] of Object.entries(written)) {
          put(resolved, name, [inherit(spec, name, workspace) ?? spec])
        }
        return resolved
      })
    ))
  }
  return specs.toRecord()
}

/** What `{ workspace = true }` stands for; `undefined` if the workspace does not say. */
export const inherit = (spec: CondaSpec, name: string, workspace: Document.Workspace): CondaSpec | undefined => {
  if (spec.workspace !== true) return spec
  const { dependencies = {} } = workspace
  const key = Object.hasOwn(dependencies, name)
    ? name
    : Object.keys(dependencies).find((other) => lowerCase(other) === lowerCase(name))
  const base = key === undefined ? undefined : get(dependencies, key)
  if (base === undefined) return undefined
  const { package: _, workspace: __, ...overrides } = spec
  return { ...base, ...overrides }
}

export const pypiSpecs = (targets: Targets) => {
  const specs = new Specs<PypiSpec>(Pep508.normalize)
  for (const feature of targets) specs.addFeature(feature.map(({ pypiDependencies = {} }) => pypiDependencies))
  return specs.toRecord()
}

export const sources = (targets: Targets) => {
  const specs = new Specs<SourceLocation>(lowerCase)
  for (const feature of targets) specs.addFeature(feature.map(({ dev }) => each(dev)))
  return specs.toRecord()
}

/** By priority; among the same, in the order of the features. The first of the same channel counts. */
export const channelsOf = (
  features: ReadonlyArray<Document.Feature>,
  workspace: Document.Workspace
): ReadonlyArray<Document.Channel> => {
  const all = features.flatMap(({ channels = workspace.channels }) => channels)
  const byName = new Map<string, Document.Channel>()
  for (const channel of all.toSorted((a, b) => (b.priority ?? 0) - (a.priority ?? 0))) {
    if (!byName.has(channel.channel)) byName.set(channel.channel, channel)
  }
  return [...byName.values()]
}

/** The task of the first feature that has it counts, and in it that of the most specific target. */
export const tasksOf = (targets: Targets): Readonly<Record<string, Task>> => {
  const all: Record<string, Task> = {}
  for (const feature of targets.toReversed()) {
    for (const { tasks = {} } of feature) {
      for (const [name, task] of Object.entries(tasks)) put(all, name, task)
    }
  }
  return all
}

export const activationOf = (targets: Targets): Required<Document.Activation> => {
  const env: Record<string, string> = {}
  const scripts = targets.flatMap((feature) => {
    for (const { activation } of feature.toReversed()) {
      for (const [name, value] of Object.entries(activation?.env ?? {})) {
        if (!Object.hasOwn(env, name)) put(env, name, value)
      }
    }
    return feature.findLast(({ activation }) => activation?.scripts !== undefined)?.activation?.scripts ?? []
  })
  return { scripts, env }
}

const highest = (a: string | undefined, b: string | undefined) =>
  a === undefined ? b : b === undefined || compareVersions(a, b) >= 0 ? a : b

/** The highest versions that the features ask for. */
export const systemRequirementsOf = (features: ReadonlyArray<Document.Feature>): Document.SystemRequirements => {
  const all: { -readonly [K in keyof Document.SystemRequirements]: Document.SystemRequirements[K] } = {}
  for (const { systemRequirements = {} } of features) {
    for (const key of ["linux", "macos", "cuda"] as const) {
      const version = highest(all[key], systemRequirements[key])
      if (version !== undefined) all[key] = version
    }
    const { archspec = all.archspec, libc } = systemRequirements
    if (archspec !== undefined) all.archspec ??= archspec
    if (libc !== undefined) {
      all.libc = { ...all.libc, ...libc, version: highest(all.libc?.version, libc.version) ?? libc.version }
    }
  }
  return all
}

const list = <A>(...lists: ReadonlyArray<ReadonlyArray<A> | undefined>): ReadonlyArray<A> | undefined => {
  if (lists.every((one) => one === undefined)) return undefined
  const seen = new Map<string, A>()
  for (const item of lists.flatMap((one) => one ?? [])) {
    if (!seen.has(JSON.stringify(item))) seen.set(JSON.stringify(item), item)
  }
  return [...seen.values()]
}

type AllOrSome = boolean | ReadonlyArray<string> | undefined

const allOrSome = (a: AllOrSome, b: AllOrSome): AllOrSome => {
  if (a === true || b === true) return true
  return typeof a === "object" && typeof b === "object" ? list(a, b) : typeof a === "object" ? a : b ?? a
}

/** What features say wins over what the workspace says; lists are put together. */
export const pypiOptionsOf = (
  features: ReadonlyArray<Document.Feature>,
  workspace: Document.Workspace
): Document.PypiOptions =>
  [...features.map(({ pypiOptions }) => pypiOptions), workspace.pypiOptions].reduce<Document.PypiOptions>(
    (all, options) => options === undefined ? all : mergePypiOptions(all, options),
    {}
  )

const mergePypiOptions = (first: Document.PypiOptions, second: Document.PypiOptions): Document.PypiOptions => {
  const merged = {
    ...second,
    ...first,
    extraIndexUrls: list(first.extraIndexUrls, second.extraIndexUrls),
    findLinks: list(first.findLinks, second.findLinks),
    noBuildIsolation: allOrSome(first.noBuildIsolation, second.noBuildIsolation),
    noBuild: allOrSome(first.noBuild, second.noBuild),
    noBinary: allOrSome(first.noBinary, second.noBinary),
    dependencyOverrides: first.dependencyOverrides === undefined
      ? second.dependencyOverrides
      : { ...second.dependencyOverrides, ...first.dependencyOverrides }
  }
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined))
}

const single = ["indexUrl", "indexStrategy", "prereleaseMode", "skipWheelFilenameCheck"] as const

/** Why the features of an environment cannot be merged, if they cannot. */
export const conflict = (document: Features, name: string, environment: Document.Environment): string | undefined => {
  const features = featuresOf(document, name, environment).map(([, feature]) => feature)
  const differ = (values: ReadonlyArray<unknown>) => new Set(values.filter((value) => value !== undefined)).size > 1
  const requirements = features.map(({ systemRequirements }) => systemRequirements)
  if (differ(requirements.map((one) => one?.archspec))) return "its features ask for different archspecs"
  if (differ(requirements.map((one) => one?.libc && (one.libc.family ?? "glibc")))) {
    return "its features ask for different libcs"
  }
  const option = single.find((key) => differ(features.map(({ pypiOptions }) => pypiOptions?.[key])))
  return option === undefined ? undefined : `its features differ in ${option} of pypi-options`
}
