/** The output of the program. */
import * as Output from "@darb/package-manager/Output"
import type * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { Failure } from "./Failure.js"
import type { Style } from "./Render.js"
import type { View } from "./View.js"

export class Report extends Context.Tag("@darb/demo/Report")<Report, {
  /** Reports an event of an operation. */
  readonly observe: Output.Observe
  /** Prints a text for people. Programs do not get it. */
  readonly tell: (text: (style: Style) => string) => Effect.Effect<void>
  /** Reports the result of the program. */
  readonly succeed: <A>(view: View<A>, value: A) => Effect.Effect<void>
  /** Adds to the report of the failure that follows: a hint, or what an interruption has left. */
  readonly remark: (text: string) => Effect.Effect<void>
  /** Reports why the program failed. */
  readonly fail: (cause: Cause.Cause<Failure>) => Effect.Effect<void>
}>() {}

/**
 * Runs an operation, and reports its events and then its value as the result of the program. `left` is what to say of an
 * interruption, if the events do not say otherwise.
 */
export const answer = <A, E, R>(
  view: View<A>,
  operation: Effect.Effect<A, E, R>,
  left = "nothing was changed"
): Effect.Effect<A, E, R | Report> =>
  Effect.flatMap(Report, (report) => {
    const observe: Output.Observe = (event) => {
      left = leftAfter(event) ?? left
      return report.observe(event)
    }
    return Effect.uninterruptibleMask((restore) =>
      // A change that is complete is reported, even if a signal arrives before the report.
      Effect.tap(restore(Output.observe(operation, observe)), (value) => report.succeed(view, value))
    ).pipe(Effect.onInterrupt(() => report.remark(left)))
  })

const leftAfter = (event: Output.Event): string | undefined => {
  if (event._tag === "NotRestored") return "some files could not be restored; the next operation tries again"
  if (event._tag === "StatusAfter" && event.status.prefix === "differs") {
    return "the manifest and the lock file are as before, and install makes the prefix match them"
  }
  return undefined
}
