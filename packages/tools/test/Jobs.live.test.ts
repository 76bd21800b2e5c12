import * as Laws from "@darb/testing/Laws"
import { describeEach } from "@darb/testing/LiveSuite"
import * as NodeContext from "@effect/platform-node/NodeContext"
import { assert, layer } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { realpathSync } from "node:fs"
import { tmpdir } from "node:os"
import { durable } from "../src/DurableSubject.js"
import * as Subjects from "../src/Subjects.js"

class Tried extends Context.Tag("Tried")<Tried, Laws.Subject>() {}

const kinds = { DARB_TEST_PIXI: Subjects.pixi, DARB_TEST_UV: Subjects.uv }

/** All laws with DARB_TEST_ALL_LAWS; by default those that jobs could break. */
const some = new Set([
  "init-keeps-what-is-there",
  "install-adds",
  "changes-agree-with-the-lists",
  "a-failing-install-changes-nothing",
  "interruption-changes-nothing",
  "one-environment-is-serial",
  "reads-do-not-wait",
  "events-name-their-operation",
  "events-are-observed-one-by-one",
  "destroy-waits-for-a-change"
])
const laws = process.env.DARB_TEST_ALL_LAWS ? Laws.all : Laws.all.filter(({ name }) => some.has(name))

for (const [variable, make] of Object.entries(kinds)) {
  describeEach(process.env, variable, (executable) => {
    const subject = Effect.flatMap(make({ executable }), (subject) => durable(subject, realpathSync(tmpdir())))
    layer(Layer.scoped(Tried, subject).pipe(Layer.provide(NodeContext.layer)), {
      excludeTestServices: true,
      timeout: "1 minute"
    })((it) => {
      for (const law of laws) {
        it.effect(law.name, () =>
          Effect.gen(function*() {
            const { outcome } = yield* Laws.run(yield* Tried, law)
            if (outcome._tag === "Broken") assert.fail(outcome.error.message)
          }), 240_000)
      }
    })
  })
}
