/** What undoes an operation, kept in a file while it runs: a program that dies is outlived by it. */
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"

/** A file as it was; `null` if there was none. */
export const Snapshot = Schema.Struct({
  file: Schema.String,
  /** The name of a copy beside the journal, with the same bytes and mode. */
  copy: Schema.NullOr(Schema.String)
})
export type Snapshot = typeof Snapshot.Type

/** Names that a manager gives to files for a moment: one that dies leaves them. */
export const TemporaryFiles = Schema.Struct({
  directory: Schema.String,
  /** A regular expression. */
  pattern: Schema.String,
  /** What was there before, and stays. */
  present: Schema.Array(Schema.String)
})
export type TemporaryFiles = typeof TemporaryFiles.Type

export const Journal = Schema.Struct({
  version: Schema.Literal(1),
  operation: Schema.String,
  /** The value of the variable that all its processes have. */
  marker: Schema.String,
  files: Schema.Array(Snapshot),
  /** What was not there before, and is removed with everything in it. */
  created: Schema.Array(Schema.String),
  temporaryFiles: Schema.optional(TemporaryFiles)
})
export type Journal = typeof Journal.Type

const schema = Schema.parseJson(Journal)

const encodeJournal = Schema.encodeSync(schema)
const decodeJournal = Schema.decodeUnknownEither(schema)

export const encode = (journal: Journal): Uint8Array => new TextEncoder().encode(encodeJournal(journal))

/** `undefined` if it is not a journal: it is written in one step, so that it is not one of ours. */
export const decode = (bytes: Uint8Array): Journal | undefined =>
  Either.getOrUndefined(decodeJournal(new TextDecoder().decode(bytes)))
