/** The records of linked conda packages: `conda-meta/NAME-VERSION-BUILD.json`. */
import * as Schema from "effect/Schema"

const fields = { name: Schema.NonEmptyString, version: Schema.String, build: Schema.String }
const channel = Schema.NullOr(Schema.String)

/** A linked package: what its record says, as far as `list` and `status` need it. */
export interface PixiPrefixRecord extends Schema.Schema.Type<typeof PixiPrefixRecord> {}
export const PixiPrefixRecord = Schema.Struct({
  ...fields,
  channel: Schema.optionalWith(channel, { default: () => null })
})

/** Decodes the text of a record. */
export const decode = Schema.decodeUnknownEither(Schema.parseJson(PixiPrefixRecord))

const decodeFields = Schema.decodeUnknownOption(Schema.parseJson(Schema.Struct({ ...fields, channel })))

/**
 * Decodes the beginning of a record, if all fields are in it. pixi indents the members of the record by two spaces, and
 * writes long lists after these fields. Wherever else the text is cut, it does not become JSON by one closing brace.
 */
export const decodeHead = (head: string) => decodeFields(`${head.slice(0, head.lastIndexOf(",\n  \""))}}`)
