/**
 * Submits jobs to their environments, follows and cancels them.
 *
 * @module
 * @since 0.1.0
 */
import type { Capabilities } from "@darb/package-manager/Capabilities"
import type { Operation } from "@darb/package-manager/driver/Operation"
import { refuse } from "@darb/package-manager/driver/Options"
import type * as Output from "@darb/package-manager/Output"
import * as ClusterError from "@effect/cluster/ClusterError"
import { make as makeAddress } from "@effect/cluster/EntityAddress"
import { make as makeEntityId } from "@effect/cluster/EntityId"
import * as MessageStorage from "@effect/cluster/MessageStorage"
import type * as Reply from "@effect/cluster/Reply"
import { Sharding } from "@effect/cluster/Sharding"
import * as Rpc from "@effect/rpc/Rpc"
import * as Array from "effect/Array"
import * as Chunk from "effect/Chunk"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { EnvironmentJobs, Run } from "./EnvironmentJobs.js"
import { type JobEnd, type JobEvent, JobId } from "./Job.js"
import { JobNotFound, JobsUnavailable } from "./JobError.js"
import type { AttachOptions, Jobs, ListOptions, SubmitOptions } from "./Jobs.js"
import { type Described, entityIdOf, type Locate } from "./Location.js"
import type { Change } from "./OperationSchema.js"
import { JobStore } from "./store/JobStore.js"

/** How long a reader waits for an event before it asks again, in milliseconds. */
const wait = 10_000

/** Beyond all events. The largest integer of the database. */
const maxCursor = 2 ** 31 - 1

/** How many jobs a list has, by default and at most. */
const [listed, maxListed] = [100, 1000]

const isClusterError = Schema.is(
  Schema.Union(ClusterError.MailboxFull, ClusterError.AlreadyProcessingMessage, ClusterError.PersistenceError)
)
type ClusterError =
  | ClusterError.MailboxFull
  | ClusterError.AlreadyProcessingMessage
  | ClusterError.PersistenceError

/**
 * Fails with an error if a runner interrupts a request, which it does when it stops. The caller was not interrupted.
 *
 * @since 0.1.0
 * @category combinators
 */
export const unlessStopped = <A, E, R, E2>(
  effect: Effect.Effect<A, E, R>,
  error: () => E2
): Effect.Effect<A, E | E2, R> =>
  Effect.flatMap(
    Effect.exit(effect),
    (exit): Effect.Effect<A, E | E2> => Exit.isInterrupted(exit) ? Effect.fail(error()) : exit
  )

/** A runner stopped. */
class Stopped extends Data.TaggedError("Stopped") {}

/** Asks the next runner, up to so many times. */
const orNext = <A, E, R>(effect: Effect.Effect<A, E, R>, times: number): Effect.Effect<A, E | Stopped, R> =>
  Effect.catchIf(
    unlessStopped(effect, () => new Stopped()),
    (error) => error instanceof Stopped && times > 0,
    () => Effect.delay(Effect.suspend(() => orNext(effect, times - 1)), "100 millis")
  )

/**
 * Turns the errors of the cluster into `JobsUnavailable`. If the runner stops, asks the next one: all requests but those of
 * programs can be repeated.
 *
 * @since 0.1.0
 * @category combinators
 */
export const available = <A, E, R>(
  effect: Effect.Effect<A, E, R>
): Effect.Effect<A, Exclude<E, ClusterError> | JobsUnavailable, R> =>
  orNext(effect, 300).pipe(
    Effect.mapError((error) =>
      error instanceof Stopped
        ? new JobsUnavailable({ reason: "the runner stopped, and no other one answered" })
        : isClusterError(error)
        ? new JobsUnavailable({ reason: reasonOf(error) })
        : error as Exclude<E, ClusterError>
    )
  )

const reasonOf = (error: ClusterError): string => {
  switch (error._tag) {
    case "MailboxFull":
      return "too many requests wait for the environment"
    case "AlreadyProcessingMessage":
      return "the request is being processed already"
    case "PersistenceError":
      return `the database failed: ${String(error.cause)}`
  }
}

const decodeExit = Schema.decodeUnknown(Rpc.exitSchema(Run))

const isJobId = Schema.is(JobId)

/**
 * A job that has not been submitted yet.
 *
 * @since 0.1.0
 * @category models
 */
export interface Prepared {
  readonly id: JobId
  /** The path of its environment here. */
  readonly path: string
  /** The path of its options starts at the directory of all environments. */
  readonly change: Change
}

interface FollowOptions {
  readonly onWaiting?: ((holder: Output.Holder) => Effect.Effect<void>) | undefined
  readonly lost?: Effect.Effect<never, JobsUnavailable> | undefined
}

