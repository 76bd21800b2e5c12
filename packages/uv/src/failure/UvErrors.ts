/**
 * Makes errors that only uv needs from the text of failed commands. Pure.
 *
 * @module
 * @since 0.1.0
 */
import * as FailureRules from "@darb/package-manager/driver/executable/FailureRules"
import * as Errors from "@darb/package-manager/PackageManagerError"
import type { Report } from "./UvReport.js"
import * as UvSolution from "./UvSolution.js"

type Failed = FailureRules.Failed<Report>
type MakeError = FailureRules.MakeError<Report>

const { joined, oneLine } = FailureRules

/**
 * Another uv holds the lock of the environment or of the cache. uv does not say which operation that is.
 *
 * @since 0.1.0
 * @category errors
 */
export const environmentBusy: MakeError = ({ base }) => new Errors.EnvironmentBusy({ ...base, holder: null })

/** Where a TOML file is invalid, and why. */
const placeOf = ({ causes }: Failed) => {
  const place = /TOML parse error at line (\d+), column (\d+)([^]*)/
  const [header, line, column, reason = ""] = place.exec(causes.join("\n")) ?? []
  return header === undefined
    ? undefined
    : { line: Number(line), column: Number(column), reason: oneLine(reason).replace(/:$/, "") || "it is not TOML" }
}

/**
 * The pattern captures the path of the manifest, which may be that of a parent or of a workspace member.
 *
 * @since 0.1.0
 * @category errors
 */
export const manifestInvalid: MakeError = (failed, path = "pyproject.toml") => {
  const { environment, manifest } = failed.failure
  const { column, line, reason = joined(failed.outermost, failed.innermost) } = placeOf(failed) ?? {}
  const absolute = /^(?:\/|[A-Za-z]:)/.test(path) ? path : `${environment}/${path}`
  const file = path === "pyproject.toml" ? manifest : absolute
  return new Errors.ManifestInvalid({ ...failed.base, file, line, column, reason })
}

/**
 * The project itself does not build because of an entry of its manifest.
 *
 * @since 0.1.0
 * @category errors
 */
export const ownManifestInvalid: MakeError = ({ base, failure: { manifest }, innermost, outermost }, entry) =>
  outermost.includes(`file://${encodeURI(base.environment)}\``)
    ? new Errors.ManifestInvalid({ ...base, file: manifest, reason: `${entry}: ${innermost}` })
    : undefined

/**
 * A lock file that cannot be decoded, or whose format is newer than this uv.
 *
 * @since 0.1.0
 * @category errors
 */
export const lockInvalid: MakeError = (failed) => {
  const { column, line, reason } = placeOf(failed) ?? {}
  const { base, failure: { lock }, innermost, outermost } = failed
  const isNewer = outermost.includes("unsupported schema version")
  return new Errors.LockInvalid({
    ...base,
    file: lock,
    line,
    column,
    reason: isNewer ? outermost : reason ?? joined(outermost, innermost)
  })
}

/**
 * The pattern captures the value of the option that uv refuses.
 *
 * @since 0.1.0
 * @category errors
 */
export const invalidOption = (option: string): MakeError => ({ base, outermost }, value = "") =>
  new Errors.InvalidOption({ ...base, option, value, reason: outermost })

/** The options that flags stand for. */
const options: Readonly<Record<string, string>> = {
  "--name": "name",
  "--optional": "extra",
  "--extra": "extras",
  "--index": "indexes",
  "--default-index": "indexes"
}

/**
 * The command line is invalid: the pattern captures `a b` and `--group`.
 *
 * @since 0.1.0
 * @category errors
 */
export const invalidArgument: MakeError = (failed, value = "", match) => {
  const { base, outermost } = failed
  const flag = match[2] ?? ""
  if (flag.startsWith("PACKAGES")) return new Errors.InvalidSpec({ ...base, spec: value, reason: outermost })
  const { flags } = FailureRules.argumentsOf(failed)
  const group = flags.includes("add") || flags.includes("remove") ? "group" : "groups"
  const option = flag === "--group" ? group : options[flag]
  return option === undefined ? undefined : invalidOption(option)(failed, value, match)
}

/**
 * uv prints `Failed to parse` about specs and about files.
 *
 * @since 0.1.0
 * @category errors
 */
