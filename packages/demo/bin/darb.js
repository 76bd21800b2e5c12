#!/usr/bin/env node
const { main } = await import("../dist/main.js").catch((error) => {
  if (error.code !== "ERR_MODULE_NOT_FOUND") throw error
  console.error(`darb is not built (${error.message}). In the repository run: npx pnpm@10 install && npx pnpm@10 build`)
  process.exit(1)
})
main(process.argv.slice(2))

// Neither a reader that goes away nor a second signal ends the program before it has cleaned up; a hangup is a signal too.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {})
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => {})
process.on("SIGHUP", () => process.kill(process.pid, "SIGTERM"))
