#!/usr/bin/env node
// @ts-check
import { main } from "../src/main.js"
import { bringPixi } from "../src/pixi.js"
import { bringUv } from "../src/uv.js"

const [name, ...rest] = process.argv.slice(2)

await main(async () => {
  if ((name !== "pixi" && name !== "uv") || rest.length > 0) {
    process.stderr.write("usage: bring.js pixi|uv\n")
    return 2
  }
  const path = await (name === "pixi" ? bringPixi() : bringUv())
  process.stdout.write(`${path}\n`)
  return 0
})
