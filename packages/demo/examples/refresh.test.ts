import { layerMemory } from "@darb/testing"
import { assert, it } from "@effect/vitest"
import { Effect, Fiber, TestClock } from "effect"
import { refresh } from "./refresh.js"

const manager = layerMemory({
  packages: [{ name: "numpy", version: "2.1" }],
  environments: [{ path: "/analysis", packages: ["numpy"] }],
  duration: "1 hour"
})

it.effect("refresh gives up after 10 minutes", () =>
  Effect.gen(function*() {
    const refreshing = yield* Effect.fork(Effect.flip(refresh("/analysis")))
    yield* TestClock.adjust("10 minutes")
    assert.strictEqual((yield* Fiber.join(refreshing))._tag, "TimeoutException")
  }).pipe(Effect.provide(manager)))
