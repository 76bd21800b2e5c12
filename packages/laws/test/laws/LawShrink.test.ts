import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { sequences } from "../../src/laws/LawCommand.js"
import { counterexample } from "../../src/laws/LawShrink.js"

const smaller = function*(value: number) {
  if (value > 10) yield value - 10
  if (value > 0) yield value - 1
}

describe("counterexample", () => {
  const from = (least: number) => (value: number) => value >= least ? Effect.fail(`${value} failed`) : Effect.void

  it.effect("is the smallest that fails", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* counterexample([3, 41, 87], smaller, 100, from(17)), {
        value: 17,
        error: "17 failed",
        run: 2,
        shrinks: 6
      })
    }))

  it.effect("is not made smaller more often than is tried", () =>
    Effect.gen(function*() {
      const found = (attempts: number) =>
        Effect.map(counterexample([41], smaller, attempts, from(17)), (found) => found?.value)
      assert.deepStrictEqual([yield* found(0), yield* found(1), yield* found(3)], [41, 31, 21])
    }))

  it.effect("is not there where nothing fails, and everything is tried", () =>
    Effect.gen(function*() {
      const tried: Array<number> = []
      const found = yield* counterexample([1, 2, 3], smaller, 100, (value) => Effect.sync(() => tried.push(value)))
      assert.deepStrictEqual([found, tried], [undefined, [1, 2, 3]])
    }))
})

describe("sequences", () => {
  it("are the same for the same seed, as many and as long as is asked for, and have everything in them", () => {
    const options = { seed: 5, runs: 300, maxCommands: 6 }
    const found = sequences(options)
    assert.deepStrictEqual(found, sequences(options))
    assert.notDeepEqual(found, sequences({ ...options, seed: 6 }))
    assert.strictEqual(found.length, 300)
    const lengths = found.map(({ length }) => length)
    assert.deepStrictEqual([Math.min(...lengths), Math.max(...lengths)], [1, 6])
    const tags = new Set(found.flat().map(({ _tag, environment }) => `${_tag} ${environment}`))
    assert.strictEqual(tags.size, 8)
  })
})
