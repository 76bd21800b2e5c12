/**
 * Finds dependencies in the tables of a manifest of pixi. Pure.
 *
 * @module
 * @since 0.1.0
 */
import * as Pep508 from "@darb/python/Pep508"
import type { PixiDocument } from "../manifest/PixiDocument.js"
import type { Feature } from "../manifest/PixiFeature.js"

/**
 * The name of a conda package as pixi compares it.
 *
 * @since 0.1.0
 * @category operations
 */
export const condaName = (name: string): string => name.toLowerCase()

/**
 * The name of a PyPI package as pixi compares it.
 *
 * @since 0.1.0
 * @category operations
 */
export const pypiName = (name: string): string => Pep508.normalizedName(name) ?? condaName(name)

/**
 * The keys that names stand for; names without a key are left out.
 *
 * @since 0.1.0
 * @category operations
 */
export const findKeys = (
  keys: ReadonlyArray<string>,
  names: ReadonlyArray<string>,
  normalize: (name: string) => string = condaName
): ReadonlyMap<string, string> => {
  const byName = new Map(keys.map((key) => [normalize(key), key]))
  return new Map(names.flatMap((name) => {
    const key = byName.get(normalize(name))
    return key === undefined ? [] : [[name, key]]
  }))
}

/**
 * The names of dependencies as the manifest spells them.
 *
 * @since 0.1.0
 * @category models
 */
export interface Dependencies {
  readonly conda: ReadonlyArray<string>
  readonly pypi: ReadonlyArray<string>
}

/**
 * A table of dependencies. By default it is the one for all environments and all platforms.
 *
 * @since 0.1.0
 * @category models
 */
export interface Table {
  readonly feature: string | undefined
  readonly platform: string | undefined
}

const own = <A>(record: Readonly<Record<string, A>>, key: string): A | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined

/**
 * The dependencies of one table: the one that pixi adds to and removes from. Other tables may have the name too.
 *
 * @since 0.1.0
 * @category getters
 */
export const dependenciesOf = (
  document: Pick<PixiDocument, "defaultFeature" | "features">,
  { feature, platform }: Table
): Dependencies => {
  const table: Feature = (feature === undefined ? document.defaultFeature : own(document.features, feature)) ?? {}
  const { dependencies = {}, pypiDependencies = {} } =
    (platform === undefined ? table : own(table.target ?? {}, platform)) ?? {}
  return { conda: Object.keys(dependencies), pypi: Object.keys(pypiDependencies) }
}

/**
 * The features with names, and those that environments define inline.
 *
 * @since 0.1.0
 * @category operations
 */
export const namedFeatures = ({ environments, features }: PixiDocument): ReadonlyArray<Feature> => [
  ...Object.values(features),
  ...Object.values(environments).flatMap(({ inline }) => inline ?? [])
]

/**
 * The default feature, then the named ones.
 *
 * @since 0.1.0
 * @category operations
 */
export const allFeatures = (document: PixiDocument): ReadonlyArray<Feature> => [
  document.defaultFeature,
  ...namedFeatures(document)
]

/**
 * The dependencies of all tables.
 *
 * @since 0.1.0
 * @category operations
 */
export const allDependencies = (document: PixiDocument): Dependencies => {
  const tables = allFeatures(document).flatMap((feature) => [feature, ...Object.values(feature.target ?? {})])
  return {
    conda: tables.flatMap(({ dependencies = {} }) => Object.keys(dependencies)),
    pypi: tables.flatMap(({ pypiDependencies = {} }) => Object.keys(pypiDependencies))
  }
}

/**
 * `default` is the table for all environments, but versions before 0.36 take it for the name of a feature.
 *
 * @since 0.1.0
 * @category getters
 */
export const featureOf = (name: string | undefined): string | undefined => name === "default" ? undefined : name

/**
 * Groups platforms that have equal items. Without platforms there is one group, for all platforms.
 *
 * @since 0.1.0
 * @category operations
 */
export const groupByItems = <A>(
  platforms: ReadonlyArray<string>,
  itemsOf: (platform: string | undefined) => ReadonlyArray<A>
): ReadonlyArray<{ readonly platforms: ReadonlyArray<string>; readonly items: ReadonlyArray<A> }> => {
  const groups = new Map<string, { readonly platforms: Array<string>; readonly items: ReadonlyArray<A> }>()
  for (const platform of platforms.length === 0 ? [undefined] : new Set(platforms)) {
    const items = itemsOf(platform)
    if (items.length === 0) continue
    const key = JSON.stringify(items)
    const group = groups.get(key) ?? { platforms: [], items }
    groups.set(key, group)
    if (platform !== undefined) group.platforms.push(platform)
  }
  return [...groups.values()]
}
