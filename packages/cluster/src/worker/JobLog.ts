/**
 * The events of a job that runs on this runner. The newest are in memory, all of them in the store.
 *
 * @module
 * @since 0.1.0
 */
import type * as Output from "@darb/package-manager/Output"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { JobId } from "../Job.js"
import type { JobStore, Numbered } from "../store/JobStore.js"
import type { Condition } from "./Condition.js"

/** How many events stay in memory. */
const capacity = 1024

/** How long an operation waits at an event for the caller that observes it. Then it does not wait for it any more. */
const patience = "30 seconds"

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

export interface JobLogOptions {
  readonly id: JobId
  readonly store: Pick<JobStore["Type"], "append">
  /** Is notified of events and of readers. */
  readonly condition: Condition
  /** The cursor of the first event. */
  readonly next: number
  readonly isObserved: boolean
}

export const make = ({ condition, id, isObserved, next: first, store }: JobLogOptions): JobLog => {
  let events: Array<Numbered> = []
  let next = first
  let reached = first
  let waits = isObserved

  return {
    append: Effect.fnUntraced(function*(event) {
      const numbered = { cursor: next++, event }
      events.push(numbered)
      // Removes many at once.
      if (events.length === 2 * capacity) {
        events = events.slice(capacity)
        first += capacity
      }
      yield* store.append(id, numbered)
      condition.notify()
      if (!waits) return
      const seen = condition.until(() => !waits || reached > numbered.cursor)
      waits = Option.isSome(yield* Effect.timeoutOption(seen, patience)) && waits
    }),
    from: (cursor) => {
      if (cursor > reached) {
        reached = cursor
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
