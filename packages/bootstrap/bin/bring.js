#!/usr/bin/env node
// @ts-check
/** Prints the path of a pixi or uv, which is installed if necessary. */
import { main } from "../src/main.js"
import { bringPixi } from "../src/pixi.js"
import { bringUv, bringUvVersion, pinnedVersions } from "../src/uv.js"

const [name, version, ...rest] = process.argv.slice(2)

const bring = () => {
  if (rest.length > 0) return undefined
  if (name === "pixi" && version === undefined) return bringPixi()
  if (name === "uv" && version === undefined) return bringUv()
  const known = pinnedVersions.find((known) => known === version)
  return name === "uv" && known !== undefined ? bringUvVersion(known) : undefined
}

await main(async () => {
  const path = await bring()
  if (path === undefined) {
    process.stderr.write(`usage: bring.js pixi|uv\n       bring.js uv ${pinnedVersions.join("|")}\n`)
    return 2
  }
  process.stdout.write(`${path}\n`)
  return 0
})
