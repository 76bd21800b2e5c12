import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import * as Events from "../../../src/driver/Events.js"
import { type Remaining, withProgress } from "../../../src/driver/executable/OperationProgress.js"
import * as Output from "../../../src/Output.js"

const operation = { operation: "install", environment: "/env", marker: "m" }

const step = (phase: Output.Phase, name: string | null = null, complete = false) =>
  Events.emit((about) => new Output.Progress({ ...about, phase, package: name, bytes: null, complete }))

const all: Remaining = new Map([["a", 10], ["b", 200], ["c", 3000]])

/** The progress of an effect that can change what remains. */
const told = (work: (remaining: { now: Remaining | undefined }) => Effect.Effect<unknown>, first = all) =>
  Effect.gen(function*() {
    const remaining: { now: Remaining | undefined } = { now: first }
    const events: Array<Output.Progress> = []
    yield* work(remaining).pipe(
      withProgress(Effect.sync(() => remaining.now)),
      Events.within(operation),
      Output.observe((event) => Effect.sync(() => event._tag === "Progress" && events.push(event)))
    )
    return events.map(({ package: name, phase, totals }) => [
      name === null ? phase : `${phase} ${name}`,
      totals === null ? null : `${totals.packages.done}/${totals.packages.total}`,
      totals === null ? null : `${totals.bytes.done}/${totals.bytes.total}`
    ])
  })

const without = (...names: ReadonlyArray<string>): Remaining =>
  new Map([...all].filter(([name]) => !names.includes(name)))

describe("progress", () => {
  it.effect("says how much is done, from what remains", () =>
    Effect.gen(function*() {
      const events = yield* told((remaining) =>
        Effect.gen(function*() {
          yield* step("solving")
          yield* step("downloading")
          yield* step("downloading", "a")
          yield* TestClock.adjust("1 second")
          remaining.now = without("a")
          yield* step("downloading", "b")
          yield* step("downloading", "b", true)
          yield* TestClock.adjust("1 second")
          yield* step("linking")
          remaining.now = without("a", "b", "c")
        })
      )
      assert.deepStrictEqual(events, [
        ["solving", null, null],
        ["downloading", null, null],
        ["downloading a", "0/3", "0/3210"],
        ["downloading b", "1/3", "10/3210"],
        ["downloading b", "1/3", "10/3210"],
        ["linking", "1/3", "3210/3210"],
        ["done", "3/3", "3210/3210"]
      ])
    }))

  it.effect("phases never go back, and the end is that of the last process", () =>
    Effect.gen(function*() {
      const events = yield* told((remaining) =>
        Effect.gen(function*() {
          yield* step("solving")
          yield* step("done")
          yield* step("solving")
          yield* step("downloading")
          yield* step("solving")
          yield* step("done")
          remaining.now = without("a", "b", "c")
        })
      )
      assert.deepStrictEqual(events.map(([phase]) => phase), ["solving", "solving", "downloading", "done"])
    }))

  it.effect("is told again while a process is silent", () =>
    Effect.gen(function*() {
      const fiber = yield* Effect.fork(told((remaining) =>
        Effect.gen(function*() {
          yield* step("solving")
          yield* step("downloading")
          yield* Effect.sleep("15 seconds")
          remaining.now = without("b")
          yield* Effect.sleep("20 seconds")
          remaining.now = new Map()
        })
      ))
      yield* Effect.repeatN(TestClock.adjust("1 second"), 40)
      assert.deepStrictEqual(yield* Fiber.join(fiber), [
        ["solving", null, null],
        ["downloading", null, null],
        ["downloading", "0/3", "0/3210"],
        ["downloading", "1/3", "200/3210"],
        ["downloading", "1/3", "200/3210"],
        ["done", "3/3", "3210/3210"]
      ])
    }))

  it.effect("what the lock file does not say is null", () =>
    Effect.gen(function*() {
      const events = yield* told(
        (remaining) =>
          Effect.andThen(step("downloading", "b"), Effect.sync(() => remaining.now = new Map([["a", null]]))),
        new Map([["a", null], ["b", 1]])
      )
      assert.deepStrictEqual(events, [["downloading b", "0/2", "0/null"], ["done", "1/2", "1/null"]])
      const unknown = yield* told((remaining) => {
        remaining.now = undefined
        return step("downloading")
      })
      assert.deepStrictEqual(unknown, [["downloading", null, null], ["done", null, null]])
    }))
})
