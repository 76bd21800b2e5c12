import { redact } from "@darb/package-manager/driver/process/Redact"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"

/** The text is not a lock file, or not one that can be read. */
export class PixiLockError extends Data.TaggedError("PixiLockError")<{
  readonly reason: string
  /** Counted from 1. Never absent: on Bun, an `Error` has `line` and `column` of the engine. */
  readonly line: number | undefined
  /** Counted from 1. */
  readonly column: number | undefined
  /** The format that the file says it has, where it is newer than the newest that is known. */
  readonly newer?: { readonly format: string; readonly newest: number } | undefined
}> {
  override get message() {
    return this.line === undefined ? this.reason : `${this.reason} (line ${this.line}, column ${this.column ?? 1})`
  }
}

const longest = 500

export const invalid = (reason: string, position?: { readonly line: number; readonly column: number }) => {
  const shown = reason.length > longest ? `${reason.slice(0, longest)}…` : reason
  return new PixiLockError({ reason: redact(shown), line: position?.line, column: position?.column })
}

/** What is computed for many thousand packages throws its errors: an effect for each would take longer than the rest. */
export const attempt = <A>(evaluate: () => A): Effect.Effect<A, PixiLockError> =>
  Effect.suspend(() => {
    try {
      return Effect.succeed(evaluate())
    } catch (error) {
      if (error instanceof PixiLockError) return Effect.fail(error)
      throw error
    }
  })
