#!/usr/bin/env node
// @ts-check
/** Publishes the public packages; with `--dry-run`, does all but the upload. */
import { main } from "../src/main.js"
import { release } from "../src/release.js"
import { setup } from "../src/setup.js"

const [option, ...rest] = process.argv.slice(2)

await main(async () => {
  if (rest.length > 0 || (option !== undefined && option !== "--dry-run")) {
    process.stderr.write("usage: release.js [--dry-run]\n")
    return 2
  }
  await setup()
  await release({ dryRun: option === "--dry-run" })
  return 0
})
