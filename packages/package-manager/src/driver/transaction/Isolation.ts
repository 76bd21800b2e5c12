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
import type { Committed, Contents } from "./Contents.js"
import { makeEnvironmentLock, type Options } from "./EnvironmentLock.js"
import type { Busy } from "./Owner.js"
import type { RunRecords } from "./RunRecords.js"
import type { Scope, Transaction } from "./Transaction.js"

/**
 * What a change and a read of an environment go through.
 *
 * @since 0.1.0
 * @category models
 */
export interface Isolation {
  /**
   * Locks the environment, recovers it and runs an effect. `check` runs before anything is written, and fails if the directory
   * must not be written to. It need not succeed if there is something to recover. An operation that was delivered and committed
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

  /** Reads the files of a change that is about to begin. Requires the lock. */
  readonly read: (operation: Operation, files: ReadonlyArray<string>) => Effect.Effect<Contents, PlatformError>

  /** Recovers the environment, and returns the files of a running change, of any process, as they were before it. */
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

  /** Returns whether there is a state directory: there may have been something to recover, or a change runs. */
  const recoverIdle = (operation: Operation) =>
    Effect.tap(
      lock.isThere(operation.environment),
      (isThere) => isThere ? lock.ifIdle(operation, transaction.recover(stateOf(operation))) : Effect.void
    ).pipe(
      Effect.catchAll((error) => Effect.as(Effect.logError("Cannot recover the environment", error), true))
    )

  const isolation: Isolation = {
    exclusively: (operation, check, effect) =>
      lock.exclusively(
        operation,
        Effect.catchAll(check, (error) =>
          Effect.unlessEffect(Effect.fail(error), transaction.isUnfinished(stateOf(operation)))),
        ({ names, state }) =>
          (state.includes("journal") ? transaction.recover(stateOf(operation)) : Effect.void).pipe(
            Effect.andThen(recover(operation.environment, names)),
            Effect.andThen(once(effect))
          )
      ),
    once,
    transactional: (operation, scope) =>
      transaction.transactional({ ...operation, ...scope, stateDirectory: stateOf(operation) }),
    read: (operation, files) => transaction.read(operation.environment, files),
    committed: (operation) =>
      Effect.flatMap(
        recoverIdle(operation),
        (isThere) => isThere ? transaction.committed(stateOf(operation)) : Effect.succeed(new Map())
      ),
    recover: (operation) => Effect.asVoid(recoverIdle(operation))
  }
  return isolation
})
