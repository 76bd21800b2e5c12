/**
 * Compares the manifest, the lock file and the prefix of an environment.
 *
 * @module
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"

/**
 * A package whose installed version or build differs from the locked one.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Difference = Schema.Struct({
  name: Schema.String,
  /** The locked version, followed by a space and the build for a conda package. */
  locked: Schema.String,
  installed: Schema.String
})
export type Difference = typeof Difference.Type

/**
 * How the manifest, the lock file and the prefix of an environment differ on this machine. Lists are sorted by name.
 *
 * @since 0.1.0
 * @category models
 */
export class Status extends Schema.Class<Status>("@darb/package-manager/Status")({
  /** The absolute path of the environment. */
  environment: Schema.String,
  /**
   * `outdated`: the lock file lacks a dependency of the manifest, or was certainly made from another manifest. `present` may
   * still differ for the manager: pixi's version specs are not compared, nor are uv's markers, the places of its sources and the
   * settings of its solver.
   */
  lock: Schema.Literal("absent", "outdated", "present"),
  /**
   * Whether the prefix contains what the lock file has for this machine. A prefix that cannot work is `absent` too: one that
   * was moved or copied from another directory, and one of uv whose Python is gone or is not the one that the manifest requires.
   * uv's `install` replaces it; with pixi, use `clean` first.
   */
  prefix: Schema.Literal("absent", "differs", "matches"),
  /** Dependencies of the manifest that the lock file lacks, or has with another version spec. */
  unlocked: Schema.Array(Schema.String),
  /** Packages of the lock file that are not installed. */
  missing: Schema.Array(Schema.String),
  /** Packages that are installed in another version or build than locked. */
  different: Schema.Array(Difference),
  /** Installed packages that are not in the lock file. */
  unexpected: Schema.Array(Schema.String)
}) {}

/**
 * What identifies a package in a lock file and in a prefix.
 *
 * @since 0.1.0
 * @category models
 */
export interface Identity {
  readonly kind: string
  readonly name: string
  readonly version: string | null
  readonly build: string | null
}

/**
 * What a driver has read of an environment: the dependencies of the manifest, the packages of the lock file, and those
 * of the prefix.
 *
 * @since 0.1.0
 * @category models
 */
export interface Sides {
  readonly environment: string
  /** The dependencies of the manifest. */
  readonly asked: ReadonlyArray<Pick<Identity, "kind" | "name">>
  /** The names of dependencies that the lock file is known to lack, beside those of `asked`. */
  readonly unlocked?: ReadonlyArray<string> | undefined
  /** Whether the lock file is known to be out of date for another reason. */
  readonly isOutdated?: boolean | undefined
  /** The packages of the lock file for this machine; `undefined` if there is no lock file. */
  readonly locked: ReadonlyArray<Identity> | undefined
  /** Other packages of the lock file that may be installed, such as extras. */
  readonly optional?: ReadonlyArray<Identity> | undefined
  /** The installed packages; `undefined` if there is no prefix. */
  readonly installed: ReadonlyArray<Identity> | undefined
  /** Whether an installed version equals the locked one; compares text by default. */
  readonly isSameVersion?: ((locked: Identity, installed: string) => boolean) | undefined
}

const keyOf = ({ kind, name }: Pick<Identity, "kind" | "name">): string => `${kind} ${name}`

/** A package that is locked without a version, such as a directory, matches any installed version. */
const isSame = (locked: Identity, { build, version }: Identity, isSameVersion: Sides["isSameVersion"]): boolean =>
  (locked.version === null || locked.version === version ||
    (version !== null && isSameVersion?.(locked, version) === true)) &&
  (locked.build === null || locked.build === build)

const shown = ({ build, version }: Identity): string => [version, build].filter((part) => part !== null).join(" ")

const distinct = (names: ReadonlyArray<string>): ReadonlyArray<string> => [...new Set(names)].sort()

/**
 * Compares the dependencies, the locked packages and the installed packages.
 *
 * @since 0.1.0
 * @category operations
 */
export const between = (sides: Sides): Status => {
  const { asked, environment, installed = [], locked = [], optional = [] } = sides
  const allowed = new Map<string, Array<Identity>>()
  for (const one of [...locked, ...optional]) {
    const key = keyOf(one)
    const same = allowed.get(key)
    if (same === undefined) allowed.set(key, [one])
    else same.push(one)
  }
  const present = new Map(installed.map((found) => [keyOf(found), found]))
  const lacking = asked.filter((one) => !allowed.has(keyOf(one))).map(({ name }) => name)
  const unlocked = sides.locked === undefined ? [] : [...lacking, ...sides.unlocked ?? []]
  const missing = locked.filter((one) => !present.has(keyOf(one)))
  const unexpected: Array<Identity> = []
  const different: Array<Difference> = []
  for (const found of installed) {
    const candidates = allowed.get(keyOf(found))
    const [first] = candidates ?? []
    if (candidates === undefined || first === undefined) unexpected.push(found)
    else if (!candidates.some((candidate) => isSame(candidate, found, sides.isSameVersion))) {
      different.push({ name: found.name, locked: shown(first), installed: shown(found) })
    }
  }
  const differs = missing.length + unexpected.length + different.length > 0
  const fields = {
    environment,
    lock: sides.locked === undefined
      ? "absent"
      : unlocked.length > 0 || sides.isOutdated === true
      ? "outdated"
      : "present",
    prefix: sides.installed === undefined ? "absent" : differs ? "differs" : "matches",
    unlocked: distinct(unlocked),
    missing: distinct(missing.map(({ name }) => name)),
    different: different.sort((a, b) => a.name < b.name ? -1 : 1),
    unexpected: distinct(unexpected.map(({ name }) => name))
  } as const
  return new Status(fields, { disableValidation: true })
}
