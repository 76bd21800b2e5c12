import { describeEach } from "@darb/laws/LiveSuite"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { join } from "node:path"
import * as Cluster from "./processes/Cluster.js"
import { directory } from "./processes/Directory.js"
import { descriptorsOf, environments, notes, runner, type Started } from "./processes/Started.js"

const names = Array.from({ length: 10 }, (_, at) => `e${at}`)

/** What a process has when it is idle. */
const idle = (of: ReadonlyArray<Started>) =>
  Effect.forEach(
    of,
    ({ fibers, pid }) => Effect.map(fibers, (fibers) => ({ fibers, descriptors: descriptorsOf(pid) }))
  )

/** Timers of the cluster and connections of its pools come and go. */
const some = { fibers: 4, descriptors: 6 }

/** Ends when no process has more than at the beginning. */
const isAsBefore = (of: ReadonlyArray<Started>, before: Effect.Effect.Success<ReturnType<typeof idle>>) =>
  idle(of).pipe(
    Effect.filterOrFail(
      (after) =>
        after.every(({ descriptors, fibers }, at) =>
          fibers <= (before[at]?.fibers ?? 0) + some.fibers &&
          descriptors <= (before[at]?.descriptors ?? 0) + some.descriptors
        ),
      (after) => `before ${JSON.stringify(before)}, after ${JSON.stringify(after)}`
    ),
    Effect.retry({ schedule: Schedule.spaced("500 millis"), times: 60 })
  )

describeEach(process.env, "DARB_TEST_POSTGRES", (bin) => {
  it.scopedLive(
    "after many jobs, two runners have no more fibers and descriptors than before",
    () =>
      Effect.gen(function*() {
        const cluster = yield* Cluster.make({ bin, runners: 2, names, duration: 1 })
        const round = (key: string, count: number) =>
          Effect.forEach(
            Array.from({ length: count }, (_, at) => at),
            (at) =>
              Effect.flatMap(
                cluster.jobs.submit({
                  operation: "install",
                  options: { path: names[at % names.length] ?? "", packages: [`${key}${at}`] }
                }),
                cluster.jobs.result
              ),
            { concurrency: 20, discard: true }
          )
        yield* round("warm", 100)
        const before = yield* idle(cluster.runners)
        yield* round("more", 500)
        const after = yield* isAsBefore(cluster.runners, before)
        console.log(JSON.stringify([before, after]))
        assert.strictEqual(cluster.notes().filter(({ what }) => what === "end").length, 600)
      }),
    180_000
  )
})

it.scopedLive(
  "after many jobs, the process of embedded jobs has no more fibers and descriptors than before",
  () =>
    Effect.gen(function*() {
      const base = yield* directory
      const root = join(base, "environments")
      yield* environments(root, names)
      const log = join(base, "log")
      const jobs = (key: string, count: number) =>
        Array.from({ length: count }, (_, at) => `${names[at % names.length]} ${key}${at}`)
      const started = yield* runner({
        root,
        log,
        filename: join(base, "jobs.db"),
        duration: 1,
        more: jobs("more", 500),
        submit: jobs("warm", 100)
      })
      const ended = (count: number) =>
        Effect.repeat(
          Effect.delay(Effect.sync(() => notes(log).filter(({ what }) => what === "end").length), "200 millis"),
          {
            until: (found) => found >= count
          }
        )
      yield* ended(100)
      const before = yield* idle([started])
      yield* started.signal("SIGHUP")
      yield* ended(600)
      const after = yield* isAsBefore([started], before)
      console.log(JSON.stringify([before, after]))
    }),
  120_000
)
