/** Decodes what `[dependencies]` and its like hold. */
import { array, boolean, type Context, type Decoder, string, text } from "@darb/package-manager/driver/old/tomlDecoder"
import type { CondaSpec, Pin, SourceLocation, When } from "../PixiDependency.js"
import type { PackageTable, Specs } from "../PixiPackage.js"
import * as Syntax from "./condaSyntax.js"
import * as Version from "./condaVersion.js"
import { type Fields, isTable, record, struct } from "./tomlStruct.js"

const location: Fields<SourceLocation> = {
  url: text(Syntax.url),
  path: string,
  git: text(Syntax.url),
  branch: string,
  tag: string,
  rev: string,
  lfs: boolean,
  subdirectory: text(Syntax.subdirectory),
  md5: text(Syntax.digest(32)),
  sha256: text(Syntax.digest(64))
}

const scalar: Decoder<string> = (value, context) => {
  if (typeof value !== "string") return context.wrongType("string", value)
  if (context.strict) {
    const problem = Version.versionSpec(value)
    if (problem !== undefined && (context.exact || Version.oldSpec(value) !== undefined)) {
      context.fail(problem, { expected: "a version spec, such as >=1.2,<2", hint: specHint(value), value })
    }
  }
  return value
}

const specHint = (value: string): string | undefined => {
  if (/^(?:\/|\.|\\|~\/)/.test(value)) return `Did you mean { path = "${value}" }?`
  if (value.includes("git")) return `Did you mean { git = "${value}" }?`
  if (value.includes("://")) return `Did you mean { url = "${value}" }?`
  const squeezed = value.replace(/\s+/g, "")
  if (Version.versionSpec(squeezed) === undefined) return `Did you mean "${squeezed}"?`
  return value.trim() === "" ? "Did you mean \"*\"?" : undefined
}

const detail: Fields<Omit<CondaSpec, "workspace" | "package" | "pinCompatible" | "pinSubpackage">> = {
  ...location,
  version: scalar,
  build: text(Version.matcher),
  buildNumber: text(Syntax.buildNumber),
  channel: text(Syntax.channel),
  subdir: string,
  fileName: string,
  license: string,
  licenseFamily: string,
  extras: array(string),
  flags: array(text(Version.matcher)),
  trackFeatures: array(string),
  when: (value, context) => when(value, context)
}

export const specFields = detail

interface WhenPackage extends Omit<CondaSpec, "workspace" | "package" | "pinCompatible" | "pinSubpackage"> {
  readonly packageName: string
}

const whenPackage = struct<WhenPackage>({ ...detail, packageName: text(Syntax.packageName) }, {
  names: { packageName: "package" }
})

const conditions: Decoder<ReadonlyArray<When>> = (value, context) => {
  const decoded = array(when)(value, context)
  if (decoded?.length === 0) context.doubt("it has to have a condition")
  return decoded
}

const all = struct<{ readonly all?: ReadonlyArray<When> }>({ all: conditions })
const any = struct<{ readonly any?: ReadonlyArray<When> }>({ any: conditions })

function when(value: unknown, context: Context): When | undefined {
  if (typeof value === "string") {
    const [, name, version] = /^\s*([A-Za-z0-9_.-]+)\s*((?:(?<=\s)|(?=[=!<>~])).*?)?\s*$/s.exec(value) ?? []
    const isSpec = name !== undefined && ((version ?? "") === "" || Version.versionSpec(version ?? "") === undefined)
    if (context.strict && !isSpec) context.fail("it is not a package, or one with versions", { value })
    return { _tag: "MatchSpec", spec: value }
  }
  if (!isTable(value)) return context.wrongType("string or table", value)
  const kinds = ["all", "any", "package"].filter((key) => value.has(key))
  if (kinds.length !== 1) return context.fail("it has to have one of all, any and package")
  if (kinds[0] === "all") return { _tag: "All", all: all(value, context)?.all ?? [] }
  if (kinds[0] === "any") return { _tag: "Any", any: any(value, context)?.any ?? [] }
  const decoded = whenPackage(value, context)
  if (decoded === undefined) return undefined
  const { packageName = "", ...spec } = decoded
  if (spec.channel !== undefined || locationOf(spec) !== undefined) {
    context.doubt("it cannot say where the package comes from")
  }
  return { _tag: "Package", package: packageName, spec }
}

export const locationOf = (spec: SourceLocation): "git" | "path" | "url" | undefined =>
  spec.git !== undefined ? "git" : spec.path !== undefined ? "path" : spec.url !== undefined ? "url" : undefined

/** Whether it has to be built. */
export const isSource = (spec: CondaSpec): boolean => {
  const kind = locationOf(spec)
  return kind === "git" || kind !== undefined && !Syntax.isArchive(spec.path ?? spec.url ?? "")
}

