/**
 * The `PackageManager` service: creates, changes and reads environments of conda and Python packages, and runs programs in
 * them.
 *
 * An environment is a directory with a manifest of the manager. An operation succeeds, fails with a typed error that names
 * cause and remedy, or is interrupted. After a failure or an interruption, the manifest and the lock file are restored byte for
 * byte, and no process is left. If the application dies, the next operation on the environment recovers it.
 *
 * Operations that change one environment run one after another, also across processes. Operations on different environments
 * run in parallel.
 *
 * With `dryRun`, `install`, `remove` and `update` return the changes that they would make, or fail as they would, and leave
 * the manifest, the lock file and the prefix as they are. They solve and download only what solving needs. `Changes.status`
 * is the status of the environment as it is.
 *
 * Package specs are in the language of the manager. Options that only one manager has are marked with its name. With another
 * manager they fail with `UnsupportedOption`; they are never ignored. `capabilities` lists the options of a manager.
 *
 * `OperationErrors` has the errors of each operation, `PackageManagerError` the classes.
 *
 * @module
 * @since 0.1.0
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

/**
 * The service that manages environments. A driver provides it: `PixiLive` of `@darb/pixi`, `UvLive` of `@darb/uv`, or
 * `layerMemory` of `@darb/testing` in tests. Its methods need no other services.
 *
 * ```ts
 * import { PackageManager } from "@darb/package-manager"
 * import { PixiLive } from "@darb/pixi"
 * import { NodeContext } from "@effect/platform-node"
 * import { Effect, Layer } from "effect"
 *
 * const program = Effect.gen(function*() {
 *   const packageManager = yield* PackageManager
 *   const { added } = yield* packageManager.install({ path: "./analysis", packages: ["numpy >=2"] })
 *   return added.map(({ name, version }) => `${name} ${version}`)
 * })
 *
 * Effect.runPromise(Effect.provide(program, Layer.provide(PixiLive, NodeContext.layer)))
 * ```
 *
 * @since 0.1.0
 * @category services
 */
export class PackageManager extends Context.Tag("@darb/package-manager/PackageManager")<PackageManager, {
  /** The name of the manager, such as `pixi` or `uv`. */
  readonly name: string

  /** What the driver supports. Some versions of the manager support less, and fail with `UnsupportedVersion`. */
  readonly capabilities: Capabilities

  /** The version of the executable, such as `0.77.0`. */
  readonly version: Effect.Effect<string, VersionError>

  /**
   * Creates an environment, with its directory if necessary, and returns its manifest. A failed `init` leaves nothing.
   *
   * Fails with `EnvironmentExists` if the directory is already an environment, and with `InvalidOption`, `InvalidSpec` or
   * `PlatformUnsupported` before anything is written.
   */
  readonly init: (options: Options.InitOptions) => Effect.Effect<Manifest, InitError>

  /**
   * Adds packages to the manifest, then makes the lock file and the prefix match the manifest. Without packages, it only does
   * the second step. Returns what changed in the lock file.
   *
   * Without `noInstall`, fails with `PlatformUnsupported`, and changes nothing, if the environment is not for this machine.
   *
   * ```ts
   * const { added } = yield* packageManager.install({ path, packages: ["numpy >=2", "pandas"] })
   * for (const { name, version } of added) yield* Console.log(`added ${name} ${version}`)
   * ```
   */
  readonly install: (options: Options.InstallOptions) => Effect.Effect<Changes, InstallError>

  /**
   * Removes packages from the manifest, then makes the lock file and the prefix match the manifest. Returns what changed in
   * the lock file.
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
   * Compares the manifest, the lock file and the prefix. Writes nothing and starts no process, so it works even if the
   * executable is missing, or too old for the manifest or the lock file.
   */
  readonly status: (options: Options.StatusOptions) => Effect.Effect<Status, StatusError>

  /**
   * Runs a program, or a task of the manifest, in the activated environment, and waits for its end. The result is its exit code
   * or signal, and no exit code is an error. Its output comes as events, which `Output.observe` receives. Interruption ends the
   * program with everything that it has started. What it leaves running when it ends by itself is ended too.
   *
   * Solves and installs nothing. Fails with `EnvironmentNotInstalled` if nothing is installed, and with `ProgramNotFound` if there
   * is no such program. Takes no lock: programs and changes of the environment do not wait for each other, so a program
   * sees the prefix while an install changes it.
   *
   * ```ts
   * const { exitCode, signal } = yield* packageManager.run({ path, command: ["python", "train.py"] }).pipe(
   *   Output.observe((event) => event._tag === "Output" ? Console.log(event.line) : Effect.void),
   *   Effect.timeout("1 hour")
   * )
   * ```
   */
  readonly run: (options: Options.RunOptions) => Effect.Effect<RunResult, RunError>

  /**
   * What activating the environment changes in the variables of a process; `ActivatedCommand.activate` applies it to a command.
   * Solves and installs nothing. Fails with `EnvironmentNotInstalled` if nothing is installed.
   *
   * ```ts
   * const activation = yield* packageManager.activation({ path })
   * const jupyter = yield* ActivatedCommand.activate(Command.make("jupyter", "lab"), activation)
   * const process = yield* Command.start(jupyter)
   * ```
   */
  readonly activation: (options: Options.ActivationOptions) => Effect.Effect<Activation, ActivationError>

  /** Reads and decodes the manifest. Writes nothing and starts no process. */
  readonly getManifest: (options: Options.GetManifestOptions) => Effect.Effect<Manifest, GetManifestError>

  /**
   * Removes what is installed, and keeps the manifest and the lock file: `install` installs it again. Succeeds if nothing is
   * installed. Fails with `EnvironmentBusy` while a program of `run` is at work.
   *
   * A prefix that is a link is unlinked, and its target stays. pixi: detached prefixes are removed if they name this manifest.
   * uv: fails with `InvalidOption`, and removes nothing, if the prefix is not a virtual environment or is outside the directory.
   */
  readonly clean: (options: Options.CleanOptions) => Effect.Effect<void, CleanError>

  /**
   * Removes an environment with everything in its directory. Needs the driver's option `root`. Fails with `EnvironmentBusy`
   * while a program of `run` is at work.
   *
   * The directory is renamed, then deleted. If the application dies in between, the next `destroy`, `init` or `environments`
   * below the root deletes the rest.
   *
   * Fails with `InvalidOption`, and removes nothing, if there is no root, if the path is the root, outside of it or a link, and
   * if the directory contains other environments, which the error names. Fails with `EnvironmentNotFound` if the directory is
   * not an environment.
   */
  readonly destroy: (options: Options.DestroyOptions) => Effect.Effect<void, DestroyError>

  /**
   * The environments of this manager below the driver's option `root`, in the order of their paths. Directories are read as the
   * stream is pulled. Hidden directories, links, and what is inside an environment are left out. An environment that cannot be
   * read is an element with its error, and does not end the stream.
   *
   * Fails with `InvalidOption` if there is no root.
   */
  readonly environments: Stream.Stream<Environment, EnvironmentsError>
}>() {}
