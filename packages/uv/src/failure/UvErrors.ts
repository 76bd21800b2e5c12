/** The errors that the text of a failed command of uv is made into. Pure. */
import * as Errors from "@darb/package-manager/PackageManagerError"
import type { Failure } from "./UvFailure.js"
import type { Report } from "./UvReport.js"
import * as Solution from "./UvSolution.js"

export interface Given extends Report {
  readonly failure: Failure
  readonly outermost: string
  readonly innermost: string
  readonly context: { readonly manager: string; readonly operation: Errors.OperationName; readonly environment: string }
  /** The context, and the evidence. */
  readonly base: Given["context"] & { readonly evidence: Errors.Evidence }
}

/** `named` is the first group that took part in the match. */
export type Make = (
  given: Given,
  named: string | undefined,
  match: RegExpExecArray
) => Errors.PackageManagerError | undefined

export const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim()

export const joined = (outer: string, inner: string): string => outer.includes(inner) ? outer : `${outer}: ${inner}`

/** All causes but the outermost. */
const within = ({ causes }: Given): string => causes.slice(1).map(({ text }) => oneLine(text)).join(": ")

export const lastSegment = (path: string): string => path.slice(path.lastIndexOf("/") + 1)

export const environmentNotFound: Make = ({ context, outermost }) =>
  new Errors.EnvironmentNotFound({ ...context, reason: outermost })

export const environmentExists: Make = ({ context, failure: { manifest } }) =>
  new Errors.EnvironmentExists({ ...context, manifest })

export const environmentBusy: Make = ({ base }) => new Errors.EnvironmentBusy({ ...base, holder: null })

export const unsupportedVersion: Make = (given, _, [, required = "", found = ""]) =>
  new Errors.UnsupportedVersion({
    ...given.context,
    executable: given.failure.result.command[0] ?? "uv",
    found,
    required,
    reason: `${given.failure.manifest} is not for this version`
  })

/** Where a TOML file is wrong, and why. */
const placeOf = ({ causes }: Given) => {
  const place = /TOML parse error at line (\d+), column (\d+)([^]*)/
  const [header, line, column, reason = ""] = place.exec(causes.map(({ text }) => text).join("\n")) ?? []
  return header === undefined
    ? undefined
    : { line: Number(line), column: Number(column), reason: oneLine(reason).replace(/:$/, "") || "it is not TOML" }
}

export const manifestInvalid: Make = (given, named) => {
  const { environment, manifest } = given.failure
  const { column, line, reason = joined(given.outermost, given.innermost) } = placeOf(given) ?? {}
  // It may be a parent's or a member's.
  const file = named === undefined || named === "pyproject.toml"
    ? manifest
    : /^(?:\/|[A-Za-z]:)/.test(named)
    ? named
    : `${environment}/${named}`
  return new Errors.ManifestInvalid({ ...given.base, file, line, column, reason })
}

/** The project cannot be built because of what its own manifest says. */
export const ownManifestInvalid: Make = (given, entry) => {
  const { environment, manifest } = given.failure
  return given.outermost.includes(`file://${encodeURI(environment)}\``)
    ? new Errors.ManifestInvalid({ ...given.base, file: manifest, reason: `${entry}: ${given.innermost}` })
    : undefined
}

export const lockInvalid: Make = (given) => {
  const { column, line, reason } = placeOf(given) ?? {}
  const isNewer = given.outermost.includes("unsupported schema version")
  return new Errors.LockInvalid({
    ...given.base,
    file: given.failure.lock,
    line,
    column,
    reason: isNewer ? given.outermost : reason ?? joined(given.outermost, given.innermost)
  })
}

export const lockOutdated: Make = ({ base, failure: { lock } }) => new Errors.LockOutdated({ ...base, file: lock })

export const invalidOption = (option: string): Make => ({ base, outermost }, value = "") =>
  new Errors.InvalidOption({ ...base, option, value, reason: outermost })

const argumentsOf = ({ failure: { result: { command } } }: Given) => {
  const end = command.includes("--") ? command.indexOf("--") : command.length
  return { flags: command.slice(1, end), operands: command.slice(end + 1) }
}

/** What uv refuses before it does anything: `'a b' for '--group <GROUP>'`. */
export const invalidArgument: Make = (given, value, match) => {
  const changes = argumentsOf(given).flags.some((flag) => flag === "add" || flag === "remove")
  const options: Readonly<Record<string, string>> = {
    "--name": "name",
    "--optional": "extra",
    "--extra": "extras",
    "--group": changes ? "group" : "groups",
    "--index": "indexes",
    "--default-index": "indexes"
  }
  const argument = match[2] ?? ""
  if (argument.startsWith("PACKAGES")) {
    return new Errors.InvalidSpec({ ...given.base, spec: value ?? "", reason: given.outermost })
  }
  const option = options[argument]
  return option === undefined ? undefined : invalidOption(option)(given, value, match)
}

