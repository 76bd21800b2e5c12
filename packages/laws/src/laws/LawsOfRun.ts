/**
 * Laws of programs and of activation. They use programs that every machine has.
 *
 * @module
 * @since 0.1.0
 */
import * as Output from "@darb/package-manager/Output"
import type { RunOptions } from "@darb/package-manager/PackageManager"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import type { Law } from "./Law.js"
import { type Bench, law, within } from "./LawBench.js"
import { shown } from "./LawText.js"

type Options = Omit<RunOptions, "path">

/** An environment in which something is installed. */
const installed = Effect.fnUntraced(function*(bench: Bench) {
  const environment = yield* bench.made
  yield* environment.install(["greet==1.0"])
  return environment
})

const start = (bench: Bench, path: string, options: Options) => {
  const events: Array<Output.Event> = []
  const running = Output.observe(
    bench.manager.run({ path, ...options }),
    (event) => Effect.sync(() => events.push(event))
  )
  const what = `run of ${shown(options.command)}`
  return Effect.map(bench.succeeds(what, running), (result) => ({ ...result, events }))
}

const linesOf = (events: ReadonlyArray<Output.Event>, stream: "stdout" | "stderr" = "stdout") =>
  events.flatMap((event) => event._tag === "Output" && event.stream === stream ? [event.line] : [])

/** Programs that run until they are interrupted. */
const forever: ReadonlyArray<string> = ["sleep", "100000"]

/** Starts a program that does not end, and waits until it runs. */
const running = Effect.fnUntraced(function*(bench: Bench, path: string) {
  const started = yield* Deferred.make<number>()
  const run = Output.observe(
    bench.manager.run({ path, command: forever }),
    (event) => event._tag === "Started" ? Deferred.succeed(started, event.pid) : Effect.void
  )
  const fiber = yield* Effect.forkScoped(run)
  const ended = Effect.flatMap(
    Fiber.await(fiber),
    (exit) => bench.broken("a program that does not end", Exit.isSuccess(exit) ? shown(exit.value) : "an error")
  )
  const pid = yield* Effect.raceFirst(Deferred.await(started), ended)
  return { fiber, pid }
})

/** The values of options with which `run` cannot do anything. */
const wrong: ReadonlyArray<readonly [option: string, Options]> = [
  ["command", {}],
  ["command", { command: [] }],
  ["command", { command: [""] }],
  ["command", { command: ["echo", "a\0b"] }],
  ["variables", { command: ["true"], variables: { "A=B": "c" } }],
  ["variables", { command: ["true"], variables: { A: "b\0" } }],
  ["directory", { command: ["true"], directory: "no-such-directory" }],
  ["directory", { command: ["true"], directory: "a\0b" }],
  ["output", { command: ["true"], stdio: "inherit", output: "lines" }]
]

/**
 * How programs start and end, and what they see of the environment.
 *
 * @since 0.1.0
 * @category laws
 */
