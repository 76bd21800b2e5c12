/**
 * Laws of interruption and of concurrent operations.
 *
 * @module
 * @since 0.1.0
 */
import * as Output from "@darb/package-manager/Output"
import type { PackageManagerError } from "@darb/package-manager/PackageManagerError"
import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import type { Law, LawBroken } from "./Law.js"
import { asked, type Bench, law, within } from "./LawBench.js"
import { shown } from "./LawText.js"

/** The numbers of the events at which operations are interrupted. */
const moments = [1, 2, 3, 4, 5, 7, 9, 12, 16]

/** Whether the operation is still running after the event. */
const isOnItsWay = (event: Output.Event): boolean =>
  event._tag === "Started" || event._tag === "Output" || event._tag === "Progress" ||
  (event._tag === "Ended" && event.exitCode !== null)

/** Interrupts an operation at the event with the given number. */
const interruptedAt = <A>(moment: number, operation: Effect.Effect<A, PackageManagerError>) =>
  Effect.gen(function*() {
    const [reached, released] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
    let count = 0
    const observed = Output.observe(operation, (event) =>
      Effect.suspend(() =>
        isOnItsWay(event) && ++count >= moment
          ? Effect.zipRight(Deferred.succeed(reached, undefined), Deferred.await(released))
          : Effect.void
      ))
    const fiber = yield* Effect.fork(observed)
    if (moment > 0) {
      yield* Effect.raceFirst(Deferred.await(reached), Fiber.await(fiber))
    }
    const isUnderWay = moment === 0 || (yield* Deferred.isDone(reached))
    yield* Fiber.interruptFork(fiber)
    // An operation that cannot be interrupted here goes on after a while.
    yield* Effect.yieldNow()
    yield* Deferred.succeed(released, undefined)
    return { exit: yield* Fiber.await(fiber), isUnderWay }
  })

/**
 * Interrupts an operation at one event after another.
 *
 * @since 0.1.0
 * @category operations
 */
export const interruption = Effect.fnUntraced(function*<A>(
  bench: Bench,
  what: string,
  operation: Effect.Effect<A, PackageManagerError>,
  check: (what: string) => Effect.Effect<void, LawBroken>
) {
  for (const moment of moments) {
    const { exit, isUnderWay } = yield* interruptedAt(moment, operation)
    // The operation has fewer events.
    if (!isUnderWay && Exit.isSuccess(exit)) return
    const when = `at event ${moment}`
    if (!Exit.isInterrupted(exit)) {
      const found = Exit.isSuccess(exit) ? "success" : Cause.pretty(exit.cause)
      return yield* bench.broken(`${what} to be interrupted ${when}`, found)
    }
    yield* check(`${what}, interrupted ${when},`)
  }
})

/** Interrupts an operation at its start. It may still succeed. */
const interruptedAtOnce = Effect.fnUntraced(function*<A>(
  bench: Bench,
  what: string,
  operation: Effect.Effect<A, PackageManagerError>,
  check: (what: string) => Effect.Effect<void, LawBroken>
) {
  const fiber = yield* Effect.fork(operation)
  const exit = yield* Fiber.interrupt(fiber)
  if (Exit.isSuccess(exit)) return
  if (!Exit.isInterrupted(exit)) return yield* bench.broken(`${what} to be interrupted`, Cause.pretty(exit.cause))
  yield* check(`${what}, interrupted at once,`)
})

/** The events in order: the number of the operation, and whether it waited or worked. */
type Trace = Array<readonly [operation: number, what: "waits" | "works"]>

/** How long an operation is held so that another one can show whether it waits. */
const patience = "20 seconds"

/**
 * Runs two operations at once. The first one that works continues when the other one has emitted an event too. `undefined`
 * for operations without events.
 */
const together = Effect.fnUntraced(function*<A>(
  first: Effect.Effect<A, PackageManagerError>,
  second: Effect.Effect<A, PackageManagerError>
) {
  const trace: Trace = []
  const said = [yield* Deferred.make<void>(), yield* Deferred.make<void>()] as const
  const traced = (operation: 0 | 1, effect: Effect.Effect<A, PackageManagerError>) => {
    let works = false
    return Output.observe(effect, (event) =>
      Effect.gen(function*() {
        const isFirst = event._tag !== "Waiting" && !works
        works = works || isFirst
        trace.push([operation, event._tag === "Waiting" ? "waits" : "works"])
        yield* Deferred.succeed(said[operation], undefined)
        if (isFirst) yield* within(patience, Deferred.await(said[operation === 0 ? 1 : 0]))
      })).pipe(Effect.ensuring(Deferred.succeed(said[operation], undefined)))
  }
  yield* Effect.all([traced(0, first), traced(1, second)], { concurrency: "unbounded" })
  return trace
})

/** Whether one operation worked during another one. An operation that waits again starts again. */
const overlaps = (trace: Trace): boolean =>
  trace.some(([operation, what], at) => {
    if (what === "waits") return false
    const begun = trace.slice(0, at).findLastIndex(([other, what]) => other === operation && what === "waits") + 1
    const between = trace.slice(begun, at)
    const first = between.findIndex(([other]) => other === operation)
    return first !== -1 && between.slice(first).some(([other, what]) => other !== operation && what === "works")
  })

