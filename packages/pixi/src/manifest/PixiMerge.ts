/**
 * Merges features and targets as pixi does.
 *
 * @module
 * @since 0.1.0
 */
import * as Pep508 from "@darb/python/Pep508"
import * as Predicate from "effect/Predicate"
import * as Records from "effect/Record"
import * as CondaVersion from "./CondaVersion.js"
import { distinct, type PypiSpec, type SourceLocation } from "./PixiDependency.js"
import type { Activation, CondaSpec, Feature, SystemRequirements, Target } from "./PixiFeature.js"
import { matches, type Platform } from "./PixiPlatform.js"
import type { PypiOptions } from "./PixiPypiOptions.js"
import type { Task } from "./PixiTask.js"
import type { Channel, Workspace } from "./PixiWorkspaceTable.js"

/**
 * What of a feature applies on a platform, the least specific first.
 *
 * @since 0.1.0
 * @category getters
 */
export const targetsOf = (feature: Feature, platform: Platform): ReadonlyArray<Target> => [
  feature,
  ...Object.entries(feature.target ?? {}).flatMap(([selector, target]) => matches(selector, platform) ? [target] : [])
]

/** By feature: the least specific target first. */
type Targets = ReadonlyArray<ReadonlyArray<Target>>

type SpecsByName<A> = Readonly<Record<string, ReadonlyArray<A>>>

/** A more specific target replaces the specs of a name within its feature. The specs of all features must hold. */
const specsOf = <A>(
  targets: Targets,
  normalize: (name: string) => string,
  tablesOf: (target: Target) => ReadonlyArray<SpecsByName<A>>
): SpecsByName<A> => {
  const all = new Map<string, { readonly name: string; readonly specs: Array<A> }>()
  for (const feature of targets) {
    const entries = feature.flatMap(tablesOf).flatMap((table) => Object.entries(table))
    for (const [key, [name, specs]] of new Map(entries.map((entry) => [normalize(entry[0]), entry]))) {
      const found = all.get(key) ?? { name, specs: [] }
      all.set(key, found)
      found.specs.push(...specs)
    }
  }
  return Object.fromEntries([...all.values()].map(({ name, specs }) => [name, distinct(specs)]))
}

const lowerCase = (name: string) => name.toLowerCase()

const each = <A>(table: Readonly<Record<string, A>> = {}): SpecsByName<A> => Records.map(table, (spec) => [spec])

/**
 * The conda dependencies of some tables by name in lower case. A spec with `workspace = true` takes the fields that it
 * lacks from `[workspace.dependencies]`.
 *
 * @since 0.1.0
 * @category operations
 */
export const condaSpecs = (
  targets: Targets,
  workspace: Workspace,
  tables: ReadonlyArray<"dependencies" | "hostDependencies" | "buildDependencies" | "constraints">
): SpecsByName<CondaSpec> => {
  const pool = new Map(Object.entries(workspace.dependencies ?? {}).map(([name, spec]) => [lowerCase(name), spec]))
  const inherit = (written: CondaSpec, name: string): ReadonlyArray<CondaSpec> => {
    const base = pool.get(lowerCase(name))
    if (written.workspace !== true || base === undefined) return [written]
    const { package: _, workspace: __, ...spec } = written
    return [{ ...base, ...spec }]
  }
  return specsOf(targets, lowerCase, (target) => tables.map((table) => Records.map(target[table] ?? {}, inherit)))
}

/**
 * The PyPI dependencies by normalized name.
 *
 * @since 0.1.0
 * @category operations
 */
export const pypiSpecs = (targets: Targets): SpecsByName<PypiSpec> =>
  specsOf(targets, Pep508.normalized, ({ pypiDependencies = {} }) => [pypiDependencies])

/**
 * The source packages of `dev` by name in lower case.
 *
 * @since 0.1.0
 * @category operations
 */
export const sources = (targets: Targets): SpecsByName<SourceLocation> =>
  specsOf(targets, lowerCase, ({ dev }) => [each(dev)])

