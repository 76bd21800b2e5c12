/** The handlers of the API. */
import type { Job } from "@darb/cluster/Job"
import { Jobs } from "@darb/cluster/Jobs"
import { Package } from "@darb/package-manager/Package"
import { PackageManager } from "@darb/package-manager/PackageManager"
import * as PublicError from "@darb/package-manager/PublicError"
import { Status } from "@darb/package-manager/Status"
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as Path from "@effect/platform/Path"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Api, EnvironmentDetail } from "./Api.js"
import * as EventStream from "./EventStream.js"
import * as Health from "./Health.js"
import * as Metrics from "./Metrics.js"
import * as Problem from "./Problem.js"
import * as Public from "./Public.js"
import { changeOf } from "./Request.js"
import { Settings } from "./Settings.js"

/** How many environments are listed. */
const listed = 1000

const ofStatus = Public.of(Status)
const ofPackages = Public.of(Schema.Array(Package))
const ofDetail = Public.of(EnvironmentDetail)

const environments = HttpApiBuilder.group(Api, "environments", (handlers) =>
  Effect.gen(function*() {
    const jobs = yield* Jobs
    const manager = yield* PackageManager
    const path = yield* Path.Path
    const { root } = yield* Settings
    const streams = yield* EventStream.EventStream
    const placeOf = (name: string): Public.Place => ({ directory: path.join(root, name), name })

    return handlers
      .handle("list", () =>
        manager.environments.pipe(
          Stream.take(listed + 1),
          Stream.map(({ error, path: directory, status }) => {
            const name = path.relative(root, directory)
            return {
              name,
              status: status && ofStatus(status, { directory, name }),
              error: error && PublicError.of(error, { environment: name })
            }
          }),
          Stream.runCollect,
          Effect.map(Chunk.toReadonlyArray),
          Effect.map((found) => ({ environments: found.slice(0, listed), isComplete: found.length <= listed })),
          Effect.mapError(Problem.ofManager(""))
        ))
      .handle("get", ({ path: { name } }) => {
        const place = placeOf(name)
        const options = { path: place.directory }
        return Effect.all([manager.getManifest(options), manager.status(options)]).pipe(
          Effect.map(([{ channels, packages, platforms, pypiPackages }, status]) =>
            ofDetail({ name, channels, packages, platforms, pypiPackages, status }, place)
          ),
          Effect.mapError(Problem.ofManager(name))
        )
      })
      .handle("packages", ({ path: { name } }) => {
        const place = placeOf(name)
        return manager.list({ path: place.directory }).pipe(
          Effect.map((packages) => ofPackages(packages, place)),
          Effect.mapError(Problem.ofManager(name))
        )
      })
      .handle("activation", ({ path: { name } }) =>
        Effect.mapError(manager.activation({ path: placeOf(name).directory }), Problem.ofManager(name)))
      .handle("run", ({ path: { name }, payload }) =>
        streams.ofProgram(placeOf(name), payload))
      .handle("submit", ({ headers, path: { name }, payload }) =>
        jobs.submit(changeOf(name, payload), { key: headers["idempotency-key"] }).pipe(
          Effect.map((id) => ({ id })),
          Effect.mapError((error) =>
            error._tag === "JobsUnavailable" ? Problem.ofJobs(error) : Problem.ofManager(name)(error)
          )
        ))
  }))

const jobs = HttpApiBuilder.group(Api, "jobs", (handlers) =>
  Effect.gen(function*() {
    const jobs = yield* Jobs
    const path = yield* Path.Path
    const { root } = yield* Settings
    const streams = yield* EventStream.EventStream
    const shown = (job: Job) => Public.job(job, (directory) => ({ directory, name: path.relative(root, directory) }))
    const find = (id: string) =>
      Effect.flatMap(Problem.jobId(id), (job) => Effect.mapError(jobs.get(job), Problem.ofJobs))

    return handlers
      .handle("list", ({ urlParams: { before, environment, limit, state } }) =>
        Effect.gen(function*() {
          const last = before === undefined ? undefined : yield* find(before)
          const found = yield* jobs.list({ path: environment, state, limit, before: last }).pipe(
            // The schema has checked both.
            Effect.catchTags({
              InvalidOption: (error) => Effect.die(error),
              JobsUnavailable: (error) => Problem.ofJobs(error)
            })
          )
          return found.map(shown)
        }))
      .handle("get", ({ path: { id } }) => Effect.map(find(id), shown))
      .handle("cancel", ({ path: { id } }) =>
        Problem.jobId(id).pipe(
          Effect.flatMap((job) => Effect.mapError(jobs.cancel(job), Problem.ofJobs)),
          Effect.map((was) => ({ was }))
        ))
      .handle("events", ({ headers, path: { id } }) => streams.ofJob(id, headers["last-event-id"]))
  }))

const manager = HttpApiBuilder.group(
  Api,
  "manager",
  (handlers) =>
    Effect.map(
      PackageManager,
      ({ capabilities: { kinds, options }, name, version }) =>
        handlers.handle("get", () =>
          version.pipe(
            Effect.map((version) => ({ name, version, kinds, options: { ...options } })),
            Effect.mapError((error) => new Problem.Unavailable({ message: PublicError.of(error).message }))
          ))
    )
)

const metrics = HttpApiBuilder.group(Api, "metrics", (handlers) => handlers.handle("get", () => Metrics.text))

export const layer = Layer.mergeAll(
  Layer.provide(Layer.merge(environments, jobs), EventStream.layer),
  manager,
  Health.layer,
  metrics
)
