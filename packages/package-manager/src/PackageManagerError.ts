/**
 * The errors of operations: one class per way to react. Every error names the manager, the operation and the environment.
 * An error that a command caused carries the evidence of it.
 *
 * @module
 * @since 0.1.0
 */
import type { YieldableError } from "effect/Cause"
import * as Schema from "effect/Schema"
import type * as AST from "effect/SchemaAST"

/**
 * The operations by the names of the methods of `PackageManager`. Errors and events have one as `operation`.
 *
 * @since 0.1.0
 * @category schemas
 */
export const OperationName = Schema.Literal(
  "init",
  "install",
  "remove",
  "update",
  "list",
  "getManifest",
  "status",
  "run",
  "activation",
  "clean",
  "destroy",
  "environments",
  "version"
)
export type OperationName = typeof OperationName.Type

/**
 * How a command of the manager ended. `***` replaces credentials.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Evidence = Schema.Struct({
  /** The executable and its arguments. */
  command: Schema.Array(Schema.String),
  /** `null` if the command did not exit by itself. */
  exitCode: Schema.NullOr(Schema.Number),
  /** The signal that ended it. */
  signal: Schema.NullOr(Schema.String),
  /** The end of standard output, at most 4 KiB. */
  stdout: Schema.String,
  /** The end of standard error, at most 16 KiB. */
  stderr: Schema.String
})
export type Evidence = typeof Evidence.Type

const context = {
  manager: Schema.String,
  operation: OperationName,
  /**
   * The absolute path of the environment's directory. For `NotImplemented` the path as given; empty for an operation that
   * concerns no environment.
   */
  environment: Schema.String
}

/** A class of errors whose encoded form has the message. */
interface FailureClass<Self, Tag extends string, Fields extends Schema.Struct.Fields> extends
  Schema.Class<
    Self,
    Fields,
    Schema.Struct.Encoded<Fields> & { readonly message?: string },
    Schema.Struct.Context<Fields>,
    Schema.Struct.Constructor<Omit<Fields, "_tag">>,
    {},
    YieldableError
  >
{
  readonly _tag: Tag
}

/** A class of errors with the fields that all of them have. Decoding accepts an encoded message and ignores it. */
const failure = <Self>() => <Tag extends string, Fields extends Schema.Struct.Fields>(tag: Tag, fields: Fields) => {
  const all = { ...context, ...fields }
  const made: unknown = Schema.TaggedError<Self>(`@darb/package-manager/${tag}`)(tag, all)
  const encoded = Schema.extend(
    Schema.Struct({ _tag: Schema.Literal(tag), message: Schema.optionalWith(Schema.String, { exact: true }) }),
    Schema.encodedSchema(Schema.Struct(all))
  )
  const base: object = Object.getPrototypeOf(made)
  let ast: AST.AST | undefined
  // The message is a getter, not a field, so that only a transformation of the class can encode it.
  Object.defineProperty(made, "ast", {
    get() {
      return ast ??= Schema.transform(encoded, Schema.make<Error, object>(Reflect.get(base, "ast", this)), {
        strict: false,
        decode: ({ message: _, ...rest }) => rest,
        encode: (rest, { message }) => ({ ...rest, message })
      }).ast
    }
  })
  return made as FailureClass<Self, Tag, { readonly _tag: Schema.tag<Tag> } & typeof all>
}

/** An optional field, which errors always have as their own: on Bun, an `Error` has `line` and `column` of the engine. */
const optional = <A, I>(schema: Schema.Schema<A, I>) =>
  Schema.optional(schema).pipe(Schema.withConstructorDefault(() => undefined))

/** Present if a command caused the error. */
const evidence = { evidence: optional(Evidence) }

const position = {
  /** Counted from 1. */
  line: optional(Schema.Number),
  /** Counted from 1. */
  column: optional(Schema.Number)
}

const place = (
  error: { readonly file: string; readonly line?: number | undefined; readonly column?: number | undefined }
) => [error.file, ...(error.line === undefined ? [] : [error.line, error.column ?? 1])].join(":")

const quoted = (names: ReadonlyArray<string>) => names.map((name) => JSON.stringify(name)).join(", ")

/**
 * The executable of the manager does not exist or cannot be executed.
 *
 * @since 0.1.0
 * @category errors
 */
export class ExecutableNotFound extends failure<ExecutableNotFound>()("ExecutableNotFound", {
  executable: Schema.String,
  reason: Schema.String
}) {
  override get message() {
    return `cannot start ${this.executable}: ${this.reason}. ` +
      `Install ${this.manager}, add it to PATH or configure its path.`
  }
}

/**
 * The executable cannot be started at the moment: it is being replaced, or the machine lacks files, processes or memory.
 *
 * @since 0.1.0
 * @category errors
 */
