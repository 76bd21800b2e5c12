/**
 * Waits for conditions over plain variables.
 *
 * @module
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"

/**
 * Wakes those who wait for a condition.
 *
 * @since 0.1.0
 * @category models
 */
export interface Condition {
  /** Waits until the condition holds. It is checked at once and at each notification. */
  readonly until: (holds: () => boolean) => Effect.Effect<void>
  readonly notify: () => void
}

/**
 * A condition that nobody waits for.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (): Condition => {
  const waiting = new Set<() => void>()
  return {
    until: (holds) =>
      Effect.async<void>((resume) => {
        const check = () => {
          if (!holds()) return
          waiting.delete(check)
          resume(Effect.void)
        }
        waiting.add(check)
        check()
        return Effect.sync(() => waiting.delete(check))
      }),
    notify: () => waiting.forEach((check) => check())
  }
}
