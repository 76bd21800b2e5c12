// @ts-check
import { spawn } from "node:child_process"
import { once } from "node:events"
import { assert, describe, it } from "vitest"

const processModule = new URL("../src/process.js", import.meta.url)

/**
 * Starts a process that hands over to another one, in a session of its own: it has no terminal.
 *
 * @param {string} script of the other one
 */
const startHandingOver = (script) => {
  const parent = `
    import { handOver } from ${JSON.stringify(processModule.href)}
    process.exitCode = await handOver(process.execPath, ["-e", ${JSON.stringify(script)}], { env: process.env })
  `
  const child = spawn(process.execPath, ["--input-type=module", "-e", parent], {
    detached: true,
    stdio: ["ignore", "pipe", "inherit"]
  })
  const ended = once(child, "close")
  return { child, ended }
}

describe("a process that hands over to another", () => {
  it("ends with its exit code", async () => {
    const { ended } = startHandingOver("process.exit(7)")
    assert.deepStrictEqual(await ended, [7, null])
  })

  it("ends with the exit code that stands for its signal", async () => {
    const { ended } = startHandingOver("process.kill(process.pid, 'SIGKILL')")
    assert.deepStrictEqual(await ended, [137, null])
  })

  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
    it(`passes ${signal} on and waits`, async () => {
      const { child, ended } = startHandingOver(`
        process.on("${signal}", () => setTimeout(() => process.exit(9), 100))
        setInterval(() => {}, 1000)
        console.log("ready")
      `)
      await once(child.stdout, "data")
      child.kill(signal)
      assert.deepStrictEqual(await ended, [9, null])
    })
  }
})
