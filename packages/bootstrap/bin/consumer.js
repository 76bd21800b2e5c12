#!/usr/bin/env node
// @ts-check
/** Checks the packed library in an application outside of the checkout. */
import { consume } from "../src/consumer.js"
import { main } from "../src/main.js"
import { setup } from "../src/setup.js"

await main(async () => {
  await setup()
  await consume()
  return 0
})
