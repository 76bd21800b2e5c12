#!/usr/bin/env node
// @ts-check
import { join } from "node:path"
import { checkout } from "../src/checkout.js"
import { main } from "../src/main.js"
import { bringPixi } from "../src/pixi.js"
import { handOver } from "../src/process.js"
import { setup } from "../src/setup.js"

await main(async () => {
  const given = process.env.PACKAGE_MANAGER_PIXI_PATH
  const [pixi] = await Promise.all([given || bringPixi(), setup()])
  const demo = join(checkout, "packages", "demo", "bin", "darb.js")
  return handOver(process.execPath, [demo, ...process.argv.slice(2)], {
    env: { ...process.env, PACKAGE_MANAGER_PIXI_PATH: pixi }
  })
})
