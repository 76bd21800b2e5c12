/** What a `uv.lock` holds. Versions are text: `1.10` is no number. */
import type * as Pep508 from "@darb/python/Pep508"
import type { Table } from "../manifest/UvContext.js"
import type { ConflictItem } from "../manifest/UvPyproject.js"

/** Where a package comes from. Paths are relative to the lock file, if they are not absolute. */
export type Source =
  | { readonly _tag: "Registry"; /** The URL of an index, or a path. */ readonly registry: string }
  | {
    readonly _tag: "Git"
    /** With the reference, the directory and the commit. */
    readonly git: string
    readonly commit: string
    readonly subdirectory: string | null
  }
  | { readonly _tag: "Url"; readonly url: string; readonly subdirectory: string | null }
  | { readonly _tag: "Path"; /** An archive. */ readonly path: string }
  | { readonly _tag: "Directory"; readonly directory: string }
  | { readonly _tag: "Editable"; readonly editable: string }
  | { readonly _tag: "Virtual"; /** What is not installed itself. */ readonly virtual: string }

/** A file to install from. */
export interface Archive {
  readonly kind: "sdist" | "wheel"
  /** A URL, a path or only the name of the file; a source archive may have none. */
  readonly location: string | null
  /** `algorithm:digest`. */
  readonly hash: string | null
  readonly size: number | null
  readonly uploadTime: string | null
}

export interface Dependency {
  readonly name: string
  /** The index of the package in the lock. */
  readonly index: number
  readonly extras: ReadonlyArray<string>
  readonly marker: Pep508.Marker | null
}

/** A requirement as the project's metadata has it. */
export interface LockedRequirement {
  readonly name: string
  readonly extras: ReadonlyArray<string>
  readonly specifier: string
  readonly marker: Pep508.Marker | null
  /** All of its keys: where it comes from. */
  readonly table: Table
}

export interface LockedPackage {
  readonly name: string
  /** `null` for a project whose version is dynamic. */
  readonly version: string | null
  readonly source: Source
  /** Where this one of several packages of the name applies; empty is everywhere. */
  readonly resolutionMarkers: ReadonlyArray<Pep508.Marker>
  readonly dependencies: ReadonlyArray<Dependency>
  /** By extra. */
  readonly optionalDependencies: ReadonlyMap<string, ReadonlyArray<Dependency>>
  readonly groups: ReadonlyMap<string, ReadonlyArray<Dependency>>
  readonly sdist: Archive | null
  readonly wheels: ReadonlyArray<Archive>
  /** What the metadata of a project ask for. */
  readonly requiresDist: ReadonlyArray<LockedRequirement>
  readonly providesExtras: ReadonlyArray<string>
  readonly requiresDev: ReadonlyMap<string, ReadonlyArray<LockedRequirement>>
}

export interface UvLock {
  readonly version: number
  /** Newer ones of a version can be read by all that read the version. */
  readonly revision: number
  readonly requiresPython: string
  readonly resolutionMarkers: ReadonlyArray<Pep508.Marker>
  readonly supportedMarkers: ReadonlyArray<Pep508.Marker>
  readonly requiredMarkers: ReadonlyArray<Pep508.Marker>
  readonly conflicts: ReadonlyArray<ReadonlyArray<ConflictItem>>
  /** The projects of a workspace; empty if there is one project only. */
  readonly members: ReadonlyArray<string>
  /** What is asked for beside the projects: by a script, or by the root of a workspace that is no project. */
  readonly requirements: ReadonlyArray<LockedRequirement>
  readonly groups: ReadonlyMap<string, ReadonlyArray<LockedRequirement>>
  readonly options: Table
  readonly packages: ReadonlyArray<LockedPackage>
}
