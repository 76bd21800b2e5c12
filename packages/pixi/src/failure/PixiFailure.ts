/**
 * What a failed command of pixi stands for. Pure.
 *
 * pixi has one exit code for almost every error: only its text tells them apart, and that differs from version to
 * version. What the text does not tell for certain is `CommandFailed`.
 */
import type { Result } from "@darb/package-manager/driver/process/CommandResult"
import { evidenceOf } from "@darb/package-manager/driver/process/Evidence"
import * as Errors from "@darb/package-manager/PackageManagerError"
import { type Report, report } from "./PixiReport.js"

export { type Position, type Report, report } from "./PixiReport.js"

/** A command that did not end with exit code 0. */
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

interface Given {
  readonly failure: Failure
  readonly report: Report
  readonly outermost: string
  readonly innermost: string
  readonly context: { readonly manager: string; readonly operation: Errors.OperationName; readonly environment: string }
  /** The context, and the evidence. */
  readonly base: Given["context"] & { readonly evidence: Errors.Evidence }
}

/** `named` is the first group that took part in the match. */
type Make = (given: Given, named: string | undefined, match: RegExpExecArray) => Errors.PackageManagerError | undefined

const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim()

const joined = (outer: string, inner: string): string => outer.includes(inner) ? outer : `${outer}: ${inner}`

const environmentNotFound: Make = ({ context, innermost, outermost }) =>
  new Errors.EnvironmentNotFound({ ...context, reason: joined(outermost, innermost) })

const unsupportedVersion: Make = ({ context, failure: { manifest, result } }, _, [, required = "", found = ""]) =>
  new Errors.UnsupportedVersion({
    ...context,
    executable: result.command[0] ?? "pixi",
    found,
    required,
    reason: `${manifest} is not for this version`
  })

const manifestFile = /(?:^|[/\\])(?:pixi|pyproject|mojoproject)\.toml$/

const manifestInvalid: Make = ({ base, failure, innermost, report: { labels, position } }, reason) => {
  const place = position !== undefined && manifestFile.test(position.file) ? position : undefined
  return new Errors.ManifestInvalid({
    ...base,
    // Before 0.41.2 the place has the bare name.
    file: place !== undefined && /[/\\]/.test(place.file) ? place.file : failure.manifest,
    line: place?.line,
    column: place?.column,
    reason: reason === undefined ? [innermost, ...labels].join(": ") : oneLine(reason)
  })
}

const lockInvalid: Make = ({ base, failure: { lock }, innermost }) => {
  const [, line, column] = /at line (\d+) column (\d+)/.exec(innermost)?.map(Number) ?? []
  return new Errors.LockInvalid({ ...base, file: lock, line, column, reason: innermost })
}

const channelUnavailable: Make = ({ base, innermost, outermost }, channel) =>
  new Errors.ChannelUnavailable({
    ...base,
    channel: channel?.replace(/\/$/, "") ?? null,
    reason: channel === undefined ? joined(outermost, innermost) : innermost
  })

const downloadFailed: Make = ({ base, innermost }, archive = "") =>
  new Errors.DownloadFailed({ ...base, archive: archive.slice(archive.lastIndexOf("/") + 1), reason: innermost })

const networkUnavailable: Make = ({ base, innermost, outermost, report: { causes } }) =>
  new Errors.NetworkUnavailable({
    ...base,
    reason: joined(oneLine(causes.find((cause) => cause.includes("://")) ?? outermost), innermost)
  })

const storageFailed: Make = ({ base, failure, innermost, outermost, report: { causes } }, named) => {
  const [, quoted, bare] =
    /[`']((?:\/|[A-Z]:\\)[^`']*)[`']| at (\/.+?)(?:: |$)/m.exec(causes.toReversed().join("\n")) ?? []
  const lock = outermost.startsWith("failed to write lock") ? failure.lock : null
  return new Errors.StorageFailed({
    ...base,
    file: named ?? quoted ?? bare ?? lock,
    reason: joined(outermost, innermost)
  })
}

