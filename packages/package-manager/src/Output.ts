/**
 * What an operation says while it runs. Observing is part of the context, not of the options: whatever effect uses a
 * `PackageManager` can be observed, however many operations it consists of.
 *
 * ```ts
 * Output.observe(packageManager.install({ path }), (event) => Effect.log(event))
 * Output.stream(packageManager.install({ path }))
 * ```
 */
import * as Cause from "effect/Cause"
import * as Chunk from "effect/Chunk"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { dual } from "effect/Function"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Status } from "./Status.js"

/** Who is at work in an environment. */
export const Holder = Schema.Struct({
  operation: Schema.String,
  /** Milliseconds since 1970. */
  since: Schema.Number
})
export type Holder = typeof Holder.Type

/** The operation waits for another one on the same environment to end, of this program or of another one. */
export class Waiting extends Schema.TaggedClass<Waiting>("@darb/package-manager/Output/Waiting")("Waiting", {
  operation: Schema.String,
  environment: Schema.String,
  /** `null` where it is not known yet. */
  holder: Schema.NullOr(Holder)
}) {}

/** A process of the manager was started. Credentials in its arguments are left out. */
export class Started extends Schema.TaggedClass<Started>("@darb/package-manager/Output/Started")("Started", {
  command: Schema.Array(Schema.String),
  pid: Schema.Number
}) {}

/**
 * A line that the process printed, without its end. A line of more than 64 KiB comes in pieces: `continued` says that
 * the next line of the same stream belongs to it.
 */
export class Line extends Schema.TaggedClass<Line>("@darb/package-manager/Output/Line")("Output", {
  stream: Schema.Literal("stdout", "stderr"),
  line: Schema.String,
  continued: Schema.Boolean
}) {}

/** What a manager is doing: what it does not say is not made up. */
export const Phase = Schema.Literal("solving", "downloading", "linking", "done")
export type Phase = typeof Phase.Type

/**
 * How far an operation is. Downloads and links overlap: `linking` is what follows when everything is solved, and `done` that
 * the process did what it was to do.
 */
export class Progress extends Schema.TaggedClass<Progress>("@darb/package-manager/Output/Progress")("Progress", {
  phase: Phase,
  /** `null` where the phase is not of one package. */
  package: Schema.NullOr(Schema.String),
  /** The size of the download; `null` where the manager does not say it. */
  bytes: Schema.NullOr(Schema.Number)
}) {}

/** The process ended, by itself or by a signal. */
export class Ended extends Schema.TaggedClass<Ended>("@darb/package-manager/Output/Ended")("Ended", {
  exitCode: Schema.NullOr(Schema.Number),
  signal: Schema.NullOr(Schema.String)
}) {}

/**
 * These files were put back as they were: the operation did not succeed, or one before it that did not come to an end
 * because its program did.
 */
export class Restored extends Schema.TaggedClass<Restored>("@darb/package-manager/Output/Restored")("Restored", {
  files: Schema.Array(Schema.String)
}) {}

/**
 * These files may not be as they were: they could not be put back. The copies stay in the environment's `.darb`, and the next
 * operation tries again.
 */
export class NotRestored extends Schema.TaggedClass<NotRestored>("@darb/package-manager/Output/NotRestored")(
  "NotRestored",
  { files: Schema.Array(Schema.String), reason: Schema.String }
) {}

/**
 * How the environment stands after an operation that did not succeed. Manifest and lock file are as they were; what is
 * installed is not put back, and may be ahead of them until the next `install`.
 */
export class Left extends Schema.TaggedClass<Left>("@darb/package-manager/Output/Left")("Left", {
  status: Status
}) {}

/**
 * It is not known whether all processes have ended: this platform does not show the variables of a process, so that what
 * moved to a session of its own is not found.
 */
export class Unsearched extends Schema.TaggedClass<Unsearched>("@darb/package-manager/Output/Unsearched")(
  "Unsearched",
  {}
) {}

/** So many events were left out, because the consumer of a stream that drops them was too slow. */
export class Dropped extends Schema.TaggedClass<Dropped>("@darb/package-manager/Output/Dropped")("Dropped", {
  events: Schema.Number
}) {}

export const Event = Schema.Union(
  Waiting,
  Started,
  Line,
  Progress,
  Ended,
  Restored,
  NotRestored,
  Left,
  Unsearched,
  Dropped
)
export type Event = typeof Event.Type

/** The last element of a stream: what the operation returned. */
export interface Done<out A> {
  readonly _tag: "Done"
  readonly value: A
}

