/**
 * Why an operation did not succeed: a class for each reaction that a caller can have. Every error names the manager, the
 * operation and the environment; one that a command led to has the evidence.
 */
import * as Schema from "effect/Schema"

export const OperationName = Schema.Literal(
  "init",
  "install",
  "remove",
  "update",
  "list",
  "getManifest",
  "status",
  "version"
)
export type OperationName = typeof OperationName.Type

/** How a command of the manager ended. Credentials in it are replaced by `***`. */
export const Evidence = Schema.Struct({
  /** The executable and its arguments. */
  command: Schema.Array(Schema.String),
  /** `null` if it did not end by itself. */
  exitCode: Schema.NullOr(Schema.Number),
  /** The signal that ended it. */
  signal: Schema.NullOr(Schema.String),
  /** The end of its standard output: 4 KiB at most. */
  stdout: Schema.String,
  /** The end of its standard error: 16 KiB at most. */
  stderr: Schema.String
})
export type Evidence = typeof Evidence.Type

const context = {
  manager: Schema.String,
  operation: OperationName,
  /**
   * The absolute path of the environment's directory; as it was given where the operation is not implemented, and empty
   * where the operation is about none.
   */
  environment: Schema.String
}

/** What an error of the manager itself has besides: how its command ended, if one ran. */
const evidence = { evidence: Schema.optional(Evidence) }

const position = {
  /** Counted from 1. */
  line: Schema.optional(Schema.Number),
  /** Counted from 1. */
  column: Schema.optional(Schema.Number)
}

const place = (
  error: { readonly file: string; readonly line?: number | undefined; readonly column?: number | undefined }
) => [error.file, ...(error.line === undefined ? [] : [error.line, error.column ?? 1])].join(":")

const quoted = (names: ReadonlyArray<string>) => names.map((name) => JSON.stringify(name)).join(", ")

/** The manager's executable is not there, or is not a program. */
export class ExecutableNotFound extends Schema.TaggedError<ExecutableNotFound>(
  "@darb/package-manager/ExecutableNotFound"
)("ExecutableNotFound", { ...context, executable: Schema.String, reason: Schema.String }) {
  override get message() {
    return `${this.executable} cannot be started: ${this.reason}. Install ${this.manager}, put it on PATH or configure its path.`
  }
}

/** The executable is too old for what was asked, or what it says of its version is not a version. */
export class UnsupportedVersion extends Schema.TaggedError<UnsupportedVersion>(
  "@darb/package-manager/UnsupportedVersion"
)("UnsupportedVersion", {
  ...context,
  executable: Schema.String,
  /** What the executable says. */
  found: Schema.String,
  /** The lowest version that can do it. */
  required: Schema.String,
  reason: Schema.String
}) {
  override get message() {
    return `${this.executable}: ${this.reason}: ${this.manager} ${this.required} or newer is needed, found ${
      JSON.stringify(this.found)
    }`
  }
}

/** The manager does not have the operation. */
export class NotImplemented extends Schema.TaggedError<NotImplemented>("@darb/package-manager/NotImplemented")(
  "NotImplemented",
  context
) {
  override get message() {
    return `${this.manager} does not implement ${this.operation} yet: use another package manager`
  }
}

/** There is no environment at the path. */
export class EnvironmentNotFound extends Schema.TaggedError<EnvironmentNotFound>(
  "@darb/package-manager/EnvironmentNotFound"
)("EnvironmentNotFound", { ...context, reason: Schema.String }) {
  override get message() {
    return `${this.environment} is not an environment: ${this.reason}`
  }
}

/** There is an environment at the path already. */
export class EnvironmentExists extends Schema.TaggedError<EnvironmentExists>(
  "@darb/package-manager/EnvironmentExists"
)("EnvironmentExists", { ...context, manifest: Schema.String }) {
  override get message() {
    return `${this.environment} is an environment already: ${this.manifest} exists`
  }
}

