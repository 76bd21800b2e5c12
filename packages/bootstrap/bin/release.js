#!/usr/bin/env node
// @ts-check
/** Publishes the public packages from the repository at a URL; with `--dry-run`, does all but the upload. */
import { main } from "../src/main.js"
import { release } from "../src/release.js"
import { setup } from "../src/setup.js"

const [argument = "", ...rest] = process.argv.slice(2)
const dryRun = argument === "--dry-run"

await main(async () => {
  if (rest.length > 0 || !(dryRun || argument.startsWith("https://"))) {
    process.stderr.write("usage: release.js --dry-run | https://HOST/OWNER/REPOSITORY\n")
    return 2
  }
  await setup()
  await release({ dryRun, repository: dryRun ? "https://example.com/darb/darb" : argument })
  return 0
})
