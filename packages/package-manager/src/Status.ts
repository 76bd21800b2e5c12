/** How what was asked for, what was solved and what is installed stand to each other. */
import * as Array from "effect/Array"
import * as Schema from "effect/Schema"

/** A package that is installed, but not as it is locked. */
export const Difference = Schema.Struct({
  name: Schema.String,
  /** The version of the lock file, and the build of a conda package after a space. */
  locked: Schema.String,
  installed: Schema.String
})
export type Difference = typeof Difference.Type

/**
 * The manifest, the lock file and the prefix of an environment compared by what their files say, for this machine. Lists of
 * packages are sorted by name.
 */
export class Status extends Schema.Class<Status>("@darb/package-manager/Status")({
  /** The absolute path of the directory. */
  environment: Schema.String,
  /** `outdated`: the lock file lacks a dependency of the manifest. Whether versions still fit, only the manager knows. */
  lock: Schema.Literal("absent", "outdated", "present"),
  /** Whether what is installed is what the lock file has for this machine. */
  prefix: Schema.Literal("absent", "differs", "matches"),
  /** Dependencies of the manifest that the lock file lacks. */
  unlocked: Schema.Array(Schema.String),
  /** Packages of the lock file that are not installed. */
  missing: Schema.Array(Schema.String),
  /** Packages that are installed in another version or build. */
  different: Schema.Array(Difference),
  /** Packages that are installed and that the lock file does not have. */
  unexpected: Schema.Array(Schema.String)
}) {}

/** A package as both sides know it. */
export interface Identity {
  readonly kind: string
  readonly name: string
  readonly version: string | null
  readonly build: string | null
}

export interface Sides {
  readonly environment: string
  /** The names of the manifest's dependencies, by kind. */
  readonly asked: ReadonlyArray<Pick<Identity, "kind" | "name">>
  /** What the lock file has for this machine; `undefined` if there is none. */
  readonly locked: ReadonlyArray<Identity> | undefined
  /** What else of the lock file may be installed, such as extras. */
  readonly optional?: ReadonlyArray<Identity> | undefined
  /** What is installed; `undefined` if nothing ever was. */
  readonly installed: ReadonlyArray<Identity> | undefined
  /** Whether two spellings of a version mean the same; by default they are compared as text. */
  readonly isSameVersion?: ((locked: Identity, installed: string) => boolean) | undefined
}

const keyOf = ({ kind, name }: Pick<Identity, "kind" | "name">): string => `${kind} ${name}`

/** A package without a version in the lock file, such as a directory, may be installed in any version. */
const isSame = (locked: Identity, { build, version }: Identity, isSameVersion: Sides["isSameVersion"]): boolean =>
  (locked.version === null || locked.version === version ||
    (version !== null && isSameVersion?.(locked, version) === true)) &&
  (locked.build === null || locked.build === build)

const shown = ({ build, version }: Identity): string => [version, build].filter((part) => part !== null).join(" ")

const distinct = (names: ReadonlyArray<string>): ReadonlyArray<string> => [...new Set(names)].sort()

/** Compares the three. */
export const between = (sides: Sides): Status => {
  const { asked, environment, installed = [], locked = [], optional = [] } = sides
  const allowed = new Map(Object.entries(Array.groupBy([...locked, ...optional], keyOf)))
  const present = new Map(installed.map((found) => [keyOf(found), found]))
  const unlocked = sides.locked === undefined ? [] : asked.filter((one) => !allowed.has(keyOf(one)))
  const missing = locked.filter((one) => !present.has(keyOf(one)))
  const unexpected = installed.filter((found) => !allowed.has(keyOf(found)))
  const different = installed.flatMap((found) => {
    const candidates = allowed.get(keyOf(found))
    const [first] = candidates ?? []
    return first === undefined ||
        candidates?.some((candidate) => isSame(candidate, found, sides.isSameVersion)) === true
      ? []
      : [{ name: found.name, locked: shown(first), installed: shown(found) }]
  })
  const differs = missing.length + unexpected.length + different.length > 0
  return new Status({
    environment,
    lock: sides.locked === undefined ? "absent" : unlocked.length > 0 ? "outdated" : "present",
    prefix: sides.installed === undefined ? "absent" : differs ? "differs" : "matches",
    unlocked: distinct(unlocked.map(({ name }) => name)),
    missing: distinct(missing.map(({ name }) => name)),
    different: different.sort((a, b) => a.name < b.name ? -1 : 1),
    unexpected: distinct(unexpected.map(({ name }) => name))
  })
}
