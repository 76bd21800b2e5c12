#!/usr/bin/env node
// A closed output or a second signal must not end the process before it has cleaned up. SIGHUP is handled like SIGTERM.
// A signal that arrives before the program handles signals is emitted again.
let first
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {})
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => first ??= signal)

const { main } = await import("../dist/main.js").catch((error) => {
  if (error.code !== "ERR_MODULE_NOT_FOUND") throw error
  console.error(`darb is not built (${error.message}). In the repository, run: npm run setup`)
  process.exit(1)
})
process.exitCode = await main(process.argv.slice(2), () => first)
process.on("SIGHUP", () => process.emit("SIGTERM"))
if (first !== undefined) process.emit(first === "SIGHUP" ? "SIGTERM" : first)
