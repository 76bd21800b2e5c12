import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import { Report } from "../src/Report.js"
import * as Steps from "../src/Steps.js"
import * as View from "../src/View.js"
import * as Captured from "./Captured.js"
import { packages } from "./fixtures.js"

const tell = <E, R>(run: Effect.Effect<typeof packages, E, R>, holds: boolean) =>
  Effect.gen(function*() {
    const { step, told } = yield* Steps.make
    yield* step({ title: "List", call: "list()", run, view: View.packages, expected: "it is so", holds: () => holds })
    yield* (yield* Report).succeed(View.story, told)
  })

describe("Steps", () => {
  it.effect("a step shows the call, what came back, and that it is as expected", () =>
    Effect.gen(function*() {
      const { exitCode, stdout } = yield* Captured.text(tell(Effect.succeed(packages), true))
      assert.match(
        stdout,
        /^\n1\. List\n {3}list\(\)\n {3}name .*\n {3}greet .*\n {3}stem .*\n {3}leaf .*\n {3}✓ it is so\n/
      )
      assert.strictEqual(exitCode, 0)
    }))

  it.effect("one that is not as expected is the end of the story", () =>
    Effect.gen(function*() {
      const { exitCode, stdout } = yield* Captured.json(tell(Effect.succeed(packages), false))
      assert.deepInclude(JSON.parse(stdout).error, {
        _tag: "StoryFailed",
        message: "List: expected: it is so",
        step: "List"
      })
      assert.strictEqual(JSON.parse(stdout).error.found.length, packages.length)
      assert.strictEqual(exitCode, 1)
    }))

  it.effect("one that does not end is tried again, and not for ever", () =>
    Effect.gen(function*() {
      let attempts = 0
      const endless = (good: number) =>
        Effect.suspend(() => ++attempts === good ? Effect.succeed(packages) : Effect.never)
      const told = yield* Effect.fork(Captured.json(tell(endless(3), true)))
      yield* TestClock.adjust("90 seconds")
      assert.strictEqual((yield* Fiber.join(told)).exitCode, 0)

      const failed = yield* Effect.fork(Captured.json(tell(endless(0), true)))
      yield* TestClock.adjust("135 seconds")
      assert.strictEqual((yield* Fiber.join(failed)).exitCode, 1)
      assert.strictEqual(attempts, 6)
    }))
})
