/** Reads what `pixi list --json` prints. Pure. */
import { Kind, Package } from "@darb/package-manager/Package"
import * as Either from "effect/Either"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"

const absent = <A, I>(schema: Schema.Schema<A, I>) => Schema.optional(Schema.NullOr(schema))

const Item = Schema.Struct({
  name: Schema.NonEmptyString,
  version: absent(Schema.String),
  build: absent(Schema.String),
  kind: Kind,
  /** A channel's URL from 0.42.0 on; before, a file's or a package's name. */
  source: absent(Schema.String),
  index_url: absent(Schema.String),
  size_bytes: absent(Schema.Number),
  /** Not there in 0.62 and 0.63. */
  is_explicit: Schema.optional(Schema.Boolean),
  requested_spec: absent(Schema.String)
})

const decodeItems = Schema.decodeUnknownEither(Schema.parseJson(Schema.Array(Item)))

/** What tells packages of a list apart. */
export interface Identity {
  readonly kind: Kind
  readonly name: string
  readonly version: string | null
  readonly build: string | null
}

/** Where a package of the list comes from, if that is known better than the list knows it. */
export type SourceOf = (item: Identity) => string | null | undefined

/**
 * The packages, sorted by name, or why the text cannot be read. Versions before 0.68 print nothing where there are none.
 */
export const decode = (stdout: string, sourceOf: SourceOf): Either.Either<ReadonlyArray<Package>, string> => {
  if (stdout.trim() === "") return Either.right([])
  return decodeItems(stdout).pipe(
    Either.mapBoth({
      onLeft: (error) => {
        const [issue] = ParseResult.ArrayFormatter.formatErrorSync(error)
        return `the list of packages: ${[...issue?.path ?? [], issue?.message].join(": ")}`
      },
      onRight: (items) =>
        items.map((item) => packageOf(item, sourceOf)).sort((a, b) =>
          a.name === b.name ? (a.kind < b.kind ? -1 : 1) : a.name < b.name ? -1 : 1
        )
    })
  )
}

const packageOf = (item: typeof Item.Type, sourceOf: SourceOf): Package => {
  const version = item.version ?? null
  const build = item.build ?? null
  const known = sourceOf({ kind: item.kind, name: item.name, version, build })
  const source = known === undefined ? item.index_url ?? item.source ?? null : known
  return new Package({
    name: item.name,
    version,
    kind: item.kind,
    build,
    source: source === null ? null : source.replace(/\/+$/, ""),
    direct: item.is_explicit ?? typeof item.requested_spec === "string",
    size: item.size_bytes ?? null
  })
}

/** Whether a failed `list` says that there is nothing to list: exit code 1 from 0.42 to 0.67. */
export const isEmpty = (stderr: string): boolean => /No packages found/.test(stderr)
