#!/usr/bin/env node
// A closed output or a second signal must not end the process before it has cleaned up. SIGHUP is handled like SIGTERM.
// A signal that arrives before the program handles signals is emitted again.
let early
const remember = (signal) => early ??= signal === "SIGHUP" ? "SIGTERM" : signal
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {})
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, remember)

const { main } = await import("../dist/main.js").catch((error) => {
  if (error.code !== "ERR_MODULE_NOT_FOUND") throw error
  console.error(`darb is not built (${error.message}). In the repository, run: npm run setup`)
  process.exit(1)
})
main(process.argv.slice(2))
process.on("SIGHUP", () => process.emit("SIGTERM"))
if (early !== undefined) process.emit(early)
