// @ts-check
import { spawnSync } from "node:child_process"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "vitest"
import { runtimes } from "../src/runtimes.js"
import { makeDirectory, makeMachine, writeScript } from "./support.js"

const program = fileURLToPath(new URL("../bin/bring.js", import.meta.url))

/**
 * @param {ReadonlyArray<string>} args
 * @param {NodeJS.ProcessEnv} env
 */
const bring = (args, env) => {
  const { status, stderr, stdout } = spawnSync(process.execPath, [program, ...args], {
    cwd: makeDirectory(),
    encoding: "utf8",
    env
  })
  return { status, stderr, stdout }
}

describe("bring", () => {
  it("prints the path alone", () => {
    const { bin, env } = makeMachine()
    const path = writeScript(join(bin, "pixi"), "echo pixi 1.0.0")
    assert.deepStrictEqual(bring(["pixi"], env), { status: 0, stderr: "", stdout: `${path}\n` })
  })

  it("brings the oldest uv, whatever the machine has", () => {
    const { bin, cache, env } = makeMachine()
    writeScript(join(bin, "uv"), "echo uv 0.13.9")
    const path = writeScript(join(cache, `uv-0.9.20-${process.platform}-${process.arch}`), "echo uv 0.9.20")
    assert.deepStrictEqual(bring(["uv", "0.9.20"], env), { status: 0, stderr: "", stdout: `${path}\n` })
  })

  it("fails with a message", () => {
    const { bin, env } = makeMachine()
    const path = writeScript(join(bin, "broken"), "echo uv")
    const message = `DARB_UV_PATH names ${path}, which cannot be used as uv: --version says "uv".`
    assert.deepStrictEqual(bring(["uv"], { ...env, DARB_UV_PATH: path }), {
      status: 1,
      stderr: `\n${message}\n`,
      stdout: ""
    })
  })

  it("says how it is used", () => {
    const { env } = makeMachine()
    const versions = ["uv 0.9.20", ...runtimes.map(({ name, version }) => `${name} ${version}`)]
    const stderr = ["usage: bring.js pixi|uv", ...versions.map((args) => `       bring.js ${args}`), ""].join("\n")
    for (
      const args of [[], ["conda"], ["pixi", "uv"], ["pixi", "0.9.20"], ["uv", "0.9.19"], ["node", "19.0.0"], [
        "uv",
        "0.9.20",
        "x"
      ]]
    ) {
      assert.deepStrictEqual(bring(args, env), { status: 2, stderr, stdout: "" })
    }
  })
})
