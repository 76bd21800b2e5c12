/** Steps of a story: what is called, what comes back, and whether it is what was expected. */
import * as Output from "@darb/package-manager/Output"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import { StoryFailed } from "./Failure.js"
import * as Render from "./Render.js"
import { Report } from "./Report.js"
import type { View } from "./View.js"

export interface Step<A, E, R> {
  readonly title: string
  /** The call, as one writes it. */
  readonly call: string
  readonly run: Effect.Effect<A, E, R>
  readonly view: View<A>
  /** What is true of what comes back. */
  readonly expected: string
  readonly holds: (value: A) => boolean
}

/** A step that did what was expected of it. */
export interface Told {
  readonly title: string
  readonly call: string
  readonly result: unknown
  readonly expected: string
}

/**
 * How long a step may take, and how often it is tried: some old versions of pixi do not come to an end now and then.
 * Nothing of an attempt is left when it is given up.
 */
const limit = "45 seconds"
const attempts = 3

const isTimeout = (error: unknown): error is Cause.TimeoutException => Cause.isTimeoutException(error)

export const make = Effect.gen(function*() {
  const report = yield* Report
  const told: Array<Told> = []

  const step = Effect.fnUntraced(function*<A, E, R>({ call, expected, holds, run, title, view }: Step<A, E, R>) {
    yield* report.tell((style) => `\n${style.strong(`${told.length + 1}. ${title}`)}\n${Render.indented(call)}`)
    const value = yield* Output.observe(run, report.observe).pipe(
      Effect.timeout(limit),
      Effect.retry({ times: attempts - 1, while: isTimeout }),
      Effect.catchIf(
        isTimeout,
        () => new StoryFailed({ step: title, expected: `it ends within ${limit}`, found: undefined })
      )
    )
    yield* report.tell((style) => Render.indented(view.render(value, style)))
    const result = view.encode(value)
    if (!holds(value)) return yield* new StoryFailed({ step: title, expected, found: result })
    yield* report.tell((style) => Render.indented(`${style.good("✓")} ${expected}`))
    told.push({ title, call, result, expected })
    return value
  })

  return { step, told }
})
