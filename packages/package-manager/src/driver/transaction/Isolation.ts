/** What every change of an environment goes through: alone in it, all or nothing, and after what was left before is undone. */
import type { PlatformError } from "@effect/platform/Error"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { type Busy, makeEnvironmentLock } from "./EnvironmentLock.js"
import type { Committed, Transaction } from "./Transaction.js"

export interface Operation {
  readonly operation: string
  /** The canonical path of the directory. */
  readonly environment: string
  readonly marker: string
}

export interface Protected {
  readonly files: ReadonlyArray<string>
  readonly creates?: ReadonlyArray<string> | undefined
  readonly temporaryFiles?: { readonly directory: string; readonly pattern: RegExp } | undefined
}

export interface Isolation {
  /**
   * Runs an effect alone in the directory of the operation. `check` comes before anything is written there, and decides whether
   * that may be; it is passed over where a program that died has left something to undo.
   */
  readonly alone: <A, E, R, E2, R2>(
    operation: Operation,
    check: Effect.Effect<unknown, E2, R2>,
    effect: Effect.Effect<A, E, R>
  ) => Effect.Effect<A, Busy | E | E2 | PlatformError, R | R2>

  /** Runs an effect alone in a directory all or nothing. */
  readonly protect: (
    operation: Operation,
    what: Protected
  ) => <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E | PlatformError, R>

  /** The files of a change that is under way, here or in another program, as they were before it. */
  readonly committed: (operation: Operation) => Effect.Effect<Committed>

  /** Undoes what a program that died has left, unless somebody is at work or it cannot be. Waits for nobody. */
  readonly recover: (operation: Operation) => Effect.Effect<void>
}

/** `waitLimit` is how long others are waited for. */
export const makeIsolation = Effect.fnUntraced(function*(transaction: Transaction, waitLimit: Duration.DurationInput) {
  const lock = yield* makeEnvironmentLock(waitLimit)

  const isUnfinished = ({ environment }: Operation) => transaction.isUnfinished(lock.stateDirectory(environment))

  const undo = ({ environment }: Operation) => transaction.recover(lock.stateDirectory(environment))

  const alone = <A, E, R, E2, R2>(
    operation: Operation,
    check: Effect.Effect<unknown, E2, R2>,
    effect: Effect.Effect<A, E, R>
  ) =>
    lock.exclusively(
      operation,
      Effect.asVoid(Effect.unlessEffect(check, isUnfinished(operation))),
      Effect.andThen(undo(operation), effect)
    )

  const isolation: Isolation = {
    alone,
    committed: ({ environment }) => transaction.committed(lock.stateDirectory(environment)),
    protect: (operation, what) =>
      transaction.protect({ ...operation, ...what, stateDirectory: lock.stateDirectory(operation.environment) }),
    recover: (operation) =>
      lock.isThere(operation.environment).pipe(
        Effect.flatMap((isThere) => isThere ? Effect.asVoid(lock.ifIdle(operation, undo(operation))) : Effect.void),
        Effect.catchAll((error) => Effect.logError("What a program that died has left could not be undone", error))
      )
  }
  return isolation
})
