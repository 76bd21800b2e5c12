/** The environments of an in-memory manager: who may change them when, and all or nothing. */
import * as Clock from "effect/Clock"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Output from "../Output.js"
import * as Errors from "../PackageManagerError.js"
import * as FairLock from "./fairLock.js"
import { manifestFile, type State } from "./memoryState.js"
import { contextOf, type Task } from "./task.js"

/** An environment, or the place of one. */
interface Slot {
  readonly lock: FairLock.FairLock
  state: State | undefined
  holder: Output.Holder | null
}

export interface Store {
  /** Never waits: what is under way does not count. */
  readonly read: (task: Task) => Effect.Effect<State, Errors.EnvironmentNotFound>
  /** Makes an environment where there is none. */
  readonly create: <E>(
    task: Task,
    decide: Effect.Effect<State, E>
  ) => Effect.Effect<State, E | Errors.EnvironmentExists>
  /** What it was before and is after. */
  readonly change: <E>(
    task: Task,
    decide: (before: State) => Effect.Effect<State, E>
  ) => Effect.Effect<{ readonly before: State; readonly after: State }, E | Errors.EnvironmentNotFound>
}

/** `duration` is how long a change takes. */
export const makeStore = (initial: ReadonlyMap<string, State>, duration: Duration.DurationInput): Store => {
  const slots = new Map<string, Slot>()

  const slotOf = (environment: string): Slot => {
    const slot = slots.get(environment) ?? { lock: FairLock.make(), state: initial.get(environment), holder: null }
    slots.set(environment, slot)
    return slot
  }

  const read = (task: Task) =>
    Effect.suspend(() => {
      const { state } = slotOf(task.environment)
      if (state !== undefined) return Effect.succeed(state)
      const reason = "there is no such environment in memory; init makes one"
      return new Errors.EnvironmentNotFound({ ...contextOf(task), reason })
    })

  const checkVacant = (task: Task) =>
    Effect.suspend(() =>
      slotOf(task.environment).state === undefined
        ? Effect.void
        : new Errors.EnvironmentExists({ ...contextOf(task), manifest: manifestFile(task.environment) })
    )

  /** Alone in the environment, in the order of arrival. */
  const alone = <A, E>(task: Task, effect: Effect.Effect<A, E>): Effect.Effect<A, E> => {
    const slot = slotOf(task.environment)
    const held = Effect.flatMap(Clock.currentTimeMillis, (since) => {
      slot.holder = { operation: task.operation, since }
      return effect
    })
    const { environment, operation } = task
    return slot.lock.withLock(
      held,
      (turn) =>
        Effect.flatMap(
          Output.Observer,
          (observe) => observe(new Output.Waiting({ operation, environment, holder: slot.holder }))
        ).pipe(Effect.andThen(turn))
    )
  }

  /** Puts a state in place when all that takes time is over: until then nothing has changed. */
  const commit = Effect.fnUntraced(function*(task: Task, state: State) {
    const observe = yield* Output.Observer
    const tell = (phase: Output.Phase) => observe(new Output.Progress({ phase, package: null, bytes: null }))
    yield* tell("solving")
    yield* Effect.sleep(duration)
    yield* tell("linking")
    yield* tell("done")
    slotOf(task.environment).state = state
  })

  return {
    read,
    create: (task, decide) =>
      Effect.gen(function*() {
        yield* checkVacant(task)
        const state = yield* decide
        yield* commit(task, state)
        return state
      }).pipe((effect) => Effect.andThen(checkVacant(task), alone(task, effect))),
    change: (task, decide) =>
      Effect.gen(function*() {
        const before = yield* read(task)
        const after = yield* decide(before)
        yield* commit(task, after)
        return { before, after }
      }).pipe((effect) => Effect.andThen(read(task), alone(task, effect)))
  }
}
