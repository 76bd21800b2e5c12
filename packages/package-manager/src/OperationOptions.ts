/**
 * The options of operations. Each operation takes one object.
 *
 * @module
 * @since 0.1.0
 */
import type * as Stream from "effect/Stream"

/**
 * The environment of an operation.
 *
 * @since 0.1.0
 * @category options
 */
export interface EnvironmentOptions {
  /** The directory of the environment. */
  readonly path: string
}

/**
 * Only the path: `getManifest` reads the whole manifest.
 *
 * @since 0.1.0
 * @category options
 */
export type GetManifestOptions = EnvironmentOptions

/**
 * Only the path: `clean` removes all that is installed, for pixi in every environment of the manifest.
 *
 * @since 0.1.0
 * @category options
 */
export type CleanOptions = EnvironmentOptions

/**
 * Only the path, which must be below the driver's option `root`.
 *
 * @since 0.1.0
 * @category options
 */
export type DestroyOptions = EnvironmentOptions

/**
 * `init` creates the directory if it does not exist.
 *
 * @since 0.1.0
 * @category options
 */
export interface InitOptions extends EnvironmentOptions {
  /** The name of the environment; the name of the directory by default. */
  readonly name?: string | undefined
  /**
   * A version of Python such as `3.12`, or constraints such as `>=3.11,<3.13`. pixi adds it to the dependencies and installs
   * it; `platforms` must then include this machine. uv writes `requires-python` and creates `.venv`.
   */
  readonly python?: string | undefined
  /** pixi: channel names or URLs, highest priority first. By default pixi chooses. */
  readonly channels?: ReadonlyArray<string> | undefined
  /** pixi: conda subdirectories such as `linux-64`; the one of this machine by default. */
  readonly platforms?: ReadonlyArray<string> | undefined
  /** uv: package indexes that replace PyPI, as `URL` or `NAME=URL`, highest priority first. Without credentials. */
  readonly indexes?: ReadonlyArray<string> | undefined
}

/**
 * The part of the manifest that packages are added to or removed from.
 *
 * @since 0.1.0
 * @category options
 */
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

/**
 * The option of operations that can be tried first.
 *
 * @since 0.1.0
 * @category options
 */
export interface DryRun {
  /**
   * Returns the changes that the operation would make, and makes none.
   *
   * uv builds path dependencies whose version is dynamic: what their build backend writes beside their sources, such as
   * `*.egg-info`, stays there. pixi would install a prefix to build PyPI packages: where only that tells their metadata, fails
   * with `InvalidOption`, or with `UnsupportedVersion` if the version of pixi cannot be kept from it.
   */
  readonly dryRun?: boolean | undefined
}

/**
 * What uv installs besides the dependencies. When uv makes the prefix match the lock file, it removes everything else.
 *
 * @since 0.1.0
 * @category options
 */
export interface Selection {
  /** uv: dependency groups in addition to the default ones. */
  readonly groups?: ReadonlyArray<string> | undefined
  /** uv: extras. */
  readonly extras?: ReadonlyArray<string> | undefined
}

/**
 * Without `packages`, makes the prefix match the manifest; with them, adds them to the manifest first. `locked`,
 * `frozen` and `environment` exclude `packages`.
 *
 * @since 0.1.0
 * @category options
 */
export interface InstallOptions extends EnvironmentOptions, Place, Selection, DryRun {
  /**
   * Specs to add to the manifest, such as `numpy`, `numpy>=2` or, for pixi, `numpy 2.*`. A name without a version keeps the
   * spec of an existing dependency. Without packages, `install` makes the prefix match the manifest.
   */
  readonly packages?: ReadonlyArray<string> | undefined
  /** pixi: the packages are PyPI packages, and their specs are PEP 508 requirements. */
  readonly pypi?: boolean | undefined
  /** Fails with `LockOutdated` instead of changing the lock file. Only without packages. */
  readonly locked?: boolean | undefined
  /** Installs from the lock file without comparing it with the manifest. Only without packages. */
  readonly frozen?: boolean | undefined
  /** Changes the manifest and the lock file, but not the prefix. */
  readonly noInstall?: boolean | undefined
  /** pixi: the environment of the manifest to install; `default` by default. Only without packages. */
  readonly environment?: string | undefined
  /** uv: additional package indexes, as for `init`. They are added to the manifest before the existing ones. */
  readonly indexes?: ReadonlyArray<string> | undefined
}

/**
 * Names packages, not specs. The place must be the one that has them: another feature, group or extra keeps its own.
 *
 * @since 0.1.0
 * @category options
 */
export interface RemoveOptions extends EnvironmentOptions, Place, Selection, DryRun {
  /** Names of dependencies. */
  readonly packages: ReadonlyArray<string>
  /** Changes the manifest and the lock file, but not the prefix. */
  readonly noInstall?: boolean | undefined
}

/**
 * The manifest stays as it is: an update chooses the newest versions that its specs allow.
 *
 * @since 0.1.0
 * @category options
 */
export interface UpdateOptions extends EnvironmentOptions, Selection, DryRun {
  /** Names of packages in the lock file; all of them by default. */
  readonly packages?: ReadonlyArray<string> | undefined
  /** Changes the lock file, but not the prefix. */
  readonly noInstall?: boolean | undefined
}

/**
 * Compares one environment of the manifest.
 *
 * @since 0.1.0
 * @category options
 */
export interface StatusOptions extends EnvironmentOptions {
  /** pixi: the environment of the manifest; `default` by default. */
  readonly environment?: string | undefined
}

/**
 * Lists one environment on one platform, which need not be the one of this machine.
 *
 * @since 0.1.0
 * @category options
 */
export interface ListOptions extends StatusOptions {
  /** pixi: a conda subdirectory such as `linux-64`; the one of this machine by default. */
  readonly platform?: string | undefined
}

/**
 * Activates one environment of the manifest, on this machine.
 *
 * @since 0.1.0
 * @category options
 */
export type ActivationOptions = StatusOptions

/**
 * What to run, a `command` or a `task`, and how.
 *
 * @since 0.1.0
 * @category options
 */
export interface RunOptions extends StatusOptions {
  /**
   * The program and its arguments, such as `["python", "-c", "print(1)"]`. A name is looked up on the PATH of the activated
   * environment; a path is relative to `directory`. There is no shell: `["sh", "-c", "a | b"]` starts one.
   */
  readonly command?: ReadonlyArray<string> | undefined
  /** pixi: a task of the manifest, which runs after the tasks that it depends on. Needs pixi 0.30. */
  readonly task?: string | undefined
  /** pixi: arguments of the task. */
  readonly args?: ReadonlyArray<string> | undefined
  /** Additional variables of the program. They take precedence over those of the environment and inherited ones. */
  readonly variables?: Readonly<Record<string, string>> | undefined
  /** The working directory, relative to the directory of the environment, which is the default. */
  readonly directory?: string | undefined
  /** What the program reads from standard input. By default nothing, or the terminal with `stdio: "inherit"`. */
  readonly stdin?: string | Stream.Stream<Uint8Array> | undefined
  /**
   * `pipe`, the default, emits the output as events. `inherit` gives the program the standard streams of the application, such
   * as the terminal, and emits no output.
   */
  readonly stdio?: "pipe" | "inherit" | undefined
  /** `lines`, the default, emits an `Output.Output` for each line; `bytes` emits an `Output.Bytes` for each chunk. */
  readonly output?: "lines" | "bytes" | undefined
}
