/**
 * Records the programs that run in an environment, so that those of a dead application are found and ended. Each has a
 * directory of its own, `.darb-run-ID`, beside the `.darb` of operations, which is moved away when an operation ends.
 *
 * @module
 * @since 0.1.0
 */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import type * as Output from "../../Output.js"
import type { Operation } from "../Operation.js"
import { type OrphanProcesses, reportUnsearched } from "../process/OrphanProcesses.js"
import { makeOwners, Owner } from "./Owner.js"

const name = /^\.darb-run-[0-9a-f]{8}$/

const Record = Schema.parseJson(Schema.Struct({
  ...Owner.fields,
  /** The marker in the variables of all processes of the run. */
  marker: Schema.String
}))

/**
 * Which programs of `run` are at work in an environment, of this application and of others.
 *
 * @since 0.1.0
 * @category models
 */
export interface RunRecords {
  /**
   * Runs an effect with a record of this process as its owner. Where none can be written, such as in a directory of another
   * user, it runs without.
   */
  readonly recorded: (operation: Operation) => <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  /**
   * Ends what programs of dead owners have left running. `names` are those in the directory, if they are known. Never fails:
   * errors are logged.
   */
  readonly recover: (environment: string, names?: ReadonlyArray<string>) => Effect.Effect<void>
  /** The programs whose owner may be alive, of this process and of others. */
  readonly running: (environment: string) => Effect.Effect<ReadonlyArray<Output.Holder>>
}

/**
 * Makes the records of programs.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeRunRecords = Effect.fnUntraced(function*(orphans: OrphanProcesses) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const owners = yield* makeOwners({})

  const recordFile = (directory: string) => path.join(directory, "owner")
  const processesFile = (directory: string) => path.join(directory, "processes")

  const remove = (directory: string) => Effect.ignore(fs.remove(directory, { recursive: true, force: true }))

  /** Makes the directory under a temporary name, which an operation removes if this process dies meanwhile, or earlier. */
  const write = Effect.fnUntraced(function*({ environment, marker, operation }: Operation) {
    const mine = yield* owners.identity
    // Without a start time nobody could verify that the owner is dead.
    if (mine === undefined) return undefined
    const since = yield* Clock.currentTimeMillis
    const record = Schema.encodeSync(Record)({ ...mine, operation, since, locked: false, marker })
    const directory = path.join(environment, `.darb-run-${globalThis.crypto.randomUUID().slice(0, 8)}`)
    const temporary = yield* fs.makeTempDirectory({ directory: environment, prefix: ".darb-" })
    yield* Effect.gen(function*() {
      yield* fs.writeFileString(path.join(temporary, ".gitignore"), "*\n")
      yield* fs.writeFileString(recordFile(temporary), record)
      yield* fs.rename(temporary, directory)
    }).pipe(Effect.onError(() => remove(temporary)))
    return directory
  })

  const recorded: RunRecords["recorded"] = (operation) => (effect) =>
    Effect.acquireUseRelease(
      Effect.retry(write(operation), { times: 3 }).pipe(
        Effect.catchAll((error) => Effect.as(Effect.logDebug("Cannot record the program", error), undefined))
      ),
      (directory) => directory === undefined ? effect : orphans.record(processesFile(directory))(effect),
      (directory) => directory === undefined ? Effect.void : remove(directory)
    )

  const records = Effect.fnUntraced(function*(environment: string, known?: ReadonlyArray<string>) {
    const names = known ?? (yield* Effect.orElseSucceed(fs.readDirectory(environment), () => []))
    return yield* Effect.forEach(
      names.filter((each) => name.test(each)),
      Effect.fnUntraced(function*(each) {
        const directory = path.join(environment, each)
        // The run has ended meanwhile, or a newer version wrote the record.
        const text = yield* Effect.orElseSucceed(fs.readFileString(recordFile(directory)), () => "")
        const record = Either.getOrUndefined(Schema.decodeUnknownEither(Record)(text))
        return record === undefined ? [] : [{ directory, record, state: yield* owners.stateOf(record, false) }]
      })
    ).pipe(Effect.map((found) => found.flat()))
  })

  const recover: RunRecords["recover"] = Effect.fnUntraced(function*(environment, names) {
    for (const { directory, record, state } of yield* records(environment, names)) {
      if (state !== "dead") continue
      yield* Effect.logWarning("Ends what a program has left running, whose application died")
      yield* orphans.endRecorded(processesFile(directory))
      if (!(yield* orphans.end(record.marker))) yield* reportUnsearched
      yield* remove(directory)
    }
  }, Effect.uninterruptible)

  const running: RunRecords["running"] = (environment) =>
    Effect.map(
      records(environment),
      (found) =>
        found.flatMap(({ record: { operation, since }, state }) => state === "dead" ? [] : [{ operation, since }])
    )

  const made: RunRecords = { recorded, recover, running }
  return made
})
