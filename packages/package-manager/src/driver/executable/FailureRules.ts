/**
 * Turns the text of a failed command into an error by a table of rules. Pure.
 *
 * @module
 * @since 0.1.0
 */
import * as Errors from "../../PackageManagerError.js"
import type { Result } from "../process/CommandResult.js"

/**
 * A command that did not exit with code 0.
 *
 * @since 0.1.0
 * @category models
 */
export interface Failure {
  readonly operation: Errors.OperationName
  /** The absolute path of the environment's directory. */
  readonly environment: string
  /** The absolute path of the manifest file. */
  readonly manifest: string
  /** The absolute path of the lock file. */
  readonly lock: string
  readonly result: Result
}

/**
 * What a rule makes an error from.
 *
 * @since 0.1.0
 * @category models
 */
export interface Failed<Report> {
  readonly failure: Failure
  /** The text as the driver parsed it. */
  readonly report: Report
  /** The messages of the error, outermost first. */
  readonly causes: ReadonlyArray<string>
  /** The first and the last message, each on one line. */
  readonly outermost: string
  readonly innermost: string
  /** The fields that all errors have. */
  readonly base: {
    readonly manager: string
    readonly operation: Errors.OperationName
    readonly environment: string
    readonly evidence: Errors.Evidence
  }
}

/**
 * Makes an error, or passes to the next rule. `captured` is the first capturing group that matched.
 *
 * @since 0.1.0
 * @category errors
 */
export type MakeError<Report> = (
  failed: Failed<Report>,
  captured: string | undefined,
  match: RegExpExecArray
) => Errors.PackageManagerError | undefined

/**
 * Rules are tried in order.
 *
 * @since 0.1.0
 * @category models
 */
export type Rules<Report> = ReadonlyArray<readonly [pattern: RegExp, makeError: MakeError<Report>]>

/**
 * Applies the first rule that matches the text and makes an error. The default is `CommandFailed`.
 *
 * @since 0.1.0
 * @category errors
 */
export const classify = <Report>(
  rules: Rules<Report>,
  failed: Omit<Failed<Report>, "innermost" | "outermost">,
  text: string
): Errors.PackageManagerError => {
  const outermost = oneLine(failed.causes[0] ?? "")
  const innermost = oneLine(failed.causes.at(-1) ?? "")
  for (const [pattern, makeError] of rules) {
    const match = pattern.exec(text)
    const captured = match?.slice(1).find((group) => group !== undefined)
    const error = match && makeError({ ...failed, outermost, innermost }, captured, match)
    if (error) return error
  }
  const reason = joined(outermost, innermost) || `exit code ${failed.failure.result.exitCode} without an error message`
  return new Errors.CommandFailed({ ...failed.base, reason })
}

/**
 * The text with every run of white space as one space.
 *
 * @since 0.1.0
 * @category operations
 */
export const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim()

/**
 * An outer message with an inner one, unless it has that already.
 *
 * @since 0.1.0
 * @category operations
 */
export const joined = (outer: string, inner: string): string => outer.includes(inner) ? outer : `${outer}: ${inner}`

/**
 * The arguments before and after `--`.
 *
 * @since 0.1.0
 * @category getters
 */
export const argumentsOf = ({ failure: { result: { command } } }: Failed<unknown>) => {
  const end = command.includes("--") ? command.indexOf("--") : command.length
  return { flags: command.slice(1, end), operands: command.slice(end + 1) }
}

/**
 * The last part of a path or URL, such as the file name of an archive.
 *
 * @since 0.1.0
 * @category operations
 */
export const lastSegment = (path: string): string => path.slice(path.lastIndexOf("/") + 1)

/**
 * The directory has a manifest already, which the error names.
 *
 * @since 0.1.0
 * @category errors
 */
export const environmentExists: MakeError<unknown> = ({ base, failure: { manifest } }) =>
  new Errors.EnvironmentExists({ ...base, manifest })

/**
 * The executable finds no manifest at the path.
 *
 * @since 0.1.0
 * @category errors
 */
export const environmentNotFound: MakeError<unknown> = ({ base, innermost, outermost }) =>
  new Errors.EnvironmentNotFound({ ...base, reason: joined(outermost, innermost) })

/**
 * The pattern captures the required version and the one that was found.
 *
 * @since 0.1.0
 * @category errors
 */
