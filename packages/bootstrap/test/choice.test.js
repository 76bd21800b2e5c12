// @ts-check
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { choose } from "../src/choice.js"
import { makeDirectory } from "./support.js"

const ready = Promise.resolve()

/** @param {Readonly<Record<string, string>>} files */
const makeWorking = (files = {}) => {
  const cwd = makeDirectory()
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text)
  /**
   * @param {string} line
   * @param {NodeJS.ProcessEnv} [env]
   */
  const chosen = (line, env = {}) => choose(line.split(" ").filter((word) => word !== ""), { cwd, env, ready })
  return chosen
}

/** @param {string} name */
const section = (name) => `package_manager:\n  default_type: ${name}\n`

describe("the choice of a manager", () => {
  it("is pixi where nothing names one", async () => {
    const chosen = makeWorking()
    assert.deepStrictEqual(await chosen(""), { manager: "pixi", executable: false })
    assert.deepStrictEqual(await chosen("", { PACKAGE_MANAGER_DEFAULT_TYPE: "" }), {
      manager: "pixi",
      executable: false
    })
  })

  it("is made by the configuration file, the environment and the options, the latter of which wins", async () => {
    const chosen = makeWorking({ "config.yaml": section("one"), "other.yaml": section("two") })
    const env = { PACKAGE_MANAGER_DEFAULT_TYPE: "three" }
    assert.strictEqual((await chosen("")).manager, "one")
    assert.strictEqual((await chosen("story --config other.yaml")).manager, "two")
    assert.strictEqual((await chosen("--config=other.yaml", env)).manager, "three")
    assert.strictEqual((await chosen("story --manager uv", env)).manager, "uv")
    assert.strictEqual((await chosen("story --manager=uv", env)).manager, "uv")
    assert.strictEqual((await chosen("install x -- --manager=uv", env)).manager, "three")
  })

  it("knows whether the executable is named", async () => {
    const chosen = makeWorking({ "config.yaml": "package_manager:\n  uv_path: /uv\n" })
    assert.isTrue((await chosen("--manager uv")).executable)
    assert.isFalse((await chosen("")).executable)
    assert.isTrue((await chosen("--executable /pixi")).executable)
    assert.isTrue((await chosen("", { PACKAGE_MANAGER_PIXI_PATH: "/pixi" })).executable)
    assert.isFalse((await chosen("", { PACKAGE_MANAGER_UV_PATH: "/uv" })).executable)
  })

  it("does not wait for packages where there is no file, and passes over one that is none", async () => {
    const never = new Promise(() => {})
    const options = { cwd: makeDirectory(), env: {}, ready: /** @type {Promise<void>} */ (never) }
    assert.strictEqual((await choose([], options)).manager, "pixi")
    assert.strictEqual((await makeWorking({ "config.yaml": "a: [" })("")).manager, "pixi")
    assert.strictEqual((await makeWorking({ "config.yaml": "package_manager:" })("")).manager, "pixi")
  })
})
