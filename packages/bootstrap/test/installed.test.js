// @ts-check
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs"
import { delimiter, join } from "node:path"
import { assert, describe, it } from "vitest"
import { bringPixi } from "../src/pixi.js"
import { bringUv } from "../src/uv.js"
import { failureOf, makeDirectory, makeMachine, writeScript } from "./support.js"

describe("what the machine has already", () => {
  it("is what the variable names", async () => {
    const machine = makeMachine()
    const directory = makeDirectory()
    writeScript(join(machine.bin, "pixi"), "echo pixi 1.0.0")
    machine.env.DARB_PIXI_PATH = writeScript(join(directory, "my-pixi"), "echo pixi 2.0.0")
    machine.env.DARB_UV_PATH = writeScript(join(directory, "my-uv"), "echo 'uv 2.0.0 (abc 2026-11-23)'")
    assert.strictEqual(await bringPixi(machine), join(directory, "my-pixi"))
    assert.strictEqual(await bringUv(machine), join(directory, "my-uv"))
  })

  it("is nothing else if what the variable names cannot be used", async () => {
    const machine = makeMachine()
    writeScript(join(machine.bin, "pixi"), "echo pixi 1.0.0")
    const directory = makeDirectory()
    writeFileSync(join(directory, "text"), "")
    const reasons = {
      [join(directory, "missing")]: "the file does not exist.",
      [directory]: "it is not a file.",
      [join(directory, "text")]: "it is not executable.",
      [writeScript(join(directory, "other"), "echo other 1.0.0")]: "--version says \"other 1.0.0\".",
      [writeScript(join(directory, "broken"), "exit 3")]: "--version failed: "
    }
    for (const [path, reason] of Object.entries(reasons)) {
      machine.env.DARB_PIXI_PATH = path
      const error = await failureOf(bringPixi(machine))
      assert.include(error.message, `DARB_PIXI_PATH names ${path}, which cannot be used as pixi: ${reason}`)
    }
  })

  it("is the first on PATH that works", async () => {
    const machine = makeMachine()
    const directory = makeDirectory()
    const places = ["nowhere", "directory", "text", "broken", "link", "later"].map((name) => join(directory, name))
    machine.env.PATH = ["", ...places].join(delimiter)
    mkdirSync(join(directory, "directory", "pixi"), { recursive: true })
    mkdirSync(join(directory, "text"))
    writeFileSync(join(directory, "text", "pixi"), "")
    const broken = writeScript(join(directory, "broken", "pixi"), "echo 'pixi is not installed' >&2; exit 127")
    const target = writeScript(join(directory, "target"), "echo pixi 1.0.0")
    mkdirSync(join(directory, "link"))
    symlinkSync(target, join(directory, "link", "pixi"))
    writeScript(join(directory, "later", "pixi"), "echo pixi 2.0.0")
    assert.strictEqual(await bringPixi(machine), join(directory, "link", "pixi"))
    assert.lengthOf(machine.output, 1)
    assert.include(machine.output[0], `pixi: ${broken} is skipped: --version failed: `)
  })
})