export const checkLocation = (spec: SourceLocation, context: Context) => {
  if (!context.strict) return
  const revisions = [spec.branch, spec.tag, spec.rev].filter((given) => given !== undefined).length
  if (spec.git === undefined && (revisions > 0 || spec.lfs !== undefined)) {
    context.fail("branch, rev, tag and lfs go with git only")
  }
  if (revisions > 1) context.fail("it can have one of branch, rev and tag")
  if ([spec.git, spec.path, spec.url].filter((given) => given !== undefined).length > 1) {
    context.fail("it can have one of url, path and git")
  }
  if ((spec.md5 ?? spec.sha256) !== undefined && (spec.git ?? spec.path) !== undefined) {
    context.fail("md5 and sha256 go with url only")
  }
}

/** The keys that do not go with a location, and those that do not go with an archive. */
const notLocated = ["channel", "fileName", "licenseFamily"] as const
const notArchived = [
  "version",
  "build",
  "buildNumber",
  "extras",
  "flags",
  "subdir",
  "license",
  "when",
  "trackFeatures"
] as const

export const checkSpec = (spec: CondaSpec, context: Context) => {
  if (!context.strict) return
  checkLocation(spec, context)
  const kind = locationOf(spec)
  if (kind === undefined) {
    if (Object.keys(spec).every((key) => key === "subdirectory" || key === "licenseFamily")) {
      context.fail("it says nothing of the package")
    }
    return
  }
  const wrong = [...notLocated, ...(isSource(spec) ? [] : notArchived)].find((field) => spec[field] !== undefined)
  if (wrong !== undefined) context.fail(`${wrong} does not go with ${kind}`)
}

const bound = text((value) => /^x(?:\.x)*$/.test(value) ? undefined : Version.version(value))
const pinTable = struct<Pin>({ lowerBound: bound, upperBound: bound, exact: boolean, build: string }, {
  check: (pin, context) => {
    if (pin.exact === true && (pin.build ?? pin.lowerBound ?? pin.upperBound) !== undefined) {
      context.doubt("exact does not go with other keys")
    }
  }
})
const pin: Decoder<Pin> = (value, context) => {
  if (value === true) return {}
  return value === false ? context.fail("false has no meaning here") : pinTable(value, context)
}

const plain: Fields<Omit<CondaSpec, "package">> = {
  ...detail,
  workspace: boolean,
  pinCompatible: pin,
  pinSubpackage: pin
}

const checkDependency = (spec: CondaSpec, context: Context) => {
  if (!context.strict) return
  if (spec.workspace !== undefined) {
    if (!spec.workspace) context.fail("workspace cannot be false")
    const owned = (["version", "path", "git", "url"] as const).find((key) => spec[key] !== undefined)
    if (owned !== undefined) context.fail(`${owned} does not go with workspace`)
    return
  }
  if ((spec.pinCompatible ?? spec.pinSubpackage) !== undefined) {
    if (Object.keys(spec).length > 1) context.fail("a pin does not go with other keys")
    return
  }
  const { package: inline, ...rest } = spec
  checkSpec(rest, context)
  if (inline !== undefined && !isSource(rest)) context.fail("a package that is defined here needs git, path or url")
}

const entry = (decode: Decoder<CondaSpec>): Decoder<CondaSpec> => (value, context) => {
  if (typeof value === "string") {
    const version = scalar(value, context)
    return version === undefined ? undefined : { version }
  }
  return isTable(value) ? decode(value, context) : context.wrongType("string or table", value)
}

/** By name; two names that differ in case only are the same. */
const specsOf = (item: Decoder<CondaSpec>): Decoder<Specs> => {
  const decode = record(item, Syntax.packageName)
  return (value, context) => {
    const decoded = decode(value, context)
    if (context.strict && decoded !== undefined) checkDuplicates(decoded, context, (name) => name.toLowerCase())
    return decoded
  }
}

const checkDuplicates = (decoded: object, context: Context, normalize: (name: string) => string) => {
  const seen = new Set<string>()
  for (const name of Object.keys(decoded)) {
    const normal = normalize(name)
    if (seen.has(normal)) context.failAt([name], `the package ${normal} is there more than once`)
    seen.add(normal)
  }
}

/** What a package depends on. */
export const packageSpec = entry(struct<Omit<CondaSpec, "package">>(plain, { check: checkDependency }))
export const packageSpecs = specsOf(packageSpec)

/** What a workspace depends on: it can say how a package is built, which is itself decoded elsewhere. */
export const dependencies = (inline: Decoder<PackageTable>): Decoder<Specs> =>
  specsOf(entry(struct<CondaSpec>({ ...plain, package: inline }, { check: checkDependency })))

/** What `{ workspace = true }` stands for. */
export const pool = specsOf(entry(struct(detail)))

export const sourceLocation: Decoder<SourceLocation> = struct<SourceLocation>(location, {
  check: (spec, context) => {
    if (locationOf(spec) === undefined) context.doubt("it has to have one of path, url and git")
    checkLocation(spec, context)
  }
})
