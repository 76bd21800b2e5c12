/**
 * Decodes the output of `pixi shell-hook --json`. Pure.
 *
 * @module
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { firstIssue } from "./FirstIssue.js"

/**
 * How variables differ from those of the process that asked.
 *
 * @since 0.1.0
 * @category models
 */
export interface Difference {
  readonly set: Readonly<Record<string, string>>
  readonly unset: ReadonlyArray<string>
}

/**
 * pixi has sourced all scripts; newer versions list some of them anyway. Some versions, such as 0.41.4, cut a value at the end
 * of its first line.
 */
const ShellHook = Schema.parseJson(Schema.Struct({
  environment_variables: Schema.Record({ key: Schema.String, value: Schema.String })
}))

/**
 * The variables that activation sets. Fails with a sentence that says where the output is not as expected.
 *
 * @since 0.1.0
 * @category decoding
 */
export const decode = (stdout: string): Effect.Effect<Difference, string> =>
  Effect.mapBoth(Schema.decodeUnknown(ShellHook)(stdout), {
    onFailure: firstIssue,
    onSuccess: ({ environment_variables: set }) => ({ set, unset: [] })
  })
