/** What there is to know of a manager's executable, and what an application may say of it. */
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as Either from "effect/Either"
import type * as Output from "../Output.js"
import type * as Errors from "../PackageManagerError.js"
import type { EnvironmentOperation } from "./Operation.js"
import type { Result } from "./process/CommandResult.js"
import type { Signal } from "./process/Process.js"

export interface ExecutableOptions {
  /**
   * A directory that all environments are in: their paths are relative to it, and what leads out of it, also by a link, is
   * `InvalidOption`.
   */
  readonly root?: string | undefined
  /** A path, or a name that is looked for on PATH; the manager's name by default. */
  readonly executable?: string | undefined
  /** Variables that the manager gets besides those that it inherits, such as credentials. */
  readonly environment?: Readonly<Record<string, string>> | undefined
  /** How long the manager and its children have to end by themselves when they are asked to; 5 seconds by default. */
  readonly gracePeriod?: Duration.DurationInput | undefined
  /** The time limit of calls that are short: for the version and for lists; 30 seconds by default. */
  readonly shortLimit?: Duration.DurationInput | undefined
  /**
   * The time limit of calls that solve, download and link. By default there is none, but for versions of pixi before 0.41,
   * which now and then do not come to an end: 1 hour. What is given up is undone, and can be tried again.
   */
  readonly limit?: Duration.DurationInput | undefined
  /** How long another operation on the same environment is waited for before `EnvironmentBusy`; without end by default. */
  readonly waitLimit?: Duration.DurationInput | undefined
  /** How many processes of the manager may change environments at once; as many as there are operations by default. */
  readonly concurrency?: number | undefined
}

/** What a line tells of the progress. */
export interface Step {
  readonly phase: Output.Phase
  readonly package: string | null
  readonly bytes: number | null
  /** The name of the file that is downloaded. */
  readonly archive?: string | null | undefined
}

/** What there is to know of a manager's executable. */
export interface ExecutableDescription<Known> {
  readonly manager: string
  /** Variables that it inherits besides those that all managers do. */
  readonly inherited: ReadonlyArray<string | RegExp>
  /** Variables that it always has. */
  readonly fixed: Readonly<Record<string, string>>
  /** How it is asked to end, the gentlest way first. */
  readonly signals: readonly [Signal, ...Array<Signal>]
  /** What is known of it by what `--version` prints, or else why it cannot be used. */
  readonly read: (stdout: string) => Either.Either<Known, Pick<Errors.UnsupportedVersion, "found" | "reason">>
  /** The lowest version that is driven. */
  readonly oldest: string
  /** The time limit of calls that solve, if there is one. */
  readonly limit: (known: Known) => Duration.DurationInput
  readonly classify: (operation: EnvironmentOperation, result: Result) => Errors.PackageManagerError
  readonly progress: {
    /** The commands that solve. */
    readonly commands: ReadonlySet<string>
    /** Variables that make it say more. */
    readonly environment: Readonly<Record<string, string>>
    /** Whether a line of standard error is there only because of them. */
    readonly isLogged: (line: string) => boolean
    readonly parse: (line: string) => Step | undefined
    /** The bytes of archives that the text of the lock file knows, by the names of their files. */
    readonly sizes?: ((lock: string) => Effect.Effect<ReadonlyMap<string, number>>) | undefined
  }
}
