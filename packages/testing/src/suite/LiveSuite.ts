/**
 * Suites that run on real executables.
 *
 * @module
 * @since 0.1.0
 */
import { assert, describe, it } from "@effect/vitest"

const nameOf = (path: string): string => path.replace(/^.*[/\\]/, "")

/**
 * Declares a suite for each executable that an environment variable names, as paths separated by `:`.
 *
 * Without executables the suite fails on CI (`CI` is set) and is skipped elsewhere.
 *
 * @since 0.1.0
 * @category encoding
 */
export const describeEach = (
  environment: Readonly<Record<string, string | undefined>>,
  variable: string,
  suite: (executable: string) => void
): void => {
  const executables = (environment[variable] ?? "").split(":").filter((path) => path !== "")
  for (const executable of executables) describe(`${variable}: ${nameOf(executable)}`, () => suite(executable))
  if (executables.length > 0) return
  if (environment.CI) {
    it(`${variable} names an executable`, () => assert.fail(`live tests cannot run: ${variable} is not set`))
  } else {
    describe.skip(`live tests are skipped because ${variable} is not set`, () => it("live tests", () => {}))
  }
}
