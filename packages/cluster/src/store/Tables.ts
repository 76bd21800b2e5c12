/**
 * Creates the tables of `@effect/cluster`.
 *
 * @module
 * @since 0.1.0
 */
import * as ShardingConfig from "@effect/cluster/ShardingConfig"
import * as SqlMessageStorage from "@effect/cluster/SqlMessageStorage"
import * as SqlRunnerStorage from "@effect/cluster/SqlRunnerStorage"
import type { SqlClient } from "@effect/sql/SqlClient"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import { JobsUnavailable } from "../JobError.js"

const storages = Layer.merge(SqlMessageStorage.layer, SqlRunnerStorage.layer).pipe(
  Layer.provide(ShardingConfig.layer())
)

/**
 * On an empty PostgreSQL database, runners that start at once disturb each other: the loser has a defect, and tries again.
 * After that the layers of the cluster find the tables.
 *
 * @since 0.1.0
 * @category operations
 */
export const create: Effect.Effect<void, JobsUnavailable, SqlClient> = Effect.scoped(Layer.build(storages)).pipe(
  Effect.sandbox,
  Effect.retry({ times: 5, schedule: Schedule.jittered(Schedule.spaced("300 millis")) }),
  Effect.mapError((cause) => new JobsUnavailable({ reason: `cannot prepare the database: ${Cause.pretty(cause)}` })),
  Effect.asVoid
)