/** Which platform could not be solved for; 0.48.2 to 0.49 do not say it. */
const platformOf = (causes: ReadonlyArray<string>): string | null => {
  const solving = new RegExp(
    [
      "for platform '([^']+)'",
      "conda requirements of '[^']*' '([^']+)'",
      "^failed to solve '[^']*' for (\\S+)$",
      "^could not determine any available versions for .* on ([a-z0-9-]+)\\."
    ].join("|"),
    "m"
  )
  return solving.exec(causes.join("\n"))?.slice(1).find((platform) => platform !== undefined) ?? null
}

const unsolvable: Make = ({ base }, explanation) =>
  explanation === undefined ? undefined : new Errors.Unsolvable({ ...base, explanation })

const platformUnsupported: Make = ({ base, report: { causes } }, platform, [text]) =>
  new Errors.PlatformUnsupported({
    ...base,
    platform: platform ?? null,
    reason: oneLine(causes.find((cause) => cause.includes(text)) ?? text)
  })

/** What was given on the command line. */
const operands = ({ failure: { result: { command } } }: Given): ReadonlyArray<string> =>
  command.includes("--") ? command.slice(command.indexOf("--") + 1) : []

const invalidSpec: Make = (given, part) => {
  if (given.failure.result.command[1] !== "add") return undefined
  const specs = operands(given)
  // The text may name a part of a spec only.
  const spec = part === undefined ? specs.join(" ") : specs.find((spec) => spec.includes(part)) ?? part
  return new Errors.InvalidSpec({ ...given.base, spec, reason: given.outermost })
}

const invalidOption = (option: string): Make => ({ base, innermost }, value = "") =>
  new Errors.InvalidOption({ ...base, option, value, reason: innermost })

const dependencyNotFound: Make = (given, name) =>
  given.context.operation === "remove" || given.context.operation === "update"
    ? new Errors.DependencyNotFound({ ...given.base, packages: name === undefined ? operands(given) : [name] })
    : undefined

/**
 * What the causes, outermost first, and the help after them tell. The first rule that makes an error of them holds: a
 * server that fails is why a solve or a download does, and not the other way round.
 */
