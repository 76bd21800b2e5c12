import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import * as Argv from "../src/Argv.js"
import * as Cli from "../src/Cli.js"
import { ProgramEnded } from "../src/Failure.js"
import { answer } from "../src/Report.js"
import * as View from "../src/View.js"
import * as Captured from "./Captured.js"
import { packageManager } from "./fixtures.js"

const install = (...packages: ReadonlyArray<string>) =>
  answer(View.changes, packageManager.install({ path: "/env", packages }))

const changed = [
  "+  greet    1.0 0           https://example.org/channel",
  "-  old      ?",
  "~  libleaf  0.1 0 -> 0.2 1  https://example.org/channel",
  ""
].join("\n")

describe("TextReport", () => {
  it.effect("without a terminal results are on stdout, and the rest is on stderr, plainly", () =>
    Effect.gen(function*() {
      const { exitCode, stderr, stdout } = yield* Captured.text(install("greet"))
      assert.strictEqual(stdout, changed)
      assert.strictEqual(
        stderr,
        [
          "   $ pixi add -- greet",
          "     [31mwords",
          "     downloading greet (1.5 MiB)",
          "     3/40 packages · 12/310 MB",
          "     downloading leaf",
          ""
        ].join("\n")
      )
      assert.strictEqual(exitCode, 0)
    }))

  it.effect("a program shows all of its output", () =>
    Effect.gen(function*() {
      const run = packageManager.run({ path: "/env", command: ["-V"] })
      const { stderr, stdout } = yield* Captured.text(answer(View.ended, run))
      assert.strictEqual(stdout, "ended with exit code 0\n")
      assert.strictEqual(stderr, "   $ python -V\n     result\n     warning\n")
    }))

  it.effect("the end of a program is no failure to speak of", () =>
    Effect.gen(function*() {
      const ended = yield* Captured.text(new ProgramEnded({ exitCode: 3, signal: null }))
      assert.deepStrictEqual(ended, { exitCode: 3, stdout: "", stderr: "" })
    }))

  it.effect("a failure is on stderr", () =>
    Effect.gen(function*() {
      const { exitCode, stderr, stdout } = yield* Captured.text(install("nowhere"))
      assert.strictEqual(stdout, "")
      assert.deepStrictEqual(stderr.split("\n").slice(-6), [
        "     ended with exit code 1",
        "   restored: /env/pixi.lock",
        "   processes may be left: they cannot be searched for on this platform",
        "   left: the lock file is outdated, and the prefix differs from it: 1 missing, 1 different, 2 unexpected",
        `darb: PackageNotFound: /env has no channel or index with "nowhere": check the name, or add the one that has it`,
        ""
      ])
      assert.strictEqual(exitCode, 1)
    }))

  it.effect("on a terminal a line moves while a process runs, and goes", () =>
    Effect.gen(function*() {
      const fiber = yield* Effect.fork(
        Captured.text(Effect.raceFirst(install("forever"), Effect.sleep("2 seconds")), { terminal: true })
      )
      yield* TestClock.adjust("2 seconds")
      const { stderr, stdout } = yield* Fiber.join(fiber)
      assert.include(stdout, "\u001b[2m   $ pixi add -- forever\u001b[22m\n")
      assert.include(stdout, "\r\u001b[2K\u001b[1m⠋ pixi add 0 s\u001b[22m")
      assert.include(stdout, "\r\u001b[2K\u001b[1m⠙ pixi add 1 s 3/40 packages · 12/310 MB\u001b[22m")
      assert.isTrue(stdout.endsWith("\r\u001b[2K"))
      assert.strictEqual(stderr, "")
    }))

  it.effect("there are no colors with NO_COLOR", () =>
    Effect.gen(function*() {
      const { stdout } = yield* Captured.text(install("greet"), { terminal: true, environment: { NO_COLOR: "1" } })

      assert.notMatch(stdout, /\u001b\[\d*m/)
      assert.include(stdout, changed)
    }))

  it.effect("a usage error points to the help", () =>
    Effect.gen(function*() {
      const { exitCode, stderr, stdout } = yield* Captured.text(Cli.run(Argv.normalize(["list"])))
      assert.strictEqual(stdout, "")
      assert.strictEqual(stderr, "darb: UsageError: Missing argument <PATH>\nRun darb --help for usage.\n")
      assert.strictEqual(exitCode, 2)
    }))
})