export type Observe = (event: Event) => Effect.Effect<void>

/** Ignores what an operation says. */
export const nobody: Observe = () => Effect.void

/** Who observes the operations of this context; by default `nobody`. */
export class Observer extends Context.Reference<Observer>()("@darb/package-manager/Output/Observer", {
  defaultValue: () => nobody
}) {}

/**
 * Runs an effect and calls the observer for each event, in order, before the process goes on: a slow observer slows the
 * process down.
 */
export const observe: {
  (observer: Observe): <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  <A, E, R>(effect: Effect.Effect<A, E, R>, observer: Observe): Effect.Effect<A, E, R>
} = dual(
  2,
  <A, E, R>(effect: Effect.Effect<A, E, R>, observer: Observe): Effect.Effect<A, E, R> =>
    Effect.provideService(effect, Observer, observer)
)

export interface StreamOptions {
  /** How many events may wait for the consumer; 256 by default. */
  readonly capacity?: number | undefined
  /**
   * What a slow consumer does: `suspend`, the default, slows the process down; `drop` leaves events out and says how
   * many in a `Dropped` event.
   */
  readonly overflow?: "suspend" | "drop" | undefined
}

/**
 * An effect as the stream of its events, and of its result as the last element. It runs while the stream is consumed:
 * a consumer that stops interrupts it.
 */
export const stream = <A, E, R>(
  effect: Effect.Effect<A, E, R>,
  options: StreamOptions = {}
): Stream.Stream<Event | Done<A>, E, R> =>
  Stream.unwrapScoped(Effect.gen(function*() {
    const { capacity = 256, overflow = "suspend" } = options
    const waiting = makeBuffer<Event | Done<A>>(capacity)
    let dropped = 0
    const tellDropped = () => {
      if (dropped > 0) waiting.add(new Dropped({ events: dropped }))
      dropped = 0
    }
    const dropping: Observe = (event) =>
      Effect.sync(() => {
        if (waiting.isFull()) {
          dropped++
          return
        }
        tellDropped()
        // A drop that was told may have taken the last place.
        if (waiting.isFull()) dropped++
        else waiting.add(event)
      })
    const observer = overflow === "suspend" ? waiting.addWhenThereIsRoom : dropping
    const fiber = yield* observe(effect, observer).pipe(
      Effect.onExit((exit) =>
        Effect.sync(() => {
          tellDropped()
          if (Exit.isSuccess(exit)) waiting.add({ _tag: "Done", value: exit.value })
          waiting.end()
        })
      ),
      Effect.forkScoped
    )
    yield* Effect.addFinalizer(() => Effect.sync(waiting.close))
    const ended = Effect.matchCauseEffect(Fiber.join(fiber), {
      onFailure: (cause) => Effect.failCause(Cause.map(cause, Option.some)),
      onSuccess: () => Effect.fail(Option.none())
    })
    return Stream.repeatEffectChunkOption(
      Effect.flatMap(
        waiting.take,
        (events) => events.length === 0 ? ended : Effect.succeed(Chunk.unsafeFromArray(events))
      )
    )
  }))

/** Elements that wait for a consumer, who takes all that there are at once. */
const makeBuffer = <A>(capacity: number) => {
  const [some, room] = [Effect.unsafeMakeLatch(false), Effect.unsafeMakeLatch(true)]
  let elements: Array<A> = []
  let hasEnded = false
  let isClosed = false

  const isFull = () => elements.length >= capacity

  const add = (element: A) => {
    elements.push(element)
    some.unsafeOpen()
    if (isFull()) room.unsafeClose()
  }

  const addWhenThereIsRoom = (element: A): Effect.Effect<void> =>
    Effect.suspend(() => {
      // What is said after the consumer has gone is for nobody.
      if (isClosed) return Effect.void
      if (isFull()) return Effect.flatMap(room.await, () => addWhenThereIsRoom(element))
      add(element)
      return Effect.void
    })

  /** None is the end. */
  const take: Effect.Effect<Array<A>> = Effect.suspend(() => {
    if (elements.length === 0 && !hasEnded) return Effect.flatMap(some.await, () => take)
    const taken = elements
    elements = []
    some.unsafeClose()
    room.unsafeOpen()
    return Effect.succeed(taken)
  })

  const end = () => {
    hasEnded = true
    some.unsafeOpen()
  }

  const close = () => {
    isClosed = true
    room.unsafeOpen()
  }

  return { add, addWhenThereIsRoom, close, end, isFull, take }
}
