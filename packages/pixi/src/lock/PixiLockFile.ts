/**
 * The schema of `pixi.lock`. Formats 1 to 3 are brought into the form of the newer ones.
 *
 * @module
 * @since 0.1.0
 */
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Yaml from "js-yaml"
import { firstIssue } from "../FirstIssue.js"
import { invalid, type PixiLockError } from "./PixiLockError.js"
import * as PlainYaml from "./PlainYaml.js"

/**
 * The newest format that is read.
 *
 * @since 0.1.0
 * @category values
 */
export const newestFormat = 7

const optional = <A, I>(schema: Schema.Schema<A, I>) => Schema.optionalWith(Schema.NullOr(schema), { exact: true })

/** An array that is not copied: there can be hundreds of thousands of items, and Schema would take longer than all the rest. */
const list = <A>(isItem: (item: unknown) => item is A, title: string) =>
  Schema.declare((input): input is ReadonlyArray<A> => Arr.isArray(input) && input.every(isItem), { title })

const text = optional(Schema.String)
const isText = Predicate.or(Predicate.isString, Predicate.isNullable)
const texts = optional(list(Predicate.isString, "array of strings"))

const Size = Schema.String.pipe(
  Schema.filter((size) => /^\d+$/.test(size) && Number.isSafeInteger(Number(size)), {
    message: ({ actual }) => `Expected a size in bytes, actual ${String(actual)}`
  })
)

const reference = {
  conda: text,
  conda_source: text,
  pypi: text,
  name: text,
  version: text,
  build: text,
  subdir: text
}

/**
 * How an environment refers to a package: by its location, and by the fields in which packages at one location differ.
 *
 * @since 0.1.0
 * @category models
 */
export type Reference = Schema.Struct.Type<typeof reference>

/** A lock file can have hundreds of thousands of references: only the fields that one has are looked at. */
const isReference = (input: unknown): input is Reference => {
  if (!Predicate.isReadonlyRecord(input)) return false
  for (const name in input) if (Object.hasOwn(reference, name) && !isText(input[name])) return false
  return true
}

const entry = {
  ...reference,
  url: text,
  path: text,
  channel: text,
  index: text,
  sha256: text,
  md5: text,
  size: optional(Size),
  depends: texts,
  requires_dist: texts
}

const Kind = Schema.Literal("conda", "pypi").annotations({
  message: ({ actual }) => ({ message: `Expected conda or pypi, actual ${String(actual)}`, override: true })
})

/**
 * A package. Before format 6 it has a `kind`, and its location is its `url` or `path`.
 *
 * @since 0.1.0
 * @category models
 */
export interface Entry extends Schema.Schema.Type<typeof Entry> {}
const Entry = Schema.Struct({ ...entry, kind: Schema.optionalWith(Kind, { exact: true }) })

const channels = optional(Schema.Array(Schema.Union(Schema.String, Schema.Struct({ url: Schema.String }))))

const Platform = Schema.Struct({ name: Schema.String, subdir: text, "virtual-packages": texts })

const environment = { channels, indexes: texts }

const Environment = Schema.Struct({
  ...environment,
  packages: Schema.Record({ key: Schema.String, value: list(isReference, "array of references") })
})

const File = Schema.Struct({
  /** Only format 7 has them. */
  platforms: Schema.optional(Schema.Array(Platform)),
  environments: Schema.Record({ key: Schema.String, value: Environment }),
  packages: Schema.Array(Entry)
})

const OldEntry = Schema.Struct({
  ...entry,
  manager: Schema.Literal("conda", "pypi", "pip"),
  platform: Schema.String,
  hash: optional(Schema.Struct({ sha256: text, md5: text })),
  dependencies: optional(Schema.Union(
    Schema.Array(Schema.String),
    Schema.Record({ key: Schema.String, value: Schema.NullOr(Schema.String) })
  ))
})

/** Formats 1 to 3 have one environment, and repeat a package for each platform. */
const OldFile = Schema.Struct({
  metadata: optional(Schema.Struct({ channels })),
  package: Schema.Array(OldEntry)
})

/** The keys that items of sequences have in the schemas. */
const fields = new Set([Platform, Entry, OldEntry].flatMap((item) => Object.keys(item.fields)))

/**
 * A lock file in the form of format 7.
 *
 * @since 0.1.0
 * @category models
 */
