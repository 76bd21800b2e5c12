/**
 * Schemas that the files of uv share: names, markers, requirements and tables by name.
 *
 * @module
 * @since 0.1.0
 */
import { redact } from "@darb/package-manager/driver/process/Redact"
import { type Decoder, parsed, record } from "@darb/package-manager/driver/Table"
import * as Toml from "@darb/package-manager/driver/Toml"
import * as Pep508 from "@darb/python/Pep508"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"

/**
 * Keeps the keys that a schema does not name.
 *
 * @since 0.1.0
 * @category values
 */
export const open = { key: Schema.String, value: Schema.Unknown }

/**
 * An environment marker. A text that is not one is a problem at its place in the file.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Marker = parsed(Pep508.parseMarker)

/**
 * A requirement (PEP 508). A text that is not one is a problem at its place in the file.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Requirement = parsed(Pep508.parse)

/**
 * The name of a package, an extra or a group, normalized.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Name = parsed((text) =>
  Either.fromNullable(Pep508.normalizedName(text), () => ({
    reason: `Expected a name of letters, digits, \`-\`, \`_\` and \`.\`, actual ${JSON.stringify(text)}`
  }))
)

/**
 * Version specifiers such as `>=3.10`.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Specifiers = parsed((text) => {
  const reason = Pep508.specifierProblem(text)
  return reason === undefined ? Either.right(text) : Either.left({ reason })
})

/**
 * Why a value is invalid, and the path from it to the key at fault.
 *
 * @since 0.1.0
 * @category models
 */
export interface Failure {
  readonly path: ReadonlyArray<PropertyKey>
  readonly reason: string
}

const any = <A>(): Schema.Schema<A> => Schema.Any

/**
 * Transforms a decoded value, or fails at one of its keys. `input` is the value before it was decoded.
 *
 * @since 0.1.0
 * @category operations
 */
export const mapOrFail = <A, B>(
  schema: Decoder<A>,
  transform: (value: A, input: unknown) => Either.Either<B, Failure>
): Decoder<B> =>
  Schema.transformOrFail(schema, any<B>(), {
    decode: (value, _, ast, input) =>
      Either.mapLeft(transform(value, input), ({ path: [first, ...path], reason }) => {
        const issue = new ParseResult.Type(ast, value, reason)
        return first === undefined ? issue : new ParseResult.Pointer([first, ...path], value, issue)
      }),
    encode: (value, _, ast) => ParseResult.fail(new ParseResult.Forbidden(ast, value))
  })

/**
 * A table by normalized name. No two of its keys may have the same one.
 *
 * @since 0.1.0
 * @category operations
 */
export const named = <A>(value: Decoder<A>): Decoder<ReadonlyMap<string, A>> =>
  mapOrFail(record(value), (table): Either.Either<ReadonlyMap<string, A>, Failure> => {
    const entries = new Map<string, A>()
    for (const [key, entry] of Object.entries(table)) {
      const name = Pep508.normalizedName(key)
      if (name === undefined) return Either.left({ path: [key], reason: "Expected a name as the key" })
      if (entries.has(name)) return Either.left({ path: [key], reason: `The name ${name} occurs twice` })
      entries.set(name, entry)
    }
    return Either.right(entries)
  })

/**
 * Decodes TOML of at most `maxBytes`, or fails with the first problem. Its reason has the path, and no credentials.
 *
 * @since 0.1.0
 * @category decoding
 */
export const decoder = <A>(schema: Decoder<A>, maxBytes: number) => {
  const decode = Toml.decoder(schema, { maxBytes })
  return (bytes: Uint8Array): Effect.Effect<Toml.Decoded<A>, Toml.Problem> =>
    Effect.mapError(decode(bytes), ([problem]) => ({ ...problem, reason: redact(Toml.format(problem)) }))
}
