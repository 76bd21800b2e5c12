/**
 * Serializes the operations of this process on an environment, in order of arrival.
 *
 * @module
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { globalValue } from "effect/GlobalValue"
import * as Output from "../../Output.js"
import * as Telemetry from "../../Telemetry.js"
import { emit } from "../Events.js"
import * as FairLock from "./FairLock.js"
import { Busy } from "./Owner.js"

/**
 * The operation that takes its turn.
 *
 * @since 0.1.0
 * @category models
 */
export interface Held {
  readonly operation: string
  /** The canonical path of the environment. */
  readonly environment: string
}

interface Entry {
  readonly lock: FairLock.FairLock
  /** How many operations hold the lock or wait for it. */
  users: number
  holder: Output.Holder | null
}

/** The entries by canonical directory. Global, since a process may have several managers. */
const entries = globalValue("@darb/package-manager/driver/EnvironmentLock", () => new Map<string, Entry>())

/**
 * Whether an operation of this process holds the environment or waits for it.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isInTurn = (environment: string): boolean => entries.has(environment)

/**
 * Emits a `Waiting` event for the operation of the context.
 *
 * @since 0.1.0
 * @category operations
 */
export const reportWaiting = (holder: Output.Holder | null): Effect.Effect<void> =>
  emit((about) => new Output.Waiting({ ...about, holder }))

/**
 * The holder as events and errors show it, from now on.
 *
 * @since 0.1.0
 * @category getters
 */
export const holderOf = ({ operation }: Held) => Effect.map(Clock.currentTimeMillis, (since) => ({ operation, since }))

/**
 * Runs an effect in its turn; `Busy` if that takes longer than the limit.
 *
 * @since 0.1.0
 * @category combinators
 */
export const inTurn = <A, E, R>(held: Held, limit: Duration.Duration, effect: Effect.Effect<A, E, R>) =>
  Effect.acquireUseRelease(
    Effect.sync(() => {
      const entry = entries.get(held.environment) ?? { lock: FairLock.make(), users: 0, holder: null }
      entries.set(held.environment, entry)
      entry.users++
      return entry
    }),
    (entry) =>
      entry.lock.withLock(
        Effect.flatMap(holderOf(held), (holder) => {
          entry.holder = holder
          return effect
        }),
        (turn) =>
          Effect.andThen(
            reportWaiting(entry.holder),
            Telemetry.waiting(
              Effect.timeoutFail(turn, {
                duration: limit,
                onTimeout: () => new Busy({ holder: entry.holder, hint: undefined })
              })
            )
          )
      ),
    (entry) =>
      Effect.sync(() => {
        entry.users--
        if (entry.users === 0) entries.delete(held.environment)
      })
  )
