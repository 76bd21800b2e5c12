/** A program that uses the environments of runners, and has none itself. */
import type { Environment } from "@darb/package-manager/Environment"
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
import type { Described, LocationOptions } from "./Location.js"
import * as RemoteManager from "./RemoteManager.js"
import * as Services from "./Services.js"
import * as SqlJobStore from "./SqlJobStore.js"
import * as Tables from "./Tables.js"
import * as Timing from "./Timing.js"

export interface ClientOptions extends Timing.Timing, LocationOptions {
  /** The manager of the runners, such as `{ name: "pixi", capabilities: Pixi.capabilities }`. */
  readonly manager: Described
  /** All groups of the cluster: the same list everywhere; by default only `default`. */
  readonly groups?: ReadonlyArray<string> | undefined
}

/**
 * Reaches the environments of all runners on the same database. `version` and `environments` are those of a single host, and
 * fail with `NotImplemented`.
 */
export const layer = (
  options: ClientOptions
): Layer.Layer<PackageManager | Jobs, ConfigError | JobsUnavailable, SqlClient | Path.Path> => {
  const { groups = ["default"], manager } = options
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
  const here = (operation: "version" | "environments") =>
    new Errors.NotImplemented({ manager: manager.name, operation, environment: "" })
  const services = Layer.effectContext(Services.make(manager, options, (client) =>
    Effect.succeed(RemoteManager.make({
      ...manager,
      version: here("version"),
      environments: Stream.fail(here("environments")) as Stream.Stream<Environment, Errors.NotImplemented>
    }, client))))
  return services.pipe(
    Layer.provide(Layer.provideMerge(cluster, SqlJobStore.layer)),
    Layer.provide(Layer.effectDiscard(Tables.create))
  )
}
