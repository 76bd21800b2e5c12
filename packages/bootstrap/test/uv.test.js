// @ts-check
import { execFileSync } from "node:child_process"
import { readdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { bringUv, bringUvVersion } from "../src/uv.js"
import { failureOf, makeDirectory, makeMachine, writeScript } from "./support.js"

const makeWheel = `
import hashlib, sys, zipfile
name = "uv-9.9.9-py3-none-any.whl"
with zipfile.ZipFile(name, "w") as wheel:
    wheel.writestr("uv-9.9.9.data/scripts/uv", "#!/bin/sh\\necho uv 9.9.9\\n")
    wheel.writestr("uv-9.9.9.dist-info/METADATA", "Metadata-Version: 2.1\\nName: uv\\nVersion: 9.9.9\\n")
    wheel.writestr("uv-9.9.9.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr("uv-9.9.9.dist-info/RECORD", "")
print(sys.executable)
print(hashlib.sha256(open(name, "rb").read()).hexdigest())
`

/** A machine with Python, whose pip has one wheel and no index. */
const makePythonMachine = () => {
  const machine = makeMachine()
  const directory = makeDirectory()
  const printed = execFileSync("python3", ["-c", makeWheel], { cwd: directory, encoding: "utf8" })
  const [python, hash] = printed.trim().split("\n")
  writeScript(join(machine.bin, "python3"), `exec "${python}" "$@"`)
  const env = {
    ...machine.env,
    PIP_CONFIG_FILE: "/dev/null",
    PIP_FIND_LINKS: directory,
    PIP_NO_INDEX: "1",
    PIP_REQUIRE_VIRTUALENV: "1"
  }
  const requirements = join(directory, "requirements.txt")
  /** @param {string} sha256 */
  const require = (sha256) => {
    writeFileSync(requirements, `uv==9.9.9 --hash=sha256:${sha256}\n`)
    return { ...machine, env, requirements }
  }
  return { hash: String(hash), require }
}

describe("uv", () => {
  it("is installed once by pip", async () => {
    const { hash, require } = makePythonMachine()
    const options = require(hash)
    const path = await bringUv(options)
    assert.strictEqual(path, join(options.cache, "uv-9.9.9-linux-x64"))
    assert.strictEqual(execFileSync(path, ["--version"], { encoding: "utf8" }), "uv 9.9.9\n")
    assert.strictEqual(await bringUv(options), path)
    assert.deepStrictEqual(readdirSync(options.cache), ["uv-9.9.9-linux-x64"])
    assert.lengthOf(options.output, 2)
  })

  it("of a certain version is installed although the machine has another one", async () => {
    const { hash, require } = makePythonMachine()
    const options = require(hash)
    writeScript(join(options.bin, "uv"), "echo uv 1.0.0")
    assert.strictEqual(await bringUv(options), join(options.bin, "uv"))
    assert.strictEqual(await bringUvVersion("0.9.20", options), join(options.cache, "uv-9.9.9-linux-x64"))
  })

  it("of a certain version says that it is that one which is not there", async () => {
    const { message } = await failureOf(bringUvVersion("0.9.20", makeMachine()))
    assert.match(message, /^There is no uv 0\.9\.20: .* python3 is not on PATH\. To have it, install Python 3/)
  })

  it("with another hash is an error, and is not kept", async () => {
    const { require } = makePythonMachine()
    const options = require("0".repeat(64))
    const error = await failureOf(bringUv(options))
    assert.include(
      error.message,
      "9.9.9 cannot be installed with pip: python3 -m pip ended with exit code 1. Install uv"
    )
    assert.include(options.output.join(""), "THESE PACKAGES DO NOT MATCH THE HASHES")
    assert.deepStrictEqual(readdirSync(options.cache), [])
  })

  it("cannot be installed without Python", async () => {
    const { message } = await failureOf(bringUv(makeMachine()))
    for (const part of ["python3 is not on PATH", "Install uv", "DARB_UV_PATH"]) assert.include(message, part)
    assert.notInclude(message, "\n")
  })
})
