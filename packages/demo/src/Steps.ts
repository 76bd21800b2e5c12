/** The steps of the story: each shows a call and its result, and checks an expectation. */
import * as Output from "@darb/package-manager/Output"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import { StoryFailed } from "./Failure.js"
import * as Render from "./Render.js"
import { Report } from "./Report.js"
import type { Told } from "./Told.js"
import type { View } from "./View.js"

export interface Step<A, E, R> {
  readonly title: string
  /** The call, as source code. */
  readonly call: string
  readonly run: Effect.Effect<A, E, R>
  readonly view: View<A>
  /** The expectation about the result, in words. */
  readonly expected: string
  readonly holds: (value: A) => boolean
}

/** The time limit of an attempt, and the number of attempts: some old versions of pixi occasionally hang. */
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
        () => new StoryFailed({ step: title, expected: `the step ends within ${limit}`, found: undefined })
      )
    )
    yield* report.tell((style) => Render.indented(view.render(value, { ...style, columns: style.columns - 3 })))
    const result = view.encode(value)
    if (!holds(value)) return yield* new StoryFailed({ step: title, expected, found: result })
    yield* report.tell((style) => Render.indented(`${style.good("✓")} ${expected}`))
    told.push({ title, call, result, expected })
    return value
  })

  return { step, told }
})
