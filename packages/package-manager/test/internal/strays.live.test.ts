import * as NodeContext from "@effect/platform-node/NodeContext"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { existsSync } from "node:fs"
import { makeRunner } from "../../src/internal/process.js"
import { makeStrays, variable } from "../../src/internal/strays.js"
import { isRunning } from "../support.js"

const start = (marker: string) =>
  Effect.flatMap(makeRunner, (runner) =>
    runner.run({
      executable: "sh",
      // Its own session, and no pipe of ours: nothing but the variable tells where it comes from.
      args: ["-c", "setsid sh -c 'sleep 60 & echo $$ $!; exec sleep 60' </dev/null 2>/dev/null & sleep 0.3"],
      environment: { PATH: "/usr/local/bin:/usr/bin:/bin", [variable]: marker },
      signals: ["SIGTERM"],
      gracePeriod: "1 second"
    }))

describe.skipIf(!existsSync("/proc/self/environ"))("strays", () => {
  it.live("what moved to a session of its own is found, and nothing else", () =>
    Effect.gen(function*() {
      const runner = yield* makeRunner
      const strays = yield* makeStrays(runner.kill)
      const pidsOf = ({ stdout }: { readonly stdout: string }) => stdout.trim().split(" ").map(Number)
      const [ours, others] = yield* Effect.all([start("ours"), start("ours-not")], { concurrency: 2 })
      const [pids, otherPids] = [pidsOf(ours), pidsOf(others)]
      assert.deepStrictEqual([pids.length, otherPids.length], [2, 2])
      assert.strictEqual((yield* Effect.filter([...pids, ...otherPids], isRunning)).length, 4)
      assert.isTrue(yield* strays.end("ours"))
      yield* Effect.sleep("100 millis")
      assert.deepStrictEqual(yield* Effect.filter(otherPids, isRunning), otherPids)
      yield* strays.end("ours-not")
      yield* strays.end("nobody")
    }).pipe(Effect.provide(NodeContext.layer)))
})
