/**
 * What `@effect/cluster` stores about jobs: their messages, with what they were asked for, and the replies to them.
 *
 * @module
 * @since 0.1.0
 */
import * as Snowflake from "@effect/cluster/Snowflake"
import * as Rpc from "@effect/rpc/Rpc"
import type { SqlClient } from "@effect/sql/SqlClient"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { Run } from "../EnvironmentJobs.js"
import type { JobFailure, JobId } from "../Job.js"
import { JobDefect } from "../JobError.js"
import { entityIdOf, sha256 } from "../Location.js"
import { Change } from "../OperationSchema.js"

const decodePayload = Schema.decode(Schema.parseJson(Schema.Struct({ change: Change })))
const decodeExit = Schema.decode(Schema.parseJson(Rpc.exitSchema(Run)))

/**
 * The message of a job, and how its reply fails.
 *
 * @since 0.1.0
 * @category models
 */
export interface Message {
  readonly change: Change
  readonly submittedAt: number
  readonly isReplied: boolean
  /** Only of the jobs that this was asked for. */
  readonly failure: JobFailure | null
}

interface Row {
  readonly message_id: string
  readonly request: string
  readonly payload: string
  readonly replied: number
  readonly exit: string | null
}

/**
 * The id under which the cluster stores the message of a job: it hashes those that are longer than its column.
 *
 * @since 0.1.0
 * @category getters
 */
export const messageIdOf = (id: JobId): Effect.Effect<string> => {
  const key = `EnvironmentJobs/${entityIdOf(id)}/Run/${id}`
  return key.length <= 255 ? Effect.succeed(key) : sha256(key)
}

const failureOf = (id: JobId, exit: string) =>
  decodeExit(exit).pipe(
    Effect.map((exit): JobFailure | null =>
      Exit.isSuccess(exit) ? null : Option.getOrElse(
        Cause.failureOption(exit.cause),
        () => new JobDefect({ id, defect: Cause.pretty(exit.cause) })
      )
    ),
    // Of another version.
    Effect.orElseSucceed(() => new JobDefect({ id, defect: exit }))
  )

/**
 * The messages of jobs, with the failures of some of them. A job without a message does not exist.
 *
 * @since 0.1.0
 * @category operations
 */
export const find = Effect.fnUntraced(
  function*(sql: SqlClient, ids: ReadonlyArray<JobId>, failed: ReadonlySet<JobId>) {
    const found = new Map<JobId, Message>()
    if (ids.length === 0) return found
    const named = new Map(
      yield* Effect.forEach(ids, (id) => Effect.map(messageIdOf(id), (name) => [name, id] as const))
    )
    const names = [...named.keys()]
    const rows = yield* sql<Row>`SELECT m.message_id, CAST(m.id AS TEXT) AS request, m.payload,
        CASE WHEN r.id IS NULL THEN 0 ELSE 1 END AS replied,
        CASE WHEN ${
      sql.in("m.message_id", names.filter((name) => failed.has(named.get(name)!)))
    } THEN r.payload END AS exit
      FROM cluster_messages m LEFT JOIN cluster_replies r ON r.id = m.last_reply_id
      WHERE ${sql.in("m.message_id", names)}`
    for (const { exit, message_id, payload, replied, request } of rows) {
      const id = named.get(message_id)!
      found.set(id, {
        change: (yield* decodePayload(payload)).change,
        submittedAt: Snowflake.timestamp(Snowflake.Snowflake(request)),
        isReplied: replied === 1,
        failure: exit === null ? null : yield* failureOf(id, exit)
      })
    }
    return found
  }
)
