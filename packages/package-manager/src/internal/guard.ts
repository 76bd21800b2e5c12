/** What every change of an environment goes through: alone in it, all or nothing, and after what was left before is undone. */
import type { PlatformError } from "@effect/platform/Error"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { type Busy, makeEnvironmentLock } from "./environmentLock.js"
import type { Committed, Transaction } from "./transaction.js"

export interface Task {
  readonly operation: string
  /** The canonical path of the directory. */
  readonly environment: string
  readonly marker: string
}

export interface Protected {
  readonly files: ReadonlyArray<string>
  readonly creates?: ReadonlyArray<string> | undefined
  readonly litter?: { readonly directory: string; readonly pattern: RegExp } | undefined
}

export interface Guard {
  /**
   * Runs an effect alone in the directory of the task. `check` comes before anything is written there, and decides whether
   * that may be; it is passed over where a program that died has left something to undo.
   */
  readonly alone: <A, E, R, E2, R2>(
    task: Task,
    check: Effect.Effect<unknown, E2, R2>,
    effect: Effect.Effect<A, E, R>
  ) => Effect.Effect<A, Busy | E | E2 | PlatformError, R | R2>

  /** Runs an effect alone in a directory all or nothing. */
  readonly protect: (
    task: Task,
    what: Protected
  ) => <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E | PlatformError, R>

  /** The files of a change that is under way, here or in another program, as they were before it. */
  readonly committed: (task: Task) => Effect.Effect<Committed>

  /** Undoes what a program that died has left, unless somebody is at work or it cannot be. Waits for nobody. */
  readonly recover: (task: Task) => Effect.Effect<void>
}

/** `waitLimit` is how long others are waited for. */
export const makeGuard = Effect.fnUntraced(function*(transaction: Transaction, waitLimit: Duration.DurationInput) {
  const lock = yield* makeEnvironmentLock(waitLimit)

  const isUnfinished = ({ environment }: Task) => transaction.isUnfinished(lock.stateDirectory(environment))

  const undo = ({ environment }: Task) => transaction.recover(lock.stateDirectory(environment))

  const alone = <A, E, R, E2, R2>(
    task: Task,
    check: Effect.Effect<unknown, E2, R2>,
    effect: Effect.Effect<A, E, R>
  ) =>
    lock.exclusively(
      task,
      Effect.asVoid(Effect.unlessEffect(check, isUnfinished(task))),
      Effect.andThen(undo(task), effect)
    )

  const guard: Guard = {
    alone,
    committed: ({ environment }) => transaction.committed(lock.stateDirectory(environment)),
    protect: (task, what) =>
      transaction.protect({ ...task, ...what, stateDirectory: lock.stateDirectory(task.environment) }),
    recover: (task) =>
      lock.isThere(task.environment).pipe(
        Effect.flatMap((isThere) => isThere ? Effect.asVoid(lock.ifIdle(task, undo(task))) : Effect.void),
        Effect.catchAll((error) => Effect.logError("What a program that died has left could not be undone", error))
      )
  }
  return guard
})
