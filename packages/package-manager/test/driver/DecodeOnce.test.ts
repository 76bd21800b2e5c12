import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { makeDecodeOnce } from "../../src/driver/DecodeOnce.js"

const bytes = (text: string) => new TextEncoder().encode(text)

const prepare = () => {
  const decodeOnce = makeDecodeOnce<{ readonly text: string }>()
  let count = 0
  return {
    count: () => count,
    read: (file: string, text: string) =>
      decodeOnce(
        file,
        bytes(text),
        Effect.sync(() => {
          count++
          return { text }
        })
      )
  }
}

it.effect("decodes a file again only if it has changed", () =>
  Effect.gen(function*() {
    const { count, read } = prepare()
    const first = yield* read("a", "one")
    assert.strictEqual(yield* read("a", "one"), first)
    assert.strictEqual(count(), 1)
    assert.deepStrictEqual(yield* read("a", "two"), { text: "two" })
    assert.deepStrictEqual(yield* read("a", "one"), { text: "one" })
    assert.strictEqual(count(), 3)
  }))

it.effect("knows files by their paths", () =>
  Effect.gen(function*() {
    const { count, read } = prepare()
    const found = [yield* read("a", "one"), yield* read("b", "one"), yield* read("a", "one"), yield* read("b", "one")]
    assert.strictEqual(found[2], found[0])
    assert.strictEqual(found[3], found[1])
    assert.strictEqual(count(), 2)
  }))

it.effect("remembers no failure", () =>
  Effect.gen(function*() {
    const decodeOnce = makeDecodeOnce<object>()
    assert.strictEqual(yield* Effect.flip(decodeOnce("a", bytes("x"), Effect.fail("no"))), "no")
    assert.deepStrictEqual(yield* decodeOnce("a", bytes("x"), Effect.succeed({})), {})
  }))
