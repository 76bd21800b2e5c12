/** Lets effects wait for a condition that is checked again whenever something has happened. */
import * as Effect from "effect/Effect"

export interface Watch {
  readonly notify: () => void
  /** Waits until the check gives a value. */
  readonly until: <A>(check: () => A | undefined) => Effect.Effect<A>
}

export const make = (): Watch => {
  const listeners = new Set<() => void>()
  return {
    notify: () => [...listeners].forEach((listener) => listener()),
    until: <A>(check: () => A | undefined) =>
      Effect.async<A>((resume) => {
        const listener = () => {
          const value = check()
          if (value === undefined) return
          listeners.delete(listener)
          resume(Effect.succeed(value))
        }
        listeners.add(listener)
        listener()
        return Effect.sync(() => listeners.delete(listener))
      })
  }
}
