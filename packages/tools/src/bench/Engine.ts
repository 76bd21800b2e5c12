/** The engine of durable jobs without the library: a persisted entity, on the same kind of database. */
import * as ClusterSchema from "@effect/cluster/ClusterSchema"
import * as Entity from "@effect/cluster/Entity"
import * as RunnerHealth from "@effect/cluster/RunnerHealth"
import * as Runners from "@effect/cluster/Runners"
import * as RunnerStorage from "@effect/cluster/RunnerStorage"
import * as Sharding from "@effect/cluster/Sharding"
import * as ShardingConfig from "@effect/cluster/ShardingConfig"
import * as SqlMessageStorage from "@effect/cluster/SqlMessageStorage"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Rpc from "@effect/rpc/Rpc"
import * as SqliteClient from "@effect/sql-sqlite-node/SqliteClient"
import * as SqlClient from "@effect/sql/SqlClient"
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"

const Sleeper = Entity.make("Sleeper", [
  Rpc.make("Run", { payload: { id: Schema.String }, primaryKey: ({ id }) => id })
    .annotate(ClusterSchema.Persisted, true)
])

/** Returns a function that runs a job of an entity, which takes `duration`. */
export const make = Effect.fnUntraced(function*(duration: Duration.DurationInput) {
  const fs = yield* FileSystem.FileSystem
  const directory = yield* Effect.orDie(fs.makeTempDirectoryScoped({ prefix: "darb-engine-" }))
  const context = yield* Layer.build(
    Sleeper.toLayer(Effect.succeed({ Run: () => Effect.sleep(duration) }), { concurrency: 1 }).pipe(
      Layer.provideMerge(Sharding.layer),
      Layer.provide(Runners.layerNoop),
      Layer.provide(SqlMessageStorage.layer),
      Layer.provide([RunnerStorage.layerMemory, RunnerHealth.layerNoop]),
      Layer.provide(ShardingConfig.layer({ shardsPerGroup: 1, simulateRemoteSerialization: false })),
      Layer.provide(
        SqliteClient.layer({ filename: `${directory}/engine.db` }).pipe(
          Layer.tap((context) => Context.get(context, SqlClient.SqlClient)`PRAGMA synchronous = NORMAL`)
        )
      ),
      Layer.orDie
    )
  )
  const client = yield* Effect.provide(Sleeper.client, context)
  return (entity: string) =>
    Effect.orDie(Effect.suspend(() => client(entity).Run({ id: globalThis.crypto.randomUUID() })))
})