export const invalidSpec: MakeError = (failed, part = "") => {
  const { flags, operands } = FailureRules.argumentsOf(failed)
  if (!flags.includes("add") || placeOf(failed) !== undefined) return undefined
  const plain = (spec: string) => oneLine(spec).replaceAll("`", "")
  const spec = operands.find((spec) => plain(spec) === part) ??
    operands.find((spec) => isNamed(part, plain(spec))) ?? part
  return new Errors.InvalidSpec({ ...failed.base, spec, reason: failed.innermost })
}

const isNamed = (name: string, spec: string): boolean =>
  spec.toLowerCase().startsWith(name.toLowerCase()) && !/^[\w.-]/.test(spec.slice(name.length))

const withHints = ({ outermost, report: { hints } }: Failed): string => [outermost, ...hints.map(oneLine)].join(". ")

/**
 * The pattern captures the required version, if uv says it.
 *
 * @since 0.1.0
 * @category errors
 */
export const pythonNotFound: MakeError = (failed, python) =>
  new Errors.PythonNotFound({ ...failed.base, python: python ?? null, reason: withHints(failed) })

/**
 * A locked package has no archive for this machine. uv does not name the platform.
 *
 * @since 0.1.0
 * @category errors
 */
export const platformUnsupported: MakeError = (failed) =>
  new Errors.PlatformUnsupported({ ...failed.base, platform: null, reason: withHints(failed) })

/**
 * The solver adds the hint to every index that refused a request, also if a package is unknown for another reason.
 *
 * @since 0.1.0
 * @category errors
 */
export const unauthorized: MakeError = ({ base, innermost, report }) => {
  const explanation = UvSolution.explanationOf(report)
  if (explanation !== undefined && UvSolution.notFound(explanation).length === 0) return undefined
  const hint = report.hints.find((hint) => /Unauthorized|Forbidden|credentials/.test(hint))
  return new Errors.Unauthorized({ ...base, reason: oneLine(hint ?? innermost) })
}

/**
 * The configuration of uv forbids the network, as a hint of the report says.
 *
 * @since 0.1.0
 * @category errors
 */
export const offline: MakeError = ({ base, innermost, report: { hints } }) => {
  const hint = hints.find((hint) => hint.includes("network was disabled"))
  return new Errors.NetworkUnavailable({ ...base, reason: oneLine(hint ?? innermost) })
}

/**
 * The server lacks a file, or the page of a package on an index.
 *
 * @since 0.1.0
 * @category errors
 */
export const urlNotFound: MakeError = (failed, url = "", match) =>
  /\.(?:whl|zip|tar\.\w+|tgz|metadata)$/.test(url) || /^Failed to download/.test(failed.outermost)
    ? FailureRules.downloadFailed(failed, url, match)
    : FailureRules.channelUnavailable(failed, url.replace(/\/[^/]+\/?$/, ""), match)

/**
 * A build backend failed. The reason ends with the last line of its output.
 *
 * @since 0.1.0
 * @category errors
 */
export const buildFailed: MakeError = ({ base, causes, outermost, report }, name) => {
  const inner = causes.slice(1).map(oneLine).join(": ") || outermost
  const output = report.causes.at(-1)?.output
  const reason = output === undefined ? inner : `${inner}: ${output}`
  return new Errors.BuildFailed({ ...base, package: name ?? null, reason })
}

/**
 * An installation was cut off, as on a full disk, or something else has the name of the prefix.
 *
 * @since 0.1.0
 * @category errors
 */
export const prefixDamaged: MakeError = ({ base, outermost }, directory = "") =>
  new Errors.StorageFailed({
    ...base,
    file: directory,
    reason: `${outermost}; remove the directory and install again`
  })

/**
 * The solver failed. Its explanation tells a package that no index has, an archive that cannot be read, and a conflict
 * apart.
 *
 * @since 0.1.0
 * @category errors
 */
export const unsolvable: MakeError = ({ base, innermost, outermost, report }) => {
  const explanation = UvSolution.explanationOf(report)
  if (explanation === undefined) return new Errors.Unsolvable({ ...base, explanation: outermost })
  const packages = UvSolution.notFound(explanation)
  if (packages.length > 0) return new Errors.PackageNotFound({ ...base, packages, platform: null })
  const archive = UvSolution.notReadable(explanation)[0]
  return archive === undefined
    ? new Errors.Unsolvable({ ...base, explanation })
    : new Errors.DownloadFailed({ ...base, archive, reason: oneLine(report.hints[0] ?? innermost) })
}
