/**
 * An operation that is delivered again if its process dies, and then must not be done twice.
 *
 * @module
 * @since 0.1.0
 */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"

/**
 * `Result` is what the operation returns.
 *
 * @since 0.1.0
 * @category models
 */
export interface Delivery<Result = unknown> {
  /** The id of this attempt, in events and in the variables of its processes. */
  readonly marker: string
  /** The file that has the result once the operation is committed. Its directory exists. */
  readonly record: string
  /** The text of a result, for the record. */
  readonly encode: (result: Result) => Effect.Effect<string>
  /** The result in a record; none if the text is not one. */
  readonly decode: (text: string) => Option.Option<Result>
}

/**
 * The delivery of the operation in this context; by default an operation is not delivered again.
 *
 * @since 0.1.0
 * @category services
 */
export class Current extends Context.Reference<Current>()("@darb/package-manager/driver/Delivery/Current", {
  defaultValue: (): Delivery | undefined => undefined
}) {}

/**
 * The marker of a new operation.
 *
 * @since 0.1.0
 * @category operations
 */
export const marker: Effect.Effect<string> = Effect.map(
  Current,
  (delivery) => delivery?.marker ?? globalThis.crypto.randomUUID()
)

/**
 * The result of an earlier attempt that was committed. Complete only after a recovery, which removes a partial one.
 *
 * @since 0.1.0
 * @category operations
 */
export const committed: Effect.Effect<Option.Option<unknown>, never, FileSystem.FileSystem> = Effect.gen(function*() {
  const delivery = yield* Current
  if (delivery === undefined) return Option.none()
  const fs = yield* FileSystem.FileSystem
  const text = yield* Effect.option(fs.readFileString(delivery.record))
  return Option.flatMap(text, delivery.decode)
})
