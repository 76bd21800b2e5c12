/**
 * Laws of events: whose they are, and in which order they are observed.
 *
 * @module
 * @since 0.1.0
 */
import * as Output from "@darb/package-manager/Output"
import type { PackageManagerError } from "@darb/package-manager/PackageManagerError"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { Law } from "./Law.js"
import { law, within } from "./LawBench.js"
import { shown } from "./LawText.js"

/** An event, and the number of the operation that emitted it. */
interface Labelled {
  readonly source: number
  readonly event: Output.Event
}

const identityOf = ({ environment, id, operation }: Output.Event) => ({ operation, environment, id })

/** What is wrong with the events of one process, in order. */
const disorder = (events: ReadonlyArray<Output.Event>): string | undefined => {
  let runs: number | undefined
  for (const event of events) {
    if (!("pid" in event)) continue
    if (event._tag === "Started" ? runs !== undefined : event.pid !== runs) {
      return `${event._tag} of process ${event.pid} while ${runs ?? "none"} runs`
    }
    runs = event._tag === "Ended" ? undefined : event.pid
  }
  return runs === undefined ? undefined : `no Ended of process ${runs}`
}

/** Holds an observer for a while that is no time, so that another event can arrive meanwhile. */
const hold = Effect.repeatN(Effect.yieldNow(), 50)

/**
 * Events name their operation, and come in order.
 *
 * @since 0.1.0
 * @category laws
 */
