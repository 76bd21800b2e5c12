/**
 * Reads `uv.lock`, which is for all platforms. `applicable` selects the packages of one platform.
 *
 * @module
 * @since 0.1.0
 */
import type * as Changes from "@darb/package-manager/Changes"
import { normalized } from "@darb/package-manager/driver/Location"
import * as Platform from "@darb/package-manager/driver/Platform"
import type { Problem } from "@darb/package-manager/driver/Toml"
import { fits } from "@darb/python/WheelTags"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { decoder, open } from "../manifest/UvSchema.js"
import { type LockedPackage, UvLock } from "./UvLockGraph.js"

export type { Dependency, LockedPackage, UvLock } from "./UvLockGraph.js"
export type { LockedRequirement, Source } from "./UvLockTables.js"
export { type Applicable, applicable, type Selection } from "./UvWalk.js"

/**
 * The newest version of the format that is supported, in any revision.
 *
 * @since 0.1.0
 * @category values
 */
export const newestVersion = 1

/**
 * The size limit of a lock file, in bytes.
 *
 * @since 0.1.0
 * @category values
 */
export const largest = 268_435_456

/**
 * The lock file is invalid.
 *
 * @since 0.1.0
 * @category errors
 */
export class UvLockInvalid extends Data.TaggedError("UvLockInvalid")<Problem> {
  override get message() {
    return `${this.reason} (line ${this.line}, column ${this.column})`
  }
}

/**
 * The lock file has a version that is not supported yet.
 *
 * @since 0.1.0
 * @category errors
 */
export class UvLockTooNew extends Data.TaggedError("UvLockTooNew")<{
  readonly found: number
  readonly newest: number
}> {
  override get message() {
    return `it has version ${this.found}, the newest supported version is ${this.newest}`
  }
}

const decodeLock = decoder(UvLock, largest)

const Newer = Schema.Struct({ version: Schema.Int.pipe(Schema.greaterThan(newestVersion)) }, open)

const decodeNewer = decoder(Newer, largest)

/**
 * Decodes a lock file.
 *
 * @since 0.1.0
 * @category decoding
 */
export const decode = (bytes: Uint8Array): Effect.Effect<UvLock, UvLockInvalid | UvLockTooNew> =>
  Effect.matchEffect(decodeLock(bytes), {
    onSuccess: ({ value }) => Effect.succeed(value),
    onFailure: (problem) =>
      Effect.matchEffect(decodeNewer(bytes), {
        onSuccess: ({ value }) => new UvLockTooNew({ found: value.version, newest: newestVersion }),
        onFailure: () => new UvLockInvalid(problem)
      })
  })

/**
 * Where a package comes from, in a form that compares between lock files.
 *
 * @since 0.1.0
 * @category getters
 */
export const sourceOf = ({ source }: LockedPackage): string => {
  switch (source._tag) {
    case "Registry":
      return normalized(source.registry)
    case "Git":
      return normalized(source.git.startsWith("git+") ? source.git : `git+${source.git}`)
    case "Url":
      return normalized(source.url)
    case "Path":
      return normalized(source.path)
    case "Directory":
      return normalized(source.directory)
    case "Editable":
      return normalized(source.editable)
    case "Virtual":
      return normalized(source.virtual)
  }
}

/**
 * Whether a package is the project itself, or another project that is not installed.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isProject = ({ source }: LockedPackage): boolean =>
  source._tag === "Virtual" || (source._tag === "Editable" && source.editable === ".")

/**
 * Every package but the project, for the comparison of two lock files. The platform is `any`, since they are for all.
 *
 * @since 0.1.0
 * @category operations
 */
export const located = (lock: UvLock): ReadonlyArray<Changes.Entry> =>
  lock.packages.filter((found) => !isProject(found)).map((found) => ({
    environment: "default",
    platform: "any",
    kind: "pypi",
    name: found.name,
    version: found.version,
    build: null,
    source: sourceOf(found)
  }))

/**
 * The size of the installed archive, if only one archive can be that.
 *
 * @since 0.1.0
 * @category getters
 */
export const sizeOf = ({ sdist, wheels }: LockedPackage, python: string): number | null => {
  const fitting = wheels.filter(({ location }) => location !== null && fits(location, python, Platform.current()))
  const [only, ...others] = fitting.length > 0 ? fitting : [...wheels, ...sdist === null ? [] : [sdist]]
  return only === undefined || others.length > 0 ? null : only.size
}
