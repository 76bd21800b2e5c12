/**
 * Describes the executable of a manager to `makeExecutable`, and declares the options that applications set for it.
 *
 * @module
 * @since 0.1.0
 */
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as Either from "effect/Either"
import type * as Output from "../../Output.js"
import type * as Errors from "../../PackageManagerError.js"
import type { EnvironmentOperation } from "../Operation.js"
import type { Result } from "../process/CommandResult.js"
import type { Signal } from "../process/Process.js"

/**
 * The options that all drivers have. All are optional: the defaults suit an application that trusts its paths.
 *
 * @since 0.1.0
 * @category options
 */
export interface ExecutableOptions {
  /**
   * The directory that contains all environments. Paths are relative to it, and a path that leads out of it, even by a link,
   * fails with `InvalidOption`.
   */
  readonly root?: string | undefined
  /** A path, or a name to look up on PATH; the name of the manager by default. */
  readonly executable?: string | undefined
  /** Variables of the manager in addition to the inherited ones, such as credentials. */
  readonly environment?: Readonly<Record<string, string>> | undefined
  /** How long the manager and its children may take to end after each signal; 5 seconds by default. */
  readonly gracePeriod?: Duration.DurationInput | undefined
  /** The time limit of short commands, which print the version or a list; 30 seconds by default. */
  readonly shortLimit?: Duration.DurationInput | undefined
  /**
   * The time limit of commands that solve, download and link. There is none by default, except 1 hour for versions of pixi
   * before 0.41, which occasionally hang. A command that exceeds it is rolled back and can be retried.
   */
  readonly limit?: Duration.DurationInput | undefined
  /**
   * How long to wait for other operations before `EnvironmentBusy`; forever by default, but at most a moment for an owner
   * that may be dead.
   */
  readonly waitLimit?: Duration.DurationInput | undefined
  /**
   * Whether to take over an environment whose owner cannot be verified as dead, such as a process on another host or in
   * another container; `false` by default, which fails with `EnvironmentBusy`. Set it only if that process is dead: an
   * owner that is known to be alive is never taken over.
   */
  readonly takeOver?: boolean | undefined
  /**
   * Whether to go on where programs cannot exclude each other, because the platform has no lock and does not show the start
   * times of processes; `false` by default, which fails with `StorageFailed`. Set it only if no other program changes the
   * environments.
   */
  readonly unlocked?: boolean | undefined
  /** How many processes of the manager may change environments in parallel; unlimited by default. */
  readonly concurrency?: number | undefined
}

/**
 * The progress that a line reports.
 *
 * @since 0.1.0
 * @category models
 */
export interface Step {
  readonly phase: Output.Phase
  readonly package: string | null
  readonly bytes: number | null
  /** Whether the download of the package is complete; `false` by default. */
  readonly complete?: boolean | undefined
  /** The file name of the archive that is downloaded. */
  readonly archive?: string | null | undefined
}

/**
 * `Capabilities` is what a driver knows about one version of the executable.
 *
 * @since 0.1.0
 * @category models
 */
export interface ExecutableDescription<Capabilities> {
  readonly manager: string
  /** Variables that the manager inherits in addition to the common ones. */
  readonly inherited: ReadonlyArray<string | RegExp>
  /** Variables that the manager always has. */
  readonly fixed: Readonly<Record<string, string>>
  /** The signals that ask the manager to end, the gentlest first. */
  readonly signals: readonly [Signal, ...Array<Signal>]
  /** The capabilities of the version that `--version` printed, or why it is not supported. */
  readonly read: (stdout: string) => Either.Either<Capabilities, Pick<Errors.UnsupportedVersion, "found" | "reason">>
  /** The lowest supported version. */
  readonly oldest: string
  /** The default time limit of commands that solve. */
  readonly limit: (capabilities: Capabilities) => Duration.DurationInput
  /** The error of a command that failed. */
  readonly classify: (operation: EnvironmentOperation, result: Result) => Errors.PackageManagerError
  readonly progress: {
    /** The commands that solve. */
    readonly commands: ReadonlySet<string>
    /** Whether a command changes the prefix. */
    readonly installs: (args: ReadonlyArray<string>) => boolean
    /** Variables that make the manager report its progress. */
    readonly environment: Readonly<Record<string, string>>
    /** Whether a line of standard error appears only because of them. */
    readonly isLogged: (line: string) => boolean
    /** What a line of output says about the progress, if it says something. */
    readonly parse: (line: string) => Step | undefined
    /** The sizes of archives in bytes by file name, from the text of the lock file. */
    readonly sizes?: ((lock: string) => Effect.Effect<ReadonlyMap<string, number>>) | undefined
  }
}
