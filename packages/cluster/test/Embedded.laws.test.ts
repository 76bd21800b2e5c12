import * as Laws from "@darb/testing/Laws"
import * as Subject from "@darb/testing/Subject"
import { assert, describe, layer } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import { embedded } from "./fixtures.js"

class Tried extends Context.Tag("Tried")<Tried, Laws.Subject>() {}

/** The manager in memory, whose changes are jobs. */
const subject = Effect.gen(function*() {
  const memory = yield* Subject.memory({ duration: "1 millis" })
  const { manager } = yield* embedded(memory.manager, "/memory")
  const scope = yield* Effect.scope
  return Tried.of({
    ...memory,
    name: "embedded",
    manager,
    rooted: (root) =>
      Effect.gen(function*() {
        const rooted = yield* memory.rooted?.(root) ?? Effect.dieMessage("no root")
        return (yield* embedded(rooted, root)).manager
      }).pipe(Effect.provideService(Scope.Scope, scope), Effect.orDie)
  })
})

describe("the laws in memory, through jobs", () =>
  layer(Layer.scoped(Tried, subject), { excludeTestServices: true })((it) => {
    for (const law of [...Laws.all, Laws.propertyLaw({ seed: 15, runs: 5 })]) {
      it.effect(law.name, () =>
        Effect.gen(function*() {
          const { outcome } = yield* Laws.run(yield* Tried, law)
          if (outcome._tag === "Broken") assert.fail(outcome.error.message)
        }), 60_000)
    }
  }))
