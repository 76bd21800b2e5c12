/**
 * The error of a lock file that cannot be read.
 *
 * @module
 * @since 0.1.0
 */
import { redact } from "@darb/package-manager/driver/process/Redact"
import * as Schema from "effect/Schema"

/** Always an own field: on Bun, an `Error` has `line` and `column` of the engine. */
const counted = Schema.optional(Schema.Number).pipe(Schema.withConstructorDefault(() => undefined))

/**
 * The text is not a lock file, or its format is too new.
 *
 * @since 0.1.0
 * @category errors
 */
export class PixiLockError extends Schema.TaggedError<PixiLockError>("@darb/pixi/PixiLockError")("PixiLockError", {
  reason: Schema.String,
  /** Counted from 1. */
  line: counted,
  /** Counted from 1. */
  column: counted,
  /** The format of the file, if it is newer than the newest known one. */
  newer: Schema.optional(Schema.Struct({ format: Schema.String, newest: Schema.Number }))
}) {
  override get message() {
    return this.line === undefined ? this.reason : `${this.reason} (line ${this.line}, column ${this.column ?? 1})`
  }
}

const longest = 300

/**
 * An error whose reason has no credentials and a limited length.
 *
 * @since 0.1.0
 * @category operations
 */
export const invalid = (reason: string, more: Omit<Partial<PixiLockError>, "reason"> = {}): PixiLockError =>
  new PixiLockError({ ...more, reason: redact(reason.length > longest ? `${reason.slice(0, longest)}…` : reason) })
