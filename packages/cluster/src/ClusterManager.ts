/**
 * `PackageManager` whose changes are jobs.
 *
 * @module
 * @since 0.1.0
 */
import { contextOf, type Operation } from "@darb/package-manager/driver/Operation"
import * as Output from "@darb/package-manager/Output"
import { PackageManager } from "@darb/package-manager/PackageManager"
import * as Errors from "@darb/package-manager/PackageManagerError"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import type { JobsUnavailable } from "./JobError.js"
import { Caller } from "./Jobs.js"
import { available, type JobsClient, type Prepared } from "./JobsClient.js"
import type { Change } from "./OperationSchema.js"

type Manager = PackageManager["Type"]

/**
 * Operations that are not jobs.
 *
 * @since 0.1.0
 * @category models
 */
export type Direct = Pick<
  Manager,
  "name" | "capabilities" | "version" | "list" | "status" | "run" | "activation" | "getManifest" | "environments"
>

/** Who waits for an operation cannot react to unavailable jobs in another way. */
const storageFailed = (operation: Operation, { reason }: JobsUnavailable) =>
  new Errors.StorageFailed({ ...contextOf(operation), file: null, reason: `the jobs are not available: ${reason}` })

type Value<Name extends Change["operation"]> = Effect.Effect.Success<ReturnType<Manager[Name]>>

/** All operations have `StorageFailed`, and the errors that are found before the job is stored. */
type Failure<Name extends Change["operation"]> = Effect.Effect.Error<ReturnType<Manager[Name]>>

/**
 * Makes the manager. Changes become jobs, and their events are observed as if the operation ran here; everything else
 * goes to the direct manager.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (direct: Direct, { client, follow, prepare, submitted }: JobsClient): Manager => {
  /** Waits for a job. The caller observes its events as if the operation ran here. */
  const waitFor = Effect.fnUntraced(function*(prepared: Prepared, detached: boolean) {
    const { change, id, path: environment } = prepared
    const observe = yield* Output.Observer
    const entity = client(id)
    yield* submitted(prepared)
    const run = available(entity.Run({ id, change, observed: observe !== Output.nobody }))
    const observed = Effect.gen(function*() {
      const fiber = yield* Effect.fork(run)
      const lost = Effect.catchAll(
        Fiber.join(fiber),
        (error) => error._tag === "JobsUnavailable" ? error : Effect.never
      )
      // In this fiber, so that an interruption reaches the observer at once.
      yield* follow(id, 0, {
        lost: Effect.andThen(lost, Effect.never),
        onWaiting: (holder) => observe(new Output.Waiting({ operation: change.operation, environment, id, holder }))
      }).pipe(Stream.runForEach(({ event }) => observe(event)), Effect.ignore)
      return yield* Fiber.join(fiber)
    })
    const waiting = observe === Output.nobody ? run : observed
    return yield* detached
      ? waiting
      : Effect.onInterrupt(waiting, () => Effect.ignore(available(entity.Cancel({ id }))))
  })

  const job = <Name extends Change["operation"]>(operation: Name) =>
    Effect.fn(`Cluster.${operation}`)(
      function*(options: Parameters<Manager[Name]>[0]) {
        const { detached = false, key } = yield* Caller
        const prepared = yield* prepare({ operation, options } as unknown as Change, { key })
        return yield* waitFor(prepared, detached)
      },
      (effect, options) =>
        effect.pipe(
          Effect.map((result) => result.value as Value<Name>),
          Effect.catchTags({
            JobCancelled: () => Effect.interrupt,
            JobDefect: (error) => Effect.die(error),
            JobsUnavailable: (error) =>
              storageFailed({ manager: direct.name, operation, environment: options.path, marker: "" }, error)
          }),
          Effect.mapError((error) => error as Failure<Name>)
        )
    )

  return PackageManager.of({
    ...direct,
    init: job("init"),
    install: job("install"),
    remove: job("remove"),
    update: job("update"),
    clean: job("clean"),
    destroy: job("destroy")
  })
}
