import { PackageManager } from "@darb/package-manager/PackageManager"
import * as Memory from "@darb/testing/Memory"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/TestClock"
import * as InMemory from "../src/InMemory.js"
import { Jobs } from "../src/Jobs.js"

const path = "/environments/a"

const live = InMemory.layer({ environmentsRoot: "/environments" }).pipe(
  Layer.provide(Memory.layer({ duration: "1 minute", environments: [{ path, packages: [] }] }))
)

it.effect("jobs in memory run in virtual time", () =>
  Effect.gen(function*() {
    const [jobs, manager] = [yield* Jobs, yield* PackageManager]
    yield* TestClock.adjust("1 second")
    const id = yield* jobs.submit({ operation: "install", options: { path: "a", packages: ["greet"] } })
    const fiber = yield* Effect.fork(Effect.zipRight(jobs.result(id), manager.list({ path })))
    yield* TestClock.adjust("59 seconds")
    assert.deepStrictEqual(yield* jobs.counts, { queued: 0, running: 1 })
    yield* TestClock.adjust("10 seconds")
    const list = yield* Fiber.join(fiber)
    assert.deepStrictEqual(list.map(({ name }) => name), ["greet"])
  }).pipe(Effect.provide(live)))
