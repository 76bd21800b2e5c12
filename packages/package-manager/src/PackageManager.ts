/**
 * The service: makes and changes environments of Python and conda packages.
 *
 * An environment is a directory with a manifest that the manager owns. Every operation ends in a value, in an error that
 * names cause and remedy, or by interruption; after the latter two, manifest and lock file are byte for byte what they
 * were before, and no process is left.
 *
 * Specs are in the manager's own language, and options that only one manager has name it: another one fails with
 * `UnsupportedOption`. `capabilities` says which options there are.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { Capabilities } from "./Capabilities.js"
import type { Changes } from "./Changes.js"
import type { Manifest } from "./Manifest.js"
import type { Package } from "./Package.js"
import type { PackageManagerError } from "./PackageManagerError.js"
import type { Status } from "./Status.js"

export interface InitOptions {
  /** The directory of the environment; it is made if it does not exist. */
  readonly path: string
  /** By default the name of the directory. */
  readonly name?: string | undefined
  /**
   * A version such as `3.12`, or constraints such as `>=3.11,<3.13`: Python is installed. For pixi it becomes a dependency,
   * for uv what the project requires.
   */
  readonly python?: string | undefined
  /** pixi: names or URLs, in order of priority; by default its own. */
  readonly channels?: ReadonlyArray<string> | undefined
  /** pixi: conda subdirectories, such as `linux-64`; by default the one of this machine. */
  readonly platforms?: ReadonlyArray<string> | undefined
  /** uv: URLs of package indexes, or `NAME=URL`, in order of priority, in place of PyPI; without credentials. */
  readonly indexes?: ReadonlyArray<string> | undefined
}

/** Where in a manifest packages are. */
export interface Place {
  /** pixi: the feature; by default what all environments have. */
  readonly feature?: string | undefined
  /** pixi: only for these platforms of the manifest. */
  readonly platforms?: ReadonlyArray<string> | undefined
  /** uv: the dependency group; by default the project's own dependencies. */
  readonly group?: string | undefined
  /** uv: the extra, an optional dependency of the project. */
  readonly extra?: string | undefined
}

/** What is installed besides: uv removes what is not named, where it makes what is installed match the lock file. */
export interface Selection {
  /** uv: dependency groups besides those that are default. */
  readonly groups?: ReadonlyArray<string> | undefined
  /** uv: extras. */
  readonly extras?: ReadonlyArray<string> | undefined
}

export interface InstallOptions extends Place, Selection {
  /** The directory of the environment. */
  readonly path: string
  /**
   * Specs in the manager's own language, such as `numpy`, `numpy>=2` or, for pixi, `numpy 2.*`: they become dependencies. A
   * bare name that is a dependency already keeps its spec. None: what is installed is made to match the manifest.
   */
  readonly packages?: ReadonlyArray<string> | undefined
  /** pixi: the packages are Python packages from an index, and the specs those of Python. */
  readonly pypi?: boolean | undefined
  /** Fail with `LockOutdated` rather than change the lock file; only without packages. */
  readonly locked?: boolean | undefined
  /** Install what the lock file has, whatever the manifest says; only without packages. */
  readonly frozen?: boolean | undefined
  /** Change manifest and lock file, and leave what is installed as it is. */
  readonly noInstall?: boolean | undefined
  /** pixi: the environment of the manifest that is installed, where there are no packages; `default` by default. */
  readonly environment?: string | undefined
  /** uv: more package indexes, as in `init`; they are written to the manifest, before those that are there. */
  readonly indexes?: ReadonlyArray<string> | undefined
}

export interface RemoveOptions extends Place, Selection {
  /** The directory of the environment. */
  readonly path: string
  /** Names of dependencies. */
  readonly packages: ReadonlyArray<string>
  /** Change manifest and lock file, and leave what is installed as it is. */
  readonly noInstall?: boolean | undefined
}

export interface UpdateOptions extends Selection {
  /** The directory of the environment. */
  readonly path: string
  /** Names of packages in the lock file; by default all of them. */
  readonly packages?: ReadonlyArray<string> | undefined
  /** Change the lock file, and leave what is installed as it is. */
  readonly noInstall?: boolean | undefined
}

export interface ListOptions {
  /** The directory of the environment. */
  readonly path: string
  /** pixi: the environment of the manifest; `default` by default. */
  readonly environment?: string | undefined
  /** pixi: a conda subdirectory; by default the one of this machine. */
  readonly platform?: string | undefined
}

export interface StatusOptions {
  /** The directory of the environment. */
  readonly path: string
  /** pixi: the environment of the manifest; `default` by default. */
  readonly environment?: string | undefined
}

export interface GetManifestOptions {
  /** The directory of the environment. */
  readonly path: string
}

export class PackageManager extends Context.Tag("@darb/package-manager/PackageManager")<PackageManager, {
  /** The manager's name: `pixi`, `uv`. */
  readonly name: string

  /** What it can do, whatever its version. */
  readonly capabilities: Capabilities

  /** The version of its executable, such as `0.77.0`. */
  readonly version: Effect.Effect<string, PackageManagerError>

  /**
   * Makes an environment, or nothing at all.
   *
   * Fails with `EnvironmentExists` where one is, with `InvalidOption`, `InvalidSpec` or `PlatformUnsupported` before
   * anything is touched.
   */
  readonly init: (options: InitOptions) => Effect.Effect<Manifest, PackageManagerError>

  /** Adds packages to the manifest, or none, and makes lock file and installed packages match it. */
  readonly install: (options: InstallOptions) => Effect.Effect<Changes, PackageManagerError>

  /**
   * Takes packages out of the manifest and makes lock file and installed packages match it.
   *
   * Fails with `DependencyNotFound`, and removes nothing, if one of them is not in the manifest.
   */
  readonly remove: (options: RemoveOptions) => Effect.Effect<Changes, PackageManagerError>

  /**
   * Brings packages to the newest versions that the manifest allows, and installs them.
   *
   * Fails with `DependencyNotFound`, and updates nothing, if one of them is not in the lock file.
   */
  readonly update: (options: UpdateOptions) => Effect.Effect<Changes, PackageManagerError>

  /** The packages of the lock file for this machine, sorted by name. Writes nothing and needs no network. */
  readonly list: (options: ListOptions) => Effect.Effect<ReadonlyArray<Package>, PackageManagerError>

  /** Compares manifest, lock file and what is installed. Starts no process and writes nothing. */
  readonly status: (options: StatusOptions) => Effect.Effect<Status, PackageManagerError>

  /** Reads the manifest. Starts no process. */
  readonly getManifest: (options: GetManifestOptions) => Effect.Effect<Manifest, PackageManagerError>
}>() {}
