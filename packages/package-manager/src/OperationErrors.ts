/**
 * The errors of each operation, as schemas and as types. `Effect.catchTags` with a handler for each tag of a type leaves
 * `never`.
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

export const VersionError = Schema.Union(Errors.NotImplemented, ...executable)
export type VersionError = Named<typeof VersionError.Type>

/** `EnvironmentNotFound` if something else removes the directory meanwhile. */
export const InitError = Schema.Union(...environment, ...solve, Errors.EnvironmentExists, Errors.InvalidSpec)
export type InitError = Named<typeof InitError.Type>

export const InstallError = Schema.Union(...change, Errors.LockOutdated, Errors.InvalidSpec)
export type InstallError = Named<typeof InstallError.Type>

export const RemoveError = Schema.Union(...change, Errors.DependencyNotFound)
export type RemoveError = Named<typeof RemoveError.Type>

export const UpdateError = Schema.Union(...change, Errors.DependencyNotFound)
export type UpdateError = Named<typeof UpdateError.Type>

export const ListError = Schema.Union(
  ...environment,
  ...executable,
  Errors.OutputInvalid,
  Errors.LockInvalid,
  Errors.PlatformUnsupported
)
export type ListError = Named<typeof ListError.Type>

export const StatusError = Schema.Union(...environment, Errors.LockInvalid)
export type StatusError = Named<typeof StatusError.Type>

export const GetManifestError = Schema.Union(...environment)
export type GetManifestError = Named<typeof GetManifestError.Type>

export const ActivationError = Schema.Union(
  ...environment,
  ...executable,
  Errors.OutputInvalid,
  Errors.LockInvalid,
  Errors.PlatformUnsupported,
  Errors.EnvironmentNotInstalled
)
export type ActivationError = Named<typeof ActivationError.Type>

export const RunError = Schema.Union(...ActivationError.members, Errors.ProgramNotFound)
export type RunError = Named<typeof RunError.Type>

export const CleanError = Schema.Union(...environment, Errors.EnvironmentBusy)
export type CleanError = Named<typeof CleanError.Type>

export const DestroyError = Schema.Union(...environment, Errors.EnvironmentBusy)
export type DestroyError = Named<typeof DestroyError.Type>

export const EnvironmentsError = Schema.Union(Errors.NotImplemented, Errors.InvalidOption)
export type EnvironmentsError = Named<typeof EnvironmentsError.Type>
