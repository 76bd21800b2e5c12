/**
 * Finds dependencies in the tables of a manifest of uv. Pure.
 *
 * @module
 * @since 0.1.0
 */
import type { Place } from "@darb/package-manager/PackageManager"
import * as Pep508 from "@darb/python/Pep508"
import * as UvManifest from "../manifest/UvManifest.js"

/**
 * The normalized names of the dependencies in one table. By default it is that of the project.
 *
 * @since 0.1.0
 * @category getters
 */
export const dependenciesOf = (manifest: UvManifest.UvManifest, { extra, group }: Place): ReadonlySet<string> => {
  const { dependencies, groups, optionalDependencies } = manifest
  const requirements = group !== undefined
    ? groups.get(Pep508.normalized(group))
    : extra !== undefined
    ? optionalDependencies.get(Pep508.normalized(extra))
    : dependencies
  return new Set(requirements?.map(({ name }) => name))
}

/**
 * The normalized names of the dependencies in all tables.
 *
 * @since 0.1.0
 * @category operations
 */
export const allDependencies = (manifest: UvManifest.UvManifest): ReadonlySet<string> => {
  const { groups, optionalDependencies } = manifest
  const all = { extras: [...optionalDependencies.keys()], groups: [...groups.keys()] }
  return new Set(UvManifest.requirements(manifest, all).map(({ name }) => name))
}

/**
 * Normalized names, each once.
 *
 * @since 0.1.0
 * @category operations
 */
export const distinct = (names: ReadonlyArray<string>): ReadonlyArray<string> => [
  ...new Set(names.map(Pep508.normalized))
]