/** Another operation is at work in the environment, and was waited for long enough. */
export class EnvironmentBusy extends Schema.TaggedError<EnvironmentBusy>("@darb/package-manager/EnvironmentBusy")(
  "EnvironmentBusy",
  {
    ...context,
    ...evidence,
    /** Who it is, and since when, in milliseconds since 1970; `null` where it is not known. */
    holder: Schema.NullOr(Schema.Struct({ operation: Schema.String, since: Schema.Number }))
  }
) {
  override get message() {
    return `${this.environment} is in use${this.holder === null ? "" : ` by ${this.holder.operation}`}: try again later`
  }
}

/** The manifest is not one: its syntax or what it says is wrong. */
export class ManifestInvalid extends Schema.TaggedError<ManifestInvalid>("@darb/package-manager/ManifestInvalid")(
  "ManifestInvalid",
  {
    ...context,
    ...evidence,
    file: Schema.String,
    ...position,
    /** The keys from the root of the file to the value; not there if the file is not TOML. */
    key: Schema.optional(Schema.Array(Schema.Union(Schema.String, Schema.Number))),
    reason: Schema.String,
    /** What would be right there. */
    expected: Schema.optional(Schema.String),
    /** What may have been meant. */
    hint: Schema.optional(Schema.String)
  }
) {
  override get message() {
    return `${place(this)}: ${this.reason}${this.hint === undefined ? "" : `. ${this.hint}`}`
  }
}

/** The lock file cannot be read. */
export class LockInvalid extends Schema.TaggedError<LockInvalid>("@darb/package-manager/LockInvalid")("LockInvalid", {
  ...context,
  ...evidence,
  file: Schema.String,
  ...position,
  reason: Schema.String
}) {
  override get message() {
    return `${place(this)}: ${this.reason}. Restore the file, or remove it to solve again.`
  }
}

/** The lock file is not there or does not fit the manifest, and was not to be changed. */
export class LockOutdated extends Schema.TaggedError<LockOutdated>("@darb/package-manager/LockOutdated")(
  "LockOutdated",
  { ...context, ...evidence, file: Schema.String }
) {
  override get message() {
    return `${this.file} does not fit the manifest: install without \`locked\` and \`frozen\` to bring it up to date`
  }
}

/** What was given as a package is not a spec in the manager's language. */
export class InvalidSpec extends Schema.TaggedError<InvalidSpec>("@darb/package-manager/InvalidSpec")("InvalidSpec", {
  ...context,
  ...evidence,
  spec: Schema.String,
  reason: Schema.String
}) {
  override get message() {
    return `${JSON.stringify(this.spec)} is not a package spec: ${this.reason}`
  }
}

/** The value of an option cannot be used. */
export class InvalidOption extends Schema.TaggedError<InvalidOption>("@darb/package-manager/InvalidOption")(
  "InvalidOption",
  { ...context, ...evidence, option: Schema.String, value: Schema.String, reason: Schema.String }
) {
  override get message() {
    return `${this.option} ${JSON.stringify(this.value)}: ${this.reason}`
  }
}

/** The manager does not have the option: silence would mean that it was obeyed. */
export class UnsupportedOption extends Schema.TaggedError<UnsupportedOption>("@darb/package-manager/UnsupportedOption")(
  "UnsupportedOption",
  {
    ...context,
    option: Schema.String,
    /** The options that the manager has for the operation. */
    supported: Schema.Array(Schema.String)
  }
) {
  override get message() {
    const { manager, operation, option, supported } = this
    return `${manager} has no option ${JSON.stringify(option)} for ${operation}: it has ${supported.join(", ")}`
  }
}

