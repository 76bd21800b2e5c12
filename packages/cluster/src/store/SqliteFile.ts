/**
 * The SQLite file of one process, whose statements cost little more than SQLite itself.
 *
 * The client of `@effect/sql` makes a span, a scope and a connection for each statement and transaction. The cluster has a dozen
 * of them for each job, all without spans, and there is one connection only.
 *
 * @module
 * @since 0.1.0
 */
import * as Reactivity from "@effect/experimental/Reactivity"
import * as SqlClient from "@effect/sql/SqlClient"
import type { SqlError } from "@effect/sql/SqlError"
import * as Statement from "@effect/sql/Statement"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"

/** The driver is loaded only where it is used. */
const open = Effect.fnUntraced(function*(filename: string) {
  const { make } = yield* Effect.promise(() => import("@effect/sql-sqlite-node/SqliteClient"))
  const connection = yield* Effect.flatMap(make({ filename }), ({ reserve }) => reserve)
  // A commit reaches the disk with a later one: it survives the end of the process, and a power failure keeps the file valid.
  yield* connection.execute("PRAGMA synchronous = NORMAL", [], undefined)
  return connection
}, Effect.orDie)

const { TransactionConnection } = SqlClient

const make = Effect.fnUntraced(function*(filename: string) {
  const connection = yield* open(filename)
  const withLock = Effect.unsafeMakeSemaphore(1).withPermits(1)

  const client = yield* SqlClient.make({
    acquirer: withLock(Effect.succeed(connection)),
    compiler: Statement.makeCompilerSqlite(),
    spanAttributes: []
  })

  const isInside = Effect.map(Effect.context<never>(), Context.getOption(TransactionConnection))

  /** In the transaction of its fiber, or after the one that is open. */
  const execute = (run: Effect.Effect<ReadonlyArray<unknown>, SqlError>) =>
    Effect.flatMap(isInside, (inside) => inside._tag === "Some" ? run : withLock(run))

  const command = (text: string) => Effect.suspend(() => connection.executeUnprepared(text, [], undefined))

  /** A transaction inside of another one is part of it. */
  const withTransaction = <R, E, A>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E | SqlError, R> =>
    Effect.flatMap(isInside, (inside) =>
      inside._tag === "Some"
        ? effect
        : withLock(Effect.uninterruptibleMask((restore) =>
          command("BEGIN").pipe(
            Effect.zipRight(Effect.exit(
              restore(Effect.provideService(effect, TransactionConnection, [connection, 0]))
            )),
            Effect.flatMap((exit) =>
              Effect.zipRight(Effect.orDie(command(Exit.isSuccess(exit) ? "COMMIT" : "ROLLBACK")), exit)
            )
          )
        )))

  const statement = (strings: TemplateStringsArray | string, ...args: Array<never>) => {
    if (typeof strings === "string") return client(strings)
    const made = client(strings, ...args)
    const [text, params] = made.compile()
    const prepared = execute(connection.execute(text, params, undefined))
    // Prepared when it runs.
    const once = execute(Effect.suspend(() => connection.executeUnprepared(text, params, undefined)))
    return Object.defineProperties(made, {
      commit: { value: () => prepared },
      // A text with parameters comes again.
      unprepared: { value: params.length > 0 ? prepared : once }
    })
  }
  const light: SqlClient.SqlClient = Object.assign(statement as typeof client, {
    ...client,
    withTransaction,
    withoutTransforms: () => light
  })
  return light
})

export const layer = (filename: string): Layer.Layer<SqlClient.SqlClient> =>
  Layer.provide(Layer.scoped(SqlClient.SqlClient, make(filename)), Reactivity.layer)
