import { describeEach } from "@darb/laws/LiveSuite"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Weather from "./processes/Weather.js"

describeEach(process.env, "DARB_TEST_POSTGRES", (bin) => {
  it.scopedLive("in bad weather no job is lost or done twice", () =>
    Effect.gen(function*() {
      const report = yield* Weather.run({
        bin,
        seed: 15,
        duration: 30_000,
        runners: 2,
        environments: 20,
        jobs: 100,
        // A long outage has a test of its own.
        kinds: Weather.kinds.filter((kind) => kind !== "outage")
      })
      assert.deepStrictEqual(report.problems, [])
      assert.isAbove(report.weather.length, 0)
    }), 300_000)
})
