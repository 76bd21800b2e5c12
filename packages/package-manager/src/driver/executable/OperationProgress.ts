/**
 * Makes the progress of an operation from that of its processes: phases never go back, the totals say how much is done, and
 * while a process is silent they are reported again.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Schedule from "effect/Schedule"
import * as Output from "../../Output.js"
import * as Events from "../Events.js"

/** The sizes in bytes of the archives that are still to be installed, by package; `null` if the lock file does not say. */
export type Remaining = ReadonlyMap<string, number | null>

/** How often the totals are reported again. */
const interval = "10 seconds"

/** How long the totals are valid, in milliseconds: reading the prefix takes time. */
const fresh = 1000

const rank = (phase: Output.Phase): number => Output.Phase.literals.indexOf(phase)

const sum = (sizes: Iterable<number | null>): number | null =>
  [...sizes].reduce((total, size) => total === null || size === null ? null : total + size, 0)

/** `remaining` compares the lock file with the prefix. */
export const withProgress =
  (remaining: Effect.Effect<Remaining | undefined>) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.flatMap(Output.Observer, (observe) => {
      if (observe === Output.nobody) return effect
      let phase: Output.Phase | undefined
      let planned: Remaining | undefined
      let totals: Output.Totals | null = null
      let since = Number.NEGATIVE_INFINITY
      const downloaded = new Set<string>()

      const measure = Effect.gen(function*() {
        const now = yield* Clock.currentTimeMillis
        if (phase === "solving" || (phase !== "done" && now - since < fresh)) return
        since = now
        // The observer is busy with the event that this is about.
        const left = yield* Output.observe(remaining, Output.nobody)
        // If nothing is left at the first look, all may have been installed meanwhile: how much that was is not known.
        if (phase !== "done" && left !== undefined && left.size > 0) planned ??= left
        if (left === undefined || planned === undefined) return
        const installed = [...planned].filter(([name]) => !left.has(name))
        const present = [...planned].filter(([name]) => phase === "linking" || downloaded.has(name) || !left.has(name))
        const bytes = sum(present.map(([, size]) => size))
        totals = {
          packages: { done: Math.max(installed.length, totals?.packages.done ?? 0), total: planned.size },
          bytes: { done: bytes && Math.max(bytes, totals?.bytes.done ?? 0), total: sum(planned.values()) }
        }
      })

      const report = Effect.fnUntraced(function*(progress: Output.Progress) {
        // The operation may have another process.
        if (progress.phase === "done") return
        const isBack = phase !== undefined && rank(progress.phase) < rank(phase)
        if (isBack && progress.package === null) return
        if (progress.complete && progress.package !== null) downloaded.add(progress.package)
        phase = isBack && phase !== undefined ? phase : progress.phase
        // The manager says that it has solved before it writes the lock file.
        const isEarly = planned === undefined && phase === "downloading" && progress.package === null
        if (!isEarly) yield* measure
        yield* observe(new Output.Progress({ ...progress, phase, totals }))
      })

      const again = (next?: Output.Phase) =>
        Effect.gen(function*() {
          if (phase === undefined) return
          phase = next ?? phase
          yield* measure
          const current = { phase, package: null, bytes: null, totals }
          yield* Events.emit((about) => new Output.Progress({ ...about, ...current })).pipe(Output.observe(observe))
        })

      return Effect.acquireUseRelease(
        Effect.forkDaemon(
          Effect.interruptible(
            Effect.schedule(Effect.suspend(() => Events.limited(again())), Schedule.spaced(interval))
          )
        ),
        () =>
          Output.observe(effect, (event) => event._tag === "Progress" ? report(event) : observe(event)).pipe(
            Effect.zipLeft(Effect.suspend(() => again("done")))
          ),
        Fiber.interrupt
      )
    })
