import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import * as FairLock from "../../../src/driver/transaction/FairLock.js"

describe("fairLock", () => {
  it.effect("is handed on in the order of arrival, also to who comes while it is handed on", () =>
    Effect.gen(function*() {
      const lock = FairLock.make()
      const order: Array<string> = []
      const use = (name: string, after: Effect.Effect<unknown> = Effect.void) =>
        lock.withLock(Effect.gen(function*() {
          order.push(name)
          yield* Effect.sleep("1 second")
          yield* after
        }))
      const late: Array<Fiber.RuntimeFiber<void>> = []
      const first = yield* Effect.fork(use("a", Effect.tap(Effect.fork(use("late")), (fiber) => late.push(fiber))))
      const others = yield* Effect.forEach(["b", "c", "d"], (name) => Effect.fork(use(name)))
      yield* TestClock.adjust("10 seconds")
      yield* Fiber.joinAll([first, ...others])
      assert.deepStrictEqual(order.slice(0, 4), ["a", "b", "c", "d"])
      assert.isFalse(lock.isHeld() && order.length === 4)
    }))

  it.effect("who waits can be interrupted, and the next one has its turn", () =>
    Effect.gen(function*() {
      const lock = FairLock.make()
      const first = yield* Effect.fork(lock.withLock(Effect.sleep("1 minute")))
      const second = yield* Effect.fork(lock.withLock(Effect.succeed(2)))
      const third = yield* Effect.fork(lock.withLock(Effect.succeed(3)))
      yield* TestClock.adjust("1 second")
      assert.isTrue(Exit.isInterrupted(yield* Fiber.interrupt(second)))
      yield* TestClock.adjust("1 minute")
      yield* Fiber.join(first)
      assert.strictEqual(yield* Fiber.join(third), 3)
      assert.isFalse(lock.isHeld())
    }))

  it.effect("who gives up waiting leaves the queue", () =>
    Effect.gen(function*() {
      const lock = FairLock.make()
      const first = yield* Effect.fork(lock.withLock(Effect.sleep("1 minute")))
      const second = yield* Effect.fork(
        lock.withLock(Effect.die("it runs"), Effect.timeoutFail({ duration: "1 second", onTimeout: () => "late" }))
      )
      const third = yield* Effect.fork(lock.withLock(Effect.succeed(3)))
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(yield* Fiber.await(second), Exit.fail("late"))
      yield* TestClock.adjust("1 minute")
      yield* Fiber.join(first)
      assert.strictEqual(yield* Fiber.join(third), 3)
    }))

  it.effect("is given back by what fails, dies or is interrupted", () =>
    Effect.gen(function*() {
      const lock = FairLock.make()
      yield* Effect.exit(lock.withLock(Effect.fail("no")))
      yield* Effect.exit(lock.withLock(Effect.die("no")))
      const fiber = yield* Effect.fork(lock.withLock(Effect.never))
      yield* TestClock.adjust("1 second")
      assert.isTrue(lock.isHeld())
      yield* Fiber.interrupt(fiber)
      assert.isFalse(lock.isHeld())
    }))

  it.effect("is never lost when who waits is interrupted as its turn comes", () =>
    Effect.gen(function*() {
      for (let round = 0; round < 200; round++) {
        const lock = FairLock.make()
        const holder = yield* Effect.fork(lock.withLock(Effect.yieldNow()))
        const waiting = yield* Effect.forEach([1, 2, 3], () => Effect.fork(lock.withLock(Effect.yieldNow())))
        yield* Effect.yieldNow()
        yield* Effect.forEach(waiting, (fiber, at) => at % 2 === round % 2 ? Fiber.interrupt(fiber) : Effect.void)
        yield* Fiber.await(holder)
        yield* Effect.forEach(waiting, Fiber.await)
        assert.isFalse(lock.isHeld())
      }
    }))
})
