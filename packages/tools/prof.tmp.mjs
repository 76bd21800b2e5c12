import * as NodeContext from "@effect/platform-node/NodeContext"
import * as Pixi from "@darb/pixi/Pixi"
import { PackageManager } from "@darb/package-manager/PackageManager"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Context from "effect/Context"
import * as FileSystem from "@effect/platform/FileSystem"
import { mkdtempSync, mkdirSync, writeFileSync, rmSync } from "node:fs"
import { spawn } from "node:child_process"
const dir = mkdtempSync("/tmp/wtp-prof-")
writeFileSync(dir + "/pixi", `#!/bin/sh
case "$1" in
  --version) echo pixi 0.77.0; exit ;;
  list) echo '[]' ;;
  shell-hook) echo '{"environment_variables":{"PATH":"/usr/bin:/bin"}}'; exit ;;
esac
`, { mode: 0o755 })
mkdirSync(dir + "/0/.pixi/envs/default/conda-meta", { recursive: true })
writeFileSync(dir + "/0/pixi.toml", `[workspace]
name = "small"
channels = ["conda-forge"]
platforms = ["linux-64", "linux-aarch64", "osx-64", "osx-arm64", "win-64"]
`)
writeFileSync(dir + "/0/pixi.lock", "version: 6\nenvironments:\n  default:\n    channels: []\n    packages: {}\npackages: []\n")
const path = dir + "/0"
const counts = new Map()
const counting = (fs) => new Proxy(fs, { get: (t, k) => typeof t[k] === "function" ? (...a) => { if (globalThis.log) console.log(String(k), String(a[0]).replace(dir,"")); counts.set(k, (counts.get(k) ?? 0) + 1); return t[k](...a) } : t[k] })
const N = Number(process.argv[3] ?? 200)
const layer = process.argv[4] ? Layer.effect(FileSystem.FileSystem, Effect.map(FileSystem.FileSystem, counting)).pipe(Layer.provideMerge(NodeContext.layer)) : NodeContext.layer
const raw = Effect.promise(() => new Promise((r) => { const c = spawn(dir + "/pixi", ["list"], {stdio: ["ignore","pipe","pipe"]}); c.stdout.resume(); c.stderr.resume(); c.on("close", r) }))
const kinds = (m) => ({ list: m.list({ path }), install: m.install({ path }), update: m.update({path}), lock: m.install({path, noInstall: true}), run: m.run({ path, command: ["true"] }), status: m.status({path}), raw })
await Effect.runPromise(Effect.gen(function*() {
  const m = yield* PackageManager
  const op = kinds(m)[process.argv[2]]
  yield* Effect.repeatN(op, 20)
  counts.clear()
  const log = process.argv[4] === "log"
  globalThis.log = log
  const c = process.cpuUsage(), s = performance.now()
  yield* Effect.repeatN(op, log ? 0 : N - 1)
  const d = process.cpuUsage(c)
  console.log(process.argv[2], "cpu/op", ((d.user + d.system) / 1000 / N).toFixed(2), "wall/op", ((performance.now() - s) / N).toFixed(2))
  if (counts.size) console.log(Object.fromEntries([...counts].map(([k, v]) => [k, v / (log ? 1 : N)])), [...counts.values()].reduce((a,b)=>a+b,0)/N)
}).pipe(Effect.provide(Layer.provideMerge(Pixi.layer({ executable: dir + "/pixi" }), layer))))
rmSync(dir, { recursive: true })
