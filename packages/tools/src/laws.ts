/** Checks the laws of package managers, and prints which manager holds which: see `usage`. */
import * as Laws from "@darb/laws/Laws"
import * as Subject from "@darb/laws/Subject"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { basename } from "node:path"
import { parseArgs } from "node:util"
import * as Subjects from "./Subjects.js"

const usage = `usage: npm run laws -- [--seed S] [--runs N] [--only LAW]

Tries every law on the manager in memory, and on the executables that DARB_TEST_PIXI and DARB_TEST_UV name, separated by
":". --seed and --runs are of the random sequences of operations: the same seed makes the same ones, and N of them are
tried on each executable (5), and a hundred times as many in memory. --only tries one law. The exit code is 0 if none is broken.
`

const options = () => {
  try {
    const { values } = parseArgs({
      options: {
        seed: { type: "string" },
        runs: { type: "string", default: "5" },
        only: { type: "string" },
        help: { type: "boolean" }
      }
    })
    const whole = (text: string) => /^\d{1,9}$/.test(text) ? Number(text) : undefined
    const seed = values.seed === undefined ? Date.now() % 1e9 : whole(values.seed)
    const runs = whole(values.runs)
    return values.help || seed === undefined || runs === undefined ? undefined : { only: values.only, runs, seed }
  } catch {
    return undefined
  }
}

const given = options()
if (given === undefined) {
  process.stderr.write(usage)
  process.exit(2)
}
const { only, runs, seed } = given

const lawsWith = (runs: number) => {
  const all = [...Laws.all, Laws.propertyLaw({ seed, runs })]
  return only === undefined ? all : all.filter(({ name }) => name === only)
}
if (lawsWith(runs).length === 0) {
  const names = [...Laws.all, Laws.propertyLaw()].map(({ name }) => name)
  process.stderr.write(`there is no law ${only}: the laws are\n${names.join("\n")}\n`)
  process.exit(2)
}

const executables = (variable: string): ReadonlyArray<string> => {
  const paths = (process.env[variable] ?? "").split(":").filter((path) => path !== "")
  if (paths.length === 0) process.stdout.write(`${variable} is not set: NO EXECUTABLE of it is tried\n`)
  return paths
}

const subjects = [
  { label: "memory", make: Subject.memory({ duration: "1 millis" }), runs: runs * 100 },
  ...executables("DARB_TEST_PIXI").map((executable) => (
    { label: basename(executable), make: Subjects.pixi({ executable }), runs }
  )),
  ...executables("DARB_TEST_UV").map((executable) => (
    { label: basename(executable), make: Subjects.uv({ executable }), runs }
  ))
]

process.stdout.write(`seed ${seed}, ${runs} sequences on each executable\n`)
// The runtime ends on SIGINT and SIGTERM only.
process.once("SIGHUP", () => process.kill(process.pid, "SIGTERM"))

Effect.forEach(subjects, ({ label, make, runs }) =>
  Effect.gen(function*() {
    const subject = yield* make
    process.stdout.write(`${subject.name ?? label}\n`)
    return yield* Effect.forEach(lawsWith(runs), (law) => Laws.run(subject, law))
  }).pipe(Effect.scoped)).pipe(
    Effect.map((results) => {
      const all = results.flat()
      const broken = all.filter(({ outcome }) => outcome._tag === "Broken").length
      process.stdout.write(`\n${Laws.table(all)}\n\n${all.length} tried, ${broken} broken\n`)
      process.exitCode = broken === 0 ? 0 : 1
    }),
    Effect.tapError((error) => Effect.sync(() => process.stderr.write(`${error}\n`))),
    Effect.onInterrupt(() => Effect.sync(() => process.stderr.write("interrupted\n"))),
    Effect.provide(NodeContext.layer),
    NodeRuntime.runMain({
      disableErrorReporting: true,
      disablePrettyLogger: true,
      teardown: (exit, onExit) => onExit(Exit.isSuccess(exit) ? 0 : Cause.isInterruptedOnly(exit.cause) ? 130 : 1)
    })
  )
