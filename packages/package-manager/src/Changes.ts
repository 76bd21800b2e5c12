/**
 * The difference between two lock files.
 *
 * @module
 * @since 0.1.0
 */
import * as Array from "effect/Array"
import * as Schema from "effect/Schema"
import * as Package from "./Package.js"
import { Status } from "./Status.js"

/**
 * A package that was added or removed, and in which environments and on which platforms. With uv, the environment is always
 * `default` and the platform `any`.
 *
 * @since 0.1.0
 * @category models
 */
export class LockedPackage extends Schema.Class<LockedPackage>("@darb/package-manager/Changes/LockedPackage")({
  name: Schema.String,
  version: Schema.NullOr(Schema.String),
  kind: Package.Kind,
  build: Schema.NullOr(Schema.String),
  /** The URL of the channel, without a trailing slash. For other sources, their location. */
  source: Schema.NullOr(Schema.String),
  environments: Schema.Array(Schema.String),
  platforms: Schema.Array(Schema.String)
}) {}

/**
 * A package before or after a change.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Side = Schema.Struct({
  version: Schema.NullOr(Schema.String),
  build: Schema.NullOr(Schema.String),
  source: Schema.NullOr(Schema.String)
})
export type Side = typeof Side.Type

/**
 * A package whose version, build or source changed.
 *
 * @since 0.1.0
 * @category models
 */
export class ChangedPackage extends Schema.Class<ChangedPackage>("@darb/package-manager/Changes/ChangedPackage")({
  name: Schema.String,
  kind: Package.Kind,
  before: Side,
  after: Side,
  environments: Schema.Array(Schema.String),
  platforms: Schema.Array(Schema.String)
}) {}

/**
 * What an operation changed in the lock file. Each list is sorted by name. A package that changed in the same way in several
 * environments or on several platforms is listed once.
 *
 * @since 0.1.0
 * @category models
 */
export class Changes extends Schema.Class<Changes>("@darb/package-manager/Changes")({
  added: Schema.Array(LockedPackage),
  removed: Schema.Array(LockedPackage),
  changed: Schema.Array(ChangedPackage),
  /**
   * The status after the operation; after a dry run, the status of the environment as it is. Absent if the prefix cannot be
   * read, or if only two lock files were compared.
   */
  status: Schema.optional(Status)
}) {
  get isEmpty(): boolean {
    return this.added.length + this.removed.length + this.changed.length === 0
  }
}

/**
 * A package that a lock file has in one environment and on one platform.
 *
 * @since 0.1.0
 * @category models
 */
export interface Entry {
  readonly environment: string
  readonly platform: string
  readonly kind: Package.Kind
  readonly name: string
  readonly version: string | null
  readonly build: string | null
  readonly source: string | null
}

/**
 * Compares the entries of two lock files. A place may hold several versions of a package: those that differ are paired in
 * the order of the lock files, and the rest of them was added or removed.
 *
 * @since 0.1.0
 * @category operations
 */
export const between = (before: ReadonlyArray<Entry>, after: ReadonlyArray<Entry>): Changes => {
  const all = places(unmatched(before, after)).map(difference).filter((found) => found !== same)
  const changed = all.flatMap((difference) => Array.zip(difference.before, difference.after))
  return new Changes(
    {
      added: grouped(all.flatMap(({ after, before }) => after.slice(before.length)), identityOf).map(lockedPackage),
      removed: grouped(all.flatMap(({ after, before }) => before.slice(after.length)), identityOf).map(lockedPackage),
      changed: grouped(changed, (sides) => sides.map(identityOf).join("\n")).map(changedPackage)
    },
    { disableValidation: true }
  )
}

const same: Place = { before: [], after: [] }

/** The entries of a place that only one of the lock files has. */
const difference = ({ after, before }: Place) => {
  const [[first, ...others], [present]] = [before, after]
  if (first && present && others.length === 0 && after.length === 1 && isSame(first, present)) return same
  const removed = [...before]
  const added = after.filter((entry) => {
    const at = removed.findIndex((old) => isSame(old, entry))
    if (at !== -1) removed.splice(at, 1)
    return at === -1
  })
  return { before: removed, after: added }
}

const isSame = (a: Entry, b: Entry): boolean => a.version === b.version && a.build === b.build && a.source === b.source

const key = (...parts: ReadonlyArray<string | null>): string => JSON.stringify(parts)

interface Place {
  readonly before: Array<Entry>
  readonly after: Array<Entry>
}

const isEqual = (a: Entry | undefined, b: Entry | undefined): boolean =>
  a !== undefined && b !== undefined && a.name === b.name && a.kind === b.kind && a.platform === b.platform &&
  a.environment === b.environment && isSame(a, b)

/** Leaves out the entries that both lock files have in the same order. These are nearly all. */
const unmatched = (before: ReadonlyArray<Entry>, after: ReadonlyArray<Entry>): Place => {
  const [removed, added]: [Array<Entry>, Array<Entry>] = [[], []]
  let at = 0
  let other = 0
  for (let old = before[at], entry = after[other]; old && entry; old = before[at], entry = after[other]) {
    if (isEqual(old, entry)) {
      at++
      other++
    } else if (isEqual(old, after[other + 1])) {
      added.push(entry)
      other++
    } else if (isEqual(before[at + 1], entry)) {
      removed.push(old)
      at++
    } else {
      removed.push(old)
      added.push(entry)
      at++
      other++
    }
  }
  return { before: removed.concat(before.slice(at)), after: added.concat(after.slice(other)) }
}

/** The entries by environment, platform, kind and name. */
const places = ({ after, before }: Place): ReadonlyArray<Place> => {
  const found = new Map<string, Place>()
  const add = (side: keyof Place) => (entry: Entry) => {
    const key = `${entry.environment}\0${entry.platform}\0${entry.kind}\0${entry.name}`
    const place = found.get(key) ?? { before: [], after: [] }
    if (place[side].push(entry) + place[side === "before" ? "after" : "before"].length === 1) found.set(key, place)
  }
  before.forEach(add("before"))
  after.forEach(add("after"))
  return [...found.values()]
}

const identityOf = (entry: Entry): string => key(entry.name, entry.kind, entry.version, entry.build, entry.source)

const grouped = <A>(items: ReadonlyArray<A>, keyOf: (item: A) => string) =>
  Object.entries(Array.groupBy(items, keyOf)).sort(([a], [b]) => a < b ? -1 : 1).map(([, group]) => group)

const distinct = (values: ReadonlyArray<string>): ReadonlyArray<string> => [...new Set(values)].sort()

const placesOf = (group: ReadonlyArray<Entry>) => ({
  environments: distinct(group.map((entry) => entry.environment)),
  platforms: distinct(group.map((entry) => entry.platform))
})

const lockedPackage = (group: Array.NonEmptyReadonlyArray<Entry>): LockedPackage =>
  new LockedPackage({ ...group[0], ...placesOf(group) })

const changedPackage = (group: Array.NonEmptyReadonlyArray<readonly [Entry, Entry]>) => {
  const [before, after] = group[0]
  return new ChangedPackage({
    name: after.name,
    kind: after.kind,
    before,
    after,
    ...placesOf(group.map(([, entry]) => entry))
  })
}
