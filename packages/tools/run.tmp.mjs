import * as NodeContext from "@effect/platform-node/NodeContext"
import { makeRunner } from "@darb/package-manager/driver/process/Process"
import { makeOrphanProcesses } from "@darb/package-manager/driver/process/OrphanProcesses"
import { makeStart } from "@darb/package-manager/driver/process/OperationProcess"
import * as Command from "@effect/platform/Command"
import * as Effect from "effect/Effect"
import { spawn } from "node:child_process"
const N = Number(process.argv[2] ?? 100)
const raw = Effect.promise(() => new Promise((r) => { const c = spawn("/bin/true", [], {stdio: ["ignore","pipe","pipe"]}); c.stdout.resume(); c.stderr.resume(); c.on("close", r) }))
await Effect.runPromise(Effect.gen(function*() {
  const runner = yield* makeRunner
  const orphans = yield* makeOrphanProcesses
  const start = yield* makeStart(orphans, { span: "x", mayLeave: false })
  const options = { executable: "/bin/true", args: [], environment: {}, signals: ["SIGTERM"] , gracePeriod: "5 seconds", directory: "/tmp" }
  const all = { raw, string: Command.string(Command.make("/bin/true")), run: runner.run(options), start: start({manager:"x",operation:"list",environment:"/x",marker:"m"}, options), end: orphans.end("m", {pid: process.pid+100000, elapsed: "1 second"}), kill: Effect.ignore(Effect.try(() => process.kill(-99999, "SIGKILL"))) }
  const only = process.argv[3]
  const sums = {}
  for (let r = 0; r < 6; r++) for (const [n, op] of Object.entries(all)) {
    if (only && n !== only) continue
    const c = process.cpuUsage()
    yield* Effect.repeatN(op, N - 1)
    const d = process.cpuUsage(c)
    if (r > 0) (sums[n] ??= []).push((d.user + d.system) / 1000 / N)
  }
  for (const [n, v] of Object.entries(sums)) console.log(n, Math.min(...v).toFixed(2), v.sort((a,b)=>a-b)[v.length>>1].toFixed(2))
}).pipe(Effect.provide(NodeContext.layer)))
