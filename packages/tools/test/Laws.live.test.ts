import * as Laws from "@darb/laws/Laws"
import { checkLaws, describeEach, Tried } from "@darb/laws/LiveSuite"
import * as Subject from "@darb/laws/Subject"
import * as NodeContext from "@effect/platform-node/NodeContext"
import { afterAll, describe } from "@effect/vitest"
import * as Layer from "effect/Layer"
import * as Subjects from "../src/Subjects.js"

/** How the subjects are made, by the variable that names the executables. */
const kinds = { DARB_TEST_PIXI: Subjects.pixi, DARB_TEST_UV: Subjects.uv }

const laws = [...Laws.all, Laws.propertyLaw({ seed: 2024, runs: 3, maxCommands: 6, maxShrinks: 20 })]

const results: Array<Laws.Result> = []

/** Tries all laws on a subject. */
const suite = <E>(subject: Layer.Layer<Tried, E>) =>
  checkLaws(laws, subject, { timeout: "1 minute", onResult: (result) => results.push(result) })

describe("memory", () => suite(Layer.scoped(Tried, Subject.memory({ duration: "1 millis" }))))

for (const [variable, make] of Object.entries(kinds)) {
  describeEach(
    process.env,
    variable,
    (executable) => suite(Layer.provide(Layer.scoped(Tried, make({ executable })), NodeContext.layer))
  )
}

// It is to be seen in what the run prints, whether everything holds or not.
afterAll(() => {
  if (results.length > 0) process.stdout.write(`\n${Laws.table(results)}\n\n`)
})
