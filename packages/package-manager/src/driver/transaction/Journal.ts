/**
 * The rollback journal: a file that says how to restore an environment if the process of an operation dies.
 *
 * @module
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"

/**
 * The state of a file before the operation.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Snapshot = Schema.Struct({
  file: Schema.String,
  /** The name of a copy beside the journal, with the same bytes and mode; `null` if the file did not exist. */
  copy: Schema.NullOr(Schema.String),
  /** The size of the copy in bytes, and its SHA-256 in hexadecimal. Version 1 has neither. */
  size: Schema.optional(Schema.Number),
  sha256: Schema.optional(Schema.String)
})
export type Snapshot = typeof Snapshot.Type

/**
 * The names that a manager gives to temporary files, which a killed manager leaves.
 *
 * @since 0.1.0
 * @category schemas
 */
export const TemporaryFiles = Schema.Struct({
  directory: Schema.String,
  /** A regular expression. */
  pattern: Schema.String,
  /** The files that existed before the operation and are kept. */
  present: Schema.Array(Schema.String)
})
export type TemporaryFiles = typeof TemporaryFiles.Type

const fields = {
  version: Schema.Literal(1, 2),
  operation: Schema.String,
  /** The marker in the variables of all its processes. */
  marker: Schema.String,
  files: Schema.Array(Snapshot),
  /** Files and directories that did not exist before the operation. A rollback removes them with their content. */
  created: Schema.Array(Schema.String),
  /** The file with the result of the operation. A rollback removes it. */
  record: Schema.optional(Schema.String),
  temporaryFiles: Schema.optional(TemporaryFiles)
}

/**
 * What recovery needs to know: the operation, and for each file its copy with size and SHA-256, or that it did not
 * exist.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Journal = Schema.Struct(fields).pipe(
  Schema.filter(({ files, version }) =>
    version === 1 || files.every(({ copy, sha256, size }) => copy === null || (sha256 && size) !== undefined)
  )
)
export type Journal = typeof Journal.Type

/** Journals of version 1 had another name for the temporary files. */
const Released = Schema.Struct({
  ...fields,
  version: Schema.Literal(1),
  temporaryFiles: Schema.propertySignature(TemporaryFiles).pipe(Schema.fromKey("litter"))
})

const schema = Schema.parseJson(Schema.Union(Released, Journal))

/**
 * The bytes of a journal, in the format that `decode` reads.
 *
 * @since 0.1.0
 * @category encoding
 */
export const encode = (journal: Journal): Uint8Array => new TextEncoder().encode(JSON.stringify(journal))

/**
 * `undefined` if this is not a journal, or one of an unknown version.
 *
 * @since 0.1.0
 * @category decoding
 */
export const decode = (bytes: Uint8Array): Journal | undefined =>
  Either.getOrUndefined(Schema.decodeUnknownEither(schema)(new TextDecoder().decode(bytes)))
