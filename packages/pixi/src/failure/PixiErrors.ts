/**
 * Makes errors that only pixi needs from the text of failed commands. Pure.
 *
 * @module
 * @since 0.1.0
 */
import * as FailureRules from "@darb/package-manager/driver/executable/FailureRules"
import * as Errors from "@darb/package-manager/PackageManagerError"
import type { Report } from "./PixiReport.js"

type MakeError = FailureRules.MakeError<Report>

const manifestFile = /(?:^|[/\\])(?:pixi|pyproject|mojoproject)\.toml$/

/**
 * Has a line and a column only if pixi quotes lines of the manifest. The pattern may capture the reason.
 *
 * @since 0.1.0
 * @category errors
 */
export const manifestInvalid: MakeError = ({ base, failure, innermost, report: { labels, position } }, reason) => {
  const place = position !== undefined && manifestFile.test(position.file) ? position : undefined
  return new Errors.ManifestInvalid({
    ...base,
    // Before 0.41.2 the place has only the name of the file.
    file: place !== undefined && /[/\\]/.test(place.file) ? place.file : failure.manifest,
    line: place?.line,
    column: place?.column,
    reason: reason === undefined ? [innermost, ...labels].join(": ") : FailureRules.oneLine(reason)
  })
}

/**
 * Any error with a place in a manifest file.
 *
 * @since 0.1.0
 * @category errors
 */
export const manifestQuoted: MakeError = (failed, ...rest) =>
  manifestFile.test(failed.report.position?.file ?? "") ? manifestInvalid(failed, ...rest) : undefined

/**
 * Takes the place from the message of the YAML parser.
 *
 * @since 0.1.0
 * @category errors
 */
export const lockInvalid: MakeError = ({ base, failure: { lock }, innermost }) => {
  const [, line, column] = /at line (\d+) column (\d+)/.exec(innermost)?.map(Number) ?? []
  return new Errors.LockInvalid({ ...base, file: lock, line, column, reason: innermost })
}

/**
 * A server cannot be reached. The help of pixi, if there is some, says more than the message.
 *
 * @since 0.1.0
 * @category errors
 */
export const offline: MakeError = ({ base, innermost, report: { help } }) =>
  new Errors.NetworkUnavailable({ ...base, reason: FailureRules.oneLine(help ?? innermost) })

/**
 * A channel or an index refused the credentials.
 *
 * @since 0.1.0
 * @category errors
 */
export const unauthorized: MakeError = ({ base, innermost }) => new Errors.Unauthorized({ ...base, reason: innermost })

/**
 * `Cannot find 'PATH'` names the path; otherwise it is the environment's directory.
 *
 * @since 0.1.0
 * @category errors
 */
export const directoryFailed: MakeError = (failed, captured, match) =>
  FailureRules.storageFailed(failed, captured ?? failed.base.environment, match)

/**
 * The records of installed packages cannot be read: an installation was cut off, as on a full disk.
 *
 * @since 0.1.0
 * @category errors
 */
export const prefixDamaged: MakeError = ({ base, innermost }, prefix = `${base.environment}/.pixi`) =>
  new Errors.StorageFailed({
    ...base,
    file: prefix,
    reason: `the installed packages cannot be read (${innermost}); remove the directory and install again`
  })

/**
 * Versions from 0.39.1 on do not notice that a prefix was moved.
 *
 * @since 0.1.0
 * @category errors
 */
export const prefixMoved: MakeError = ({ base }, from = "") =>
  new Errors.StorageFailed({
    ...base,
    file: `${base.environment}/.pixi`,
    reason: `it was installed in ${from}, and works only there; use clean and install again`
  })

/** How pixi names the platform that it could not solve for; 0.48.2 to 0.49 do not. */
const solvedPlatform = new RegExp(
  [
    "for platform '([^']+)'",
    "conda requirements of '[^']*' '([^']+)'",
    "^failed to solve '[^']*' for (\\S+)$",
    "^could not determine any available versions for .* on ([a-z0-9-]+)\\."
  ].join("|"),
  "m"
)

/**
 * The pattern captures the name. The platform is known if pixi says which one it solved.
 *
 * @since 0.1.0
 * @category errors
 */
export const packageNotFound: MakeError = ({ base, causes }, name = "") => {
  const platforms = solvedPlatform.exec(causes.join("\n"))?.slice(1)
  return new Errors.PackageNotFound({ ...base, packages: [name], platform: platforms?.find(Boolean) ?? null })
}

/**
 * The pattern captures the explanation of the solver.
 *
 * @since 0.1.0
 * @category errors
 */
export const unsolvable: MakeError = ({ base }, explanation) =>
  explanation === undefined ? undefined : new Errors.Unsolvable({ ...base, explanation })

/**
 * The pattern captures the platform, if pixi names it.
 *
 * @since 0.1.0
 * @category errors
 */
export const platformUnsupported: MakeError = ({ base, causes }, platform, [text]) =>
  new Errors.PlatformUnsupported({
    ...base,
    platform: platform ?? null,
    reason: FailureRules.oneLine(causes.find((cause) => cause.includes(text)) ?? text)
  })

/**
 * `init` writes any platform into the manifest and then fails to read it.
 *
 * @since 0.1.0
 * @category errors
 */
export const platformUnknown: MakeError = (failed, ...rest) =>
  failed.base.operation === "init" ? platformUnsupported(failed, ...rest) : undefined

/**
 * The text may name a part of a spec only.
 *
 * @since 0.1.0
 * @category errors
 */
export const invalidSpec: MakeError = (failed, part) => {
  const { flags, operands } = FailureRules.argumentsOf(failed)
  if (flags[0] !== "add") return undefined
  const spec = part === undefined ? operands.join(" ") : operands.find((spec) => spec.includes(part)) ?? part
  return new Errors.InvalidSpec({ ...failed.base, spec, reason: failed.outermost })
}

/**
 * The pattern captures the value that pixi refuses for this option.
 *
 * @since 0.1.0
 * @category errors
 */
export const invalidOption = (option: string): MakeError => ({ base, innermost }, value = "") =>
  new Errors.InvalidOption({ ...base, option, value, reason: innermost })

/**
 * Some versions have to install conda packages before they solve for PyPI packages.
 *
 * @since 0.1.0
 * @category errors
 */
export const installNeeded: MakeError = ({ base, innermost }) =>
  new Errors.InvalidOption({
    ...base,
    option: "noInstall",
    value: "true",
    reason: `this version of pixi cannot solve for these PyPI packages without installing; leave it out (${innermost})`
  })
