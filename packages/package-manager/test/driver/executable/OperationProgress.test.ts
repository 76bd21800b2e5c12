import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import * as Events from "../../../src/driver/Events.js"
import { type Measurement, type Remaining, withProgress } from "../../../src/driver/executable/OperationProgress.js"
import * as Output from "../../../src/Output.js"

const operation = { operation: "install", environment: "/env", marker: "m" }

const step = (phase: Output.Phase, name: string | null = null, complete = false) =>
  Events.emit((about) => new Output.Progress({ ...about, phase, package: name, bytes: null, complete }))

const locked = (sizes: Readonly<Record<string, number | null>>): Remaining =>
  new Map(Object.entries(sizes).map(([name, size]) => [name, { size, archive: `${name}-1-0` }]))

const all = locked({ a: 10, b: 200, c: 3000 })

/** What an operation changes while it runs. */
interface Machine {
  lock: Remaining | undefined
  installed: ReadonlyArray<string> | undefined
  readonly cached?: ReadonlyArray<string>
}

/** The progress of an effect that can change what is on the machine. */
const told = (
  work: (machine: Machine) => Effect.Effect<unknown>,
  machine: Machine = { lock: all, installed: [] }
) =>
  Effect.gen(function*() {
    const events: Array<Output.Progress> = []
    const measurement: Measurement<ReadonlyArray<string>> = {
      cached: Effect.succeed(new Set(machine.cached)),
      installed: Effect.sync(() => machine.installed),
      locked: Effect.sync(() => {
        const { lock } = machine
        return lock && ((installed) => new Map([...lock].filter(([name]) => !installed.includes(name))))
      })
    }
    yield* work(machine).pipe(
      withProgress(measurement),
      Events.within(operation),
      Output.observe((event) => Effect.sync(() => event._tag === "Progress" && events.push(event)))
    )
    return events.map(({ package: name, phase, totals }) => [
      name === null ? phase : `${phase} ${name}`,
      totals === null ? null : `${totals.packages.done}/${totals.packages.total}`,
      totals === null ? null : `${totals.bytes.done}/${totals.bytes.total}`
    ])
  })

describe("progress", () => {
  it.effect("says how much is done, from what remains", () =>
    Effect.gen(function*() {
      const events = yield* told((machine) =>
        Effect.gen(function*() {
          yield* step("solving")
          yield* step("downloading")
          yield* step("downloading", "a")
          yield* TestClock.adjust("1 second")
          machine.installed = ["a"]
          yield* step("downloading", "b")
          yield* step("downloading", "b", true)
          yield* TestClock.adjust("1 second")
          yield* step("linking")
          machine.installed = ["a", "b", "c"]
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
      const events = yield* told((machine) =>
        Effect.gen(function*() {
          yield* step("solving")
          yield* step("done")
          yield* step("solving")
          yield* step("downloading")
          yield* step("solving")
          yield* step("done")
          machine.installed = ["a", "b", "c"]
        })
      )
      assert.deepStrictEqual(events.map(([phase]) => phase), ["solving", "solving", "downloading", "done"])
    }))

  it.effect("is told again while a process is silent", () =>
    Effect.gen(function*() {
      const fiber = yield* Effect.fork(told((machine) =>
        Effect.gen(function*() {
          yield* step("solving")
          yield* step("downloading")
          yield* Effect.sleep("15 seconds")
          machine.installed = ["b"]
          yield* Effect.sleep("20 seconds")
          machine.installed = ["a", "b", "c"]
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

  it.effect("what is installed before the first look counts, and what was there before the operation does not", () =>
    Effect.gen(function*() {
      const events = yield* told(
        (machine) =>
          Effect.gen(function*() {
            yield* step("solving")
            machine.lock = all
            machine.installed = ["a", "b"]
            yield* step("downloading", "c")
            machine.installed = ["a", "b", "c"]
          }),
        { lock: locked({ a: 10 }), installed: ["a"] }
      )
      assert.deepStrictEqual(events, [
        ["solving", null, null],
        ["downloading c", "1/2", "200/3200"],
        ["done", "2/2", "3200/3200"]
      ])
      const silent = yield* told(
        (machine) => Effect.andThen(step("solving"), Effect.sync(() => machine.installed = ["a", "b", "c"]))
      )
      assert.deepStrictEqual(silent, [["solving", null, null], ["done", "3/3", "3210/3210"]])
      const nothing = yield* told(() => step("solving"), { lock: all, installed: ["a", "b", "c"] })
      assert.deepStrictEqual(nothing, [["solving", null, null], ["done", null, null]])
    }))

  it.effect("the bytes of what is in the cache are done, and its installation is not", () =>
    Effect.gen(function*() {
      const events = yield* told(
        (machine) => Effect.andThen(step("downloading", "a"), Effect.sync(() => machine.installed = ["a", "b", "c"])),
        { lock: all, installed: [], cached: ["c-1-0", "b-2-0"] }
      )
      assert.deepStrictEqual(events, [["downloading a", "0/3", "3000/3210"], ["done", "3/3", "3210/3210"]])
    }))

  it.effect("a second process and a prefix that is replaced add to the totals", () =>
    Effect.gen(function*() {
      const events = yield* told(
        (machine) =>
          Effect.gen(function*() {
            machine.installed = []
            yield* step("linking")
            machine.installed = ["a"]
            yield* step("done")
            yield* step("solving")
            machine.lock = all
            yield* TestClock.adjust("1 second")
            yield* step("linking")
            machine.installed = ["a", "b", "c"]
          }),
        { lock: locked({ a: 10 }), installed: ["a"] }
      )
      assert.deepStrictEqual(events, [
        ["linking", "0/1", "10/10"],
        ["linking", "1/3", "3210/3210"],
        ["done", "3/3", "3210/3210"]
      ])
    }))

  it.effect("what cannot be known is null", () =>
    Effect.gen(function*() {
      const events = yield* told(
        (machine) => Effect.andThen(step("downloading", "b"), Effect.sync(() => machine.installed = ["b"])),
        { lock: locked({ a: null, b: 1 }), installed: [] }
      )
      assert.deepStrictEqual(events, [["downloading b", "0/2", "0/null"], ["done", "1/2", "1/null"]])
      for (const unknown of [{ lock: undefined, installed: [] }, { lock: all, installed: undefined }]) {
        const events = yield* told((machine) =>
          Effect.andThen(
            step("downloading", "b"),
            Effect.sync(() => machine.installed = machine.installed && ["b"])
          ), unknown)
        assert.deepStrictEqual(events, [["downloading b", null, null], ["done", null, null]])
      }
      const unmeasured: Array<Output.Event> = []
      yield* step("linking").pipe(
        withProgress(),
        Events.within(operation),
        Output.observe((event) => Effect.sync(() => unmeasured.push(event)))
      )
      assert.deepStrictEqual(
        unmeasured.map((event) => event._tag === "Progress" && [event.phase, event.totals]),
        [["linking", null], ["done", null]]
      )
    }))
})