export const laws: ReadonlyArray<Law> = [
  law(
    "a-program-ends-with-a-value",
    "The exit code or the signal of a program is a value, not an error.",
    (bench) =>
      Effect.gen(function*() {
        const { path } = yield* installed(bench)
        for (
          const [command, expected] of [
            [["true"], { exitCode: 0, signal: null }],
            [["false"], { exitCode: 1, signal: null }],
            [["sh", "-c", "exit 77"], { exitCode: 77, signal: null }],
            [["sh", "-c", "kill -KILL $$"], { exitCode: null, signal: "SIGKILL" }],
            [["sh", "-c", "kill -TERM $$"], { exitCode: null, signal: "SIGTERM" }]
          ] as const
        ) {
          const { events, exitCode, signal } = yield* start(bench, path, { command })
          yield* bench.equal(`the end of ${shown(command)}`, { exitCode, signal }, expected)
          const tags = events.map(({ _tag }) => _tag)
          yield* bench.equal(`the events of ${shown(command)}`, tags, ["Started", "Ended"])
        }
      })
  ),

  law(
    "output-is-complete-and-in-order",
    "Every line and every byte that a program prints is an event, in order.",
    (bench) =>
      Effect.gen(function*() {
        const { path } = yield* installed(bench)
        const lines = Array.from({ length: 5000 }, (_, at) => `${at} ${"é".repeat(at % 50)} https://user:word@host/`)
        const { events } = yield* start(bench, path, { command: ["cat"], stdin: `${lines.join("\n")}\n` })
        yield* bench.equal("the lines", linesOf(events), lines)
        const first = events.at(0)?._tag
        yield* bench.equal("the first and the last event", [first, events.at(-1)?._tag], ["Started", "Ended"])
        const bytes = Uint8Array.from({ length: 200_000 }, (_, at) => (at * at) % 256)
        const printed = yield* start(bench, path, {
          command: ["cat"],
          output: "bytes",
          stdin: Stream.make(bytes.subarray(0, 70_001), bytes.subarray(70_001))
        })
        const found = printed.events.flatMap((event) => event._tag === "Bytes" ? [...event.bytes] : [])
        yield* bench.equal("the bytes", found, [...bytes])
      })
  ),

  law(
    "a-program-reads-nothing-by-default",
    "Standard input ends at once if it is not given.",
    (bench) =>
      Effect.gen(function*() {
        const { path } = yield* installed(bench)
        const ended = yield* within("1 minute", start(bench, path, { command: ["cat"] }))
        yield* bench.equal("what cat printed", ended && linesOf(ended.events), [])
      })
  ),

  law(
    "a-program-has-the-activated-environment",
    "A program has the variables of the activation, and those of the option.",
    (
      bench
    ) =>
      Effect.gen(function*() {
        const { path } = yield* installed(bench)
        const activation = yield* bench.succeeds("activation", bench.manager.activation({ path }))
        const variables = { DARB_LAW: "a \"b\" é" }
        const { events } = yield* start(bench, path, { command: ["env"], variables })
        const found = linesOf(events)
        const expected = Object.entries({ ...activation.set, ...variables }).map((entry) => entry.join("="))
        const missing = expected.filter((line) => !found.includes(line))
        yield* bench.equal("the variables that the program lacks", missing, [])
        const unwanted = activation.unset.filter((name) => found.some((line) => line.startsWith(`${name}=`)))
        yield* bench.equal("the variables that it has though they are unset", unwanted, [])
        const PATH = found.find((line) => line.startsWith("PATH="))?.slice("PATH=".length)
        const added = activation.path.join(":")
        yield* bench.equal("whether PATH begins with the directories", PATH?.startsWith(`${added}:`), true)
        const where = yield* start(bench, path, { command: ["pwd"] })
        yield* bench.equal("the working directory", linesOf(where.events), [activation.environment])
      })
  ),

  law("an-interrupted-program-ends", "Interruption ends a program.", (bench) =>
    Effect.gen(function*() {
      const { path } = yield* installed(bench)
      const { fiber, pid } = yield* running(bench, path)
      const exit = yield* within("1 minute", Fiber.interrupt(fiber))
      yield* bench.equal("whether it was interrupted", exit && Exit.isInterrupted(exit), true)
      const isRunning = yield* bench.subject.isRunning?.(pid) ?? Effect.succeed(false)
      yield* bench.equal("whether the process still runs", isRunning, false)
    })),

  law(
    "what-is-not-installed-does-not-run",
    "Before an install, run and activation fail and write nothing.",
    (bench) =>
      Effect.gen(function*() {
        const { path } = yield* bench.made
        const before = yield* bench.files(path)
        const { manager } = bench
        yield* bench.fails("run", manager.run({ path, command: ["true"] }), ["EnvironmentNotInstalled"])
        yield* bench.fails("activation", manager.activation({ path }), ["EnvironmentNotInstalled"])
        yield* bench.same("both", yield* bench.files(path), before)
      })
  ),

  law(
    "run-and-activation-change-nothing",
    "Neither run nor activation changes the environment.",
    (bench) =>
      Effect.gen(function*() {
        const environment = yield* installed(bench)
        const { path } = environment
        const status = bench.succeeds("status", bench.manager.status({ path }))
        const before = yield* status
        yield* bench.unchanged(
          "run and activation",
          environment,
          Effect.andThen(
            bench.succeeds("activation", bench.manager.activation({ path })),
            start(bench, path, { command: ["false"] })
          )
        )
        yield* bench.equal("the status", yield* status, before)
      })
  ),

  law(
    "a-program-that-is-not-there",
    "A program that does not exist fails with ProgramNotFound, and bad options with InvalidOption.",
    (
      bench
    ) =>
      Effect.gen(function*() {
        const { path } = yield* installed(bench)
        for (const program of ["no-such-program", "./no-such-program", "/no/such/program", " ", "--help"]) {
          const error = yield* bench.fails(
            `run of ${shown(program)}`,
            bench.manager.run({ path, command: [program] }),
            ["ProgramNotFound"]
          )
          yield* bench.equal("the program", error._tag === "ProgramNotFound" && error.program, program)
        }
        for (const [option, options] of wrong) {
          const what = `run with ${shown(options)}`
          const error = yield* bench.fails(what, bench.manager.run({ path, ...options }), ["InvalidOption"])
          yield* bench.equal(`the option of ${what}`, error._tag === "InvalidOption" && error.option, option)
        }
      })
  ),

  law(
    "a-program-does-not-block-a-change",
    "An environment can be changed while a program runs in it.",
    (bench) =>
      Effect.gen(function*() {
        const environment = yield* installed(bench)
        const { fiber } = yield* running(bench, environment.path)
        yield* environment.install(["libleaf==0.1.0"])
        yield* bench.equal("the versions", yield* environment.versions, { greet: "1.0", libleaf: "0.1.0" })
        yield* bench.equal("whether the program still runs", (yield* Fiber.poll(fiber))._tag, "None")
        yield* Fiber.interrupt(fiber)
      })
  )
]
