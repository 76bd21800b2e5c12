#!/usr/bin/env node
// @ts-check
/** Prints the path of a pixi, a uv or a runtime, which is installed if necessary. */
import { main } from "../src/main.js"
import { bringPixi } from "../src/pixi.js"
import { bringRuntime, runtimes } from "../src/runtimes.js"
import { bringUv, bringUvVersion, pinnedVersions } from "../src/uv.js"

const [name, version, ...rest] = process.argv.slice(2)

const bring = () => {
  if (rest.length > 0) return undefined
  if (name === "pixi" && version === undefined) return bringPixi()
  if (name === "uv" && version === undefined) return bringUv()
  const runtime = runtimes.find((runtime) => runtime.name === name && runtime.version === version)
  if (runtime !== undefined) return bringRuntime(runtime)
  const known = pinnedVersions.find((known) => known === version)
  return name === "uv" && known !== undefined ? bringUvVersion(known) : undefined
}

await main(async () => {
  const path = await bring()
  if (path === undefined) {
    const versioned = [
      `uv ${pinnedVersions.join("|")}`,
      ...runtimes.map(({ name, version }) => `${name} ${version}`)
    ]
    process.stderr.write(
      ["usage: bring.js pixi|uv", ...versioned.map((args) => `bring.js ${args}`)].join("\n       ") + "\n"
    )
    return 2
  }
  process.stdout.write(`${path}\n`)
  return 0
})