export const unsupportedVersion: MakeError<unknown> = ({ base, failure }, _, [, required = "", found = ""]) =>
  new Errors.UnsupportedVersion({
    ...base,
    executable: failure.result.command[0] ?? base.manager,
    found,
    required,
    reason: `${failure.manifest} does not allow this version`
  })

/**
 * The lock file had to change, but `locked` or `frozen` forbids it.
 *
 * @since 0.1.0
 * @category errors
 */
export const lockOutdated: MakeError<unknown> = ({ base, failure: { lock } }) =>
  new Errors.LockOutdated({ ...base, file: lock })

/**
 * The pattern captures the name; otherwise all operands count. In operations other than `remove` and `update`, the next
 * rule applies.
 *
 * @since 0.1.0
 * @category errors
 */
export const dependencyNotFound: MakeError<unknown> = (failed, name) =>
  failed.base.operation === "remove" || failed.base.operation === "update"
    ? new Errors.DependencyNotFound({
      ...failed.base,
      packages: name === undefined ? argumentsOf(failed).operands : [name]
    })
    : undefined

/**
 * The reason begins with the message that has the URL.
 *
 * @since 0.1.0
 * @category errors
 */
export const networkUnavailable: MakeError<unknown> = ({ base, causes, innermost, outermost }) => {
  const located = causes.find((cause) => cause.includes("://")) ?? outermost
  return new Errors.NetworkUnavailable({ ...base, reason: joined(oneLine(located), innermost) })
}

/**
 * The pattern captures the channel or index, if the message names it.
 *
 * @since 0.1.0
 * @category errors
 */
export const channelUnavailable: MakeError<unknown> = ({ base, innermost, outermost }, channel) =>
  new Errors.ChannelUnavailable({
    ...base,
    channel: channel?.replace(/\/$/, "") ?? null,
    reason: channel === undefined ? joined(outermost, innermost) : innermost
  })

/**
 * The pattern captures the URL or the path of the archive. The error has only its last part.
 *
 * @since 0.1.0
 * @category errors
 */
export const downloadFailed: MakeError<unknown> = ({ base, innermost }, archive) =>
  new Errors.DownloadFailed({
    ...base,
    archive: archive === undefined ? null : lastSegment(archive),
    reason: innermost
  })

/**
 * The pattern captures the file. Otherwise it is searched for in the messages, the innermost first.
 *
 * @since 0.1.0
 * @category errors
 */
export const storageFailed: MakeError<unknown> = ({ base, causes, failure, innermost, outermost }, captured) => {
  const [, quoted, bare] =
    /[`']((?:\/|[A-Z]:\\)[^`']*)[`']| at (\/.+?)(?:: |$)/m.exec(causes.toReversed().join("\n")) ?? []
  return new Errors.StorageFailed({
    ...base,
    file: captured ?? quoted ?? bare ?? (outermost.startsWith("failed to write lock") ? failure.lock : null),
    reason: joined(outermost, innermost)
  })
}

/**
 * How the HTTP and TLS libraries of Rust report a connection that failed.
 *
 * @since 0.1.0
 * @category values
 */
export const networkRules: Rules<unknown> = [
  /error sending request for url|error trying to connect|client error \(Connect\)|tcp connect error|tunnel error/,
  /dns error|error resolving DNS|failed to lookup address|network is unreachable|no route to host/i,
  /operation timed out|connection (?:refused|reset|closed|aborted|timed out)/i,
  /request or response body error|end of file before message length|error reading a body from connection/,
  /invalid peer certificate|certificate verify failed/,
  /HTTP status (?:server error \(5|client error \((?:408|425|429))/
].map((pattern) => [pattern, networkUnavailable])

/**
 * How Rust reports an error of the file system.
 *
 * @since 0.1.0
 * @category values
 */
export const storageRules: Rules<unknown> = [
  /(?:Permission denied|Operation not permitted|Read-only file system) \(os error \d+\)/,
  /(?:No space left on device|Dis[ck] quota exceeded|Input\/output error) \(os error \d+\)/,
  /(?:Not a directory|Is a directory|File exists|Directory not empty|Text file busy) \(os error \d+\)/,
  /(?:File name too long|Too many open files|Too many levels of symbolic links|Invalid cross-device link).*os error/
].map((pattern) => [pattern, storageFailed])
