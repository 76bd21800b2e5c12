import * as MockExecutor from "@darb/testing/MockExecutor"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/TestClock"
import * as Events from "../../../src/driver/Events.js"
import { makeRunner, type RunOptions } from "../../../src/driver/process/Process.js"
import * as Output from "../../../src/Output.js"

const options: RunOptions = {
  executable: "pixi",
  args: ["list"],
  environment: { A: "1" },
  signals: ["SIGTERM"],
  gracePeriod: "5 seconds"
}

const run = (overrides: Partial<RunOptions> = {}) =>
  Effect.flatMap(makeRunner, (runner) => runner.run({ ...options, ...overrides }))

const mock = (reply: MockExecutor.Reply) => MockExecutor.layer(() => Effect.succeed(reply))

const bytes = (...parts: ReadonlyArray<ReadonlyArray<number>>) =>
  Stream.fromIterable(parts.map((part) => Uint8Array.from(part)))

const observed = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function*() {
    const events: Array<Output.Event> = []
    yield* Output.observe(effect, (event) => Effect.sync(() => events.push(event)))
    return events
  })

describe("process", () => {
  it.effect("gives what was printed and how it ended, and passes directory and variables on", () =>
    Effect.gen(function*() {
      const result = yield* run({ directory: "/somewhere" })
      assert.deepStrictEqual(
        { ...result },
        {
          command: ["pixi", "list"],
          pid: 1,
          exitCode: 3,
          signal: null,
          stdout: "out\n",
          stdoutCut: false,
          stderr: "err\n"
        }
      )
      const { invocations } = yield* MockExecutor.MockExecutor
      assert.deepStrictEqual(invocations, [
        { argv: ["pixi", "list"], directory: "/somewhere", environment: { A: "1" } }
      ])
    }).pipe(Effect.provide(mock({ stdout: "out\n", stderr: "err\n", exitCode: 3 }))))

  it.effect("tells the signal that ended it", () =>
    Effect.gen(function*() {
      const { exitCode, signal } = yield* run()
      assert.deepStrictEqual([exitCode, signal], [null, "SIGSEGV"])
    }).pipe(Effect.provide(mock({ signal: "SIGSEGV" }))))

  it.effect("joins characters that come in several chunks", () =>
    Effect.gen(function*() {
      const { stdout } = yield* run()
      assert.strictEqual(stdout, "é€😀")
    }).pipe(Effect.provide(mock({
      stdout: bytes([0xc3], [0xa9, 0xe2, 0x82], [0xac, 0xf0, 0x9f], [0x98], [0x80])
    }))))

  it.effect("shows lines as they come, in order, with the start and the end", () =>
    Effect.gen(function*() {
      const operation = { operation: "install", environment: "/env", marker: "m" }
      const events = yield* observed(Events.within(operation)(run({ purpose: "version" })))
      const about = { operation: "install", environment: "/env", id: "m", pid: 1 }
      assert.deepStrictEqual(events.map((event) => ({ ...event })), [
        { _tag: "Started", ...about, purpose: "version", command: ["pixi", "list"] },
        { _tag: "Output", ...about, stream: "stdout", line: "one", continued: false },
        { _tag: "Output", ...about, stream: "stdout", line: "two", continued: false },
        { _tag: "Output", ...about, stream: "stdout", line: "", continued: false },
        { _tag: "Output", ...about, stream: "stdout", line: "three", continued: false },
        { _tag: "Ended", ...about, purpose: "version", exitCode: 0, signal: null }
      ])
    }).pipe(Effect.provide(mock({ stdout: Stream.encodeText(Stream.make("on", "e\r\ntwo\n", "\nthr", "ee")) }))))

  it.effect("shows a line before the process has ended", () =>
    Effect.gen(function*() {
      const lines: Array<string> = []
      const fiber = yield* Effect.fork(
        Output.observe(run(), (event) => Effect.sync(() => event._tag === "Output" && lines.push(event.line)))
      )
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(lines, ["solving"])
      yield* Fiber.interrupt(fiber)
    }).pipe(Effect.provide(mock({ stderr: "solving\n", duration: "1 minute" }))))

  it.effect("a long line comes in pieces, none of which splits a character", () =>
    Effect.gen(function*() {
      const events = yield* observed(run())
      const lines = events.filter((event) => event._tag === "Output")
      assert.deepStrictEqual(lines.map(({ continued, line }) => [line.length, continued]), [
        [65_535, true],
        [65_536, true],
        [8, false]
      ])
      assert.strictEqual(lines.map(({ line }) => line).join(""), `x${"😀".repeat(65_539)}`)
    }).pipe(Effect.provide(mock({ stdout: `x${"😀".repeat(65_539)}` }))))

  it.effect("keeps the end of what is too much, in bounded memory", () =>
    Effect.gen(function*() {
      const { stderr, stdout, stdoutCut } = yield* run()
      assert.isTrue(stdoutCut)
      assert.strictEqual(stdout.length, 64 * 1024)
      assert.strictEqual(stderr.length, 1024 * 1024)
      assert.isTrue(stderr.endsWith("the end"))
    }).pipe(Effect.provide(mock({
      stdout: Stream.encodeText(Stream.repeatEffect(Effect.succeed("x".repeat(1024 * 1024))).pipe(Stream.take(40))),
      stderr: `${"y".repeat(3 * 1024 * 1024)}the end`
    }))))

  it.effect("leaves credentials out of everything that is shown", () =>
    Effect.gen(function*() {
      const events = yield* observed(run({ args: ["add", "https://me:secret@host/x"] }))
      assert.notInclude(JSON.stringify(events), "secret")
      assert.include(JSON.stringify(events), "https://***@host/x")
      assert.include(JSON.stringify(events), "https://host/t/***/channel")
      const result = yield* run({ args: ["https://me:secret@host/x"] })
      assert.notInclude(JSON.stringify(result), "secret")
      const { invocations } = yield* MockExecutor.MockExecutor
      assert.include(invocations[0]?.argv.join(" "), "me:secret@host")
    }).pipe(Effect.provide(mock({ stderr: "from https://me:secret@host/x\nand https://host/t/secret/channel\n" }))))

  it.effect("interruption asks the process to end", () =>
    Effect.gen(function*() {
      const { running, signals } = yield* MockExecutor.MockExecutor
      const fiber = yield* Effect.fork(run())
      yield* TestClock.adjust("1 second")
      assert.strictEqual(running(), 1)
      const exit = yield* Fiber.interrupt(fiber)
      assert.isTrue(Exit.isInterrupted(exit))
      assert.deepStrictEqual([signals, running()], [["SIGTERM"], 0])
    }).pipe(Effect.provide(mock({ duration: "1 minute" }))))

  it.effect("what survives the request is killed after the grace period, to the millisecond", () =>
    Effect.gen(function*() {
      const { running, signals } = yield* MockExecutor.MockExecutor
      const fiber = yield* Effect.fork(run())
      yield* TestClock.adjust("1 second")
      const interrupt = yield* Effect.fork(Fiber.interrupt(fiber))
      yield* TestClock.adjust("4999 millis")
      assert.deepStrictEqual([signals, running()], [["SIGTERM"], 1])
      yield* TestClock.adjust("1 millis")
      yield* Fiber.join(interrupt)
      assert.deepStrictEqual([signals, running()], [["SIGTERM", "SIGKILL"], 0])
    }).pipe(Effect.provide(mock({ duration: "1 minute", ignores: ["SIGTERM"] }))))

  it.effect("a pipe that somebody holds open does not hold the result up", () =>
    Effect.gen(function*() {
      const fiber = yield* Effect.fork(run())
      yield* TestClock.adjust("999 millis")
      assert.isTrue(Option.isNone(yield* Fiber.poll(fiber)))
      yield* TestClock.adjust("2 seconds")
      const { exitCode, stdout } = yield* Fiber.join(fiber)
      assert.deepStrictEqual([exitCode, stdout], [0, "said\n"])
    }).pipe(Effect.provide(
      mock({ stdout: Stream.concat(Stream.encodeText(Stream.make("said\n")), Stream.never) })
    )))

  it.effect("a slow observer slows the process down, and loses nothing", () =>
    Effect.gen(function*() {
      const lines: Array<string> = []
      const fiber = yield* Effect.fork(Output.observe(run(), (event) =>
        event._tag === "Output"
          ? Effect.andThen(Effect.sleep("10 seconds"), Effect.sync(() => lines.push(event.line)))
          : Effect.void))
      yield* TestClock.adjust("15 seconds")
      assert.deepStrictEqual(lines, ["1"])
      yield* TestClock.adjust("20 seconds")
      yield* Fiber.join(fiber)
      assert.deepStrictEqual(lines, ["1", "2", "3"])
    }).pipe(Effect.provide(mock({ stdout: "1\n2\n3\n" }))))

  describe("the observer", () => {
    const chatty = { stdout: "1\n2\n3\n", stderr: "a\nb\nc\n" }

    it.live("is called again when it is done, whichever pipe a line comes from", () =>
      Effect.gen(function*() {
        const seen: Array<string> = []
        let busy = 0
        yield* Output.observe(run(), (event) =>
          Effect.gen(function*() {
            busy++
            assert.strictEqual(busy, 1)
            yield* Effect.repeatN(Effect.yieldNow(), 10)
            seen.push(event._tag === "Output" ? event.line : event._tag)
            busy--
          })).pipe(Events.within({ operation: "install", environment: "/env", marker: "m" }))
        assert.deepStrictEqual(seen.toSorted(), ["1", "2", "3", "Ended", "Started", "a", "b", "c"])
        assert.deepStrictEqual([seen[0], seen.at(-1)], ["Started", "Ended"])
        assert.deepStrictEqual(seen.filter((line) => /^\d$/.test(line)), ["1", "2", "3"])
      }).pipe(Effect.provide(mock(chatty))))

    it.effect("that never ends does not hold up an interruption for long", () =>
      Effect.gen(function*() {
        const { running } = yield* MockExecutor.MockExecutor
        const fiber = yield* Effect.fork(
          Output.observe(run(), (event) => event._tag === "Started" ? Effect.void : Effect.never)
        )
        yield* TestClock.adjust("1 second")
        const interrupt = yield* Effect.fork(Fiber.interrupt(fiber))
        yield* TestClock.adjust("1 second")
        assert.strictEqual(running(), 0)
        yield* TestClock.adjust("5 seconds")
        assert.isTrue(Exit.isInterrupted(yield* Fiber.join(interrupt)))
      }).pipe(Effect.provide(mock({ ...chatty, duration: "1 minute" }))))

    it.effect("sees the last words of a process that is interrupted, and then its end", () =>
      Effect.gen(function*() {
        const events: Array<Output.Event> = []
        const fiber = yield* Effect.fork(
          Output.observe(run(), (event) =>
            Effect.andThen(Effect.sleep("100 millis"), Effect.sync(() => events.push(event))))
        )
        yield* TestClock.adjust("250 millis")
        const interrupt = yield* Effect.fork(Fiber.interrupt(fiber))
        yield* Effect.repeatN(TestClock.adjust("100 millis"), 5)
        yield* Fiber.join(interrupt)
        assert.deepStrictEqual(
          events.map(({ _tag }) =>
            _tag
          ),
          ["Started", "Output", "Output", "Output", "Ended"]
        )
      }).pipe(Effect.provide(mock({ stdout: "1\n2\n3\n", duration: "1 minute" }))))
  })

  it.effect("a program that is not there", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(run())
      assert.deepStrictEqual([error.culprit, error.reason], ["executable", "there is no such file"])
    }).pipe(Effect.provide(MockExecutor.layer(() => Effect.fail(MockExecutor.notFound("pixi"))))))

  it.effect("what Node throws is an error", () =>
    Effect.gen(function*() {
      const thrown = (code: string) =>
        run().pipe(
          Effect.flip,
          Effect.map(({ culprit }) => culprit),
          Effect.provide(MockExecutor.layer(() => Effect.die(Object.assign(new Error(code), { code }))))
        )
      assert.strictEqual(yield* thrown("E2BIG"), "arguments")
      assert.strictEqual(yield* thrown("ERR_INVALID_ARG_VALUE"), "arguments")
      assert.strictEqual(yield* thrown("ENOTDIR"), "directory")
      assert.strictEqual(yield* thrown("EAGAIN"), "machine")
    }))

  it.effect("a bug stays one", () =>
    Effect.gen(function*() {
      const exit = yield* Effect.exit(run())
      assert.isTrue(Exit.isFailure(exit) && exit.cause._tag === "Die")
    }).pipe(Effect.provide(MockExecutor.layer(() => Effect.die(new Error("a bug"))))))
})
