/**
 * Makes the progress of an operation from that of its processes: phases never go back, the totals say how much is done, and
 * while a process is silent they are reported again.
 *
 * @module
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Schedule from "effect/Schedule"
import * as Output from "../../Output.js"
import * as Events from "../Events.js"

/**
 * A package that is still to be installed.
 *
 * @since 0.1.0
 * @category models
 */
export interface Missing {
  /** The size of its archive in bytes; `null` if the lock file does not say. */
  readonly size: number | null
  /** What a cache calls it. */
  readonly archive: string | null
}

/**
 * By the name of the package.
 *
 * @since 0.1.0
 * @category models
 */
export type Remaining = ReadonlyMap<string, Missing>

/**
 * How the totals are measured. What cannot be read is `undefined`.
 *
 * @since 0.1.0
 * @category models
 */
export interface Measurement<Installed> {
  /** The archives in the cache. */
  readonly cached: Effect.Effect<ReadonlySet<string>>
  readonly installed: Effect.Effect<Installed | undefined>
  /** Reads the lock file, to compare it with what is installed. */
  readonly locked: Effect.Effect<((installed: Installed) => Remaining) | undefined>
}

/** How often the totals are reported again. */
const interval = "10 seconds"

/** How long the totals are valid, in milliseconds: reading the prefix takes time. */
const fresh = 1000

const rank = (phase: Output.Phase): number => Output.Phase.literals.indexOf(phase)

const sum = (packages: ReadonlyArray<readonly [name: string, missing: Missing]>): number | null =>
  packages.reduce<number | null>((sum, [, { size }]) => sum === null || size === null ? null : sum + size, 0)

/**
 * The packages to install are those that the lock file has after solving, and the prefix lacked before the first process. The
 * totals stay `null` without a measurement.
 *
 * @since 0.1.0
 * @category combinators
 */
export const withProgress =
  <Installed>(measurement?: Measurement<Installed>) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.gen(function*() {
      const observe = yield* Output.Observer
      if (observe === Output.nobody) return yield* effect
      const before = yield* measurement?.installed ?? Effect.succeed(undefined)
      const cached = yield* measurement?.cached ?? Effect.succeed(new Set())
      let phase: Output.Phase | undefined
      let totals: Output.Totals | null = null
      let since = Number.NEGATIVE_INFINITY
      const planned = new Map<string, Missing>()
      const downloaded = new Set<string>()

      const measure = Effect.gen(function*() {
        const now = yield* Clock.currentTimeMillis
        if (measurement === undefined || phase === "solving" || (phase !== "done" && now - since < fresh)) return
        since = now
        const [locked, installed] = yield* Effect.all([measurement.locked, measurement.installed])
        if (before === undefined || locked === undefined || installed === undefined) return
        const left = locked(installed)
        // uv replaces a prefix that it cannot use, with all that was installed before.
        for (const [name, missing] of [...locked(before), ...left]) planned.set(name, missing)
        if (planned.size === 0) return
        const all = [...planned]
        const present = all.filter(([name, { archive }]) =>
          phase === "linking" || downloaded.has(name) || !left.has(name) || (archive !== null && cached.has(archive))
        )
        const bytes = sum(present)
        totals = {
          packages: { done: Math.max(planned.size - left.size, totals?.packages.done ?? 0), total: planned.size },
          bytes: { done: bytes === null ? null : Math.max(bytes, totals?.bytes.done ?? 0), total: sum(all) }
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
        const isEarly = planned.size === 0 && phase === "downloading" && progress.package === null
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

      return yield* Effect.acquireUseRelease(
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
