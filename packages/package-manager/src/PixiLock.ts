/** What `pixi.lock` holds, whichever of its formats it has. */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as ParseResult from "effect/ParseResult"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Yaml from "js-yaml"
import type * as Changes from "./Changes.js"
import { normalized, pypiSource } from "./internal/location.js"
import { redact } from "./internal/redact.js"

/** The newest format that is read. */
export const newestFormat = 7

/** The text is not a lock file, or not one that can be read. */
export class PixiLockError extends Data.TaggedError("PixiLockError")<{
  readonly reason: string
  /** Counted from 1. */
  readonly line?: number | undefined
  /** Counted from 1. */
  readonly column?: number | undefined
}> {
  override get message() {
    return this.line === undefined ? this.reason : `${this.reason} (line ${this.line}, column ${this.column ?? 1})`
  }
}

/** The packages of a lock file, each at its place. */
export const decode: (text: string) => Effect.Effect<ReadonlyArray<Changes.Located>, PixiLockError> = Effect.fn(
  "PixiLock.decode"
)(function*(text) {
  const document = yield* parse(text)
  const format = yield* formatOf(document)
  return format <= 3 ? yield* decodeList(document) : yield* decodeEnvironments(document, format)
})

const invalid = (reason: string, position?: { readonly line: number; readonly column: number }) =>
  new PixiLockError({ reason: redact(reason), ...position })

// Without the tags of numbers and booleans: `1.10` and `1e3` are versions.
const scalars = Yaml.FAILSAFE_SCHEMA.withTags(Yaml.nullCoreTag)

const parse = (text: string): Effect.Effect<unknown, PixiLockError> =>
  Effect.try({
    // pixi writes no aliases: refusing them refuses what multiplies itself by them.
    try: () => Yaml.load(text, { schema: scalars, maxAliases: 0 }),
    catch: (cause) => {
      const marker = text.search(/^(?:<{7}|\|{7}|={7}|>{7})(?=\s|$)/m)
      if (marker >= 0) {
        return invalid("it has the marks of a merge conflict", {
          line: text.slice(0, marker).split("\n").length,
          column: 1
        })
      }
      if (!(cause instanceof Yaml.YAMLException)) return invalid(`it is not YAML: ${String(cause)}`)
      const { mark, reason } = cause
      return invalid(
        `it is not YAML: ${reason}`,
        mark === undefined ? undefined : { line: mark.line + 1, column: mark.column + 1 }
      )
    }
  })

const formatOf = (document: unknown): Effect.Effect<number, PixiLockError> => {
  if (!Predicate.hasProperty(document, "version")) return invalid("it is not a lock file: it has no `version`")
  const { version } = document
  if (typeof version !== "string" || !/^\d+$/.test(version)) {
    return invalid("it is not a lock file: its `version` is not a number")
  }
  if (Number(version) > newestFormat) {
    return invalid(`it has format ${version}, and ${newestFormat} is the newest that is known`)
  }
  return Number(version) === 0 ? invalid("it has format 0, which is not known") : Effect.succeed(Number(version))
}

const Scalar = Schema.optional(Schema.NullOr(Schema.String))

/** A package, or a reference to one, in any of the formats. */
const Entry = Schema.Struct({
  conda: Scalar,
  conda_source: Scalar,
  pypi: Scalar,
  kind: Scalar,
  manager: Scalar,
  url: Scalar,
  path: Scalar,
  name: Scalar,
  version: Scalar,
  build: Scalar,
  subdir: Scalar,
  platform: Scalar,
  channel: Scalar,
  index: Scalar
})
type Entry = typeof Entry.Type

const List = Schema.Struct({ package: Schema.Array(Entry) })

const Environments = Schema.Struct({
  platforms: Schema.optional(Schema.Array(Schema.Struct({ name: Schema.String, subdir: Scalar }))),
  environments: Schema.Record({
    key: Schema.String,
    value: Schema.Struct({
      indexes: Schema.optional(Schema.NullOr(Schema.Array(Schema.String))),
      packages: Schema.Record({ key: Schema.String, value: Schema.Array(Entry) })
    })
  }),
  packages: Schema.Array(Entry)
})

const decodeShape = <A, I>(schema: Schema.Schema<A, I>) => {
  const decodeUnknown = Schema.decodeUnknown(schema)
  return (document: unknown): Effect.Effect<A, PixiLockError> =>
    Effect.mapError(decodeUnknown(document), (error) => {
      const [issue] = ParseResult.ArrayFormatter.formatErrorSync(error)
      const place = issue === undefined ? "" : `at ${issue.path.map(String).join(".")}: `
      return invalid(`it is not a lock file: ${place}${issue?.message ?? error.message}`.slice(0, 300))
    })
}

const listOf = decodeShape(List)
const environmentsOf = decodeShape(Environments)

const decodeList = Effect.fnUntraced(function*(document: unknown) {
  const { package: entries } = yield* listOf(document)
  const located: Array<Changes.Located> = []
  for (const entry of entries) {
    const found = yield* packageOf(entry)
    if (!Predicate.isString(entry.platform)) return yield* invalid(`the package ${found.name} has no platform`)
    located.push(locate("default", entry.platform, found, []))
  }
  return located
})

