// @ts-check
import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { setup } from "../src/setup.js"
import { failureOf, makeDirectory, makeMachine, writeScript } from "./support.js"

/** A checkout whose npx, tsc and bundler note that they ran. */
const makeCheckout = () => {
  const machine = makeMachine()
  const root = makeDirectory()
  const log = join(root, "log")
  writeFileSync(join(root, "package.json"), JSON.stringify({ packageManager: "pnpm@1.2.3+sha512.abc" }))
  writeFileSync(join(root, "pnpm-lock.yaml"), "")
  utimesSync(join(root, "pnpm-lock.yaml"), 1000, 1000)
  writeScript(join(machine.bin, "npx"), `echo "$PWD npx $@" >> ${log}; : > node_modules/.modules.yaml`)
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc")
  mkdirSync(join(tsc, ".."), { recursive: true })

  /** @param {string} script */
  const writeTsc = (script) =>
    writeFileSync(
      tsc,
      `const { appendFileSync } = require("node:fs")
appendFileSync("log", process.cwd() + " tsc " + process.argv.slice(2).join(" ") + "\\n")
${script}`
    )
  writeTsc("")
  const bundler = join(root, "packages", "demo", "build.js")
  mkdirSync(join(bundler, ".."), { recursive: true })
  writeFileSync(bundler, `require("node:fs").appendFileSync("log", process.cwd() + " bundle\\n")`)

  return {
    ...machine,
    npx: `${root} npx --yes pnpm@1.2.3 install --frozen-lockfile --reporter=append-only`,
    root,
    build: [`${root} tsc --build --verbose`, `${root} bundle`],
    runs: () => existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : [],
    writeTsc
  }
}

describe("setup", () => {
  it("installs, compiles and bundles, and says so", async () => {
    const checkout = makeCheckout()
    checkout.writeTsc("console.log(\"12:00:00 - Building project '/a/tsconfig.json'...\")")
    await setup(checkout)
    assert.deepStrictEqual(checkout.runs(), [checkout.npx, ...checkout.build])
    const [start, , compiling] = checkout.output
    assert.strictEqual(start, "setup: installing packages with pnpm@1.2.3 …\n")
    assert.strictEqual(compiling, "setup: compiling /a/tsconfig.json\n")
  })

  it("says nothing when there is nothing to do", async () => {
    const checkout = makeCheckout()
    await setup(checkout)
    checkout.output.length = 0
    await setup(checkout)
    assert.deepStrictEqual(checkout.output, [])
    assert.deepStrictEqual(checkout.runs(), [checkout.npx, ...checkout.build, ...checkout.build])
  })

  it("installs again when the lock file is newer", async () => {
    const checkout = makeCheckout()
    await setup(checkout)
    const later = Date.now() / 1000 + 10
    utimesSync(join(checkout.root, "pnpm-lock.yaml"), later, later)
    await setup(checkout)
    assert.deepStrictEqual(checkout.runs(), [checkout.npx, ...checkout.build, checkout.npx, ...checkout.build])
  })

  it("shows what is wrong with the sources", async () => {
    const checkout = makeCheckout()
    checkout.writeTsc("console.log(\"a.ts(1,1): error TS1\"); process.exitCode = 1")
    const error = await failureOf(setup(checkout))
    assert.include(error.message, "ended with exit code 1")
    assert.strictEqual(checkout.output.at(-1), "  a.ts(1,1): error TS1\n")
  })
})
