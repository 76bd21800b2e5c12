/**
 * All that a manifest of pixi says, as values that a program can use without knowing the shapes of TOML. What holds in
 * an environment on a platform is worked out by `PixiEnvironment`.
 */
import type { CondaSpec, PypiSpec, SourceLocation } from "./PixiDependency.js"
import type { PackageTable } from "./PixiPackage.js"
import type { Task } from "./PixiTask.js"

/** Of `pixi.toml`, of `mojoproject.toml`, or of `pyproject.toml` with what pixi takes from `[project]` there. */
export interface PixiDocument {
  /** What the workspace is called; not there if only its directory has a name. */
  readonly name?: string
  /** Not there if the manifest is only that of a package. */
  readonly workspace?: Workspace
  readonly package?: PackageTable
  /** What the tables outside of `[feature]` say. */
  readonly defaultFeature: Feature
  /** The other features by name. */
  readonly features: Readonly<Record<string, Feature>>
  /** The environments by name, `default` among them. */
  readonly environments: Readonly<Record<string, Environment>>
  /** Newest release times by conda package. */
  readonly excludeNewer?: Readonly<Record<string, string>>
  readonly pypiExcludeNewer?: Readonly<Record<string, string>>
  /** What is passed over, such as keys that no known version of pixi has. */
  readonly warnings: ReadonlyArray<Warning>
}

/** A key or a value that pixi may not know. It is kept here. */
export interface Warning {
  /** One line for people, with the path of the key. */
  readonly reason: string
  readonly path: ReadonlyArray<string | number>
  readonly line: number
  readonly column: number
  readonly hint?: string
  readonly value?: unknown
}

export interface Workspace {
  readonly name?: string
  readonly version?: string
  readonly description?: string
  readonly authors?: ReadonlyArray<string>
  readonly channels: ReadonlyArray<Channel>
  readonly platforms?: ReadonlyArray<Platform>
  readonly channelPriority?: ChannelPriority
  readonly solveStrategy?: SolveStrategy
  readonly license?: string
  readonly licenseFile?: string
  readonly readme?: string
  readonly homepage?: string
  readonly repository?: string
  readonly documentation?: string
  readonly requiresPixi?: string
  /** A duration, a date or a time: what was released later is not taken. */
  readonly excludeNewer?: string
  /** `true` for all; else the names of those that are on. */
  readonly preview?: boolean | ReadonlyArray<string>
  readonly condaPypiMap?: false | Readonly<Record<string, CondaPypiMap>>
  readonly pypiOptions?: PypiOptions
  readonly s3Options?: Readonly<Record<string, S3Options>>
  readonly buildVariants?: Readonly<Record<string, ReadonlyArray<string>>>
  readonly buildVariantsFiles?: ReadonlyArray<string>
  readonly target?: Readonly<Record<string, Pick<Workspace, "buildVariants">>>
  /** What `{ workspace = true }` stands for elsewhere. */
  readonly dependencies?: Readonly<Record<string, CondaSpec>>
}

/** `"conda-forge"` in a manifest is `{ channel: "conda-forge" }` here. */
export interface Channel {
  /** A name, a URL or a path. */
  readonly channel: string
  /** Higher ones come first; 0 if it is not there. */
  readonly priority?: number
  readonly excludeNewer?: string
}

export interface Platform {
  /** What features and targets call it: the subdirectory, unless the manifest says otherwise or asks for more. */
  readonly name: string
  /** The conda subdirectory, such as `linux-64`. */
  readonly subdir: string
  /** The virtual packages that it has to have, such as `__cuda`, with their versions. */
  readonly virtualPackages: Readonly<Record<string, string>>
}

export type ChannelPriority = "strict" | "flexible" | "disabled"
export type SolveStrategy = "highest" | "lowest" | "lowest-direct"

export interface PypiOptions {
  readonly indexUrl?: string
  readonly extraIndexUrls?: ReadonlyArray<string>
  readonly findLinks?: ReadonlyArray<FindLinks>
  /** `true` for all packages. */
  readonly noBuildIsolation?: boolean | ReadonlyArray<string>
  readonly noBuild?: boolean | ReadonlyArray<string>
  readonly noBinary?: boolean | ReadonlyArray<string>
  readonly indexStrategy?: "first-index" | "unsafe-first-match" | "unsafe-best-match"
  readonly prereleaseMode?: "disallow" | "allow" | "if-necessary" | "explicit" | "if-necessary-or-explicit"
  readonly dependencyOverrides?: Readonly<Record<string, PypiSpec>>
  readonly skipWheelFilenameCheck?: boolean
}

export interface FindLinks {
  readonly path?: string
  readonly url?: string
}

export interface S3Options {
  readonly endpointUrl: string
  readonly region: string
  readonly forcePathStyle: boolean
}

/** How conda packages of a channel are called on PyPI. */
export interface CondaPypiMap {
  /** Whether there is any; the rest is not there if not. */
  readonly enabled: boolean
  /** A file or a URL. */
  readonly location?: string
  /** Names on PyPI by conda package. */
  readonly mapping?: Readonly<Record<string, ReadonlyArray<string>>>
  readonly mappingMode?: string
  readonly sameNameHeuristic?: boolean
}

/** What is asked for on the platforms that a selector names. */
export interface Target {
  readonly dependencies?: Readonly<Record<string, CondaSpec>>
  readonly hostDependencies?: Readonly<Record<string, CondaSpec>>
  readonly buildDependencies?: Readonly<Record<string, CondaSpec>>
  /** Python packages: all of the specs of one must hold. */
  readonly pypiDependencies?: Readonly<Record<string, ReadonlyArray<PypiSpec>>>
  /** What a package may be if something else asks for it. */
  readonly constraints?: Readonly<Record<string, CondaSpec>>
  /** Packages whose dependencies are installed, to work on them. */
  readonly dev?: Readonly<Record<string, SourceLocation>>
  readonly tasks?: Readonly<Record<string, Task>>
  readonly activation?: Activation
}

export interface Feature extends Target {
  readonly channels?: ReadonlyArray<Channel>
  readonly channelPriority?: ChannelPriority
  readonly solveStrategy?: SolveStrategy
  /** The names of the platforms that it is for; all of the workspace's if it is not there. */
  readonly platforms?: ReadonlyArray<string>
  readonly systemRequirements?: SystemRequirements
  readonly pypiOptions?: PypiOptions
  /** What differs by platform, in the order of the file: the last that fits wins. */
  readonly target?: Readonly<Record<string, Target>>
}

export interface Activation {
  readonly scripts?: ReadonlyArray<string>
  readonly env?: Readonly<Record<string, string>>
}

export interface SystemRequirements {
  readonly linux?: string
  readonly macos?: string
  readonly cuda?: string
  readonly archspec?: string
  readonly libc?: { readonly family?: string; readonly version: string }
}

export interface Environment {
  /** In order of priority; the default feature comes last. */
  readonly features: ReadonlyArray<string>
  readonly noDefaultFeature: boolean
  /** Environments of one group are solved together. */
  readonly solveGroup?: string
  /** What the environment's own table asks for; it comes before the features. */
  readonly inline?: Feature
}
