/** The text of a lock file, as values of known types. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as ParseResult from "effect/ParseResult"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Yaml from "js-yaml"
import { attempt, invalid, PixiLockError } from "./PixiLockError.js"
import { References } from "./PixiLockNode.js"
import { Entry, isEntry, isReference, type LockedPackage, reader, Reference } from "./PixiLockPackage.js"
import { scan } from "./PixiLockScan.js"

/** The newest format that is read. */
export const newestFormat = 7

export interface Document {
  readonly format: number
  /** Only format 7 has them. */
  readonly platforms?: typeof Platforms.Type | undefined
  readonly environments: (typeof Frame.Type)["environments"]
  readonly packages: ReadonlyArray<LockedPackage>
}

/** Formats 1 to 3 have a list for each platform, and one environment. */
export interface OldDocument {
  readonly format: number
  readonly channels: typeof Channels.Type | undefined
  readonly packages: ReadonlyArray<readonly [platform: string, found: LockedPackage]>
}

/** Characters: only the YAML library takes many times as much memory. */
const [longest, longestYaml] = [256 * 1024 * 1024, 32 * 1024 * 1024]

export const read = Effect.fnUntraced(function*(text: string) {
  if (text.length > longest) return yield* invalid(`it has more than ${longest} characters`)
  return fast(text) ?? (yield* slow(text))
})

/** What pixi wrote itself, from format 4 on; whatever is not so or is wrong is left to the other way. */
export const fast = (text: string): Document | undefined => {
  const read = reader()
  const scanned = scan(text, (item) => {
    if (!isEntry(item)) return undefined
    try {
      return read(item)
    } catch (error) {
      if (error instanceof PixiLockError) return undefined
      throw error
    }
  })
  if (scanned === undefined) return undefined
  const { document: { environments, packages, platforms, version }, items } = scanned
  if (!Predicate.isString(version) || !/^[4-7]$/.test(version)) return undefined
  if (!Array.isArray(packages) || packages.length > 0) return undefined
  const frame = Option.getOrUndefined(frameOf({ platforms, environments }))
  return frame === undefined ? undefined : { format: Number(version), ...frame, packages: items }
}

/** The same by the YAML library, and with a reason where there is nothing to be read. */
export const slow = Effect.fnUntraced(function*(text: string) {
  if (text.length > longestYaml) {
    return yield* invalid(`it has more than ${longestYaml} characters, and is not as pixi writes it`)
  }
  const document = yield* parse(text)
  const format = yield* formatOf(document)
  if (format > 3) {
    const { environments, packages, platforms } = yield* environmentsOf(document)
    return yield* attempt((): Document => ({ format, platforms, environments, packages: packages.map(reader()) }))
  }
  const list = yield* listOf(document)
  return yield* attempt((): OldDocument => ({
    format,
    channels: list.metadata?.channels,
    packages: list.package.map(oldReader())
  }))
})

const oldReader = () => {
  const read = reader()
  return ({ dependencies, hash, ...entry }: OldEntry) => {
    const depends = Array.isArray(dependencies)
      ? dependencies
      : Object.entries(dependencies ?? {}).map(([name, spec]) => spec === null ? name : `${name} ${spec}`.trim())
    const found = read({ ...entry, sha256: hash?.sha256, md5: hash?.md5, depends: entry.depends ?? depends })
    if (!Predicate.isString(entry.platform)) throw invalid(`the package ${found.name} has no platform`)
    return [entry.platform, found] as const
  }
}

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
    const { reason } = invalid(`it has format ${version.slice(0, 20)}, and ${newestFormat} is the newest that is known`)
    return new PixiLockError({
      reason,
      line: undefined,
      column: undefined,
      newer: { format: version.slice(0, 20), newest: newestFormat }
    })
  }
  return Number(version) === 0 ? invalid("it has format 0, which is not known") : Effect.succeed(Number(version))
}

const Texts = Schema.optional(Schema.NullOr(Schema.Array(Schema.String)))

const Channels = Schema.NullOr(Schema.Array(Schema.Union(Schema.String, Schema.Struct({ url: Schema.String }))))

const Platforms = Schema.Array(Schema.Struct({
  name: Schema.String,
  subdir: Schema.optional(Schema.NullOr(Schema.String)),
  "virtual-packages": Texts
}))

const environmentsWith = <A, I>(references: Schema.Schema<A, I>) =>
  Schema.Record({
    key: Schema.String,
    value: Schema.Struct({
      channels: Schema.optional(Channels),
      indexes: Texts,
      packages: Schema.Record({ key: Schema.String, value: references })
    })
  })

const Environments = Schema.Struct({
  platforms: Schema.optional(Platforms),
  environments: environmentsWith(Schema.Array(Reference)),
  packages: Schema.Array(Entry)
})

/** The references are many: they are checked by hand. */
const Frame = Schema.Struct({
  platforms: Schema.optional(Platforms),
  environments: environmentsWith(
    Schema.declare((input): input is References | ReadonlyArray<Reference> =>
      input instanceof References || (Array.isArray(input) && input.every(isReference))
    )
  )
})

const OldEntry = Schema.Struct({
  ...Entry.fields,
  hash: Schema.optional(Schema.NullOr(Schema.Struct({ sha256: Entry.fields.sha256, md5: Entry.fields.md5 }))),
  dependencies: Schema.optional(Schema.NullOr(Schema.Union(
    Schema.Array(Schema.String),
    Schema.Record({ key: Schema.String, value: Schema.NullOr(Schema.String) })
  )))
})
type OldEntry = typeof OldEntry.Type

const List = Schema.Struct({
  metadata: Schema.optional(Schema.NullOr(Schema.Struct({ channels: Schema.optional(Channels) }))),
  package: Schema.Array(OldEntry)
})

const frameOf = Schema.decodeUnknownOption(Frame)

const decodeShape = <A, I>(schema: Schema.Schema<A, I>) => {
  const decodeUnknown = Schema.decodeUnknown(schema)
  return (document: unknown): Effect.Effect<A, PixiLockError> =>
    Effect.mapError(decodeUnknown(document), (error) => {
      const [issue] = ParseResult.ArrayFormatter.formatErrorSync(error)
      const place = issue === undefined ? "" : `at ${issue.path.map(String).join(".")}: `
      return invalid(`it is not a lock file: ${place}${issue?.message ?? error.message}`.slice(0, 300))
    })
}

const environmentsOf = decodeShape(Environments)
const listOf = decodeShape(List)
