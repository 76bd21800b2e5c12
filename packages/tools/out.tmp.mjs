import * as NodeContext from "@effect/platform-node/NodeContext"
import { makeRunner } from "@darb/package-manager/driver/process/Process"
import * as Output from "@darb/package-manager/Output"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { spawn } from "node:child_process"
import { once } from "node:events"
const MB = Number(process.argv[3] ?? 100)
const cmd = `yes "INFO resolve: package number 4711 of this environment has 12 candidates, and 3 of them fit" | head -c ${MB * 1024 * 1024}`
const raw = Effect.promise(async () => {
  const child = spawn("sh", ["-c", cmd], { stdio: ["ignore", "pipe", "inherit"] })
  child.stdout.setEncoding("utf8")
  let rest = "", lines = 0
  child.stdout.on("data", (text) => { const pieces = (rest + text).split("\n"); rest = pieces.pop() ?? ""; for (const p of pieces) if (p !== "") lines++ })
  await once(child, "close"); return lines
})
await Effect.runPromise(Effect.gen(function*() {
  const runner = yield* makeRunner
  const options = { executable: "sh", args: ["-c", cmd], environment: {PATH: "/usr/bin:/bin"}, signals: ["SIGTERM"] , gracePeriod: "5 seconds", output: "lines" }
  let n = 0
  const all = { raw, nobody: runner.run(options), observe: Output.observe(runner.run(options), () => { n++; return Effect.void }), stream: Stream.runDrain(Output.stream(runner.run(options))) }
  for (let r = 0; r < 2; r++) for (const [k, op] of Object.entries(all)) {
    if (process.argv[2] !== "all" && process.argv[2] !== k) continue
    const c = process.cpuUsage(), s = performance.now(); const m0 = process.memoryUsage.rss(); let peak = m0; const t = setInterval(() => peak = Math.max(peak, process.memoryUsage.rss()), 20)
    yield* op
    clearInterval(t)
    const d = process.cpuUsage(c)
    console.log(k, "cpu us/line", ((d.user + d.system) / (MB * 1024 * 1024 / 89)).toFixed(3), "MB/s cpu", (MB / ((d.user + d.system) / 1e6)).toFixed(0), "MB/s wall", (MB / ((performance.now() - s) / 1000)).toFixed(0), "rss+", ((peak - m0) / 1e6).toFixed(0))
  }
}).pipe(Effect.provide(NodeContext.layer)))