export const laws: ReadonlyArray<Law> = [
  law(
    "events-name-their-operation",
    "The events of operations at the same time can be told apart by the id of the operation.",
    (bench) =>
      Effect.gen(function*() {
        const { manager } = bench
        const [one, two] = [yield* bench.made, yield* bench.made]
        const path = yield* bench.directory
        const events: Array<Labelled> = []
        const install = (path: string, packages: ReadonlyArray<string>) => manager.install({ path, packages })
        const operations: ReadonlyArray<readonly [name: string, Effect.Effect<unknown, PackageManagerError>]> = [
          ["install", install(one.path, ["greet==1.0"])],
          ["install", install(one.path, ["libleaf==0.1.0"])],
          ["install", install(two.path, ["greet==1.0"])],
          ["install", Effect.ignore(install(two.path, ["orphan"]))],
          ["init", manager.init({ path, ...bench.subject.init })],
          ["list", manager.list({ path: one.path })],
          ["version", manager.version]
        ]
        yield* bench.succeeds(
          "several operations at once",
          Effect.forEach(operations, ([, effect], source) =>
            Output.observe(effect, (event) => Effect.sync(() => events.push({ source, event }))), {
            concurrency: "unbounded"
          })
        )
        const sources = new Map(events.map(({ event, source }) => [event.id, source]))
        for (const { event, source } of events) {
          if (event.id === "" || sources.get(event.id) !== source) {
            return yield* bench.broken(
              "an id for each operation",
              shown(events.map(({ event }) =>
                identityOf(event)
              ))
            )
          }
        }
        for (const [source, [name]] of operations.entries()) {
          const own = events.flatMap((labelled) => labelled.source === source ? [labelled.event] : [])
          // A patient subject tries again, with another id for each attempt.
          const identities = [...new Set(own.map((event) => shown({ ...identityOf(event), id: "" })))]
          if (identities.length > 1) return yield* bench.broken(`one identity of ${name}`, shown(identities))
          for (const { operation } of own) yield* bench.equal("the operation of an event", operation, name)
          const wrong = disorder(own)
          if (wrong !== undefined) return yield* bench.broken(`the processes of ${name} one after another`, wrong)
        }
        const environments = (...numbers: ReadonlyArray<number>) => [
          ...new Set(events.flatMap(({ event, source }) => numbers.includes(source) ? [event.environment] : []))
        ]
        const [ofOne, ofTwo] = [environments(0, 1), environments(2, 3)]
        if (ofOne.length > 1 || ofTwo.length > 1 || ofOne.some((environment) => ofTwo.includes(environment))) {
          return yield* bench.broken("an environment for each path", shown([ofOne, ofTwo]))
        }
      })
  ),

  law(
    "each-attempt-has-an-id",
    "An operation that runs again has another id.",
    (bench) =>
      Effect.gen(function*() {
        const { path } = yield* bench.made
        const attempts: Array<Array<string>> = []
        const attempt = Effect.suspend(() => {
          const ids: Array<string> = []
          attempts.push(ids)
          return Output.observe(bench.manager.install({ path, packages: ["greet"] }), ({ id }) =>
            Effect.sync(() => ids.push(id)))
        })
        yield* bench.succeeds("two installs", Effect.repeatN(attempt, 1))
        const [first = [], second = []] = attempts
        const both = second.filter((id) =>
          first.includes(id)
        )
        if (both.length > 0) return yield* bench.broken("other ids", shown(both))
      })
  ),

  law(
    "events-are-observed-one-by-one",
    "An event is observed after the one before it has been observed.",
    (bench) =>
      Effect.gen(function*() {
        const { path } = yield* bench.made
        let [observing, most] = [0, 0]
        yield* bench.succeeds(
          "install with a slow observer",
          Output.observe(bench.manager.install({ path, packages: ["app"] }), () =>
            Effect.gen(function*() {
              most = Math.max(most, ++observing)
              yield* hold
              observing--
            }))
        )
        if (most > 1) yield* bench.broken("one event at a time", `${most} at the same time`)
      })
  ),

  law(
    "progress-only-advances",
    "Phases never go back, what is done never becomes less or more than all, and all is what an install adds.",
    (bench) =>
      Effect.gen(function*() {
        const { path } = yield* bench.made
        const told: Array<Output.Progress> = []
        const watched = <A>(operation: Effect.Effect<A, PackageManagerError>) =>
          Output.observe(operation, (event) =>
            Effect.sync(() => {
              if (event._tag === "Progress") told.push(event)
            }))
        const { install, update } = bench.manager
        for (
          const [what, operation] of Object.entries({
            install: watched(install({ path, packages: ["app==1.0"] })),
            update: watched(update({ path }))
          })
        ) {
          told.length = 0
          const { added } = yield* bench.succeeds(what, operation)
          const phases = told.map(({ phase }) => Output.Phase.literals.indexOf(phase))
          const packages = told.flatMap(({ totals }) => totals === null ? [] : [totals.packages])
          const done = packages.map(({ done }) => done ?? 0)
          const isOrdered = (values: ReadonlyArray<number>) =>
            values.every((value, at) => at === 0 || value >= (values[at - 1] ?? 0))
          const isBounded = packages.every(({ done, total }) => done === null || total === null || done <= total)
          const last = told.at(-1)
          const ends = last === undefined ||
            (last.phase === "done" &&
              (last.totals?.packages.done === last.totals?.packages.total))
          const names = new Set(added.map(({ name }) => name))
          const isAll = last === undefined || (last.totals?.packages.total ?? 0) === names.size
          if (!isOrdered(phases) || !isOrdered(done) || !isBounded || !ends || !isAll) {
            return yield* bench.broken(`the progress of ${what} to advance to its end`, shown(told))
          }
        }
      })
  ),

  law(
    "an-observer-cannot-prevent-interruption",
    "An operation whose observer never ends can be interrupted.",
    (bench) =>
      Effect.gen(function*() {
        const { path } = yield* bench.made
        const observed = yield* Deferred.make<void>()
        const fiber = yield* Effect.forkDaemon(
          Output.observe(bench.manager.install({ path, packages: ["app"] }), () =>
            Effect.zipRight(Deferred.succeed(observed, undefined), Effect.never))
        )
        yield* Effect.raceFirst(Deferred.await(observed), Fiber.await(fiber))
        const exit = yield* within("2 minutes", Fiber.interrupt(fiber))
        if (exit === undefined) {
          return yield* bench.broken("an end", "none within 2 minutes")
        }
      })
  )
]