/** No channel or index of the environment has the package. Said only where it is known. */
export class PackageNotFound extends Schema.TaggedError<PackageNotFound>("@darb/package-manager/PackageNotFound")(
  "PackageNotFound",
  {
    ...context,
    ...evidence,
    packages: Schema.Array(Schema.String),
    /** `null` where the manager does not say for which of the environment's platforms. */
    platform: Schema.NullOr(Schema.String)
  }
) {
  override get message() {
    const { environment, packages, platform } = this
    const where = platform === null ? "" : ` for ${platform}`
    return `${environment} has no channel or index with ${
      quoted(packages)
    }${where}: check the name, or add the one that has it`
  }
}

/** There is no Python that fits what is asked for. */
export class PythonNotFound extends Schema.TaggedError<PythonNotFound>("@darb/package-manager/PythonNotFound")(
  "PythonNotFound",
  {
    ...context,
    ...evidence,
    /** What is asked for; `null` where the manager does not say it. */
    python: Schema.NullOr(Schema.String),
    reason: Schema.String
  }
) {
  override get message() {
    const python = this.python === null ? "Python" : `Python ${this.python}`
    return `no ${python} for ${this.environment}: ${this.reason}. Install one, or allow ${this.manager} to download it.`
  }
}

/** A package had to be built, and that failed. */
export class BuildFailed extends Schema.TaggedError<BuildFailed>("@darb/package-manager/BuildFailed")(
  "BuildFailed",
  {
    ...context,
    ...evidence,
    /** `null` where the manager does not say which. */
    package: Schema.NullOr(Schema.String),
    reason: Schema.String
  }
) {
  override get message() {
    return `${this.package ?? "a package"} cannot be built: ${this.reason}`
  }
}

/** What was to be removed or updated is not a dependency of the environment. */
export class DependencyNotFound extends Schema.TaggedError<DependencyNotFound>(
  "@darb/package-manager/DependencyNotFound"
)("DependencyNotFound", { ...context, ...evidence, packages: Schema.Array(Schema.String) }) {
  override get message() {
    return `${this.environment} does not depend on ${quoted(this.packages)}`
  }
}

/** No set of packages satisfies everything that the manifest asks for. */
export class Unsolvable extends Schema.TaggedError<Unsolvable>("@darb/package-manager/Unsolvable")("Unsolvable", {
  ...context,
  ...evidence,
  /** The solver's own, of several lines. */
  explanation: Schema.String
}) {
  override get message() {
    return `the dependencies of ${this.environment} cannot be solved: ${this.explanation}`
  }
}

/** The environment does not support the platform, or the name is not that of a platform. */
export class PlatformUnsupported extends Schema.TaggedError<PlatformUnsupported>(
  "@darb/package-manager/PlatformUnsupported"
)("PlatformUnsupported", {
  ...context,
  ...evidence,
  /** `null` where the manager does not say which. */
  platform: Schema.NullOr(Schema.String),
  reason: Schema.String
}) {
  override get message() {
    return this.platform === null ? this.reason : `platform ${JSON.stringify(this.platform)}: ${this.reason}`
  }
}

/** A channel or an index is not there, or is none. */
export class ChannelUnavailable extends Schema.TaggedError<ChannelUnavailable>(
  "@darb/package-manager/ChannelUnavailable"
)("ChannelUnavailable", {
  ...context,
  ...evidence,
  /** The channel or index; `null` where the manager does not say which. */
  channel: Schema.NullOr(Schema.String),
  reason: Schema.String
}) {
  override get message() {
    return `${this.channel === null ? "a channel" : `channel ${this.channel}`} is not available: ${this.reason}`
  }
}

/** A channel has the package, but its archive cannot be downloaded or is not the one that was expected. */
export class DownloadFailed extends Schema.TaggedError<DownloadFailed>("@darb/package-manager/DownloadFailed")(
  "DownloadFailed",
  { ...context, ...evidence, archive: Schema.NullOr(Schema.String), reason: Schema.String }
) {
  override get message() {
    return `${this.archive ?? "a package"} cannot be downloaded: ${this.reason}`
  }
}

