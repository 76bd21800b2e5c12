/**
 * The service: makes and changes environments of Python and conda packages.
 *
 * An environment is a directory with a manifest that the manager owns. Every operation ends in a value, in an error that
 * names cause and remedy, or by interruption; after the latter two, manifest and lock file are byte for byte what they
 * were before, and no process is left.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { Changes } from "./Changes.js"
import type { Manifest } from "./Manifest.js"
import type { Package } from "./Package.js"
import type { PackageManagerError } from "./PackageManagerError.js"

export interface InitOptions {
  /** The directory of the environment; it is made if it does not exist. */
  readonly path: string
  /** By default the name of the directory. */
  readonly name?: string | undefined
  /** A version such as `3.12`, or constraints such as `>=3.11,<3.13`: Python becomes a dependency and is installed. */
  readonly python?: string | undefined
  /** Names or URLs, in order of priority; by default the manager's own. */
  readonly channels?: ReadonlyArray<string> | undefined
  /** Conda subdirectories, such as `linux-64`; by default the one of this machine. */
  readonly platforms?: ReadonlyArray<string> | undefined
}

export interface InstallOptions {
  /** The directory of the environment. */
  readonly path: string
  /**
   * Specs in the manager's own language, such as `numpy`, `numpy>=2` or `numpy 2.*`: they become dependencies. A bare name
   * that is a dependency already keeps its spec. None: what is installed is made to match the manifest.
   */
  readonly packages?: ReadonlyArray<string> | undefined
  /** Fail with `LockOutdated` rather than change the lock file; only without packages. */
  readonly locked?: boolean | undefined
}

export interface RemoveOptions {
  /** The directory of the environment. */
  readonly path: string
  /** Names of dependencies. */
  readonly packages: ReadonlyArray<string>
}

export interface UpdateOptions {
  /** The directory of the environment. */
  readonly path: string
  /** Names of packages in the lock file; by default all of them. */
  readonly packages?: ReadonlyArray<string> | undefined
}

export interface ListOptions {
  /** The directory of the environment. */
  readonly path: string
}

export interface GetManifestOptions {
  /** The directory of the environment. */
  readonly path: string
}

export class PackageManager extends Context.Tag("@darb/package-manager/PackageManager")<PackageManager, {
  /** The manager's name: `pixi`, `uv`. */
  readonly name: string

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

  /** Reads the manifest. Starts no process. */
  readonly getManifest: (options: GetManifestOptions) => Effect.Effect<Manifest, PackageManagerError>
}>() {}
