/**
 * A runner: a process that owns some of the environments, and runs their jobs.
 *
 * @module
 * @since 0.1.0
 */
import { PackageManager } from "@darb/package-manager/PackageManager"
import * as RunnerAddress from "@effect/cluster/RunnerAddress"
import * as NodeClusterHttp from "@effect/platform-node/NodeClusterHttp"
import type * as FileSystem from "@effect/platform/FileSystem"
import type { ServeError } from "@effect/platform/HttpServerError"
import * as Path from "@effect/platform/Path"
import type { SqlClient } from "@effect/sql/SqlClient"
import type { ConfigError } from "effect/ConfigError"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type { JobsUnavailable } from "./JobError.js"
import type { Jobs } from "./Jobs.js"
import { groupOfHost, type LocationOptions } from "./Location.js"
import * as RemoteManager from "./RemoteManager.js"
import * as Services from "./Services.js"
import * as SqlJobStore from "./store/SqlJobStore.js"
import * as Tables from "./store/Tables.js"
import * as Timing from "./Timing.js"
import * as Housekeeping from "./worker/Housekeeping.js"
import * as Worker from "./worker/Worker.js"

/**
 * How other processes reach a runner, and which environments it owns.
 *
 * @since 0.1.0
 * @category options
 */
export interface RunnerOptions extends Timing.Timing, LocationOptions, Housekeeping.HousekeepingOptions {
  /** The host name or address at which other runners and clients reach this one. */
  readonly host: string
  /** The port has no authentication and no encryption: it must only be reachable from other runners and clients. */
  readonly port: number
  /** The address to listen on; by default that of `host`. */
  readonly listenHost?: string | undefined
  /**
   * The group whose environments this runner owns; by default that of `host`, with hyphens for its dots. Runners of a group take
   * over from each other, so they must share a file system: those of a host do, whose jobs wait while it is away. Runners on
   * several hosts that share one are given the same group.
   */
  readonly group?: string | undefined
  /** The directory for the results of committed jobs; by default `.darb-jobs` in `environmentsRoot`. Shared as that is. */
  readonly records?: string | undefined
  /** How long running jobs may go on when the runner stops. After that they run again elsewhere. 15 seconds by default. */
  readonly stopTimeout?: Duration.DurationInput | undefined
}

/**
 * Runs jobs with a package manager, beside other runners on the same database. `Jobs` and the `PackageManager` that it
 * provides reach the environments of all runners.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (
  options: RunnerOptions
): Layer.Layer<
  PackageManager | Jobs,
  ConfigError | JobsUnavailable | ServeError,
  PackageManager | SqlClient | FileSystem.FileSystem | Path.Path
> => {
  const { environmentsRoot, host, listenHost = host, port, stopTimeout } = options
  const { group = groupOfHost(host), groups = [group] } = options
  const cluster = NodeClusterHttp.layer({
    transport: "websocket",
    storage: "sql",
    shardingConfig: {
      ...Timing.config(options),
      runnerAddress: Option.some(RunnerAddress.make(host, port)),
      runnerListenAddress: Option.some(RunnerAddress.make(listenHost, port)),
      availableShardGroups: [...groups].sort(),
      assignedShardGroups: [group],
      entityTerminationTimeout: stopTimeout ?? "15 seconds"
    }
  })
  const worker = Layer.unwrapEffect(
    Effect.map(
      Path.Path,
      (path) => {
        const records = options.records ?? path.join(environmentsRoot, ".darb-jobs")
        return Layer.merge(Worker.layer({ ...options, records }), Housekeeping.layer({ ...options, records }))
      }
    )
  )
  const services = Layer.effectContext(Effect.gen(function*() {
    const manager = yield* PackageManager
    return yield* Services.make(
      manager,
      { ...options, groups },
      (client) => Effect.succeed(RemoteManager.make(manager, client))
    )
  }))
  return services.pipe(
    Layer.provide(Layer.provideMerge(worker, Layer.provideMerge(cluster, SqlJobStore.layer))),
    Layer.provide(Layer.effectDiscard(Tables.create))
  )
}
