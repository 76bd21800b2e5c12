/**
 * The `PackageManager` service: creates environments of conda and Python packages, changes them and reads them.
 *
 * An environment is a directory with a manifest that the manager owns. Every operation ends with a value, with a typed error
 * that names cause and remedy, or by interruption. After an error or an interruption, the manifest and the lock file are
 * restored byte for byte, and no process is left. If the process of the application dies, the next operation on the
 * environment recovers it.
 *
 * Operations that change one environment run one after another, also across processes. Operations on different environments
 * run in parallel.
 *
 * Package specs use the manager's own language. An option that only one manager has says so; with any other manager it fails
 * with `UnsupportedOption` and is never ignored. `capabilities` lists the options of a manager.
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
  /** The directory of the environment. Created if it does not exist. */
  readonly path: string
  /** The name of the environment; the name of the directory by default. */
  readonly name?: string | undefined
  /**
   * A version of Python such as `3.12`, or constraints such as `>=3.11,<3.13`. Python is installed. pixi adds it to the
   * dependencies, uv sets `requires-python`.
   */
  readonly python?: string | undefined
  /** pixi: channel names or URLs, highest priority first. By default pixi chooses. */
  readonly channels?: ReadonlyArray<string> | undefined
  /** pixi: conda subdirectories such as `linux-64`; the one of this machine by default. */
  readonly platforms?: ReadonlyArray<string> | undefined
  /** uv: package indexes that replace PyPI, as `URL` or `NAME=URL`, highest priority first. Without credentials. */
  readonly indexes?: ReadonlyArray<string> | undefined
}

/** The part of the manifest that packages are added to or removed from. */
export interface Place {
  /** pixi: the feature; the default feature, which all environments share, by default. */
  readonly feature?: string | undefined
  /** pixi: platforms of the manifest to which the packages are restricted. */
  readonly platforms?: ReadonlyArray<string> | undefined
  /** uv: the dependency group; the dependencies of the project by default. */
  readonly group?: string | undefined
  /** uv: the extra, that is the optional dependencies of this name. */
  readonly extra?: string | undefined
}

/** What uv installs besides the dependencies. When uv makes the prefix match the lock file, it removes everything else. */
export interface Selection {
  /** uv: dependency groups in addition to the default ones. */
  readonly groups?: ReadonlyArray<string> | undefined
  /** uv: extras. */
  readonly extras?: ReadonlyArray<string> | undefined
}

export interface InstallOptions extends Place, Selection {
  /** The directory of the environment. */
  readonly path: string
  /**
   * Specs to add to the manifest, such as `numpy`, `numpy>=2` or, for pixi, `numpy 2.*`. A name without a version keeps the
   * spec of an existing dependency. Without packages, `install` makes the prefix match the manifest.
   */
  readonly packages?: ReadonlyArray<string> | undefined
  /** pixi: the packages are PyPI packages, and their specs are PEP 508 requirements. */
  readonly pypi?: boolean | undefined
  /** Fail with `LockOutdated` instead of changing the lock file. Only without packages. */
  readonly locked?: boolean | undefined
  /** Install from the lock file without comparing it with the manifest. Only without packages. */
  readonly frozen?: boolean | undefined
  /** Change the manifest and the lock file, but not the prefix. */
  readonly noInstall?: boolean | undefined
  /** pixi: the environment of the manifest to install; `default` by default. Only without packages. */
  readonly environment?: string | undefined
  /** uv: additional package indexes, as for `init`. They are added to the manifest before the existing ones. */
  readonly indexes?: ReadonlyArray<string> | undefined
}

export interface RemoveOptions extends Place, Selection {
  /** The directory of the environment. */
  readonly path: string
  /** Names of dependencies. */
  readonly packages: ReadonlyArray<string>
  /** Change the manifest and the lock file, but not the prefix. */
  readonly noInstall?: boolean | undefined
}

export interface UpdateOptions extends Selection {
  /** The directory of the environment. */
  readonly path: string
  /** Names of packages in the lock file; all of them by default. */
  readonly packages?: ReadonlyArray<string> | undefined
  /** Change the lock file, but not the prefix. */
  readonly noInstall?: boolean | undefined
}

export interface ListOptions {
  /** The directory of the environment. */
  readonly path: string
  /** pixi: the environment of the manifest; `default` by default. */
  readonly environment?: string | undefined
  /** pixi: a conda subdirectory such as `linux-64`; the one of this machine by default. */
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
  /** The name of the manager, such as `pixi` or `uv`. */
  readonly name: string

  /** What the manager supports, whatever its version. */
  readonly capabilities: Capabilities

  /** The version of the executable, such as `0.77.0`. */
  readonly version: Effect.Effect<string, PackageManagerError>

  /**
   * Creates an environment and returns its manifest. If that fails, nothing is left.
   *
   * Fails with `EnvironmentExists` if the directory is already an environment, and with `InvalidOption`, `InvalidSpec` or
   * `PlatformUnsupported` before anything is written.
   */
  readonly init: (options: InitOptions) => Effect.Effect<Manifest, PackageManagerError>

  /**
   * Adds packages to the manifest, then makes the lock file and the prefix match it. Without packages it only does the
   * latter. Returns what changed in the lock file.
   */
  readonly install: (options: InstallOptions) => Effect.Effect<Changes, PackageManagerError>

  /**
   * Removes packages from the manifest, then makes the lock file and the prefix match it. Returns what changed in the lock
   * file.
   *
   * Fails with `DependencyNotFound`, and removes nothing, if one of the packages is not in the manifest.
   */
  readonly remove: (options: RemoveOptions) => Effect.Effect<Changes, PackageManagerError>

  /**
   * Updates packages to the newest versions that the manifest allows, and installs them. Returns what changed in the lock
   * file.
   *
   * Fails with `DependencyNotFound`, and updates nothing, if one of the packages is not in the lock file.
   */
  readonly update: (options: UpdateOptions) => Effect.Effect<Changes, PackageManagerError>

  /** The packages of the lock file for this machine, sorted by name. Writes nothing and needs no network. */
  readonly list: (options: ListOptions) => Effect.Effect<ReadonlyArray<Package>, PackageManagerError>

  /** Compares the manifest, the lock file and the prefix. Writes nothing and starts no process. */
  readonly status: (options: StatusOptions) => Effect.Effect<Status, PackageManagerError>

  /** Reads and decodes the manifest. Writes nothing and starts no process. */
  readonly getManifest: (options: GetManifestOptions) => Effect.Effect<Manifest, PackageManagerError>
}>() {}
