/** The difference between two lock files. */
import * as Schema from "effect/Schema"
import * as Package from "./Package.js"
import { Status } from "./Status.js"

/**
 * A package in a lock file, with the environments and platforms that it was added to or removed from. uv's lock file is for all
 * of them: the environment `default` and the platform `any`.
 */
export class LockedPackage extends Schema.Class<LockedPackage>("@darb/package-manager/Changes/LockedPackage")({
  name: Schema.String,
  version: Schema.NullOr(Schema.String),
  kind: Package.Kind,
  build: Schema.NullOr(Schema.String),
  /** The URL of the channel, without a trailing slash, or the location of what comes from elsewhere. */
  source: Schema.NullOr(Schema.String),
  environments: Schema.Array(Schema.String),
  platforms: Schema.Array(Schema.String)
}) {}

/** One side of a change. */
export const Side = Schema.Struct({
  version: Schema.NullOr(Schema.String),
  build: Schema.NullOr(Schema.String),
  source: Schema.NullOr(Schema.String)
})
export type Side = typeof Side.Type

/** A package that was there before and is there after, but not as it was. */
export class ChangedPackage extends Schema.Class<ChangedPackage>("@darb/package-manager/Changes/ChangedPackage")({
  name: Schema.String,
  kind: Package.Kind,
  before: Side,
  after: Side,
  environments: Schema.Array(Schema.String),
  platforms: Schema.Array(Schema.String)
}) {}

/**
 * What an operation did to the lock file, each list sorted by name. A package that is the same in several
 * environments or on several platforms is named once.
 */
export class Changes extends Schema.Class<Changes>("@darb/package-manager/Changes")({
  added: Schema.Array(LockedPackage),
  removed: Schema.Array(LockedPackage),
  changed: Schema.Array(ChangedPackage),
  /**
   * How the environment stands after the operation; not there where only two lock files were compared, or where what is
   * installed cannot be read.
   */
  status: Schema.optional(Status)
}) {
  get isEmpty(): boolean {
    return this.added.length + this.removed.length + this.changed.length === 0
  }
}

/** A package at its place in a lock file: what two lock files are compared by. */
export interface Located {
  readonly environment: string
  readonly platform: string
  readonly kind: Package.Kind
  readonly name: string
  readonly version: string | null
  readonly build: string | null
  readonly source: string | null
}

/** Compares what two lock files hold. */
export const between = (before: ReadonlyArray<Located>, after: ReadonlyArray<Located>): Changes => {
  const old = new Map(before.map((located) => [placeOf(located), located]))
  // A lock file may have several packages of one name at a place.
  const unchanged = new Set(before.map((located) => key(placeOf(located), identityOf(located))))
  const present = new Set(after.map(placeOf))
  const removed = before.filter((located) => !present.has(placeOf(located)))
  const added: Array<Located> = []
  const changed: Array<readonly [Located, Located]> = []
  for (const located of after) {
    const previous = old.get(placeOf(located))
    if (previous === undefined) added.push(located)
    else if (!unchanged.has(key(placeOf(located), identityOf(located)))) changed.push([previous, located])
  }
  return new Changes({
    added: grouped(added, identityOf).map(lockedPackage),
    removed: grouped(removed, identityOf).map(lockedPackage),
    changed: grouped(changed, (sides) => sides.map(identityOf).join("\n")).map(changedPackage)
  })
}

const key = (...parts: ReadonlyArray<string | null>): string => JSON.stringify(parts)

const placeOf = (located: Located): string => key(located.environment, located.platform, located.kind, located.name)

const identityOf = (located: Located): string =>
  key(located.name, located.kind, located.version, located.build, located.source)

const grouped = <A>(items: ReadonlyArray<A>, keyOf: (item: A) => string): ReadonlyArray<readonly [A, ...Array<A>]> => {
  const groups = new Map<string, [A, ...Array<A>]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group === undefined) groups.set(keyOf(item), [item])
    else group.push(item)
  }
  return [...groups].sort(([a], [b]) => a < b ? -1 : 1).map(([, group]) => group)
}

const distinct = (values: ReadonlyArray<string>): ReadonlyArray<string> => [...new Set(values)].sort()

const places = (group: ReadonlyArray<Located>) => ({
  environments: distinct(group.map((located) => located.environment)),
  platforms: distinct(group.map((located) => located.platform))
})

const lockedPackage = (group: readonly [Located, ...Array<Located>]): LockedPackage =>
  new LockedPackage({ ...group[0], ...places(group) })

const changedPackage = (group: readonly [readonly [Located, Located], ...Array<readonly [Located, Located]>]) => {
  const [before, after] = group[0]
  return new ChangedPackage({
    name: after.name,
    kind: after.kind,
    before,
    after,
    ...places(group.map(([, located]) => located))
  })
}
