/**
 * Refuses options that exclude each other.
 *
 * @module
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type * as Errors from "../PackageManagerError.js"
import type { Operation } from "./Operation.js"
import { refuse } from "./Options.js"
import { redact } from "./process/Redact.js"

/**
 * An option, its value where that is not allowed, and why.
 *
 * @since 0.1.0
 * @category models
 */
export type Conflict = readonly [
  option: string,
  value: boolean | string | ReadonlyArray<string> | undefined,
  reason: string
]

/**
 * Fails with `InvalidOption` for the first conflict with a value: not for `undefined`, `false` or an empty list.
 *
 * @since 0.1.0
 * @category validation
 */
export const checkConflicts = (
  operation: Operation,
  conflicts: ReadonlyArray<Conflict>
): Effect.Effect<void, Errors.InvalidOption> => {
  for (const [option, value = false, reason] of conflicts) {
    const isEmpty = typeof value === "object" && value.length === 0
    if (value === false || isEmpty) continue
    return refuse(operation, option, redact(typeof value === "object" ? value.join(", ") : String(value)), reason)
  }
  return Effect.void
}
