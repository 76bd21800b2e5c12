/**
 * Emits the events of the current operation.
 *
 * @module
 * @since 0.1.0
 */
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { identity } from "effect/Function"
import * as Output from "../Output.js"
import type { Operation } from "./Operation.js"
import * as FairLock from "./transaction/FairLock.js"

/**
 * The operation that events are about.
 *
 * @since 0.1.0
 * @category services
 */
export class Current extends Context.Reference<Current>()("@darb/package-manager/driver/Events/Current", {
  defaultValue: (): Output.Identity => ({ operation: "", environment: "", id: "" })
}) {}

type Identified = Pick<Operation, "environment" | "marker"> & { readonly operation: string }

/**
 * What the events of an operation say about it.
 *
 * @since 0.1.0
 * @category getters
 */
export const identityOf = ({ environment, marker, operation }: Identified): Output.Identity => ({
  operation,
  environment,
  id: marker
})

/**
 * Whoever calls the observer of the current operation has it.
 *
 * @since 0.1.0
 * @category services
 */
export class Turn extends Context.Reference<Turn>()("@darb/package-manager/driver/Events/Turn", {
  defaultValue: (): Pick<FairLock.FairLock, "withLock"> => ({ withLock: identity })
}) {}

/**
 * Runs an effect as an operation: its events have the identity of the operation.
 *
 * @since 0.1.0
 * @category combinators
 */
export const within = (operation: Identified) => <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.suspend(() =>
    effect.pipe(
      Effect.provideService(Current, identityOf(operation)),
      Effect.provideService(Turn, FairLock.make())
    )
  )

/**
 * Passes an event of the current operation to the observer, after those before it. An observer must not use it.
 *
 * @since 0.1.0
 * @category operations
 */
export const emit = (make: (operation: Output.Identity) => Output.Event): Effect.Effect<void> =>
  Effect.gen(function*() {
    const observe = yield* Output.Observer
    if (observe !== Output.nobody) yield* (yield* Turn).withLock(observe(make(yield* Current)))
  })

/** How long an interrupted operation waits for its observer, at each event. */
const patience = "5 seconds"

/**
 * Limits how long the observer can hold up an effect that cannot be interrupted, such as a finalizer. It does not see what it
 * has no time for.
 *
 * @since 0.1.0
 * @category combinators
 */
export const limited = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.flatMap(Output.Observer, (observe) =>
    observe === Output.nobody
      ? effect
      : Output.observe(effect, (event) =>
        Effect.asVoid(Effect.timeoutOption(Effect.interruptible(observe(event)), patience))))

/**
 * Runs an effect because of a failure: after an interruption, nobody waits for long.
 *
 * @since 0.1.0
 * @category combinators
 */
export const after =
  (cause: Cause.Cause<unknown>) => <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Cause.isInterrupted(cause) ? limited(effect) : effect
