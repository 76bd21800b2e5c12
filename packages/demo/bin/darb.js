#!/usr/bin/env node
// Neither a reader that goes away nor a second signal ends the program before it has cleaned up; a hangup is a signal too.
// What comes before the program can take it is given to it then.
let early
const note = (signal) => early ??= signal === "SIGHUP" ? "SIGTERM" : signal
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {})
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, note)

const { main } = await import("../dist/main.js").catch((error) => {
  if (error.code !== "ERR_MODULE_NOT_FOUND") throw error
  console.error(`darb is not built (${error.message}). In the repository, run: npm run setup`)
  process.exit(1)
})
main(process.argv.slice(2))
process.on("SIGHUP", () => process.emit("SIGTERM"))
if (early !== undefined) process.emit(early)
