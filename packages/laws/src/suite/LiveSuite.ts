/**
 * Suites that run on real executables.
 *
 * @module
 * @since 0.1.0
 */
import { assert, describe, it, layer } from "@effect/vitest"
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import type { Law, Result, Subject } from "../laws/Laws.js"
import * as Laws from "../laws/Laws.js"

const nameOf = (path: string): string => path.replace(/^.*[/\\]/, "")

/**
 * Declares a suite for each executable that an environment variable names, as paths separated by `:`.
 *
 * Without executables the suite fails on CI (`CI` is set) and is skipped elsewhere.
 *
 * @since 0.1.0
 * @category operations
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

/**
 * The subject that `checkLaws` checks.
 *
 * @since 0.1.0
 * @category services
 */
export class Tried extends Context.Tag("@darb/laws/LiveSuite/Tried")<Tried, Subject>() {}

/**
 * How `checkLaws` checks.
 *
 * @since 0.1.0
 * @category options
 */
export interface CheckOptions {
  /** How long making the subject may take; by default as long as any hook. */
  readonly timeout?: Duration.DurationInput | undefined
  /** How long a law may take, in milliseconds; 240,000 by default. */
  readonly limit?: number | undefined
  /** Gets the result of each law, whether it holds or not. */
  readonly onResult?: ((result: Result) => void) | undefined
}

/**
 * Declares a test for each law. All of them have the same subject.
 *
 * @since 0.1.0
 * @category operations
 */
export const checkLaws = <E>(
  laws: ReadonlyArray<Law>,
  subject: Layer.Layer<Tried, E>,
  { limit = 240_000, onResult = () => {}, timeout }: CheckOptions = {}
): void =>
  layer(subject, { excludeTestServices: true, ...(timeout !== undefined && { timeout }) })((it) => {
    for (const law of laws) {
      it.effect(law.name, () =>
        Effect.gen(function*() {
          const result = yield* Laws.run(yield* Tried, law)
          onResult(result)
          if (result.outcome._tag === "Broken") assert.fail(result.outcome.error.message)
        }), limit)
    }
  })
