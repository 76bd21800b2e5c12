#!/usr/bin/env node
import { readFileSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { Script } from "node:vm"
import { bundle, codeCache, isCurrent } from "./bundle.js"

// A closed output or a second signal must not end the process before it has cleaned up. SIGHUP is handled like SIGTERM.
// A signal that arrives before the program handles signals is emitted again.
let first
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {})
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => first ??= signal)

const loadBundle = (cachedData) => {
  const script = new Script(readFileSync(bundle, "utf8"), { filename: bundle, cachedData })
  const module = { exports: {} }
  script.runInThisContext()(module, createRequire(bundle))
  // What has run until then is in the cache.
  if (cachedData === undefined) process.on("exit", () => writeFileSync(codeCache, script.createCachedData()))
  return module.exports
}

const loadModules = () =>
  import("../dist/main.js").catch((error) => {
    if (error.code !== "ERR_MODULE_NOT_FOUND") throw error
    console.error(`darb is not built (${error.message}). In the repository, run: npm run setup`)
    process.exit(1)
  })

const { main } = process.env.DARB_CODE_CACHE === "write"
  ? loadBundle()
  : isCurrent()
  ? loadBundle(readFileSync(codeCache))
  : await loadModules()
process.exitCode = await main(process.argv.slice(2), () => first)
process.on("SIGHUP", () => process.emit("SIGTERM"))
if (first !== undefined) process.emit(first === "SIGHUP" ? "SIGTERM" : first)
