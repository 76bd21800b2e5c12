/**
 * The errors of each operation, as schemas and as types. `Effect.catchTags` with a handler for each tag of a type leaves
 * `never`.
 *
 * @module
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Errors from "./PackageManagerError.js"

/** Keeps the name of a union in the messages of the compiler and in editors, which otherwise list its members. */
type Named<E> = E extends unknown ? E : never

/** What any operation in a directory can have: its path, its options, its files. */
const directory = [
  Errors.NotImplemented,
  Errors.InvalidOption,
  Errors.UnsupportedOption,
  Errors.StorageFailed
] as const

/** What every operation in an existing environment can have. */
const environment = [...directory, Errors.EnvironmentNotFound, Errors.ManifestInvalid] as const

/** What every operation that starts the executable can have. */
const executable = [
  Errors.ExecutableNotFound,
  Errors.ExecutableUnavailable,
  Errors.UnsupportedVersion,
  Errors.CommandFailed,
  Errors.CommandKilled,
  Errors.CommandTimedOut
] as const

/** What every operation that solves and downloads can have. */
const solve = [
  ...executable,
  Errors.OutputInvalid,
  Errors.EnvironmentBusy,
  Errors.PackageNotFound,
  Errors.PythonNotFound,
  Errors.Unsolvable,
  Errors.PlatformUnsupported,
  Errors.ChannelUnavailable,
  Errors.DownloadFailed,
  Errors.Unauthorized,
  Errors.NetworkUnavailable
] as const

/** What every operation that changes an existing environment can have. */
const change = [...environment, ...solve, Errors.LockInvalid, Errors.BuildFailed] as const

/**
 * The executable is missing, too old or broken. `CommandTimedOut` if `--version` does not answer within the driver's
 * option `shortLimit`.
 *
 * @since 0.1.0
 * @category errors
 */
export const VersionError = Schema.Union(Errors.NotImplemented, ...executable)
export type VersionError = Named<typeof VersionError.Type>

/**
 * `EnvironmentNotFound` if something else removes the directory meanwhile.
 *
 * @since 0.1.0
 * @category errors
 */
export const InitError = Schema.Union(...environment, ...solve, Errors.EnvironmentExists, Errors.InvalidSpec)
export type InitError = Named<typeof InitError.Type>

/**
 * `LockOutdated` only with `locked` or `frozen`, `InvalidSpec` only with `packages`. All others may also come from an
 * install that only makes the prefix match the manifest.
 *
 * @since 0.1.0
 * @category errors
 */
export const InstallError = Schema.Union(...change, Errors.LockOutdated, Errors.InvalidSpec)
export type InstallError = Named<typeof InstallError.Type>

/**
 * `DependencyNotFound` names all packages that are not dependencies; then nothing is removed.
 *
 * @since 0.1.0
 * @category errors
 */
export const RemoveError = Schema.Union(...change, Errors.DependencyNotFound)
export type RemoveError = Named<typeof RemoveError.Type>

/**
 * `DependencyNotFound` names all packages that neither the lock file nor the manifest has; then nothing is updated.
 *
 * @since 0.1.0
 * @category errors
 */
export const UpdateError = Schema.Union(...change, Errors.DependencyNotFound)
export type UpdateError = Named<typeof UpdateError.Type>

/**
 * `LockInvalid` also for a lock file whose format is newer than the manager reads.
 *
 * @since 0.1.0
 * @category errors
 */
export const ListError = Schema.Union(
  ...environment,
  ...executable,
  Errors.OutputInvalid,
  Errors.LockInvalid,
  Errors.PlatformUnsupported
)
export type ListError = Named<typeof ListError.Type>

/**
 * No class of it concerns the executable: `status` starts no process. An absent lock file or prefix is part of the
 * status, not an error.
 *
 * @since 0.1.0
 * @category errors
 */
export const StatusError = Schema.Union(...environment, Errors.LockInvalid)
export type StatusError = Named<typeof StatusError.Type>

/**
 * `ManifestInvalid` has the line and the column where they are known.
 *
 * @since 0.1.0
 * @category errors
 */
export const GetManifestError = Schema.Union(...environment)
export type GetManifestError = Named<typeof GetManifestError.Type>

/**
 * `EnvironmentNotInstalled` if nothing is installed yet.
 *
 * @since 0.1.0
 * @category errors
 */
export const ActivationError = Schema.Union(
  ...environment,
  ...executable,
  Errors.OutputInvalid,
  Errors.LockInvalid,
  Errors.PlatformUnsupported,
  Errors.EnvironmentNotInstalled
)
export type ActivationError = Named<typeof ActivationError.Type>

/**
 * The program did not start. How it ends is a `RunResult`, never an error.
 *
 * @since 0.1.0
 * @category errors
 */
export const RunError = Schema.Union(...ActivationError.members, Errors.ProgramNotFound)
export type RunError = Named<typeof RunError.Type>

/**
 * `EnvironmentBusy` also while a program of `run` is at work. `InvalidOption` if the prefix is not one that the driver
 * may remove.
 *
 * @since 0.1.0
 * @category errors
 */
export const CleanError = Schema.Union(...environment, Errors.EnvironmentBusy)
export type CleanError = Named<typeof CleanError.Type>

/**
 * `InvalidOption` if the driver has no `root`, and for a directory that must not be removed: the root itself, one
 * outside of it, a link, or one that contains other environments.
 *
 * @since 0.1.0
 * @category errors
 */
export const DestroyError = Schema.Union(...environment, Errors.EnvironmentBusy)
export type DestroyError = Named<typeof DestroyError.Type>

/**
 * `InvalidOption` if the driver has no `root`. An environment that cannot be read is an element of the stream, not an
 * error.
 *
 * @since 0.1.0
 * @category errors
 */
export const EnvironmentsError = Schema.Union(Errors.NotImplemented, Errors.InvalidOption)
export type EnvironmentsError = Named<typeof EnvironmentsError.Type>
