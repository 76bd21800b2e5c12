/**
 * The events of operations. An observer is part of the context, not of the options: it sees all operations of the effect that
 * it is given to.
 *
 * Every event names its operation. The events of one operation are observed one after another, in order. Events of different
 * operations may be observed at the same time.
 *
 * @module
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { dual } from "effect/Function"
import * as Mailbox from "effect/Mailbox"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Holder, Identity, Phase, Purpose, Totals } from "./EventFields.js"
import { Status } from "./Status.js"

export { Holder, Identity, Phase, Purpose, Totals } from "./EventFields.js"

/** Keeps the name of a union in editors, which otherwise list its members. */
type Named<E> = E extends unknown ? E : never

const process = { ...Identity.fields, pid: Schema.Number }

/**
 * The operation waits for another one on the same environment, of this process or of another one.
 *
 * @since 0.1.0
 * @category models
 */
export class Waiting extends Schema.TaggedClass<Waiting>("@darb/package-manager/Output/Waiting")("Waiting", {
  ...Identity.fields,
  /** `null` if not known yet. */
  holder: Schema.NullOr(Holder)
}) {}

/**
 * A process of the manager, or a program of `run`, started. The command is shown without credentials.
 *
 * @since 0.1.0
 * @category models
 */
export class Started extends Schema.TaggedClass<Started>("@darb/package-manager/Output/Started")("Started", {
  ...process,
  purpose: Purpose,
  command: Schema.Array(Schema.String)
}) {}

/**
 * A line that a process printed, without the line end. A line of more than 64 KiB comes in pieces: if `continued` is true, the
 * next line of the same stream continues it.
 *
 * @since 0.1.0
 * @category models
 */
export class Output extends Schema.TaggedClass<Output>("@darb/package-manager/Output/Output")("Output", {
  ...process,
  stream: Schema.Literal("stdout", "stderr"),
  line: Schema.String,
  continued: Schema.Boolean
}) {}

/**
 * Bytes that a program printed, as they came. Only `run` with `output: "bytes"` emits them.
 *
 * @since 0.1.0
 * @category models
 */
export class Bytes extends Schema.TaggedClass<Bytes>("@darb/package-manager/Output/Bytes")("Bytes", {
  ...process,
  stream: Schema.Literal("stdout", "stderr"),
  /** Base64 in the encoded form. */
  bytes: Schema.Uint8ArrayFromBase64
}) {}

/**
 * The progress of an operation. The phase never goes back: `downloading` begins when everything is solved, `linking` when
 * everything is downloaded, and `done` when the processes have succeeded. A manager that does not report a phase skips it.
 * pixi links while it downloads. Packages in a cache are not downloaded. While a process is silent, the last phase is reported
 * again every 10 seconds, with the current totals.
 *
 * @since 0.1.0
 * @category models
 */
export class Progress extends Schema.TaggedClass<Progress>("@darb/package-manager/Output/Progress")("Progress", {
  ...Identity.fields,
  phase: Phase,
  /** `null` if the phase does not concern a single package. */
  package: Schema.NullOr(Schema.String),
  /** The size of the download; `null` if the manager does not say. */
  bytes: Schema.NullOr(Schema.Number),
  /** Whether the download of `package` is complete; uv reports both its start and its end. */
  complete: Schema.Boolean.pipe(Schema.propertySignature, Schema.withConstructorDefault(() => false)),
  /** `null` before the lock file is solved, and if nothing is to be installed. */
  totals: Schema.NullOr(Totals).pipe(Schema.propertySignature, Schema.withConstructorDefault(() => null))
}) {}

/**
 * The process ended. One of `exitCode` and `signal` is `null`.
 *
 * @since 0.1.0
 * @category models
 */
export class Ended extends Schema.TaggedClass<Ended>("@darb/package-manager/Output/Ended")("Ended", {
  ...process,
  purpose: Purpose,
  exitCode: Schema.NullOr(Schema.Number),
  signal: Schema.NullOr(Schema.String)
}) {}

/**
 * A rollback restored these files: of this operation, or of an earlier one whose application died.
 *
 * @since 0.1.0
 * @category models
 */
export class Restored extends Schema.TaggedClass<Restored>("@darb/package-manager/Output/Restored")("Restored", {
  ...Identity.fields,
  files: Schema.Array(Schema.String)
}) {}

/**
 * The rollback failed, and these files may still be changed. Their copies stay in the environment's `.darb`, and the next
 * operation tries again.
 *
 * @since 0.1.0
 * @category models
 */
export class NotRestored extends Schema.TaggedClass<NotRestored>("@darb/package-manager/Output/NotRestored")(
  "NotRestored",
  { ...Identity.fields, files: Schema.Array(Schema.String), reason: Schema.String }
) {}

/**
 * The status of the environment after a failed operation. Manifest and lock file are restored; the prefix is not, and may be
 * ahead of them until the next `install`.
 *
 * @since 0.1.0
 * @category models
 */
export class StatusAfter
  extends Schema.TaggedClass<StatusAfter>("@darb/package-manager/Output/StatusAfter")("StatusAfter", {
    ...Identity.fields,
    status: Status
  })
{}

/**
 * Some processes may still run: this platform does not show the variables of processes, so those that started a session of
 * their own cannot be found.
 *
 * @since 0.1.0
 * @category models
 */
export class Unsearched extends Schema.TaggedClass<Unsearched>("@darb/package-manager/Output/Unsearched")(
  "Unsearched",
  Identity.fields
) {}

