/** Operations that change an environment run one after another, in the order in which they came. */
import * as Effect from "effect/Effect"
import { globalValue } from "effect/GlobalValue"
import * as Output from "../Output.js"

interface Lock {
  readonly semaphore: Effect.Semaphore
  /** How many operations hold it or wait for it. */
  users: number
}

/** By canonical directory. Of the process and not of a manager: several of them may be made. */
const locks = globalValue("@darb/package-manager/internal/environmentLock", () => new Map<string, Lock>())

export interface Holder {
  readonly operation: string
  /** The canonical path of the directory. */
  readonly environment: string
}

/** Runs an effect when no other one runs in the environment. Waiting is observed, and can be interrupted. */
export const exclusively =
  ({ environment, operation }: Holder) => <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.acquireUseRelease(
      Effect.sync(() => {
        const lock = locks.get(environment) ?? { semaphore: Effect.unsafeMakeSemaphore(1), users: 0 }
        locks.set(environment, lock)
        lock.users++
        return lock
      }),
      (lock) =>
        Effect.gen(function*() {
          if (lock.users > 1) {
            const observe = yield* Output.Observer
            yield* observe(new Output.Waiting({ operation, environment }))
          }
          return yield* lock.semaphore.withPermits(1)(effect)
        }),
      (lock) =>
        Effect.sync(() => {
          lock.users--
          if (lock.users === 0) locks.delete(environment)
        })
    )
