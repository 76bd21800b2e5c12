/**
 * Decodes the output of `pixi list --json`.
 *
 * @module
 * @since 0.1.0
 */
import { Kind, Package } from "@darb/package-manager/Package"
import * as Either from "effect/Either"
import * as Order from "effect/Order"
import * as Schema from "effect/Schema"
import { firstIssue } from "../FirstIssue.js"
import { pypiName } from "./PixiDependencies.js"

// Defaults in the schema would double the time for each package.
const optional = <A, I>(schema: Schema.Schema<A, I>) => Schema.optional(Schema.NullOr(schema))

const Item = Schema.Struct({
  name: Schema.NonEmptyString,
  version: optional(Schema.String),
  build: optional(Schema.String),
  kind: Kind,
  /** The URL of the channel from 0.42.0 on; before, the name of a file or package. */
  source: optional(Schema.String),
  index_url: optional(Schema.String),
  size_bytes: optional(Schema.Number),
  /** Missing in 0.62 and 0.63. */
  is_explicit: Schema.optional(Schema.Boolean),
  requested_spec: optional(Schema.String)
})

/**
 * The fields that tell the packages of a list apart.
 *
 * @since 0.1.0
 * @category models
 */
export interface Identity extends Pick<Package, "kind" | "name" | "version" | "build"> {}

/**
 * What is known of a package from elsewhere.
 *
 * @since 0.1.0
 * @category models
 */
export interface Known {
  /** The source, which is better than that of the list. */
  readonly source?: string | null | undefined
  readonly installed?: string | undefined
}

const Items = Schema.parseJson(Schema.Array(Item))

const byName = Order.mapInput(
  Order.tuple(Order.string, Order.string),
  ({ kind, name }: Package) => [name, kind] as const
)

/**
 * The packages, sorted by name, or the reason why the text is invalid. Without packages, versions before 0.68 print nothing.
 *
 * @since 0.1.0
 * @category decoding
 */
export const decode = (
  stdout: string,
  knownOf: (item: Identity) => Known
): Either.Either<ReadonlyArray<Package>, string> =>
  Either.mapBoth(Schema.decodeUnknownEither(Items)(stdout.trim() === "" ? "[]" : stdout), {
    onLeft: (error) => `the list of packages: ${firstIssue(error)}`,
    onRight: (items) => items.map((item) => packageOf(item, knownOf)).sort(byName)
  })

const packageOf = (item: typeof Item.Type, knownOf: (item: Identity) => Known): Package => {
  const { build = null, index_url, is_explicit, kind, requested_spec = null, size_bytes = null, version = null } = item
  const name = kind === "pypi" ? pypiName(item.name) : item.name
  const { installed = null, source = index_url ?? item.source ?? null } = knownOf({ kind, name, version, build })
  // Each field has been decoded.
  return new Package({
    name,
    version,
    kind,
    build,
    source: source === null ? null : source.replace(/\/+$/, ""),
    direct: is_explicit ?? requested_spec !== null,
    size: size_bytes,
    installed
  }, true)
}

/**
 * Whether `list` failed because there are no packages, as versions 0.42 to 0.67 do.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isEmpty = (stderr: string): boolean => /No packages found/.test(stderr)