/**
 * By priority, then in the order of the features.
 *
 * @since 0.1.0
 * @category getters
 */
export const channelsOf = (features: ReadonlyArray<Feature>, workspace: Workspace): ReadonlyArray<Channel> => {
  const all = features.flatMap(({ channels = workspace.channels }) => channels)
  const names = new Set<string>()
  return all
    .toSorted((a, b) => (b.priority ?? 0) - (a.priority ?? 0))
    .filter(({ channel }) => !names.has(channel) && names.add(channel))
}

/**
 * The first feature with the task wins, and in it the most specific target.
 *
 * @since 0.1.0
 * @category getters
 */
export const tasksOf = (targets: Targets): Readonly<Record<string, Task>> =>
  Object.fromEntries(targets.toReversed().flat().flatMap(({ tasks = {} }) => Object.entries(tasks)))

/**
 * Variables are like tasks. The scripts of all features run, in each those of the most specific target.
 *
 * @since 0.1.0
 * @category getters
 */
export const activationOf = (targets: Targets): Required<Activation> => ({
  scripts: targets.flatMap((feature) =>
    feature.findLast(({ activation }) => activation?.scripts !== undefined)?.activation?.scripts ?? []
  ),
  env: Object.fromEntries(
    targets.toReversed().flat().flatMap(({ activation }) => Object.entries(activation?.env ?? {}))
  )
})

/** Drops the fields that are `undefined`. */
const defined = <A extends object>(fields: { readonly [K in keyof A]: A[K] | undefined }): A =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as A

/**
 * The highest versions that the features require.
 *
 * @since 0.1.0
 * @category getters
 */
export const systemRequirementsOf = (features: ReadonlyArray<Feature>): SystemRequirements => {
  const all = features.map(({ systemRequirements = {} }) => systemRequirements)
  const libcs = all.flatMap(({ libc }) => libc ?? [])
  return defined<SystemRequirements>({
    linux: CondaVersion.highest(all.map(({ linux }) => linux)),
    macos: CondaVersion.highest(all.map(({ macos }) => macos)),
    cuda: CondaVersion.highest(all.map(({ cuda }) => cuda)),
    archspec: all.find(({ archspec }) => archspec !== undefined)?.archspec,
    libc: libcs.length === 0 ? undefined : libcs.reduce((first, second) => ({
      ...first,
      ...second,
      version: CondaVersion.highest([first.version, second.version]) ?? second.version
    }))
  })
}

const lists = <A>(given: ReadonlyArray<ReadonlyArray<A> | undefined>): ReadonlyArray<A> | undefined =>
  given.every(Predicate.isUndefined) ? undefined : distinct(given.flatMap((list) => list ?? []))

const allOrSome = (given: ReadonlyArray<boolean | ReadonlyArray<string> | undefined>) => {
  if (given.includes(true)) return true
  return lists(given.map((some) => typeof some === "object" ? some : undefined)) ?? given.find(Predicate.isNotUndefined)
}

/**
 * The first feature wins, then the workspace. Lists are combined.
 *
 * @since 0.1.0
 * @category getters
 */
export const pypiOptionsOf = (features: ReadonlyArray<Feature>, workspace: Workspace): PypiOptions => {
  const all = [...features, workspace].flatMap(({ pypiOptions }) => pypiOptions ?? [])
  const first = all.reduceRight<PypiOptions>((merged, options) => ({ ...merged, ...options }), {})
  return defined<PypiOptions>({
    ...first,
    extraIndexUrls: lists(all.map((options) => options.extraIndexUrls)),
    findLinks: lists(all.map((options) => options.findLinks)),
    noBuildIsolation: allOrSome(all.map((options) => options.noBuildIsolation)),
    noBuild: allOrSome(all.map((options) => options.noBuild)),
    noBinary: allOrSome(all.map((options) => options.noBinary)),
    dependencyOverrides: first.dependencyOverrides && Object.fromEntries(
      all.toReversed().flatMap(({ dependencyOverrides = {} }) => Object.entries(dependencyOverrides))
    )
  })
}
