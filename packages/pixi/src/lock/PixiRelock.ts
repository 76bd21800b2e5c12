/**
 * Updates packages with versions of pixi that have no `update`: they solve again for packages that a lock file lacks.
 *
 * @module
 * @since 0.1.0
 */
import * as Predicate from "effect/Predicate"
import * as Yaml from "js-yaml"

/**
 * A lock file without the packages that have these names. The text must be a valid lock file of format 4 or 5, which all
 * versions before 0.23 write. The layout is not that of pixi: pixi writes the file again.
 *
 * @since 0.1.0
 * @category operations
 */
export const without = (text: string, names: ReadonlySet<string>): string => {
  const lock: unknown = Yaml.load(text, { schema: Yaml.CORE_SCHEMA })
  if (!Predicate.isReadonlyRecord(lock)) return text
  const packages = records(lock.packages)
  const removed = packages.filter(({ name }) => Predicate.isString(name) && names.has(name))
  const locations = new Set(removed.map(({ path, url }) => url ?? path))
  const environments = Object.entries(record(lock.environments)).map(([name, environment]) => [
    name,
    { ...record(environment), packages: withoutReferences(record(record(environment).packages), locations) }
  ])
  return Yaml.dump({
    ...lock,
    environments: Object.fromEntries(environments),
    packages: packages.filter((found) => !removed.includes(found))
  })
}

const withoutReferences = (platforms: Readonly<Record<string, unknown>>, locations: ReadonlySet<unknown>) =>
  Object.fromEntries(
    Object.entries(platforms).map(([platform, references]) => [
      platform,
      records(references).filter(({ conda, pypi }) => !locations.has(conda ?? pypi))
    ])
  )

const record = (value: unknown): Readonly<Record<string, unknown>> => Predicate.isReadonlyRecord(value) ? value : {}

const records = (value: unknown): ReadonlyArray<Readonly<Record<string, unknown>>> =>
  Array.isArray(value) ? value.map(record) : []
