/**
 * Combines lock, recovery and transaction: the path of every operation that changes an environment.
 *
 * @module
 * @since 0.1.0
 */
import type { PlatformError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Delivery from "../Delivery.js"
import type { Operation } from "../Operation.js"
import { makeEnvironmentLock, type Options } from "./EnvironmentLock.js"
import type { Busy } from "./Owner.js"
import type { RunRecords } from "./RunRecords.js"
import type { Committed, Scope, Transaction } from "./Transaction.js"

/**
 * What a change and a read of an environment go through.
 *
 * @since 0.1.0
 * @category models
 */
export interface Isolation {
  /**
   * Locks the environment, recovers it and runs an effect. `check` runs before anything is written, and fails if the directory
   * must not be written to. It is skipped if there is something to recover. An operation that was delivered and committed
   * before is not run again: its result is returned.
   */
  readonly exclusively: <A, E, R, E2, R2>(
    operation: Operation,
    check: Effect.Effect<unknown, E2, R2>,
    effect: Effect.Effect<A, E, R>
  ) => Effect.Effect<A, Busy | E | E2 | PlatformError, R | R2>

  /** Returns the result of an operation that was delivered and committed before, instead of running the effect. */
  readonly once: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

  /** Snapshots the files of a scope, runs an effect, and rolls back if it does not succeed. Requires the lock. */
  readonly transactional: (
    operation: Operation,
    scope: Scope
  ) => <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E | PlatformError, R>

  /** The files of a running change, of this process or another one, as they were before it. */
  readonly committed: (operation: Operation) => Effect.Effect<Committed, PlatformError>

  /** Recovers the environment if that is possible without waiting. Never fails: errors are logged. */
  readonly recover: (operation: Operation) => Effect.Effect<void>
}

/**
 * Combines the lock, the transactions and the records of programs.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeIsolation = Effect.fnUntraced(function*(
  transaction: Transaction,
  options: Options,
  { recover }: Pick<RunRecords, "recover">
) {
  const fs = yield* FileSystem.FileSystem
  const lock = yield* makeEnvironmentLock(options)

  const once = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Delivery.committed.pipe(
      Effect.provideService(FileSystem.FileSystem, fs),
      Effect.flatMap(Option.match({ onNone: () => effect, onSome: (result) => Effect.succeed(result as A) }))
    )

  const stateOf = ({ environment }: Operation) => lock.stateDirectory(environment)

  const isolation: Isolation = {
    exclusively: (operation, check, effect) =>
      lock.exclusively(
        operation,
        Effect.asVoid(Effect.unlessEffect(check, transaction.isUnfinished(stateOf(operation)))),
        transaction.recover(stateOf(operation)).pipe(
          Effect.andThen(recover(operation.environment)),
          Effect.andThen(once(effect))
        )
      ),
    once,
    transactional: (operation, scope) =>
      transaction.transactional({ ...operation, ...scope, stateDirectory: stateOf(operation) }),
    committed: (operation) => transaction.committed(stateOf(operation)),
    recover: (operation) =>
      lock.isThere(operation.environment).pipe(
        Effect.andThen((isThere) =>
          isThere ? lock.ifIdle(operation, transaction.recover(stateOf(operation))) : Effect.void
        ),
        Effect.catchAll((error) => Effect.logError("Cannot recover the environment", error)),
        Effect.asVoid
      )
  }
  return isolation
})
