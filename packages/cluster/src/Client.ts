/**
 * A program that uses the environments of runners, and has none itself.
 *
 * @module
 * @since 0.1.0
 */
import type { PackageManager } from "@darb/package-manager/PackageManager"
import * as Errors from "@darb/package-manager/PackageManagerError"
import * as NodeClusterHttp from "@effect/platform-node/NodeClusterHttp"
import type * as Path from "@effect/platform/Path"
import type { SqlClient } from "@effect/sql/SqlClient"
import type { ConfigError } from "effect/ConfigError"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { JobsUnavailable } from "./JobError.js"
import type { Jobs } from "./Jobs.js"
import { available } from "./JobsClient.js"
import { type Described, entityOfGroup, type LocationOptions } from "./Location.js"
import * as RemoteManager from "./RemoteManager.js"
import * as Services from "./Services.js"
import * as SqlJobStore from "./store/SqlJobStore.js"
import * as Tables from "./store/Tables.js"
import * as Timing from "./Timing.js"

/**
 * What a client has to know about the cluster: its manager, its groups and the root of its environments.
 *
 * @since 0.1.0
 * @category options
 */
export interface ClientOptions extends Timing.Timing, LocationOptions {
  /** The manager of the runners, such as `{ name: "pixi", capabilities: Pixi.capabilities }`. */
  readonly manager: Described
  /** All groups of runners, the same list everywhere: by default that of a runner is its host, with hyphens for dots. */
  readonly groups: ReadonlyArray<string>
}

/**
 * Reaches the environments of all runners on the same database. `version` is that of some runner, `environments` has those of
 * all groups.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (
  options: ClientOptions
): Layer.Layer<PackageManager | Jobs, ConfigError | JobsUnavailable, SqlClient | Path.Path> => {
  const { groups, manager } = options
  const cluster = NodeClusterHttp.layer({
    transport: "websocket",
    clientOnly: true,
    storage: "sql",
    shardingConfig: {
      ...Timing.config(options),
      runnerAddress: Option.none(),
      availableShardGroups: [...groups].sort()
    }
  })
  const about = (operation: Errors.OperationName) => ({ manager: manager.name, operation, environment: "" })
  const [first = "default"] = groups
  const services = Layer.effectContext(Services.make(manager, options, (client) => {
    const of = (group: string) => client.clientOf(entityOfGroup(group))
    return Effect.succeed(RemoteManager.make({
      ...manager,
      version: Effect.catchTag(
        available(of(first).Version()),
        "JobsUnavailable",
        ({ reason }) => new Errors.ExecutableUnavailable({ ...about("version"), executable: manager.name, reason })
      ),
      environments: Stream.fromIterable(groups).pipe(
        Stream.mapEffect((group) => available(of(group).Environments())),
        Stream.flatMap(Stream.fromIterable),
        Stream.catchTag(
          "JobsUnavailable",
          ({ reason }) =>
            Stream.fail(
              new Errors.InvalidOption({ ...about("environments"), option: "groups", value: groups.join(), reason })
            )
        )
      )
    }, client))
  }))
  return services.pipe(
    Layer.provide(Layer.provideMerge(cluster, SqlJobStore.layer)),
    Layer.provide(Layer.effectDiscard(Tables.create))
  )
}
