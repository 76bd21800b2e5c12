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
 * With `dryRun`, `install`, `remove` and `update` return the changes that they would make, or fail as they would, and leave
 * the manifest, the lock file and the prefix as they are. They solve, and install nothing. `Changes.status` is then the status
 * of the environment as it is.
 *
 * Package specs use the manager's own language. An option that only one manager has says so; with any other manager it fails
 * with `UnsupportedOption` and is never ignored. `capabilities` lists the options of a manager.
 *
 * `OperationErrors` has the errors of each operation, `PackageManagerError` the classes.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { Activation } from "./Activation.js"
import type { Capabilities } from "./Capabilities.js"
import type { Changes } from "./Changes.js"
import type { Environment } from "./Environment.js"
import type { Manifest } from "./Manifest.js"
import type {
  ActivationError,
  CleanError,
  DestroyError,
  EnvironmentsError,
  GetManifestError,
  InitError,
  InstallError,
  ListError,
  RemoveError,
  RunError,
  StatusError,
  UpdateError,
  VersionError
} from "./OperationErrors.js"
import type * as Options from "./OperationOptions.js"
import type { Package } from "./Package.js"
import type { RunResult } from "./RunResult.js"
import type { Status } from "./Status.js"

export type * from "./OperationOptions.js"

export class PackageManager extends Context.Tag("@darb/package-manager/PackageManager")<PackageManager, {
  /** The name of the manager, such as `pixi` or `uv`. */
  readonly name: string

  /** What the manager supports, whatever its version. */
  readonly capabilities: Capabilities

  /** The version of the executable, such as `0.77.0`. */
  readonly version: Effect.Effect<string, VersionError>

  /**
   * Creates an environment and returns its manifest. If that fails, nothing is left.
   *
   * Fails with `EnvironmentExists` if the directory is already an environment, and with `InvalidOption`, `InvalidSpec` or
   * `PlatformUnsupported` before anything is written.
   */
  readonly init: (options: Options.InitOptions) => Effect.Effect<Manifest, InitError>

  /**
   * Adds packages to the manifest, then makes the lock file and the prefix match it. Without packages it only does the
   * latter. Returns what changed in the lock file.
   *
   * Without `noInstall`, fails with `PlatformUnsupported`, and changes nothing, if the environment is not for this machine.
   */
  readonly install: (options: Options.InstallOptions) => Effect.Effect<Changes, InstallError>

  /**
   * Removes packages from the manifest, then makes the lock file and the prefix match it. Returns what changed in the lock
   * file.
   *
   * Fails with `DependencyNotFound`, and removes nothing, if one of the packages is not in the manifest. Without `noInstall`,
   * fails with `PlatformUnsupported`, and changes nothing, if the environment is not for this machine.
   */
  readonly remove: (options: Options.RemoveOptions) => Effect.Effect<Changes, RemoveError>

  /**
   * Updates packages to the newest versions that the manifest allows, and installs them. Returns what changed in the lock
   * file.
   *
   * Fails with `DependencyNotFound`, and updates nothing, if one of the packages is not in the lock file. Without `noInstall`,
   * fails with `PlatformUnsupported`, and changes nothing, if the environment is not for this machine.
   */
  readonly update: (options: Options.UpdateOptions) => Effect.Effect<Changes, UpdateError>

  /**
   * The packages of the lock file for this machine, sorted by name. Writes nothing and needs no network.
   *
   * Without `platform`, fails with `PlatformUnsupported` if the environment is not for this machine.
   */
  readonly list: (options: Options.ListOptions) => Effect.Effect<ReadonlyArray<Package>, ListError>

  /**
   * Compares the manifest, the lock file and the prefix. Writes nothing and starts no process, so that it also succeeds if the
   * executable is too old for the manifest or for the lock file.
   */
  readonly status: (options: Options.StatusOptions) => Effect.Effect<Status, StatusError>

  /**
   * Runs a program in the activated environment, or a task of the manifest, and ends with its exit code or signal: neither is
   * an error. Its output comes as events. Interruption ends it with everything that it has started; when it has ended by
   * itself, what it has left running is ended too.
   *
   * Nothing is solved or installed: fails with `EnvironmentNotInstalled` if `install` has not been used, and with
   * `ProgramNotFound` if there is no such program. Takes no lock, so that programs and changes of the environment do not wait
   * for each other: a program sees an install that runs at the same time.
   */
  readonly run: (options: Options.RunOptions) => Effect.Effect<RunResult, RunError>

  /**
   * What activating the environment changes in the variables of a process. Solves and installs nothing. Fails with
   * `EnvironmentNotInstalled` if `install` has not been used.
   */
  readonly activation: (options: Options.ActivationOptions) => Effect.Effect<Activation, ActivationError>

  /** Reads and decodes the manifest. Like `status`, writes nothing, starts no process and does not ask for the version. */
  readonly getManifest: (options: Options.GetManifestOptions) => Effect.Effect<Manifest, GetManifestError>

  /**
   * Removes what is installed, and keeps the manifest and the lock file: `install` makes it again. Succeeds if nothing is
   * installed.
   *
   * A prefix that is a link is unlinked, and what it points to stays. The detached prefixes of pixi are removed if they name
   * this manifest. uv: fails with `InvalidOption`, and removes nothing, if the prefix is not a virtual environment or is
   * outside the directory.
   */
  readonly clean: (options: Options.CleanOptions) => Effect.Effect<void, CleanError>

  /**
   * Removes an environment with everything in its directory, alone in it like every change. Needs the driver's option `root`.
   *
   * The directory is renamed first and deleted then. If the process dies in between, the next `destroy`, `init` or
   * `environments` below the root deletes the rest.
   *
   * Fails with `InvalidOption`, and removes nothing, without a root, for the root itself, for a path outside or a link, and if
   * there are other environments inside, which it names. Fails with `EnvironmentNotFound` for any other directory.
   */
  readonly destroy: (options: Options.DestroyOptions) => Effect.Effect<void, DestroyError>

  /**
   * The environments of this manager below the driver's option `root`, in the order of their paths. The directories are read
   * as the stream is pulled: not those of environments, hidden ones and links. An environment that cannot be read is an
   * element with its error, and does not end the stream.
   *
   * Fails with `InvalidOption` without a root.
   */
  readonly environments: Stream.Stream<Environment, EnvironmentsError>
}>() {}
