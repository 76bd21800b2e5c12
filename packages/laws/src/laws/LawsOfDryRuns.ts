/**
 * Laws of dry runs.
 *
 * @module
 * @since 0.1.0
 */
import type { Changes } from "@darb/package-manager/Changes"
import * as Output from "@darb/package-manager/Output"
import type { InstallOptions, RemoveOptions, UpdateOptions } from "@darb/package-manager/PackageManager"
import type { PackageManagerError } from "@darb/package-manager/PackageManagerError"
import * as Effect from "effect/Effect"
import type { Law } from "./Law.js"
import { type Bench, law, withOption } from "./LawBench.js"
import { toldChanges } from "./LawsOfFailure.js"
import { interruption } from "./LawsOfTime.js"
import { shown } from "./LawText.js"

type Options<A> = Omit<A, "path">

/** An operation that can be tried first. */
type Step =
  | readonly ["install", Options<InstallOptions>]
  | readonly ["remove", Options<RemoveOptions>]
  | readonly ["update", Options<UpdateOptions>]

const perform = (
  { manager }: Bench,
  path: string,
  step: Step,
  dryRun?: boolean
): Effect.Effect<Changes, PackageManagerError> => {
  switch (step[0]) {
    case "install":
      return manager.install({ path, dryRun, ...step[1] })
    case "remove":
      return manager.remove({ path, dryRun, ...step[1] })
    case "update":
      return manager.update({ path, dryRun, ...step[1] })
  }
}

/** Each follows the one before it. */
const steps: ReadonlyArray<Step> = [
  ["install", {}],
  ["install", { packages: ["app==1.0"] }],
  ["install", { packages: ["greet"] }],
  ["install", { locked: true }],
  ["install", { frozen: true }],
  ["update", {}],
  ["remove", { packages: ["app"] }],
  ["install", { packages: ["libleaf==0.1.0"], noInstall: true }],
  ["install", {}],
  ["update", { packages: ["greet"] }],
  ["remove", { packages: ["greet", "libleaf"] }]
]

/** Each fails, in an environment with `app==1.0`. */
const failing: ReadonlyArray<readonly [Step, ReadonlyArray<PackageManagerError["_tag"]>]> = [
  [["install", { packages: ["nope"] }], ["PackageNotFound", "Unsolvable"]],
  [["install", { packages: ["app==2.0", "greet==1.0"] }], ["Unsolvable"]],
  [["install", { packages: ["gr eet=="] }], ["InvalidSpec"]],
  [["install", { packages: ["greet"], locked: true }], ["InvalidOption"]],
  [["remove", { packages: ["libleaf"] }], ["DependencyNotFound"]],
  [["remove", { packages: [] }], ["InvalidOption"]],
  [["update", { packages: ["nope"] }], ["DependencyNotFound"]]
]

/** Fails where a dry run reports that something was restored, or changes a file. */
const untouched = Effect.fnUntraced(function*<A, E>(
  bench: Bench,
  what: string,
  path: string,
  dryRun: Effect.Effect<A, E>
) {
  const before = { ...yield* bench.tree(path), ...yield* bench.at(path).state }
  const events: Array<string> = []
  const result = yield* Effect.either(Output.observe(dryRun, ({ _tag }) => Effect.sync(() => events.push(_tag))))
  yield* bench.same(what, { ...yield* bench.tree(path), ...yield* bench.at(path).state }, before)
  const alarms = events.filter((tag) => ["Restored", "NotRestored", "Left"].includes(tag))
  yield* bench.equal(`the events of ${what} about a rollback`, alarms, [])
  return yield* result
})

const hasDryRun = withOption("dryRun")

/**
 * A dry run predicts the operation, and changes nothing.
 *
 * @since 0.1.0
 * @category laws
 */
export const laws: ReadonlyArray<Law> = [
  law(
    "a-dry-run-predicts",
    "A dry run changes no file, and reports what the operation then does, with the status of the environment as it is.",
    (bench) =>
      Effect.gen(function*() {
        const { path } = yield* bench.made
        for (const step of steps) {
          const what = shown(step)
          const status = yield* bench.succeeds("status", bench.manager.status({ path }))
          const dryRun = perform(bench, path, step, true)
          const predicted = yield* untouched(
            bench,
            `a dry run of ${what}`,
            path,
            bench.succeeds(`a dry run of ${what}`, dryRun)
          )
          const made = yield* bench.succeeds(what, perform(bench, path, step))
          yield* bench.equal(`the changes of ${what}`, toldChanges(made), toldChanges(predicted))
          yield* bench.equal(`the status that a dry run of ${what} reports`, predicted.status, status)
        }
      }),
    hasDryRun
  ),

  law(
    "a-dry-run-fails-as-the-operation",
    "A dry run of what fails fails in the same way, and changes no file.",
    (bench) =>
      Effect.gen(function*() {
        const { install, path } = yield* bench.made
        const frozen = bench.manager.install({ path, frozen: true, dryRun: true })
        const locked = bench.manager.install({ path, locked: true, dryRun: true })
        for (const dryRun of [frozen, locked]) {
          yield* untouched(bench, "a dry run", path, bench.fails("it", dryRun, ["LockOutdated"]))
        }
        yield* install(["app==1.0"])
        for (const [step, tags] of failing) {
          const what = `a dry run of ${shown(step)}`
          yield* untouched(bench, what, path, bench.fails(what, perform(bench, path, step, true), tags))
        }
      }),
    hasDryRun
  ),

  law(
    "an-interrupted-dry-run-changes-nothing",
    "A dry run changes no file, at whatever moment it is interrupted.",
    (bench) =>
      Effect.gen(function*() {
        const { install, path } = yield* bench.made
        yield* install(["app==1.0"])
        const before = yield* bench.tree(path)
        const check = (what: string) => Effect.flatMap(bench.tree(path), (found) => bench.same(what, found, before))
        const dryRun = bench.manager.install({ path, packages: ["libleaf==0.1.0"], dryRun: true })
        yield* interruption(bench, "a dry run", dryRun, check)
        yield* check("a dry run")
      }),
    hasDryRun
  ),

  law(
    "reads-during-a-dry-run",
    "Reads during a dry run see the environment as it is.",
    (bench) =>
      Effect.gen(function*() {
        const environment = yield* bench.made
        const { path } = environment
        yield* environment.install(["app==1.0"])
        const state = Effect.all([
          environment.list,
          Effect.map(environment.manifest, ({ bytes }) => new TextDecoder().decode(bytes)),
          bench.succeeds("status", bench.manager.status({ path }))
        ])
        const before = yield* state
        const seen: Array<unknown> = []
        // Reading has events of its own.
        const look = Effect.map(Effect.either(Output.observe(state, Output.nobody)), (found) => {
          seen.push(found._tag === "Right" ? found.right : found.left.message)
        })
        const dryRun = Output.observe(
          bench.manager.remove({ path, packages: ["app"], dryRun: true }),
          ({ _tag }) => _tag === "Progress" || _tag === "Ended" ? look : Effect.void
        )
        yield* bench.succeeds("a dry run", dryRun)
        for (const found of seen) yield* bench.equal("what is seen during a dry run", found, before)
        yield* bench.equal("whether anything was seen", seen.length > 0, true)
      }),
    hasDryRun
  )
]
