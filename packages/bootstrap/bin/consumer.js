#!/usr/bin/env node
// @ts-check
import { consume } from "../src/consumer.js"
import { main } from "../src/main.js"
import { setup } from "../src/setup.js"

await main(async () => {
  await setup()
  await consume()
  return 0
})
