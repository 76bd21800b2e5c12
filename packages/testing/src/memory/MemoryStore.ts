/**
 * The environments of a manager in memory: one change at a time, all or nothing.
 *
 * @module
 * @since 0.1.0
 */
import * as Events from "@darb/package-manager/driver/Events"
import { contextOf, type Operation } from "@darb/package-manager/driver/Operation"
import { refuse } from "@darb/package-manager/driver/Options"
import * as FairLock from "@darb/package-manager/driver/transaction/FairLock"
import * as Output from "@darb/package-manager/Output"
import * as Errors from "@darb/package-manager/PackageManagerError"
import * as Clock from "effect/Clock"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { manifestFile, type State } from "./MemoryState.js"

/** A path, with or without an environment. */
interface Slot {
  readonly lock: FairLock.FairLock
  state: State | undefined
  holder: Output.Holder | null
}

/**
 * The states of all environments of a manager in memory.
 *
 * @since 0.1.0
 * @category models
 */
export interface Store {
  /** The committed state; never waits for a change in progress. */
  readonly read: (operation: Operation) => Effect.Effect<State, Errors.EnvironmentNotFound>
  /** Creates an environment. */
  readonly create: <E>(
    operation: Operation,
    decide: Effect.Effect<State, E>
  ) => Effect.Effect<State, E | Errors.EnvironmentExists>
  /** The states before and after a change. A dry run does not make it. */
  readonly change: <E>(
    operation: Operation,
    decide: (before: State) => Effect.Effect<State, E>,
    dryRun?: boolean
  ) => Effect.Effect<{ readonly before: State; readonly after: State }, E | Errors.EnvironmentNotFound>
  /** Removes an environment, unless there are others below it. */
  readonly destroy: (operation: Operation) => Effect.Effect<void, Errors.EnvironmentNotFound | Errors.InvalidOption>
  /** The paths of the environments below a directory that are not inside each other, sorted. */
  readonly below: (directory: string) => Effect.Effect<ReadonlyArray<string>>
}

/**
 * Makes a store whose changes take `duration`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeStore = (initial: ReadonlyMap<string, State>, duration: Duration.DurationInput): Store => {
  const slots = new Map<string, Slot>()

  const slotOf = (environment: string): Slot => {
    const slot = slots.get(environment) ?? { lock: FairLock.make(), state: initial.get(environment), holder: null }
    slots.set(environment, slot)
    return slot
  }

  const read = (operation: Operation) =>
    Effect.suspend(() => {
      const { state } = slotOf(operation.environment)
      if (state !== undefined) return Effect.succeed(state)
      const reason = "there is no environment at this path; create one with init"
      return new Errors.EnvironmentNotFound({ ...contextOf(operation), reason })
    })

  const checkVacant = (operation: Operation) =>
    Effect.suspend(() =>
      slotOf(operation.environment).state === undefined
        ? Effect.void
        : new Errors.EnvironmentExists({ ...contextOf(operation), manifest: manifestFile(operation.environment) })
    )

  /** Runs an effect alone in the environment, in order of arrival. */
  const exclusively = <A, E>(operation: Operation, effect: Effect.Effect<A, E>): Effect.Effect<A, E> => {
    const slot = slotOf(operation.environment)
    const held = Effect.flatMap(Clock.currentTimeMillis, (since) => {
      slot.holder = { operation: operation.operation, since }
      return effect
    })
    return slot.lock.withLock(
      held,
      (turn) => Effect.andThen(Events.emit((about) => new Output.Waiting({ ...about, holder: slot.holder })), turn)
    )
  }

  /** Replaces the state once all the waiting is over; nothing changes before. */
  const commit = Effect.fnUntraced(function*(operation: Operation, state: State) {
    const tell = (phase: Output.Phase, done: number) => {
      const packages = { done, total: added?.length ?? null }
      const totals = phase === "solving" || added === undefined || added.length === 0
        ? null
        : { packages, bytes: { done: null, total: null } }
      return Events.emit((about) =>
        new Output.Progress({ ...about, phase, package: null, bytes: null, totals }, { disableValidation: true })
      )
    }
    const before = slotOf(operation.environment).state?.installed
    // The same array if nothing is to be installed.
    const added = state.installed === before ?
      undefined :
      state.installed?.filter(({ name, version }) =>
        before?.some((found) => found.name === name && found.version === version) !== true
      )
    yield* tell("solving", 0)
    yield* Effect.sleep(duration)
    yield* tell("linking", 0)
    yield* tell("done", added?.length ?? 0)
    slotOf(operation.environment).state = state
  })

  const below = (directory: string) =>
    Effect.sync(() => {
      const start = directory === "/" ? directory : `${directory}/`
      const all = new Set([...initial.keys(), ...slots.keys()])
      const found = [...all].filter((path) => path.startsWith(start) && slotOf(path).state !== undefined)
      return found.filter((path) => !found.some((other) => path.startsWith(`${other}/`))).sort()
    })

  const destroy = Effect.fnUntraced(function*(operation: Operation) {
    yield* read(operation)
    const { environment } = operation
    const others = yield* below(environment)
    if (others.length > 0) {
      const reason = `it contains other environments: ${others.join(", ")}. Destroy or move them first.`
      return yield* refuse(operation, "path", environment, reason)
    }
    slotOf(environment).state = undefined
  })

  return {
    read,
    below,
    destroy: (operation) => Effect.andThen(read(operation), exclusively(operation, destroy(operation))),
    create: (operation, decide) =>
      Effect.gen(function*() {
        yield* checkVacant(operation)
        const state = yield* decide
        yield* commit(operation, state)
        return state
      }).pipe(
        (effect) => Effect.andThen(checkVacant(operation), exclusively(operation, effect)),
        Events.within(operation)
      ),
    change: (operation, decide, dryRun = false) =>
      Effect.gen(function*() {
        const before = yield* read(operation)
        const after = yield* decide(before)
        yield* commit(operation, dryRun ? before : after)
        return { before, after }
      }).pipe(
        (effect) => Effect.andThen(read(operation), exclusively(operation, effect)),
        Events.within(operation)
      )
  }
}
