#!/usr/bin/env node
// @ts-check
/** Sets up the checkout. */
import { main } from "../src/main.js"
import { setup } from "../src/setup.js"

await main(async () => {
  await setup()
  return 0
})
