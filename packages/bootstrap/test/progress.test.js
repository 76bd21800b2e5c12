// @ts-check
import { assert, describe, it } from "vitest"
import { makeProgress } from "../src/progress.js"
import { failureOf } from "./support.js"

/** @param {boolean} isTTY */
const makeTerminal = (isTTY) => {
  let time = 0
  /** @type {Array<string>} */
  const output = []
  const progress = makeProgress({ isTTY, columns: 30, write: (text) => output.push(text) }, () => time)
  /** @param {number} seconds */
  const wait = (seconds) => {
    time += seconds * 1000
  }
  return { output, progress, wait }
}

describe("progress", () => {
  it("is a line now and then", async () => {
    const { output, progress, wait } = makeTerminal(false)
    await progress.step("building", async (at) => {
      wait(5)
      at("1 of 4")
      wait(5)
      at("2 of 4")
      at("3 of 4")
    })
    assert.deepStrictEqual(output, ["building …\n", "building … 2 of 4\n", "building … done after 10.0 s\n"])
  })

  it("is one rewritten line on a terminal", async () => {
    const { output, progress, wait } = makeTerminal(true)
    await progress.step("building", async (at) => {
      wait(1)
      at("1 of 4")
      at("2 of 4")
      wait(1)
      at("3 of 4")
    })
    assert.deepStrictEqual(output, [
      "\rbuilding …\x1b[K",
      "\rbuilding … 1 of 4\x1b[K",
      "\rbuilding … 3 of 4\x1b[K",
      "\rbuilding … done after 2.0 s\x1b[K\n"
    ])
  })

  it("is one line on a terminal for several steps, no longer than the terminal is wide", async () => {
    const { output, progress } = makeTerminal(true)
    await progress.step("building", () => progress.step("downloading a lot", async () => progress.say("a word")))
    assert.deepStrictEqual(output, [
      "\rbuilding …\x1b[K",
      "\rbuilding … | downloading a lo\x1b[K",
      "\ra word\x1b[K\n",
      "\rbuilding … | downloading a lo\x1b[K",
      "\rdownloading a lot … done after 0.0 s\x1b[K\n",
      "\rbuilding …\x1b[K",
      "\rbuilding … done after 0.0 s\x1b[K\n"
    ])
  })

  it("says that a step failed", async () => {
    const { output, progress } = makeTerminal(false)
    const error = await failureOf(progress.step("building", () => Promise.reject(new Error("no"))))
    assert.strictEqual(error.message, "no")
    assert.deepStrictEqual(output, ["building …\n", "building … failed after 0.0 s\n"])
  })
})
