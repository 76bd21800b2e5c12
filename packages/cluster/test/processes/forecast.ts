/** Bad weather for some minutes: `npm run weather -- --seed N --minutes M`. The exit code is 0 if all is well. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Effect from "effect/Effect"
import { parseArgs } from "node:util"
import * as Weather from "./Weather.js"

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: `${Date.now() % 1e6}` },
    minutes: { type: "string", default: "5" },
    postgres: { type: "string", default: process.env.DARB_TEST_POSTGRES ?? "/usr/lib/postgresql/15/bin" }
  }
})

const say = (line: string) => process.stdout.write(`${line}\n`)

const program = Effect.gen(function*() {
  say(`seed ${values.seed}, ${values.minutes} minutes`)
  const { problems, redelivered, weather } = yield* Weather.run({
    bin: values.postgres,
    seed: Number(values.seed),
    duration: Number(values.minutes) * 60_000,
    runners: 3,
    environments: 200,
    jobs: 1000
  })
  say(`weather: ${weather.join(", ")}`)
  say(`started again: ${redelivered}`)
  problems.forEach(say)
  say(problems.length === 0 ? "no job was lost or done twice" : `${problems.length} problems`)
  process.exitCode = problems.length === 0 ? 0 : 1
})

program.pipe(Effect.scoped, NodeRuntime.runMain)