export class ExecutableUnavailable extends failure<ExecutableUnavailable>()("ExecutableUnavailable", {
  executable: Schema.String,
  reason: Schema.String
}) {
  override get message() {
    return `cannot start ${this.executable}: ${this.reason}. Try again later.`
  }
}

/**
 * The executable is too old, or does not print a version.
 *
 * @since 0.1.0
 * @category errors
 */
export class UnsupportedVersion extends failure<UnsupportedVersion>()("UnsupportedVersion", {
  executable: Schema.String,
  /** What the executable prints as its version. */
  found: Schema.String,
  /** The lowest version that suffices. */
  required: Schema.String,
  reason: Schema.String
}) {
  override get message() {
    const { executable, found, manager, reason, required } = this
    return `${executable}: ${reason}. Install ${manager} ${required} or newer; found ${JSON.stringify(found)}.`
  }
}

/**
 * The driver does not implement the operation.
 *
 * @since 0.1.0
 * @category errors
 */
export class NotImplemented extends failure<NotImplemented>()("NotImplemented", {}) {
  override get message() {
    return `${this.manager} does not implement ${this.operation} yet: use another package manager`
  }
}

/**
 * There is no environment at the path.
 *
 * @since 0.1.0
 * @category errors
 */
export class EnvironmentNotFound extends failure<EnvironmentNotFound>()("EnvironmentNotFound", {
  reason: Schema.String
}) {
  override get message() {
    return `${this.environment} is not an environment: ${this.reason}`
  }
}

/**
 * There is already an environment at the path.
 *
 * @since 0.1.0
 * @category errors
 */
export class EnvironmentExists extends failure<EnvironmentExists>()("EnvironmentExists", { manifest: Schema.String }) {
  override get message() {
    return `${this.manifest} exists: its directory is already an environment`
  }
}

/**
 * Nothing is installed in the environment yet.
 *
 * @since 0.1.0
 * @category errors
 */
export class EnvironmentNotInstalled extends failure<EnvironmentNotInstalled>()("EnvironmentNotInstalled", {
  /** The directory that would have the packages. */
  prefix: Schema.String
}) {
  override get message() {
    return `nothing is installed in ${this.prefix}: use install first`
  }
}

/**
 * The program to run is neither in the environment nor on PATH, or cannot be executed.
 *
 * @since 0.1.0
 * @category errors
 */
export class ProgramNotFound extends failure<ProgramNotFound>()("ProgramNotFound", {
  program: Schema.String,
  reason: Schema.String
}) {
  override get message() {
    return `cannot run ${JSON.stringify(this.program)} in ${this.environment}: ${this.reason}`
  }
}

/**
 * Another operation holds the environment, and the time limit for waiting has passed.
 *
 * @since 0.1.0
 * @category errors
 */
export class EnvironmentBusy extends failure<EnvironmentBusy>()("EnvironmentBusy", {
  ...evidence,
  /** The other operation and its start in milliseconds since 1970; `null` if unknown. */
  holder: Schema.NullOr(Schema.Struct({ operation: Schema.String, since: Schema.Number })),
  /** Present if waiting may not help: the other operation may be dead, or is a program that runs. Says what to do. */
  hint: optional(Schema.String)
}) {
  override get message() {
    const { environment, hint = "try again later", holder } = this
    return `${environment} is in use${holder === null ? "" : ` by ${holder.operation}`}: ${hint}`
  }
}

/**
 * The syntax or the content of the manifest is invalid.
 *
 * @since 0.1.0
 * @category errors
 */
export class ManifestInvalid extends failure<ManifestInvalid>()("ManifestInvalid", {
  ...evidence,
  file: Schema.String,
  ...position,
  /** The keys from the root of the file to the value; absent if the file is not TOML. */
  key: optional(Schema.Array(Schema.Union(Schema.String, Schema.Number))),
  reason: Schema.String,
  /** What would be valid instead. */
  expected: optional(Schema.String),
  /** How to fix it, if that can be guessed. */
  hint: optional(Schema.String)
}) {
  override get message() {
    return `${place(this)}: ${this.reason}${this.hint === undefined ? "" : `. ${this.hint}`}`
  }
}

/**
 * The lock file cannot be decoded.
 *
 * @since 0.1.0
 * @category errors
 */
export class LockInvalid extends failure<LockInvalid>()("LockInvalid", {
  ...evidence,
  file: Schema.String,
  ...position,
  reason: Schema.String
}) {
  override get message() {
    return `${place(this)}: ${this.reason}. Restore the file, or remove it to solve again.`
  }
}

/**
 * The lock file is absent or does not match the manifest, and `locked` or `frozen` forbids changing it.
 *
 * @since 0.1.0
 * @category errors
 */
