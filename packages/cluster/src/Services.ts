/**
 * Makes the services of an application from the cluster that it is a part of.
 *
 * @module
 * @since 0.1.0
 */
import { PackageManager } from "@darb/package-manager/PackageManager"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as ClusterManager from "./ClusterManager.js"
import { Jobs } from "./Jobs.js"
import * as JobsClient from "./JobsClient.js"
import { type LocationOptions, makeLocate } from "./Location.js"

/**
 * `directOf` makes the operations that are not jobs.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.fnUntraced(function*<E, R>(
  described: Pick<ClusterManager.Direct, "name" | "capabilities">,
  options: LocationOptions,
  directOf: (client: JobsClient.JobsClient) => Effect.Effect<ClusterManager.Direct, E, R>
) {
  const client = yield* JobsClient.make(described, yield* makeLocate(described, options))
  return Context.make(Jobs, client.jobs).pipe(
    Context.add(PackageManager, ClusterManager.make(yield* directOf(client), client))
  )
})
