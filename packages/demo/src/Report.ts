/** Where everything goes that the program says. */
import * as Output from "@darb/package-manager/Output"
import type * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { Failure } from "./Failure.js"
import type { Style } from "./Render.js"
import type { View } from "./View.js"

export class Report extends Context.Tag("@darb/demo/Report")<Report, {
  /** Takes what an operation says while it runs. */
  readonly observe: Output.Observe
  /** Takes what only people read. */
  readonly tell: (text: (style: Style) => string) => Effect.Effect<void>
  /** Takes the result of the program. */
  readonly succeed: <A>(view: View<A>, value: A) => Effect.Effect<void>
  /** Takes the reason why there is none. */
  readonly fail: (cause: Cause.Cause<Failure>) => Effect.Effect<void>
}>() {}

/** Runs an operation: what it says is reported while it runs, and what it returns is the result of the program. */
export const answer = <A, E, R>(view: View<A>, operation: Effect.Effect<A, E, R>): Effect.Effect<void, E, R | Report> =>
  Effect.flatMap(Report, (report) =>
    Effect.uninterruptibleMask((restore) =>
      // Once a change is made it is reported, also if a signal comes in between.
      Effect.flatMap(restore(Output.observe(operation, report.observe)), (value) => report.succeed(view, value))
    ))
