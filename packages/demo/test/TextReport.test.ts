import * as Output from "@darb/package-manager/Output"
import { Package } from "@darb/package-manager/Package"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import { ProgramEnded } from "../src/Failure.js"
import { answer } from "../src/Report.js"
import * as View from "../src/View.js"
import * as Wrap from "../src/Wrap.js"
import * as Captured from "./Captured.js"
import { about, packageManager, packages, status } from "./fixtures.js"

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
        "   afterwards: the lock file is outdated, and the prefix differs from it: 1 missing, 1 different, 2 unexpected",
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

  it.effect("FORCE_COLOR colors without a terminal, and wins over NO_COLOR", () =>
    Effect.gen(function*() {
      const colored = yield* Captured.text(install("greet"), { environment: { FORCE_COLOR: "1", NO_COLOR: "1" } })
      assert.include(colored.stdout, "\u001b[32m+  greet")
      const plain = yield* Captured.text(install("greet"), { terminal: true, environment: { FORCE_COLOR: "0" } })
      assert.notMatch(plain.stdout, /\u001b\[\d+m/)
    }))

  it.effect("on a terminal words are whole, and tables are cut", () =>
    Effect.gen(function*() {
      const long = new Package({ ...packages[0]!, source: "https://example.org/a-channel-with-a-long-name" })
      const { stdout } = yield* Captured.text(answer(View.packages, Effect.succeed([long])), { terminal: true })
      const [, row = ""] = Wrap.uncolored(stdout).split("\n")
      assert.match(row, /^greet .*https:.*…$/)
      assert.lengthOf(row, 60)
      const { stderr } = yield* Captured.text(install("nowhere"), { terminal: true })
      assert.strictEqual(
        stderr,
        `darb: PackageNotFound: /env has no channel or index with\n  "nowhere": check the name, or add the one that has it\n`
      )
    }))

  it.effect("says what an interruption has left", () =>
    Effect.gen(function*() {
      const interrupted = (event?: Output.Event, left?: string) => {
        const operation = Effect.gen(function*() {
          if (event !== undefined) yield* (yield* Output.Observer)(event)
          return yield* Effect.interrupt
        })
        return Effect.map(Captured.text(answer(View.said(""), operation, left)), ({ stderr }) =>
          stderr.split("\n").at(-2))
      }
      assert.strictEqual(yield* interrupted(), "darb: interrupted: nothing was changed")
      assert.strictEqual(yield* interrupted(undefined, ""), "darb: interrupted")
      assert.strictEqual(
        yield* interrupted(new Output.StatusAfter({ ...about, status })),
        "darb: interrupted: the manifest and the lock file are as before, and install makes the prefix match them"
      )
      assert.strictEqual(
        yield* interrupted(new Output.NotRestored({ ...about, files: ["f"], reason: "r" })),
        "darb: interrupted: some files could not be restored; the next operation tries again"
      )
    }))
})
