/**
 * The events of a job that runs on this runner. The newest are in memory, all of them in the store.
 *
 * @module
 * @since 0.1.0
 */
import type * as Output from "@darb/package-manager/Output"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Condition } from "../Condition.js"
import type { JobId } from "../Job.js"
import type { JobStore, Numbered } from "../store/JobStore.js"

/** How many events stay in memory. */
const capacity = 1024

/** How many events are removed from the store at once. */
const removed = 512

/** How long an operation waits at an event for the caller that observes it. Then it does not wait for it any more. */
const patience = "30 seconds"

/**
 * The events of a job.
 *
 * @since 0.1.0
 * @category models
 */
export interface JobLog {
  /** Adds an event. If the job is observed, waits until the caller asks for the next one. */
  readonly append: (event: Output.Event) => Effect.Effect<void>
  /** The events in memory from a cursor on, which the reader has reached; `undefined` if older ones are in the store. */
  readonly from: (cursor: number) => ReadonlyArray<Numbered> | undefined
  /** The cursor of the first event in memory. */
  readonly first: () => number
  /** The cursor of the next event. */
  readonly next: () => number
  /** Waits for the caller no longer. */
  readonly release: () => void
}

/**
 * Whose events, and what is kept of them.
 *
 * @since 0.1.0
 * @category options
 */
export interface JobLogOptions {
  readonly id: JobId
  readonly store: Pick<JobStore["Type"], "append" | "forget">
  /** Is notified of events and of readers. */
  readonly condition: Condition
  /** The cursor of the first event. */
  readonly next: number
  readonly isObserved: boolean
  /** How many events the store keeps: the newest, and never fewer than are in memory. */
  readonly maxEvents: number
}

/**
 * Makes the log of an attempt of a job.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = ({ condition, id, isObserved, maxEvents, next: first, store }: JobLogOptions): JobLog => {
  const stored = Math.max(maxEvents, 2 * capacity)
  let events: Array<Numbered> = []
  let next = first
  let asked = first
  let waits = isObserved

  /** Waits until the caller asks for the next event. */
  const reached = Effect.fnUntraced(function*(cursor: number) {
    const seen = condition.until(() => !waits || asked > cursor)
    waits = Option.isSome(yield* Effect.timeoutOption(seen, patience)) && waits
  })

  return {
    append: (event) =>
      Effect.suspend(() => {
        const numbered = { cursor: next++, event }
        events.push(numbered)
        // Removes many at once.
        if (events.length === 2 * capacity) {
          events = events.slice(capacity)
          first += capacity
        }
        condition.notify()
        const appended = next > stored && next % removed === 0
          ? Effect.zipRight(store.append(id, numbered), store.forget(id, next - stored))
          : store.append(id, numbered)
        return waits ? Effect.zipRight(appended, reached(numbered.cursor)) : appended
      }),
    from: (cursor) => {
      if (cursor > asked) {
        asked = cursor
        condition.notify()
      }
      return cursor < first ? undefined : events.slice(cursor - first)
    },
    first: () => first,
    next: () => next,
    release: () => {
      waits = false
      condition.notify()
    }
  }
}