const decodeEnvironments = Effect.fnUntraced(function*(document: unknown, format: number) {
  const lock = yield* environmentsOf(document)
  const platforms = format >= 7 ? yield* platformsOf(lock.platforms ?? []) : undefined
  const packages = new Map<string, Array<Found>>()
  for (const entry of lock.packages) {
    const found = yield* packageOf(entry)
    const same = packages.get(found.key)
    if (same === undefined) packages.set(found.key, [found])
    else same.push(found)
  }
  const located: Array<Changes.Located> = []
  for (const [environment, { indexes, packages: references }] of Object.entries(lock.environments)) {
    const known = (indexes ?? []).map(normalized)
    for (const [platform, entries] of Object.entries(references)) {
      if (platforms?.has(platform) === false) {
        return yield* invalid(`the platform ${platform} of environment ${environment} is not one of its platforms`)
      }
      for (const reference of entries) {
        const { key = "", location = "" } = originOf(reference) ?? {}
        const candidates = packages.get(key) ?? []
        const found = format >= 6
          ? candidates.find(isMeantBy(reference))
          : candidates.find(({ entry }) => entry.subdir === platform) ?? candidates[0]
        if (found === undefined) {
          return yield* invalid(
            `environment ${environment} has for ${platform} a package that is not there: ${location}`
          )
        }
        located.push(locate(environment, platform, found, known))
      }
    }
  }
  return located
})

const platformsOf = Effect.fnUntraced(
  function*(platforms: ReadonlyArray<{ readonly name: string; readonly subdir?: string | null | undefined }>) {
    const names = new Set<string>()
    for (const { name, subdir } of platforms) {
      if (names.has(name)) return yield* invalid(`it has the platform ${name} twice`)
      if (!/^(?:noarch|unknown|[a-z]+-[a-z0-9]+)$/.test(subdir ?? name)) {
        return yield* invalid(`its platform ${name} is none that conda knows: ${subdir ?? name}`)
      }
      names.add(name)
    }
    return names
  }
)

/** The fields that a reference has beside the location are those in which packages at one location differ. */
const isMeantBy = (reference: Entry) => (found: Found): boolean =>
  (reference.name ?? found.name) === found.name &&
  (reference.version ?? found.version) === found.version &&
  (reference.build ?? found.build ?? "") === (found.build ?? "") &&
  (reference.subdir ?? found.entry.subdir) === found.entry.subdir

interface Found extends Omit<Changes.Located, "environment" | "platform" | "source"> {
  readonly key: string
  readonly entry: Entry
  readonly sourceIn: (indexes: ReadonlyArray<string>) => string
}

const locate = (
  environment: string,
  platform: string,
  { build, kind, name, sourceIn, version }: Found,
  indexes: ReadonlyArray<string>
): Changes.Located => ({ environment, platform, kind, name, version, build, source: sourceIn(indexes) })

const packageOf = (entry: Entry): Effect.Effect<Found, PixiLockError> => {
  const origin = originOf(entry)
  if (origin === undefined) return invalid("it has a package of which it does not say where it comes from")
  const { key, location, type } = origin
  const [, sourceName, sourceLocation = location] = type === "conda_source"
    ? /^([^[]+)\[[^\]]*\] @ (.+)$/.exec(location) ?? []
    : []
  const [, archiveName, archiveVersion, archiveBuild] = type === "conda" ? condaArchive.exec(location) ?? [] : []
  const name = entry.name ?? sourceName ?? archiveName
  if (name === undefined || name === "") return invalid(`it has a package without a name: ${location}`)
  const version = entry.version ?? archiveVersion ?? null
  if (type === "pypi") {
    const sourceIn = (indexes: ReadonlyArray<string>) => pypiSource(location, entry.index, indexes)
    return Effect.succeed({ key, entry, kind: "pypi", name, version, build: null, sourceIn })
  }
  const source = normalized(
    archiveName === undefined ? sourceLocation : entry.channel ?? location.replace(/(?:[/\\][^/\\]+){2}$/, "")
  )
  // A source package that was not built yet has the empty build string.
  const build = (entry.build ?? "") === "" ? archiveBuild ?? null : entry.build ?? null
  return Effect.succeed({ key, entry, kind: "conda", name, version, build, sourceIn: () => source })
}

const condaArchive = /(?:^|[/\\])([^/\\]+)-([^-/\\]+)-([^-/\\]+)\.(?:conda|tar\.bz2|whl)$/

const originOf = (entry: Entry) => {
  const manager = entry.kind ?? entry.manager
  const elsewhere = entry.url ?? entry.path
  return origin("conda", entry.conda) ?? origin("conda_source", entry.conda_source) ?? origin("pypi", entry.pypi)
    ?? (manager === "conda" ? origin("conda", elsewhere) : undefined)
    ?? (manager === "pypi" || manager === "pip" ? origin("pypi", elsewhere) : undefined)
}

const origin = (type: "conda" | "conda_source" | "pypi", location: string | null | undefined) =>
  Predicate.isString(location) ? { type, location, key: `${type} ${location}` } : undefined
