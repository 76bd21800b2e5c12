import * as Laws from "@darb/laws/Laws"
import { checkLaws, Tried } from "@darb/laws/LiveSuite"
import * as Subject from "@darb/laws/Subject"
import { describe } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import { embedded } from "./fixtures.js"

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
  checkLaws([...Laws.all, Laws.propertyLaw({ seed: 15, runs: 5 })], Layer.scoped(Tried, subject), { limit: 60_000 }))
