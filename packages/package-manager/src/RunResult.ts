/**
 * How a program of `run` ended.
 *
 * @module
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"

/**
 * One of the two is `null`.
 *
 * @since 0.1.0
 * @category schemas
 */
export const RunResult = Schema.Struct({
  /** `null` if a signal ended the program. */
  exitCode: Schema.NullOr(Schema.Number),
  /** The signal that ended the program, such as `SIGKILL`. */
  signal: Schema.NullOr(Schema.String)
})
export type RunResult = typeof RunResult.Type
