/** The executables that live tests run on. */
import { assert, describe, it } from "@effect/vitest"
import { basename } from "node:path"

/** Makes a suite for each executable that a variable names: paths separated by `:`. */
export const describeEach = (variable: string, suite: (executable: string) => void): void => {
  const executables = (process.env[variable] ?? "").split(":").filter((path) => path !== "")
  for (const executable of executables) describe(`${variable}: ${basename(executable)}`, () => suite(executable))
  if (executables.length > 0) return
  if (process.env.CI) {
    it(`${variable} names an executable`, () => assert.fail(`live tests cannot run: ${variable} is not set`))
  } else {
    process.stderr.write(`\nWARNING: live tests are SKIPPED, because ${variable} is not set\n`)
    describe.skip(`${variable} is not set`, () => it("live tests", () => {}))
  }
}
