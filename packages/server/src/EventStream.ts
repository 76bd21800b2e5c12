/**
 * The events of a job or a program as server-sent events, for as many clients at the same time as the settings allow.
 *
 * `event` has a `JobEvent`, and its cursor as id: with it as `Last-Event-ID`, the next request goes on after it. `end` has an
 * `End`, and is the last one; that of a program has how it exited. `error` says that the stream broke off: the job goes on,
 * a program does not.
 */
import { type JobEnd, JobEvent } from "@darb/cluster/Job"
import { Jobs } from "@darb/cluster/Jobs"
import * as Output from "@darb/package-manager/Output"
import { PackageManager } from "@darb/package-manager/PackageManager"
import { RunResult } from "@darb/package-manager/RunResult"
import * as HttpServer from "@effect/platform/HttpServer"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Path from "@effect/platform/Path"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as Problem from "./Problem.js"
import * as Public from "./Public.js"
import type { RunRequest } from "./Request.js"
import { Settings } from "./Settings.js"

type Response<E = never> = Effect.Effect<
  HttpServerResponse.HttpServerResponse,
  E | Problem.NotFound | Problem.Unavailable | Problem.TooMany,
  Scope.Scope
>

export class EventStream extends Context.Tag("@darb/server/EventStream")<EventStream, {
  /** The response to a request, which holds its scope. `after` is the cursor of the last event that the client has. */
  readonly ofJob: (id: string, after: number | undefined) => Response
  /** Runs a program for as long as the scope is open. */
  readonly ofProgram: (place: Public.Place, request: RunRequest) => Response<Problem.Refused>
}>() {}

const encodeEvent = Schema.encodeSync(Schema.parseJson(JobEvent))
const encodeEnd = Schema.encodeSync(Schema.parseJson(Public.End))
const encodeOutput = Schema.encodeSync(Schema.parseJson(Schema.Struct({ event: Output.Event })))
const encodeResult = Schema.encodeSync(Schema.parseJson(RunResult))

/** Something is sent at least this often, so that a lost connection is noticed. */
const heartbeat = Stream.as(Stream.fromSchedule(Schedule.spaced("15 seconds")), ":\n\n")

const make = Effect.gen(function*() {
  // The server closes after the streams, which it would wait for.
  yield* HttpServer.HttpServer
  const { maxEventStreams, root } = yield* Settings
  const jobs = yield* Jobs
  const manager = yield* PackageManager
  const path = yield* Path.Path
  const stopping = yield* Deferred.make<void>()
  yield* Effect.addFinalizer(() => Deferred.succeed(stopping, undefined))
  let open = 0

  const placeOf = (directory: string): Public.Place => ({
    directory,
    name: directory === "" ? "" : path.relative(root, directory)
  })

  const textOf = (element: JobEvent | JobEnd): string => {
    if (element._tag === "End") return `event: end\ndata: ${encodeEnd(Public.end(element, placeOf))}\n\n`
    const { cursor, event } = element
    const shown = Public.event(event, placeOf(event.environment))
    return `id: ${cursor}\nevent: event\ndata: ${encodeEvent({ _tag: "Event", cursor, event: shown })}\n\n`
  }

  const broken = Effect.fnUntraced(function*(cause: Cause.Cause<{ readonly message: string }>) {
    const error = Option.getOrUndefined(Cause.failureOption(cause))
    if (error === undefined) yield* Effect.logError("the events cannot be shown", cause)
    const message = error === undefined ? "the server has a bug: its log has it" : error.message
    return `event: error\ndata: ${JSON.stringify({ message })}\n\n`
  })

  const enter = Effect.acquireRelease(
    Effect.suspend(() => {
      if (open < maxEventStreams) return Effect.sync(() => open++)
      const message = `${maxEventStreams} event streams are open already: close other pages of this server`
      return new Problem.TooMany({ message })
    }),
    () => Effect.sync(() => open--)
  )

  const respond = Effect.fnUntraced(function*<E extends { readonly message: string }>(all: Stream.Stream<string, E>) {
    yield* enter
    const pull = yield* Stream.toPull(all)
    // What does not exist fails at once, and what does may have no event for a long time.
    let first: typeof pull | undefined = Fiber.join(yield* Effect.forkScoped(pull))
    yield* first.pipe(
      Effect.timeout("250 millis"),
      Effect.catchTag("TimeoutException", () => Effect.void),
      Effect.catchAll((error) => Option.isNone(error) ? Effect.void : Effect.fail(error.value))
    )
    const elements = Stream.repeatEffectChunkOption(Effect.suspend(() => {
      const next = first ?? pull
      first = undefined
      return next
    }))
    const texts = Stream.catchAllCause(elements, (cause) => Stream.fromEffect(broken(cause)))
    // The headers are sent with the first text.
    const body = Stream.make(":\n\n").pipe(
      Stream.concat(Stream.merge(texts, heartbeat, { haltStrategy: "left" })),
      Stream.interruptWhen(Deferred.await(stopping)),
      Stream.encodeText
    )
    return HttpServerResponse.stream(body, { contentType: "text/event-stream" })
  })

  return EventStream.of({
    ofJob: (id, after) =>
      Effect.flatMap(Problem.jobId(id), (job) =>
        respond(
          jobs.attach(job, { from: after === undefined ? 0 : after + 1 }).pipe(
            Stream.mapError(Problem.ofJobs),
            Stream.map(textOf)
          )
        )),
    ofProgram: (place, request) =>
      respond(
        Output.stream(manager.run({ ...request, path: place.directory })).pipe(
          Stream.mapError(Problem.ofManager(place.name)),
          Stream.map((element) =>
            element._tag === "Done"
              ? `event: end\ndata: ${encodeResult(element.value)}\n\n`
              : `event: event\ndata: ${encodeOutput({ event: Public.event(element, place) })}\n\n`
          )
        )
      )
  })
})

export const layer = Layer.scoped(EventStream, make)