export class LockOutdated extends failure<LockOutdated>()("LockOutdated", { ...evidence, file: Schema.String }) {
  override get message() {
    return `${this.file} does not match the manifest: install without \`locked\` and \`frozen\` to update it`
  }
}

/**
 * A package is not a valid spec in the language of the manager.
 *
 * @since 0.1.0
 * @category errors
 */
export class InvalidSpec extends failure<InvalidSpec>()("InvalidSpec", {
  ...evidence,
  spec: Schema.String,
  reason: Schema.String
}) {
  override get message() {
    return `${JSON.stringify(this.spec)} is not a package spec: ${this.reason}`
  }
}

/**
 * The value of an option is invalid, or conflicts with another option.
 *
 * @since 0.1.0
 * @category errors
 */
export class InvalidOption extends failure<InvalidOption>()("InvalidOption", {
  ...evidence,
  option: Schema.String,
  value: Schema.String,
  reason: Schema.String
}) {
  override get message() {
    return `${this.option} ${JSON.stringify(this.value)}: ${this.reason}`
  }
}

/**
 * The manager does not have the option. Options are never ignored.
 *
 * @since 0.1.0
 * @category errors
 */
export class UnsupportedOption extends failure<UnsupportedOption>()("UnsupportedOption", {
  option: Schema.String,
  /** The options of the operation that the manager has. */
  supported: Schema.Array(Schema.String)
}) {
  override get message() {
    const { manager, operation, option, supported } = this
    return `${manager} has no option ${JSON.stringify(option)} for ${operation}: use ${supported.join(", ")}`
  }
}

/**
 * No channel or index of the environment has the package. Used only if this is certain; otherwise `Unsolvable`.
 *
 * @since 0.1.0
 * @category errors
 */
export class PackageNotFound extends failure<PackageNotFound>()("PackageNotFound", {
  ...evidence,
  packages: Schema.Array(Schema.String),
  /** `null` if the manager does not say for which platform of the environment. */
  platform: Schema.NullOr(Schema.String)
}) {
  override get message() {
    const { environment, packages, platform } = this
    const where = platform === null ? "" : ` for ${platform}`
    return `${environment} has no channel or index with ${
      quoted(packages)
    }${where}: check the name, or add the one that has it`
  }
}

/**
 * No Python satisfies the requirement.
 *
 * @since 0.1.0
 * @category errors
 */
export class PythonNotFound extends failure<PythonNotFound>()("PythonNotFound", {
  ...evidence,
  /** The required version; `null` if the manager does not say. */
  python: Schema.NullOr(Schema.String),
  reason: Schema.String
}) {
  override get message() {
    const python = this.python === null ? "Python" : `Python ${this.python}`
    return `no ${python} for ${this.environment}: ${this.reason}. Install one, or allow ${this.manager} to download it.`
  }
}

/**
 * A package has to be built from source, and the build failed.
 *
 * @since 0.1.0
 * @category errors
 */
export class BuildFailed extends failure<BuildFailed>()("BuildFailed", {
  ...evidence,
  /** `null` if the manager does not say which. */
  package: Schema.NullOr(Schema.String),
  reason: Schema.String
}) {
  override get message() {
    return `cannot build ${this.package ?? "a package"}: ${this.reason}`
  }
}

/**
 * A package to remove or to update is not a dependency of the environment.
 *
 * @since 0.1.0
 * @category errors
 */
export class DependencyNotFound extends failure<DependencyNotFound>()("DependencyNotFound", {
  ...evidence,
  packages: Schema.Array(Schema.String)
}) {
  override get message() {
    return `${this.environment} does not depend on ${quoted(this.packages)}: check the name`
  }
}

/**
 * No set of packages satisfies all requirements of the manifest.
 *
 * @since 0.1.0
 * @category errors
 */
export class Unsolvable extends failure<Unsolvable>()("Unsolvable", {
  ...evidence,
  /** The explanation of the solver, in several lines. */
  explanation: Schema.String
}) {
  override get message() {
    return `cannot solve the dependencies of ${this.environment}: ${this.explanation}`
  }
}

/**
 * The environment does not support the platform, or there is no such platform.
 *
 * @since 0.1.0
 * @category errors
 */
export class PlatformUnsupported extends failure<PlatformUnsupported>()("PlatformUnsupported", {
  ...evidence,
  /** `null` if the manager does not say which. */
  platform: Schema.NullOr(Schema.String),
  reason: Schema.String
}) {
  override get message() {
    return this.platform === null ? this.reason : `platform ${JSON.stringify(this.platform)}: ${this.reason}`
  }
}

/**
 * A channel or an index does not exist, or the URL is not one.
 *
 * @since 0.1.0
 * @category errors
 */
