/**
 * Durable jobs in one process, in a SQLite file.
 *
 * @module
 * @since 0.1.0
 */
import { makeTryLock } from "@darb/package-manager/driver/transaction/FileLock"
import { PackageManager } from "@darb/package-manager/PackageManager"
import * as RunnerHealth from "@effect/cluster/RunnerHealth"
import * as Runners from "@effect/cluster/Runners"
import * as RunnerStorage from "@effect/cluster/RunnerStorage"
import * as Sharding from "@effect/cluster/Sharding"
import * as ShardingConfig from "@effect/cluster/ShardingConfig"
import * as SqlMessageStorage from "@effect/cluster/SqlMessageStorage"
import type { PlatformError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import type * as Path from "@effect/platform/Path"
import * as SqlClient from "@effect/sql/SqlClient"
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type { JobsUnavailable } from "./JobError.js"
import type { Jobs } from "./Jobs.js"
import * as Services from "./Services.js"
import * as SqlJobStore from "./store/SqlJobStore.js"
import * as Housekeeping from "./worker/Housekeeping.js"
import * as Worker from "./worker/Worker.js"

/**
 * Another process has the file. One process at a time can run its jobs.
 *
 * @since 0.1.0
 * @category errors
 */
export class DatabaseInUse extends Schema.TaggedError<DatabaseInUse>("@darb/cluster/DatabaseInUse")("DatabaseInUse", {
  filename: Schema.String
}) {
  override get message() {
    return `${this.filename} is in use by another process: stop it, or use another file`
  }
}

/**
 * Where jobs are stored, and how long they may go on when the application ends.
 *
 * @since 0.1.0
 * @category options
 */
export interface EmbeddedOptions extends Housekeeping.HousekeepingOptions {
  /** The SQLite file. It is created if it does not exist; its directory must exist. */
  readonly filename: string
  /** The directory that contains all environments, which a relative path starts at. */
  readonly environmentsRoot: string
  /**
   * How long running jobs may go on when the application ends. After that they are interrupted and rolled back, and run again
   * at the next start. 15 seconds by default.
   */
  readonly stopTimeout?: Duration.DurationInput | undefined
}

/** Locks the file beside the database. */
const lock = Effect.fnUntraced(function*(filename: string) {
  const fs = yield* FileSystem.FileSystem
  const file = yield* fs.open(`${filename}.lock`, { flag: "a" })
  if ((yield* makeTryLock()(file)) === false) return yield* new DatabaseInUse({ filename })
})

/** The driver is loaded only where it is used. */
const sqlite = (filename: string): Layer.Layer<SqlClient.SqlClient> =>
  Layer.unwrapEffect(Effect.map(
    Effect.promise(() => import("@effect/sql-sqlite-node/SqliteClient")),
    (SqliteClient) => SqliteClient.layer({ filename })
  )).pipe(
    // A commit reaches the disk with a later one: it survives the end of the process, and a power failure keeps the file valid.
    Layer.tap((context) => Context.get(context, SqlClient.SqlClient)`PRAGMA synchronous = NORMAL`),
    Layer.orDie
  )

/**
 * Makes the changes of a package manager durable jobs. Reads and programs of `run` go to the manager directly.
 *
 * ```ts
 * Embedded.layer({ filename: "jobs.db", environmentsRoot: "/srv/environments" }).pipe(Layer.provide(PixiLive))
 * ```
 *
 * Jobs that were not finished when the application ended run again when it starts, in their order.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (
  options: EmbeddedOptions
): Layer.Layer<
  PackageManager | Jobs,
  DatabaseInUse | JobsUnavailable | PlatformError,
  PackageManager | FileSystem.FileSystem | Path.Path
> => {
  const { filename, stopTimeout = "15 seconds" } = options
  const cluster = Sharding.layer.pipe(
    Layer.provide(Runners.layerNoop),
    Layer.provideMerge(SqlMessageStorage.layer),
    Layer.provide([RunnerStorage.layerMemory, RunnerHealth.layerNoop]),
    Layer.provide(ShardingConfig.layer({
      entityTerminationTimeout: stopTimeout,
      simulateRemoteSerialization: false,
      // Shards are for several runners. All of them are in the query of each poll.
      shardsPerGroup: 1
    })),
    Layer.provideMerge(SqlJobStore.layer),
    Layer.provide(sqlite(filename)),
    Layer.provide(Layer.scopedDiscard(lock(filename)))
  )
  const services = Layer.effectContext(Effect.gen(function*() {
    const manager = yield* PackageManager
    return yield* Services.make(manager, options, () => Effect.succeed(manager))
  }))
  const records = `${filename}-results`
  const worker = Layer.merge(Worker.layer({ ...options, records }), Housekeeping.layer({ ...options, records }))
  return services.pipe(Layer.provide(Layer.provideMerge(worker, cluster)))
}
