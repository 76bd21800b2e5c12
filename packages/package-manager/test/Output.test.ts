import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Chunk from "effect/Chunk"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Stream from "effect/Stream"
import * as Output from "../src/Output.js"

const about: Output.Identity = { operation: "install", environment: "/env", id: "1" }

const line = (text: string) => new Output.Output({ ...about, pid: 1, stream: "stderr", line: text, continued: false })

/** Says these lines, and notes each that was taken. */
const saying = (lines: ReadonlyArray<string>, said: Array<string> = []) =>
  Effect.flatMap(
    Output.Observer,
    (observe) =>
      Effect.forEach(lines, (text) => Effect.andThen(observe(line(text)), Effect.sync(() => said.push(text))), {
        discard: true
      })
  )

const shown = (element: Output.Event | Output.Done<unknown>): unknown =>
  element._tag === "Output" ? element.line : element._tag === "Dropped" ? `${element.events} dropped` : element

const numbers = (count: number) => Array.from({ length: count }, (_, index) => String(index))

describe("Output", () => {
  it.effect("a stream has all events in order, and the result as its last element", () =>
    Effect.gen(function*() {
      const elements = yield* Stream.runCollect(Output.stream(Effect.as(saying(numbers(1000)), "result")))
      assert.deepStrictEqual(Chunk.toArray(elements).map(shown), [...numbers(1000), { _tag: "Done", value: "result" }])
    }))

  it.effect("of an effect that says nothing, there is the result only", () =>
    Effect.gen(function*() {
      const elements = yield* Stream.runCollect(Output.stream(Effect.succeed(1)))
      assert.deepStrictEqual(Chunk.toArray(elements), [{ _tag: "Done", value: 1 }])
    }))

  it.effect("an effect that fails ends it with its cause, after what it said", () =>
    Effect.gen(function*() {
      const collect = Effect.fnUntraced(function*(end: Effect.Effect<never, string>) {
        const found: Array<unknown> = []
        const exit = yield* Output.stream(Effect.andThen(saying(["a", "b"]), end)).pipe(
          Stream.runForEach((element) => Effect.sync(() => found.push(shown(element)))),
          Effect.exit
        )
        assert.deepStrictEqual(found, ["a", "b"])
        return exit
      })
      assert.deepStrictEqual(yield* collect(Effect.fail("no")), Exit.fail("no"))
      const died = yield* collect(Effect.die("bug"))
      assert.isTrue(Exit.isFailure(died) && Cause.isDie(died.cause))
    }))

  it.effect("a slow consumer holds it up", () =>
    Effect.gen(function*() {
      const said: Array<string> = []
      const seen: Array<string> = []
      yield* Output.stream(saying(numbers(100), said), { capacity: 4 }).pipe(
        Stream.runForEach((element) =>
          Effect.gen(function*() {
            if (element._tag !== "Output") return
            seen.push(element.line)
            yield* Effect.yieldNow()
            // What was taken at once, what waits meanwhile, and the one that is on its way.
            assert.isAtMost(said.length - seen.length, 8)
          })
        )
      )
      assert.deepStrictEqual(seen, numbers(100))
    }))

  it.effect("or loses what it has no room for, and is told how much", () =>
    Effect.gen(function*() {
      const said: Array<string> = []
      const elements = yield* Stream.runCollect(
        Output.stream(saying(numbers(100), said), { capacity: 4, overflow: "drop" })
      )
      assert.deepStrictEqual(said, numbers(100))
      assert.deepStrictEqual(Chunk.toArray(elements).map(shown), [
        ...numbers(4),
        "96 dropped",
        { _tag: "Done", value: undefined }
      ])
    }))

  it.effect("a consumer that stops interrupts it, and what it says then is for nobody", () =>
    Effect.gen(function*() {
      const interrupted = yield* Deferred.make<void>()
      const endless = Effect.forever(saying(["x"])).pipe(
        Effect.onInterrupt(() => Effect.andThen(saying(numbers(100)), Deferred.succeed(interrupted, undefined)))
      )
      const taken = yield* Stream.runCollect(Stream.take(Output.stream(endless, { capacity: 2 }), 5))
      assert.deepStrictEqual(Chunk.toArray(taken).map(shown), ["x", "x", "x", "x", "x"])
      assert.isTrue(yield* Deferred.isDone(interrupted))
    }))
})