export class ChannelUnavailable extends failure<ChannelUnavailable>()("ChannelUnavailable", {
  ...evidence,
  /** The channel or index; `null` if the manager does not say which. */
  channel: Schema.NullOr(Schema.String),
  reason: Schema.String
}) {
  override get message() {
    return `${this.channel === null ? "a channel" : `channel ${this.channel}`} is not available: ${this.reason}`
  }
}

/**
 * The archive of a package cannot be downloaded or does not match its hash.
 *
 * @since 0.1.0
 * @category errors
 */
export class DownloadFailed extends failure<DownloadFailed>()("DownloadFailed", {
  ...evidence,
  archive: Schema.NullOr(Schema.String),
  reason: Schema.String
}) {
  override get message() {
    return `cannot download ${this.archive ?? "a package"}: ${this.reason}`
  }
}

/**
 * A server rejects the credentials, or requires some.
 *
 * @since 0.1.0
 * @category errors
 */
export class Unauthorized extends failure<Unauthorized>()("Unauthorized", { ...evidence, reason: Schema.String }) {
  override get message() {
    return `access denied: ${this.reason}. Check the credentials that ${this.manager} uses for this server.`
  }
}

/**
 * A server cannot be reached or does not work.
 *
 * @since 0.1.0
 * @category errors
 */
export class NetworkUnavailable extends failure<NetworkUnavailable>()("NetworkUnavailable", {
  ...evidence,
  reason: Schema.String
}) {
  override get message() {
    return `the network failed: ${this.reason}`
  }
}

/**
 * The file system denies a read or a write: permissions, space, a read-only mount.
 *
 * @since 0.1.0
 * @category errors
 */
export class StorageFailed extends failure<StorageFailed>()("StorageFailed", {
  ...evidence,
  /** `null` if the manager does not say which file. */
  file: Schema.NullOr(Schema.String),
  reason: Schema.String
}) {
  override get message() {
    return this.file === null ? this.reason : `${this.file}: ${this.reason}`
  }
}

/**
 * The command failed, and its output does not match any other class.
 *
 * @since 0.1.0
 * @category errors
 */
export class CommandFailed extends failure<CommandFailed>()("CommandFailed", {
  evidence: Evidence,
  reason: Schema.String
}) {
  override get message() {
    return `${this.manager} failed in ${this.environment}: ${this.reason}`
  }
}

/**
 * A signal from outside ended the command.
 *
 * @since 0.1.0
 * @category errors
 */
export class CommandKilled extends failure<CommandKilled>()("CommandKilled", {
  evidence: Evidence,
  signal: Schema.String
}) {
  override get message() {
    return `${this.signal} ended ${this.manager} in ${this.environment}: try again`
  }
}

/**
 * The command exceeded its time limit and was ended.
 *
 * @since 0.1.0
 * @category errors
 */
export class CommandTimedOut extends failure<CommandTimedOut>()("CommandTimedOut", {
  command: Schema.Array(Schema.String),
  /** In milliseconds. */
  limit: Schema.Number
}) {
  override get message() {
    return `${this.command.join(" ")} did not end within ${this.limit / 1000} s`
  }
}

/**
 * The command succeeded, but its output or the files that it wrote cannot be decoded.
 *
 * @since 0.1.0
 * @category errors
 */
export class OutputInvalid extends failure<OutputInvalid>()("OutputInvalid", {
  evidence: Evidence,
  reason: Schema.String
}) {
  override get message() {
    return `cannot read the output of ${this.manager}: ${this.reason}`
  }
}

/**
 * All errors of a `PackageManager`, as a schema.
 *
 * @since 0.1.0
 * @category errors
 */
export const PackageManagerError = Schema.Union(
  ExecutableNotFound,
  ExecutableUnavailable,
  UnsupportedVersion,
  NotImplemented,
  EnvironmentNotFound,
  EnvironmentExists,
  EnvironmentNotInstalled,
  ProgramNotFound,
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
  "ExecutableUnavailable",
  "EnvironmentBusy",
  "NetworkUnavailable",
  "DownloadFailed",
  "CommandKilled",
  "CommandTimedOut"
])

/**
 * Whether the same operation may succeed later without any other change: another operation held the environment, the
 * network failed, a process was killed or timed out, or the machine was short of files or memory. All other errors need
 * a decision.
 *
 * ```ts
 * Effect.retry(packageManager.update({ path }), {
 *   while: PackageManagerError.isRetryable,
 *   schedule: Schedule.exponential("1 second"),
 *   times: 3
 * })
 * ```
 *
 * @since 0.1.0
 * @category predicates
 */
export const isRetryable = (error: PackageManagerError): boolean =>
  retryable.has(error._tag) ||
  // The machine lacks files or memory.
  (error._tag === "StorageFailed" && /EAGAIN|EBUSY|EMFILE|ENFILE|ENOMEM/.test(error.reason))