/**
 * Makes a client of the jobs of all environments.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.fnUntraced(function*({ name: manager }: Described, locate: Locate) {
  const clientOf = yield* EnvironmentJobs.client
  const store = yield* JobStore
  const storage = yield* MessageStorage.MessageStorage
  const sharding = yield* Sharding
  const client = (id: JobId) => clientOf(entityIdOf(id))

  /** Checks what can be checked before the job is stored. */
  const prepare = Effect.fnUntraced(function*(change: Change, { key = globalThis.crypto.randomUUID() }: SubmitOptions) {
    const operation: keyof Capabilities["options"] = change.operation
    const { entityId, environment, path } = yield* locate(operation, change.options)
    const id = `${entityId}.${key}`
    if (!isJobId(id)) {
      const about: Operation = { manager, operation, environment, marker: "" }
      return yield* refuse(about, "key", key, "a key has 1 to 128 letters, digits, hyphens, underscores and dots")
    }
    const options = { ...change.options, path: environment }
    return { id, path, change: { ...change, options } as Change }
  })

  const submitted = ({ change, id }: Prepared) => store.submitted(id, change)

  /** The message of a job. */
  const find = Effect.fnUntraced(function*(id: JobId) {
    const entityId = makeEntityId(entityIdOf(id))
    const shardId = sharding.getShardId(entityId, EnvironmentJobs.getShardGroup(entityId))
    const address = makeAddress({ shardId, entityId, entityType: EnvironmentJobs.type })
    const message = yield* available(storage.requestIdForPrimaryKey({ address, tag: "Run", id }))
    return yield* Option.match(message, { onNone: () => new JobNotFound({ id }), onSome: Effect.succeed })
  })

  const replyTo = Effect.fnUntraced(function*(id: JobId) {
    const replies = yield* available(storage.repliesForUnfiltered([yield* find(id)]))
    return replies.find((reply): reply is Reply.WithExitEncoded<typeof Run> => reply._tag === "WithExit")
  })

  const hasReply = (id: JobId) =>
    Effect.catchTags(Effect.map(replyTo(id), (reply) => reply !== undefined), {
      // Programs have none.
      JobNotFound: () => Effect.succeed(false),
      MalformedMessage: (error) => Effect.die(error)
    })

  /** The end of a job whose runner has said that it ended. Its reply may come a little later. */
  const endOf = Effect.fnUntraced(function*(id: JobId) {
    const found = yield* Effect.flatMap(replyTo(id), Effect.fromNullable).pipe(
      Effect.retry({
        while: ({ _tag }) => _tag === "NoSuchElementException",
        schedule: Schedule.spaced("20 millis"),
        times: 1500
      }),
      Effect.catchTags({
        MalformedMessage: (error) => Effect.die(error),
        NoSuchElementException: () => new JobsUnavailable({ reason: `job ${id} has ended without a reply` })
      })
    )
    const end: JobEnd = { _tag: "End", exit: yield* Effect.orDie(decodeExit(found.exit)) }
    return end
  })

  /**
   * The events of a job from a cursor on, until its end. Calls `onWaiting` if it has to wait for another job. Stops with the
   * error of `lost`.
   */
  const follow = (
    id: JobId,
    from: number,
    { lost = Effect.never, onWaiting = () => Effect.void }: FollowOptions = {}
  ): Stream.Stream<JobEvent, JobsUnavailable> =>
    Stream.paginateChunkEffect({ from, isWaiting: false }, ({ from, isWaiting }) =>
      Effect.gen(function*() {
        const page = available(client(id).Events({ id, from, wait, isWaiting }))
        const { events, holder, isEnd, next } = yield* Effect.raceFirst(page, lost)
        if (holder !== undefined) yield* onWaiting(holder)
        // Its runner may have been lost before it could say that the job has ended.
        const isOver = isEnd ||
          (events.length === 0 && holder === undefined && next === from && (yield* hasReply(id)))
        return [
          Chunk.fromIterable(events.map((event): JobEvent => ({ _tag: "Event", ...event }))),
          isOver ? Option.none() : Option.some({ from: next, isWaiting: isWaiting || holder !== undefined })
        ]
      }))

  const result = Effect.fn("Jobs.result")(function*(id: JobId) {
    yield* find(id)
    // Waits for the end only.
    yield* Stream.runDrain(follow(id, maxCursor))
    return yield* (yield* endOf(id)).exit
  })

  const jobs: Jobs["Type"] = {
    submit: Effect.fn("Jobs.submit")(function*(given, options = {}) {
      const prepared = yield* prepare(given, options)
      const { change, id } = prepared
      yield* available(client(id).Run({ id, change, observed: false }, { discard: true }))
      // Not before, or what could not be stored would be listed.
      yield* submitted(prepared)
      return id
    }),
    attach: (id, { from = 0 }: AttachOptions = {}) =>
      Stream.unwrap(
        Effect.as(find(id), Stream.concat(follow(id, Math.min(from, maxCursor)), Stream.fromEffect(endOf(id))))
      ),
    result,
    cancel: Effect.fn("Jobs.cancel")(function*(id) {
      yield* find(id)
      const state = yield* available(client(id).Cancel({ id }))
      // Its end is stored a little later than its runner says so.
      if (state !== "queued") yield* endOf(id)
      return state
    }),
    get: Effect.fn("Jobs.get")(function*(id) {
      return yield* Effect.flatMap(
        store.get(id),
        Option.match({ onNone: () => new JobNotFound({ id }), onSome: Effect.succeed })
      )
    }),
    list: Effect.fn("Jobs.list")(function*({ before, limit = listed, path, state }: ListOptions = {}) {
      const about: Operation = { manager, operation: "list", environment: path ?? "", marker: "" }
      if (!Number.isInteger(limit) || limit < 1 || limit > maxListed) {
        return yield* refuse(about, "limit", String(limit), `it is not a whole number from 1 to ${maxListed}`)
      }
      const location = path === undefined
        ? undefined
        : yield* Effect.catchTag(locate("list", { path }), "UnsupportedOption", Effect.die)
      const states = state === undefined ? undefined : Array.ensure(state)
      return yield* store.list({ before, environment: location?.environment, limit, states })
    }),
    counts: store.counts
  }
  return { client, clientOf, follow, jobs, locate, prepare, submitted }
})

/**
 * Submits, follows and cancels jobs, whichever runner has them.
 *
 * @since 0.1.0
 * @category models
 */
export type JobsClient = Effect.Effect.Success<ReturnType<typeof make>>
