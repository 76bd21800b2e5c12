/** The tables of `uv.lock`, key by key. */
import { isTable, show } from "@darb/package-manager/driver/old/tomlDecoder"
import * as Pep508 from "@darb/python/Pep508"
import { array, type Context, type Decoder, fields, string, type Table } from "../manifest/UvContext.js"
import { checked, marker, name, named, specifiers, version } from "../manifest/UvDecoder.js"
import { type ConflictItem, conflictItem } from "../manifest/UvPyproject.js"
import type { Archive, LockedRequirement, Source } from "./UvLockModel.js"

/** A natural number; those too large to be exact are as large as they can be. */
const natural: Decoder<number> = (value, context) => {
  if (typeof value === "bigint" && value >= 0n && value < 2n ** 64n) return Number(value)
  return typeof value === "number" && Number.isInteger(value) && value >= 0
    ? value
    : context.wrongType("a number that is not negative", value)
}

const digest = /^(?:md5:[\da-f]{32}|sha256:[\da-f]{64}|sha384:[\da-f]{96}|(?:sha512|blake2b):[\da-f]{128})$/i

const hash = checked("`algorithm:digest`", (text) => digest.test(text))

const time = checked("a time", (text) => /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/i.test(text))

/** At least two that are in conflict. */
const conflictSet: Decoder<ReadonlyArray<ConflictItem>> = (value, context) => {
  const items = array(conflictItem)(value, context)
  for (const [index, item] of (items ?? []).entries()) {
    if (item.package === null) context.failAt([index, "package"], "is missing")
  }
  return items !== undefined && items.length < 2 ? context.fail("expected at least two that are in conflict") : items
}

const plain: Decoder<Table> = (value, context) => isTable(value) ? value : context.wrongType("a table", value)

const sourceTable = fields({
  registry: string,
  git: string,
  url: string,
  subdirectory: string,
  path: string,
  directory: string,
  editable: string,
  virtual: string
})

/** The first locks had text such as `registry+https://pypi.org/simple` for a table. */
const tableOf = (value: unknown): unknown => {
  const [, kind, location] = typeof value === "string" ? /^(\w+)\+(.*)$/s.exec(value) ?? [] : []
  return kind === undefined ? value : { [kind === "direct" ? "url" : kind]: location }
}

export const source: Decoder<Source> = (value, context) => tableSource(tableOf(value), context)

const tableSource: Decoder<Source> = (value, context) => {
  const found = sourceTable(value, context)
  if (found === undefined) return undefined
  const { directory, editable, git, path, registry, subdirectory = null, url, virtual } = found
  if (registry !== undefined) return { _tag: "Registry", registry }
  if (git !== undefined) return gitSource(git, context)
  if (url !== undefined) return { _tag: "Url", url, subdirectory }
  if (path !== undefined) return { _tag: "Path", path }
  if (directory !== undefined) return { _tag: "Directory", directory }
  if (editable !== undefined) return { _tag: "Editable", editable }
  if (virtual !== undefined) return { _tag: "Virtual", virtual }
  return isTable(value) && Object.values(value).some((one) => typeof one !== "string")
    ? undefined
    : context.fail("expected one of `registry`, `git`, `url`, `path`, `directory`, `editable` and `virtual`")
}