export interface PixiLockFile extends Omit<typeof File.Type, "environments"> {
  readonly format: number
  readonly environments: {
    readonly [name: string]: Omit<typeof Environment.Type, "packages"> & {
      /** By platform: references, or indices of `packages`. */
      readonly packages: { readonly [platform: string]: ReadonlyArray<Reference | number> }
    }
  }
}

/** In characters. The YAML library takes many times as much memory as the fast reader. */
const [longest, longestYaml] = [256 * 1024 * 1024, 32 * 1024 * 1024]

/**
 * Decodes the text of a lock file, with pauses.
 *
 * @since 0.1.0
 * @category decoding
 */
export const decode = Effect.fnUntraced(function*(text: string, pause: Effect.Effect<void>) {
  if (text.length > longest) return yield* invalid(`it has more than ${longest} characters`)
  const file = (yield* PlainYaml.parseInParts(text, fields, pause)) ?? (yield* parse(text))
  yield* pause
  const format = yield* formatOf(file)
  const decoded: PixiLockFile = format > 3
    ? { format, ...(yield* decodeFile(file)) }
    : { format, ...modernized(yield* decodeOldFile(file)) }
  return decoded
})

const modernized = ({ metadata, package: packages }: typeof OldFile.Type): Omit<PixiLockFile, "format"> => {
  const platforms = new Map<string, Array<number>>()
  packages.forEach(({ platform }, index) => {
    const indices = platforms.get(platform)
    if (indices === undefined) platforms.set(platform, [index])
    else indices.push(index)
  })
  return {
    environments: { default: { channels: metadata?.channels ?? [], packages: Object.fromEntries(platforms) } },
    packages: packages.map(({ dependencies, depends, hash, manager, ...entry }) => ({
      ...entry,
      kind: manager === "pip" ? "pypi" : manager,
      sha256: hash?.sha256 ?? null,
      md5: hash?.md5 ?? null,
      depends: depends ?? specsOf(dependencies ?? [])
    }))
  }
}

const specsOf = (dependencies: NonNullable<typeof OldEntry.Type["dependencies"]>): ReadonlyArray<string> =>
  Array.isArray(dependencies)
    ? dependencies
    : Object.entries(dependencies).map(([name, spec]) => `${name} ${spec ?? ""}`.trim())

// Without the tags of numbers and booleans: `1.10` and `1e3` are versions.
const schema = Yaml.FAILSAFE_SCHEMA.withTags(Yaml.nullCoreTag)

const parse = (text: string): Effect.Effect<unknown, PixiLockError> =>
  text.length > longestYaml
    ? invalid(`it has more than ${longestYaml} characters, and not the layout that pixi writes`)
    : Effect.try({
      // pixi writes no aliases, and they could expand without limit.
      try: () => Yaml.load(text, { schema, maxAliases: 0 }),
      catch: (cause) => {
        const marker = text.search(/^(?:<{7}|\|{7}|={7}|>{7})(?=\s|$)/m)
        if (marker >= 0) {
          return invalid("it has merge conflict markers", { line: text.slice(0, marker).split("\n").length, column: 1 })
        }
        if (!(cause instanceof Yaml.YAMLException)) return invalid(`it is not YAML: ${String(cause)}`)
        const { mark, reason } = cause
        return invalid(`it is not YAML: ${reason}`, mark && { line: mark.line + 1, column: mark.column + 1 })
      }
    })

const formatOf = (file: unknown): Effect.Effect<number, PixiLockError> => {
  if (!Predicate.hasProperty(file, "version")) return invalid("it is not a lock file: it has no `version`")
  const { version } = file
  if (typeof version !== "string" || !/^\d+$/.test(version)) {
    return invalid("it is not a lock file: its `version` is not a number")
  }
  if (Number(version) === 0) return invalid("its format 0 is unknown")
  if (Number(version) <= newestFormat) return Effect.succeed(Number(version))
  const format = version.slice(0, 20)
  return invalid(`its format is ${format}, and the newest known format is ${newestFormat}`, {
    newer: { format, newest: newestFormat }
  })
}

const decodeWith = <A, I>(schema: Schema.Schema<A, I>) => (file: unknown): Effect.Effect<A, PixiLockError> =>
  Effect.mapError(
    Schema.decodeUnknownEither(schema)(file),
    (error) => invalid(`it is not a lock file: ${firstIssue(error)}`)
  )

const decodeFile = decodeWith(File)
const decodeOldFile = decodeWith(OldFile)