export const invalidSpec: Make = (given, part = "") => {
  const { flags, operands } = argumentsOf(given)
  // `Failed to parse` is also said of files.
  if (!flags.includes("add") || placeOf(given) !== undefined) return undefined
  const plain = (spec: string) => oneLine(spec).replaceAll("`", "")
  const spec = operands.find((spec) => plain(spec) === part) ??
    operands.find((spec) => isOf(part, plain(spec))) ?? part
  return new Errors.InvalidSpec({ ...given.base, spec, reason: given.innermost })
}

/** Whether a spec is one of a package. */
const isOf = (name: string, spec: string): boolean =>
  spec.toLowerCase().startsWith(name.toLowerCase()) && !/^[\w.-]/.test(spec.slice(name.length))

export const dependencyNotFound: Make = ({ base }, name = "") =>
  base.operation === "remove" ? new Errors.DependencyNotFound({ ...base, packages: [name] }) : undefined

export const pythonNotFound: Make = ({ base, hints, outermost }, python) =>
  new Errors.PythonNotFound({
    ...base,
    python: python ?? null,
    reason: [outermost, ...hints.map(oneLine)].join(". ")
  })

export const unauthorized: Make = (given) => {
  const explanation = Solution.explanationOf(given)
  // The solver says it of every index that it asked for what does not fit.
  if (explanation !== undefined && Solution.notFound(explanation).length === 0) return undefined
  const hint = given.hints.find((hint) => /authentication credentials|Unauthorized|Forbidden|credentials/.test(hint))
  return new Errors.Unauthorized({ ...given.base, reason: oneLine(hint ?? given.innermost) })
}

export const networkUnavailable: Make = ({ base, causes, innermost, outermost }) => {
  const named = causes.find(({ text }) => text.includes("://"))?.text
  return new Errors.NetworkUnavailable({ ...base, reason: joined(oneLine(named ?? outermost), innermost) })
}

export const offline: Make = ({ base, hints, innermost }) =>
  new Errors.NetworkUnavailable({
    ...base,
    reason: oneLine(hints.find((hint) => hint.includes("network was disabled")) ?? innermost)
  })

export const channelUnavailable: Make = ({ base, causes, innermost, outermost }, channel) =>
  new Errors.ChannelUnavailable({
    ...base,
    channel: channel?.replace(/\/$/, "") ?? null,
    reason: causes.length === 1 ? outermost : innermost
  })

/** A server has a file, or a page of an index, not. */
export const notThere: Make = (given, url = "", match) =>
  /\.(?:whl|zip|tar\.\w+|tgz|metadata)$/.test(url) || /^Failed to download/.test(given.outermost)
    ? new Errors.DownloadFailed({ ...given.base, archive: lastSegment(url), reason: given.innermost })
    // The page is the one of a package.
    : channelUnavailable(given, url.replace(/\/[^/]+\/?$/, ""), match)

export const downloadFailed: Make = (given, archive) =>
  new Errors.DownloadFailed({
    ...given.base,
    archive: archive === undefined ? null : lastSegment(archive),
    reason: given.innermost
  })

export const buildFailed: Make = (given, name) =>
  new Errors.BuildFailed({
    ...given.base,
    package: name ?? null,
    reason: [within(given) || given.outermost, given.causes.at(-1)?.output]
      .filter((part) => part !== undefined)
      .join(": ")
  })

export const platformUnsupported: Make = ({ base, hints, outermost }) =>
  new Errors.PlatformUnsupported({ ...base, platform: null, reason: [outermost, ...hints.map(oneLine)].join(". ") })

export const storageFailed: Make = ({ base, causes, innermost, outermost }, named) => {
  const [, quoted] = /[`']((?:\/|[A-Z]:\\)[^`']*)[`']/.exec(causes.map(({ text }) => text).toReversed().join("\n")) ??
    []
  return new Errors.StorageFailed({ ...base, file: named ?? quoted ?? null, reason: joined(outermost, innermost) })
}

/** An installation did not end well, as on a disk that is full, or something else is in its place. */
export const prefixDamaged: Make = ({ base, outermost }, directory = "") =>
  new Errors.StorageFailed({ ...base, file: directory, reason: `${outermost}; remove it, and install again` })

export const unsolvable: Make = (given) => {
  const explanation = Solution.explanationOf(given)
  if (explanation === undefined) return new Errors.Unsolvable({ ...given.base, explanation: given.outermost })
  const packages = Solution.notFound(explanation)
  if (packages.length > 0) return new Errors.PackageNotFound({ ...given.base, packages, platform: null })
  const archive = Solution.notReadable(explanation)[0]
  if (archive !== undefined) {
    const reason = oneLine(given.hints[0] ?? given.innermost)
    return new Errors.DownloadFailed({ ...given.base, archive, reason })
  }
  return new Errors.Unsolvable({ ...given.base, explanation })
}