const gitSource = (git: string, context: Context): Source | undefined => {
  const commit = /#([0-9a-f]{40}|[0-9a-f]{64})$/i.exec(git)?.[1]
  if (commit === undefined) return context.fail(`expected a URL that ends in # and a commit, found ${show(git)}`)
  const subdirectory = /[?&]subdirectory=([^&#]*)/.exec(git)?.[1]
  return { _tag: "Git", git, commit, subdirectory: subdirectory === undefined ? null : unescaped(subdirectory) }
}

const unescaped = (text: string): string => {
  const plain = text.replaceAll("+", " ")
  return /%(?![0-9a-f]{2})/i.test(plain) ?
    plain :
    plain.replace(
      /(?:%[0-9a-f]{2})+/gi,
      (run) => new TextDecoder().decode(Uint8Array.from(run.slice(1).split("%"), (code) => Number.parseInt(code, 16)))
    )
}

const archiveTable = fields({
  url: string,
  path: string,
  filename: string,
  hash,
  size: natural,
  "upload-time": time,
  upload_time: time
})

const archive = (kind: Archive["kind"]): Decoder<Archive> => (value, context) => {
  const found = archiveTable(value, context)
  if (found === undefined) return undefined
  const location = found.url ?? found.path ?? (kind === "wheel" ? found.filename : undefined) ?? null
  if (kind === "wheel" && location === null) return context.fail("expected `url`, `path` or `filename`")
  return {
    kind,
    location,
    hash: found.hash ?? null,
    size: found.size ?? null,
    uploadTime: found["upload-time"] ?? found.upload_time ?? null
  }
}

/** What follows the name of a wheel's package: version, maybe a build, and tags. */
const wheelVersion = (location: string): string | undefined => {
  const file = location.replace(/[?#].*$/s, "").replace(/^.*[/\\]/s, "")
  const written = /^[^-]+-([^-]+)(?:-\d[^-]*)?-[^-]+-[^-]+-[^-]+\.whl$/.exec(file)?.[1]
  return written === undefined ? undefined : unescaped(written.replaceAll("+", "%2B")).replaceAll("_", "-")
}

const names = array(name)

const nameOrNames: Decoder<ReadonlyArray<string>> = (value, context) =>
  names(typeof value === "string" ? [value] : value, context)

const dependency = fields({ name, version, source, extra: nameOrNames, marker }, { required: ["name"] })

const requirementTable = fields({ name, extras: names, specifier: specifiers, marker }, { required: ["name"] })

const lockedRequirement: Decoder<LockedRequirement> = (value, context) => {
  const found = requirementTable(value, context)
  if (found?.name === undefined || !isTable(value)) return undefined
  const { extras = [], marker = null, name, specifier = "" } = found
  return { name, extras, specifier, marker, table: value }
}

const lockedRequirements = array(lockedRequirement)

const metadata = fields({
  "requires-dist": lockedRequirements,
  "provides-extras": names,
  "requires-dev": named(lockedRequirements),
  "dependency-groups": named(lockedRequirements)
})

const packageTable = fields({
  name,
  version,
  source,
  "resolution-markers": array(marker),
  dependencies: array(dependency),
  "optional-dependencies": named(array(dependency)),
  "dev-dependencies": named(array(dependency)),
  "dependency-groups": named(array(dependency)),
  sdist: archive("sdist"),
  wheels: array(archive("wheel")),
  metadata
}, { required: ["name", "source"] })

export type WireDependency = NonNullable<ReturnType<typeof dependency>>
export type WirePackage = NonNullable<ReturnType<typeof packageTable>>

const checkedPackage: Decoder<WirePackage> = (value, context) => {
  const found = packageTable(value, context)
  if (found === undefined) return undefined
  const { source, version, wheels = [] } = found
  if (source?._tag === "Registry" && version === undefined) context.failAt(["version"], "is missing")
  for (const [index, { hash, location }] of wheels.entries()) {
    const problem = wheelProblem(location ?? "", version)
    if (problem !== undefined) context.failAt(["wheels", index], problem)
    const needsHash = source?._tag === "Url" || source?._tag === "Path"
    const hasNone = source?._tag === "Directory" || source?._tag === "Editable" || source?._tag === "Virtual"
    if (needsHash && hash === null) context.failAt(["wheels", index, "hash"], "is missing")
    if (hasNone && hash !== null) context.failAt(["wheels", index, "hash"], "cannot be there for a directory")
  }
  return found
}

const wheelProblem = (location: string, version: string | undefined): string | undefined => {
  // What nearly all are needs no second look.
  if (version !== undefined && location.endsWith(".whl") && location.includes(`-${version}-`)) return undefined
  const written = wheelVersion(location)
  if (written === undefined || !Pep508.isVersion(written)) {
    return `expected the name of a wheel, found ${show(location)}`
  }
  return version === undefined || isSame(written, version)
    ? undefined
    : `the wheel has version ${written}, and the package ${version}`
}

const isSame = (a: string, b: string): boolean =>
  Pep508.compareVersions(a, b) === 0 || Pep508.compareVersions(a.replace(/\+.*$/, ""), b) === 0

const manifest = fields({
  members: names,
  requirements: lockedRequirements,
  "dependency-groups": named(lockedRequirements),
  constraints: lockedRequirements,
  overrides: array(plain),
  "build-constraints": lockedRequirements
})

export const lockTable = fields({
  version: natural,
  revision: natural,
  "requires-python": specifiers,
  "resolution-markers": array(marker),
  "supported-markers": array(marker),
  "required-markers": array(marker),
  conflicts: array(conflictSet),
  options: plain,
  manifest,
  package: array(checkedPackage),
  distribution: array(checkedPackage)
}, { required: ["requires-python"] })

export type WireLock = NonNullable<ReturnType<typeof lockTable>>
