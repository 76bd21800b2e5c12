/** What a manifest of pixi says about a package that it asks for. */
import type { PackageTable } from "./PixiPackage.js"

/**
 * A conda package: from a channel, or from where one of `git`, `path` and `url` says. `"1.2.*"` in a manifest is
 * `{ version: "1.2.*" }` here; what a manifest does not say is not there. All that is in it must hold.
 */
export interface CondaSpec {
  /** `*` is any version. */
  readonly version?: string
  /** A text, a pattern, or a regular expression between `^` and `$`. */
  readonly build?: string
  /** A number, with an operator before it or without. */
  readonly buildNumber?: string
  /** The name or URL of the channel that it has to come from. */
  readonly channel?: string
  readonly subdir?: string
  readonly fileName?: string
  readonly md5?: string
  readonly sha256?: string
  readonly license?: string
  readonly licenseFamily?: string
  readonly extras?: ReadonlyArray<string>
  readonly flags?: ReadonlyArray<string>
  readonly trackFeatures?: ReadonlyArray<string>
  /** The condition under which it is asked for. */
  readonly when?: When
  /** An archive of a package or of its sources. */
  readonly url?: string
  /** A directory or an archive, relative to the manifest's. */
  readonly path?: string
  readonly git?: string
  readonly branch?: string
  readonly tag?: string
  readonly rev?: string
  readonly lfs?: boolean
  /** Where its sources are in the repository or the archive. */
  readonly subdirectory?: string
  /** The rest is what `[workspace.dependencies]` says. */
  readonly workspace?: boolean
  /** How its sources are built, if they do not say so. */
  readonly package?: PackageTable
  /** The version that the environment of an earlier step has, loosened. Only what packages depend on has it. */
  readonly pinCompatible?: Pin
  readonly pinSubpackage?: Pin
}

export type When =
  | { readonly _tag: "MatchSpec"; readonly spec: string }
  | { readonly _tag: "All"; readonly all: ReadonlyArray<When> }
  | { readonly _tag: "Any"; readonly any: ReadonlyArray<When> }
  | { readonly _tag: "Package"; readonly package: string; readonly spec: CondaSpec }

export interface Pin {
  /** An expression such as `x.x`, or a version. */
  readonly lowerBound?: string
  readonly upperBound?: string
  readonly exact?: boolean
  readonly build?: string
}

/** A Python package: from an index, or from where one of `git`, `path` and `url` says. */
export interface PypiSpec {
  /** `*` is any version. */
  readonly version?: string
  readonly extras?: ReadonlyArray<string>
  /** The URL of the index that it has to come from. */
  readonly index?: string
  readonly git?: string
  readonly branch?: string
  readonly tag?: string
  readonly rev?: string
  readonly lfs?: boolean
  readonly url?: string
  readonly subdirectory?: string
  /** Relative to the manifest's directory. */
  readonly path?: string
  readonly editable?: boolean
  /** The marker of PEP 508 under which it is asked for. */
  readonly envMarkers?: string
}

/** Where sources are that a package is built from. */
export type SourceLocation = Pick<
  CondaSpec,
  "url" | "path" | "git" | "branch" | "tag" | "rev" | "lfs" | "subdirectory" | "md5" | "sha256"
>

/** One line for people: the version and the build, or the location. */
export const format = (spec: CondaSpec | PypiSpec): string => {
  const version = spec.version ?? spec.url ?? spec.git ?? spec.path ?? "*"
  return "build" in spec && spec.build !== undefined ? `${version} ${spec.build}` : version
}