/**
 * A stream with `overflow: "drop"` has left out this number of events of one operation, because its consumer was too slow.
 *
 * @since 0.1.0
 * @category models
 */
export class Dropped extends Schema.TaggedClass<Dropped>("@darb/package-manager/Output/Dropped")("Dropped", {
  ...Identity.fields,
  events: Schema.Number
}) {}

/**
 * What happens during an operation. `_tag` tells the kinds apart; all have `operation`, `environment` and `id`. As a
 * schema, it encodes events as JSON, for a log or another process.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Event = Schema.Union(
  Waiting,
  Started,
  Output,
  Bytes,
  Progress,
  Ended,
  Restored,
  NotRestored,
  StatusAfter,
  Unsearched,
  Dropped
)
export type Event = Named<typeof Event.Type>

/**
 * The last element of a stream: the result of the operation.
 *
 * @since 0.1.0
 * @category models
 */
export interface Done<out A> {
  readonly _tag: "Done"
  readonly value: A
}

/**
 * Handles an event. It cannot fail. It runs in the fiber that reads the output of the process, so that a slow one slows
 * the process down.
 *
 * @since 0.1.0
 * @category models
 */
export type Observe = (event: Event) => Effect.Effect<void>

/**
 * Ignores all events.
 *
 * @since 0.1.0
 * @category operations
 */
export const nobody: Observe = () => Effect.void

/**
 * The observer of all operations in this context; `nobody` by default.
 *
 * @since 0.1.0
 * @category services
 */
export class Observer extends Context.Reference<Observer>()("@darb/package-manager/Output/Observer", {
  defaultValue: () => nobody
}) {}

/**
 * Calls the observer for each event of the operations in the effect.
 *
 * @since 0.1.0
 * @category operations
 */
export const observe: {
  /**
   * Calls the observer for each event of the operations in the effect. A slow observer slows them down. It replaces an
   * observer that the context already has.
   *
   * ```ts
   * const installed = packageManager.install({ path }).pipe(
   *   Output.observe((event) => event._tag === "Output" ? Console.log(event.line) : Effect.void)
   * )
   * ```
   */
  (observer: Observe): <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  /**
   * Calls the observer for each event of the operations in the effect. A slow observer slows them down. It replaces an
   * observer that the context already has.
   *
   * ```ts
   * const installed = Output.observe(packageManager.install({ path }), (event) => Effect.logDebug(event))
   * ```
   */
  <A, E, R>(effect: Effect.Effect<A, E, R>, observer: Observe): Effect.Effect<A, E, R>
} = dual(
  2,
  <A, E, R>(effect: Effect.Effect<A, E, R>, observer: Observe): Effect.Effect<A, E, R> =>
    Effect.provideService(effect, Observer, observer)
)

/**
 * What a stream of events does if its consumer is slow.
 *
 * @since 0.1.0
 * @category options
 */
export interface StreamOptions {
  /** The number of events that may wait for the consumer; 1,024 by default. */
  readonly capacity?: number | undefined
  /**
   * What happens if the consumer is too slow: `suspend`, the default, slows the process down; `drop` discards events and
   * counts them in a `Dropped` event.
   */
  readonly overflow?: "suspend" | "drop" | undefined
}

/**
 * Runs an effect as a stream of its events, with its result as the last element. The effect runs while the stream is
 * consumed; a consumer that stops interrupts it.
 *
 * ```ts
 * const last = Output.stream(packageManager.install({ path })).pipe(
 *   Stream.tap((event) => event._tag === "Progress" ? Console.log(event.phase) : Effect.void),
 *   Stream.runLast
 * )
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const stream = <A, E, R>(
  effect: Effect.Effect<A, E, R>,
  options: StreamOptions = {}
): Stream.Stream<Event | Done<A>, E, R> =>
  Stream.unwrapScoped(Effect.gen(function*() {
    const { capacity = 1024, overflow = "suspend" } = options
    const strategy = overflow === "suspend" ? "suspend" : "dropping"
    const mailbox = yield* Mailbox.make<Event>({ capacity, strategy })
    /** The events that were dropped since the last report, by operation. */
    const dropped = new Map<string, Dropped>()
    const offerOrDrop = (event: Event) => {
      dropped.forEach((report, id) => mailbox.unsafeOffer(report) && dropped.delete(id))
      if (mailbox.unsafeOffer(event)) return
      const { environment, id, operation } = event
      const events = (dropped.get(id)?.events ?? 0) + 1
      dropped.set(id, new Dropped({ operation, environment, id, events }))
    }
    const observer: Observe = overflow === "suspend"
      ? (event) => mailbox.unsafeOffer(event) ? Effect.void : mailbox.offer(event)
      : (event) => Effect.sync(() => offerOrDrop(event))
    const fiber = yield* Effect.forkScoped(Effect.ensuring(observe(effect, observer), mailbox.end))
    // When the consumer stops. Events after that, such as those of a rollback, are discarded.
    yield* Effect.addFinalizer(() => mailbox.shutdown)
    const result = Effect.map(Effect.flatten(Fiber.await(fiber)), (value): Done<A> => ({ _tag: "Done", value }))
    return Mailbox.toStream(mailbox).pipe(
      Stream.concat(Stream.suspend(() => Stream.fromIterable(dropped.values()))),
      Stream.concat(Stream.fromEffect(result))
    )
  }))