/**
 * Interruption changes nothing and leaves no process. Operations on one environment take turns.
 *
 * @since 0.1.0
 * @category laws
 */
export const laws: ReadonlyArray<Law> = [
  law(
    "interruption-changes-nothing",
    "An interrupted operation changes nothing, at whatever moment it is interrupted.",
    (
      bench
    ) =>
      Effect.gen(function*() {
        const { manager } = bench
        const environment = yield* bench.made
        const { path } = environment
        yield* environment.install(["greet==1.0", "libleaf==0.1.0"])
        const asBefore = Effect.map(
          environment.state,
          (before) => (what: string) => Effect.flatMap(environment.state, (found) => bench.same(what, found, before))
        )
        yield* interruption(bench, "install", manager.install({ path, packages: ["app==1.0"] }), yield* asBefore)
        // The removal succeeded if it has fewer events than moments.
        yield* interruption(bench, "remove", manager.remove({ path, packages: ["greet"] }), yield* asBefore)
        yield* interruptedAtOnce(bench, "update", manager.update({ path }), yield* asBefore)
        yield* environment.install(["app==2.0", "libleaf==0.2.0"])
        const { app, libleaf } = yield* environment.versions
        yield* bench.equal("the versions after all", { app, libleaf }, { app: "2.0", libleaf: "0.2.0" })
      })
  ),

  law(
    "an-interrupted-init-leaves-nothing",
    "An interrupted init creates no environment.",
    (bench) =>
      Effect.gen(function*() {
        const { manager, subject } = bench
        for (const interrupt of [interruptedAtOnce, interruption]) {
          const path = yield* bench.directory
          yield* interrupt(bench, "init", manager.init({ path, ...subject.init }), (what) =>
            Effect.gen(function*() {
              yield* bench.same(what, yield* bench.files(path), {})
              yield* bench.fails(`getManifest after ${what}`, manager.getManifest({ path }), ["EnvironmentNotFound"])
            }))
        }
      })
  ),

  law(
    "one-environment-is-serial",
    "Operations on one environment run one at a time, and none is lost.",
    (bench) =>
      Effect.gen(function*() {
        const { manager } = bench
        const environment = yield* bench.made
        const { path } = environment
        const other = `${path}/../${path.slice(path.lastIndexOf("/") + 1)}/.`
        const trace = yield* bench.succeeds(
          "two installs at once",
          together(
            manager.install({ path, packages: ["greet==1.0"] }),
            manager.install({ path: other, packages: ["libleaf==0.1.0"] })
          )
        )
        yield* bench.equal("the versions", yield* environment.versions, { greet: "1.0", libleaf: "0.1.0" })
        if (overlaps(trace)) {
          return yield* bench.broken("one at a time", `both at the same time: ${shown(trace)}`)
        }
        const installs = ["greet==1.1", "libleaf==0.2.0", "app==1.0"].map((spec) => environment.install([spec]))
        yield* Effect.all([...installs, environment.update([]), environment.list], { concurrency: "unbounded" })
        yield* bench.equal("the versions", yield* environment.versions, { app: "1.0", greet: "1.1", libleaf: "0.2.0" })
      })
  ),

  law("two-environments-are-parallel", "Operations on two environments run in parallel and do not interfere.", (
    bench
  ) =>
    Effect.gen(function*() {
      const { manager } = bench
      const [one, two] = [yield* bench.made, yield* bench.made]
      const trace = yield* bench.succeeds(
        "two installs at once",
        together(
          manager.install({ path: one.path, packages: ["greet==1.0"] }),
          manager.install({ path: two.path, packages: ["libleaf==0.1.0"] })
        )
      )
      yield* bench.equal("the versions of one", yield* one.versions, { greet: "1.0" })
      yield* bench.equal("the versions of the other", yield* two.versions, { libleaf: "0.1.0" })
      // With events, the first operation waited for the other one.
      if (trace.length > 0 && !overlaps(trace)) {
        return yield* bench.broken("both at the same time", `one after the other: ${shown(trace)}`)
      }
    })),

  law(
    "reads-do-not-wait",
    "Reading does not wait for a change in progress and sees the manifest from before it.",
    (bench) =>
      Effect.gen(function*() {
        const { manager } = bench
        const environment = yield* bench.made
        const { path } = environment
        yield* environment.install(["greet==1.0"])
        const working = yield* Deferred.make<void>()
        const read = yield* Deferred.make<void>()
        const change = Output.observe(
          manager.install({ path, packages: ["libleaf"] }),
          () => Effect.zipRight(Deferred.succeed(working, undefined), Deferred.await(read))
        )
        const fiber = yield* Effect.forkScoped(change)
        yield* Effect.raceFirst(Deferred.await(working), Fiber.await(fiber))
        const isWorking = (yield* Fiber.poll(fiber))._tag === "None"
        const found = yield* within("1 minute", Effect.all([environment.versions, environment.manifest]))
        yield* Deferred.succeed(read, undefined)
        yield* bench.succeeds("install", Fiber.join(fiber))
        if (found === undefined) return yield* bench.broken("list and getManifest to end", "no end")
        const [versions, manifest] = found
        // Holding the events does not hold the process: it may have changed the lock file.
        yield* bench.equal("the version of greet that is listed", versions.greet, "1.0")
        if (isWorking) yield* bench.equal("the dependencies during an install", asked(manifest), ["greet"])
      })
  )
]
