import * as Laws from "@darb/laws/Laws"
import { checkLaws, describeEach, Tried } from "@darb/laws/LiveSuite"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { realpathSync } from "node:fs"
import { tmpdir } from "node:os"
import { durable } from "../src/DurableSubject.js"
import * as Subjects from "../src/Subjects.js"

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
const laws = process.env.DARB_TEST_ALL_LAWS
  ? [...Laws.all, Laws.propertyLaw({ seed: 15, runs: 3, maxCommands: 6 })]
  : Laws.all.filter(({ name }) => some.has(name))

for (const [variable, make] of Object.entries(kinds)) {
  describeEach(process.env, variable, (executable) => {
    const subject = Effect.flatMap(make({ executable }), (subject) => durable(subject, realpathSync(tmpdir())))
    checkLaws(laws, Layer.scoped(Tried, subject).pipe(Layer.provide(NodeContext.layer)), { timeout: "1 minute" })
  })
}
