#!/usr/bin/env node
// A closed output must not end the server before it has cleaned up. SIGHUP is handled like SIGTERM.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {})

const { main } = await import("../dist/main.js").catch((error) => {
  if (error.code !== "ERR_MODULE_NOT_FOUND") throw error
  console.error(`the server is not built (${error.message}). In the repository, run: npm run setup`)
  process.exit(1)
})
main(process.argv.slice(2))
process.on("SIGHUP", () => process.emit("SIGTERM"))