/** A server wants credentials, or other ones. */
export class Unauthorized extends Schema.TaggedError<Unauthorized>("@darb/package-manager/Unauthorized")(
  "Unauthorized",
  { ...context, ...evidence, reason: Schema.String }
) {
  override get message() {
    return `access denied: ${this.reason}. Check the credentials that ${this.manager} uses for this server.`
  }
}

/** A server cannot be reached, or failed. */
export class NetworkUnavailable extends Schema.TaggedError<NetworkUnavailable>(
  "@darb/package-manager/NetworkUnavailable"
)("NetworkUnavailable", { ...context, ...evidence, reason: Schema.String }) {
  override get message() {
    return `the network failed: ${this.reason}`
  }
}

/** The file system does not let the operation read or write what it has to. */
export class StorageFailed extends Schema.TaggedError<StorageFailed>("@darb/package-manager/StorageFailed")(
  "StorageFailed",
  {
    ...context,
    ...evidence,
    /** `null` where the manager does not say which file. */
    file: Schema.NullOr(Schema.String),
    reason: Schema.String
  }
) {
  override get message() {
    return this.file === null ? this.reason : `${this.file}: ${this.reason}`
  }
}

/** The command failed for a reason that its text does not tell for certain. */
export class CommandFailed extends Schema.TaggedError<CommandFailed>("@darb/package-manager/CommandFailed")(
  "CommandFailed",
  { ...context, evidence: Evidence, reason: Schema.String }
) {
  override get message() {
    return `${this.manager} failed in ${this.environment}: ${this.reason}`
  }
}

/** Something outside of this program ended the command by a signal. */
export class CommandKilled extends Schema.TaggedError<CommandKilled>("@darb/package-manager/CommandKilled")(
  "CommandKilled",
  { ...context, evidence: Evidence, signal: Schema.String }
) {
  override get message() {
    return `${this.manager} was ended by ${this.signal} in ${this.environment}`
  }
}

/** A command that should be short was not, and was ended. */
export class CommandTimedOut extends Schema.TaggedError<CommandTimedOut>("@darb/package-manager/CommandTimedOut")(
  "CommandTimedOut",
  { ...context, command: Schema.Array(Schema.String), /** Milliseconds. */ limit: Schema.Number }
) {
  override get message() {
    return `${this.command.join(" ")} did not end within ${this.limit / 1000} s`
  }
}

/** The command succeeded, but what it printed or wrote is not what it should be. */
export class OutputInvalid extends Schema.TaggedError<OutputInvalid>("@darb/package-manager/OutputInvalid")(
  "OutputInvalid",
  { ...context, evidence: Evidence, reason: Schema.String }
) {
  override get message() {
    return `${this.manager} printed what cannot be read: ${this.reason}`
  }
}

/** The errors of a `PackageManager`, as a schema. */
export const PackageManagerError = Schema.Union(
  ExecutableNotFound,
  UnsupportedVersion,
  NotImplemented,
  EnvironmentNotFound,
  EnvironmentExists,
  EnvironmentBusy,
  ManifestInvalid,
  LockInvalid,
  LockOutdated,
  InvalidSpec,
  InvalidOption,
  UnsupportedOption,
  PackageNotFound,
  PythonNotFound,
  BuildFailed,
  DependencyNotFound,
  Unsolvable,
  PlatformUnsupported,
  ChannelUnavailable,
  DownloadFailed,
  Unauthorized,
  NetworkUnavailable,
  StorageFailed,
  CommandFailed,
  CommandKilled,
  CommandTimedOut,
  OutputInvalid
)
export type PackageManagerError = typeof PackageManagerError.Type

const retryable: ReadonlySet<PackageManagerError["_tag"]> = new Set([
  "EnvironmentBusy",
  "NetworkUnavailable",
  "DownloadFailed",
  "CommandKilled",
  "CommandTimedOut"
])

/** Whether the same operation may succeed later, with nothing changed but time. */
export const isRetryable = (error: PackageManagerError): boolean => retryable.has(error._tag)