const rules: ReadonlyArray<readonly [pattern: RegExp, make: Make]> = [
  [
    /^(?:pixi|pyproject|mojoproject)\.toml already exists/,
    ({ context, failure: { manifest } }) => new Errors.EnvironmentExists({ ...context, manifest })
  ],
  [/^could not find (?:pixi\.toml|'.+\.toml')|^found pyproject\.toml without/, environmentNotFound],
  [/^(?:manifest path does not exist|no file was found at)|^unable to canonicalize .*\nNo such/, environmentNotFound],
  [/requires pixi '([^']*)', but (?:I am|you have pixi) ([\w.+-]*\w)/, unsupportedVersion],
  [
    // `init` writes whatever platform it is given, and then fails to read it.
    /'([^']*)' is not a known platform/,
    (given, ...rest) => given.context.operation === "init" ? platformUnsupported(given, ...rest) : undefined
  ],
  [/^failed to parse project from .+?\.toml: ([^]+)/, manifestInvalid],
  [/^failed to parse (?:pixi\.toml|project manifest)|^Missing table/, manifestInvalid],
  [/^unrecognized manifest file|^the manifest-path must point to/, manifestInvalid],
  [
    /^/,
    (given, ...rest) =>
      manifestFile.test(given.report.position?.file ?? "") ? manifestInvalid(given, ...rest) : undefined
  ],

  [
    /lock[- ]?file (?:is )?not up-to-date/,
    ({ base, failure: { lock } }) => new Errors.LockOutdated({ ...base, file: lock })
  ],
  [/the lock-file should be up-to-date so it should also include the environment/, lockInvalid],
  [/newer lock-?file format version|lock[- ]file version (?:is \d+, but only up to|\d+ is newer)/i, lockInvalid],

  [
    /offline mode|network connectivity is disabled|no usable repodata cache|no sharded repodata index is cached/i,
    ({ base, innermost, report: { help } }) =>
      new Errors.NetworkUnavailable({ ...base, reason: oneLine(help ?? innermost) })
  ],
  [/hash mismatch when extracting (\S+) to /, downloadFailed],
  [
    /\b(?:401 Unauthorized|403 Forbidden|407 Proxy Authentication Required)\b/,
    ({ base, innermost }) => new Errors.Unauthorized({ ...base, reason: innermost })
  ],
  [
    /error sending request for url|error trying to connect|client error \(Connect\)|tcp connect error/,
    networkUnavailable
  ],
  [/dns error|failed to lookup address|network is unreachable|no route to host/i, networkUnavailable],
  [/operation timed out|connection (?:refused|reset|closed|aborted|timed out)/i, networkUnavailable],
  [/request or response body error|end of file before message length/, networkUnavailable],
  [/invalid peer certificate|certificate verify failed/, networkUnavailable],
  [/HTTP status (?:server error \(5|client error \((?:408|429))/, networkUnavailable],
  [/(?:Permission denied|Operation not permitted|Read-only file system) \(os error \d+\)/, storageFailed],
  [/(?:No space left on device|Dis[ck] quota exceeded|Input\/output error) \(os error \d+\)/, storageFailed],
  [/(?:Not a directory|Is a directory|File exists|Directory not empty|Text file busy) \(os error \d+\)/, storageFailed],
  [/(?:File name too long|Too many open files|Too many levels of symbolic links).* \(os error \d+\)/, storageFailed],
  [
    /^(?:Cannot find '(.+)' please make sure the folder is reachable|Cannot canonicalize the given path)/,
    (given, ...rest) => storageFailed(given, rest[0] ?? given.context.environment, rest[1])
  ],
  [/failed to (?:fetch|download package) (\S+\.(?:conda|tar\.bz2))/, downloadFailed],

  [/^Failed to load lock file from|^some information from the lock ?file could not be parsed/, lockInvalid],
  // Versions before 0.20 say only what the parser does.
  [/^missing `version` field in lock file|^duplicate entry with key/, lockInvalid],
  [/^(?:did not find|could not find) expected|^(?:mapping values|control characters) are not allowed/, lockInvalid],
  [/^found (?:character that|unexpected|unknown|undefined|duplicate|invalid|a tab) .*at line \d/, lockInvalid],

  [/could not find subdir '\S+' in channel '(.+?)'|requested unavailable channel '(.+?)'/, channelUnavailable],
  [
    /(?:404 Not Found\) for url \(|failed to download |failed to decode \w+ shard from ')(\S+)\/[\w-]+\/\w*repodata/,
    channelUnavailable
  ],
  [/^repodata not found|^failed to fetch repodata from channels|'\S+' is not a supported scheme/m, channelUnavailable],

  [
    /because of: No candidates were found for (\S+) \*\.$/m,
    ({ base, report: { causes } }, name = "") =>
      new Errors.PackageNotFound({ ...base, packages: [name], platform: platformOf(causes) })
  ],
  // What is installed cannot be read: an installation did not end well, as on a disk that is full.
  [
    /^failed to (?:collect prefix records|determine the currently installed packages)/m,
    ({ base, failure: { environment }, innermost }) =>
      new Errors.StorageFailed({
        ...base,
        file: `${environment}/.pixi`,
        reason: `what is installed there cannot be read (${innermost}); remove it, and install again`
      })
  ],
  [/^Cannot solve the request because of: ([^]+)/m, unsolvable],
  [/pypi (?:requirements|dependencies)[^]*?^(Because [^]+|No Python interpreter found [^]+)/m, unsolvable],
  [/^(could not resolve pypi dependencies because no python interpreter [^]+)/m, unsolvable],

  [/(?:project|workspace|environment '[^']*') does not support '([^']+)'/, platformUnsupported],
  [/no platform supported by|mismatching virtual package|Virtual package '.*' does not match/, platformUnsupported],

  [/^(?:invalid package name '(.+?)':|'(.+?)' is not a valid package name|"(.+?)" looks like a )/, invalidSpec],
  [/^(?:unable to parse version spec|could not find (?:exact )?package name in MatchSpec):? (.+)/i, invalidSpec],
  [/^(?:missing package name(?: for spec '(.+)')?|invalid bracket(?: key: (.+))?)/, invalidSpec],
  [
    /^invalid (?:number of colons|package path or url|package spec url|version constraint|build number|channel(?! ))/,
    invalidSpec
  ],
  [/^multiple bracket sections|^found multiple values for|^more than one semicolon/, invalidSpec],

  [
    /^Cannot update pypi dependencies without first installing a conda prefix/,
    ({ base, innermost }) =>
      new Errors.InvalidOption({
        ...base,
        option: "noInstall",
        value: "true",
        reason: `this version of pixi cannot solve for Python packages and install nothing (${innermost})`
      })
  ],
  [/^unknown environment '(.+?)'|^could not find an environment named '?([^'\s]+)/, invalidOption("environment")],
  [/(?:invalid channel|invalid channel name:|the channel) '(.*?)'/, invalidOption("channels")],

  [/^Couldn't find (\S+) in \[|^could not find a package named '(.+?)'/, dependencyNotFound],
  [/^failed to remove (?:PyPI )?dependency: '(.+?)'\n.* is missing/, dependencyNotFound],
  [/^dependency `(.+?)` was not found in|^dependency (\S+) is missing|^(\S+) is missing$/i, dependencyNotFound],
  [/^spec type \S+ is missing/i, dependencyNotFound],

  [/No such file or directory \(os error 2\)/, storageFailed]
]

/** The error that a failed command stands for. */
export const classify = (failure: Failure): Errors.PackageManagerError => {
  const { environment, operation, result } = failure
  const context = { manager: "pixi", operation, environment }
  const base = { ...context, evidence: evidenceOf(result) }
  if (result.signal !== null) return new Errors.CommandKilled({ ...base, signal: result.signal })

  const read = report(result.stderr)
  const outermost = oneLine(read.causes[0] ?? "")
  const innermost = oneLine(read.causes.at(-1) ?? "")
  const text = [...read.causes, ...(read.help === undefined ? [] : [read.help])].join("\n")
  for (const [pattern, make] of rules) {
    const match = pattern.exec(text)
    if (match === null) continue
    const named = match.slice(1).find((group) => group !== undefined)
    const error = make({ failure, report: read, context, base, outermost, innermost }, named, match)
    if (error !== undefined) return error
  }
  const reason = joined(outermost, innermost) || `exit code ${result.exitCode}, and no word on why`
  return new Errors.CommandFailed({ ...base, reason })
}

/**
 * What the solver had no candidates for, if a command failed with that: what was asked for, not what that needs. The
 * spec `*` says that no channel has the package; of any other one, a channel may have other versions.
 */
export const missingCandidate = (stderr: string): { readonly name: string; readonly spec: string } | undefined => {
  const text = report(stderr).causes.join("\n")
  const [, name, spec] = /because of: No candidates were found for (\S+) (.+)\.$/m.exec(text) ?? []
  return name === undefined || spec === undefined ? undefined : { name, spec }
}

/** Whether a failed `pixi search` says that no channel has the package. */
export const isUnknownPackage = ({ exitCode, stderr }: Result): boolean =>
  exitCode === 1 &&
  /^Package \S+ not found, please use a wildcard|^No packages found matching '/.test(report(stderr).causes[0] ?? "")
