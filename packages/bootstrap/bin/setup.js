#!/usr/bin/env node
// @ts-check
import { main } from "../src/main.js"
import { setup } from "../src/setup.js"

await main(async () => {
  await setup()
  return 0
})
