// @ts-check
import { readdirSync, statSync } from "node:fs"
import { join, resolve } from "node:path"
import { assert, describe, it } from "vitest"
import { cacheDirectory, keepExecutable } from "../src/cache.js"
import { makeContext } from "../src/context.js"
import { failureOf, makeDirectory, makeMachine, writeScript } from "./support.js"

/**
 * @param {string} platform
 * @param {NodeJS.ProcessEnv} env
 */
const directory = (platform, env) => cacheDirectory(makeContext({ platform, env }))

describe("cache", () => {
  it("is where the platform keeps caches", () => {
    const env = { HOME: "/home/me", LOCALAPPDATA: "/local" }
    assert.strictEqual(directory("linux-x64", env), "/home/me/.cache/darb")
    assert.strictEqual(directory("linux-x64", { ...env, XDG_CACHE_HOME: "/xdg" }), "/xdg/darb")
    assert.strictEqual(directory("darwin-arm64", env), "/home/me/Library/Caches/darb")
    assert.strictEqual(directory("win32-x64", env), "/local/darb")
  })

  it("is elsewhere if DARB_CACHE_DIR says so", () => {
    assert.strictEqual(directory("linux-x64", { DARB_CACHE_DIR: "here", XDG_CACHE_HOME: "/xdg" }), resolve("here"))
  })

  it("keeps executables whole, and nothing beside them", async () => {
    const machine = makeMachine()
    const path = join(machine.cache, "tool")
    await Promise.all(["one", "two"].map((text) => keepExecutable(path, Buffer.from(text), machine)))
    assert.deepStrictEqual(readdirSync(machine.cache), ["tool"])
    assert.strictEqual(statSync(path).mode & 0o777, 0o755)
  })

  it("that cannot be written is named", async () => {
    const file = writeScript(join(makeDirectory(), "file"), "")
    const error = await failureOf(keepExecutable(join(file, "tool"), Buffer.from(""), makeMachine()))
    assert.include(error.message, `${join(file, "tool")} cannot be written: `)
    assert.include(error.message, "DARB_CACHE_DIR")
  })
})
