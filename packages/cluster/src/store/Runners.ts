/**
 * Tells which runners are at work, so that a job of one that was lost is not taken for running.
 *
 * @module
 * @since 0.1.0
 */
import type { SqlClient } from "@effect/sql/SqlClient"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Scope from "effect/Scope"

/** How often a runner says that it is at work. */
const interval = "5 seconds"

/** How long one that says nothing is taken for running, in milliseconds. */
const patience = 15_000

/** The time of the database, in milliseconds since 1970: clocks of runners may differ. */
const now = (sql: SqlClient) =>
  sql.literal(sql.onDialectOrElse({
    pg: () => "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)",
    orElse: () => "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"
  }))

/**
 * Creates the table.
 *
 * @since 0.1.0
 * @category operations
 */
export const createTable = (sql: SqlClient) =>
  sql`CREATE TABLE IF NOT EXISTS darb_runners (
    instance VARCHAR(36) PRIMARY KEY,
    seen_at ${sql.literal(sql.onDialectOrElse({ pg: () => "BIGINT", orElse: () => "INTEGER" }))} NOT NULL
  )`

/**
 * The jobs of runners that are at work, as a condition for a join of `darb_runners r` with `darb_jobs j`.
 *
 * @since 0.1.0
 * @category operations
 */
export const isAtWork = (sql: SqlClient) => sql`r.instance = j.runner AND r.seen_at > ${now(sql)} - ${patience}`

/**
 * An effect that says, from its first run until the scope closes, that a runner is at work.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.fnUntraced(function*(sql: SqlClient, instance: string) {
  const scope = yield* Effect.scope
  const seen = sql`INSERT INTO darb_runners (instance, seen_at) VALUES (${instance}, ${now(sql)})
    ON CONFLICT (instance) DO UPDATE SET seen_at = excluded.seen_at`
  const forgotten = sql`DELETE FROM darb_runners WHERE instance = ${instance} OR seen_at < ${now(sql)} - ${
    10 * patience
  }`
  const begin = Effect.gen(function*() {
    yield* Scope.addFinalizer(scope, Effect.ignore(Effect.timeout(forgotten, "5 seconds")))
    yield* Effect.ignore(seen).pipe(Effect.repeat(Schedule.spaced(interval)), Effect.forkIn(scope))
  })
  return yield* Effect.once(Effect.withTracerEnabled(begin, false))
})
