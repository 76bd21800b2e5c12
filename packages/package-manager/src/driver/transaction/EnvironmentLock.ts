/**
 * Serializes the operations that change an environment: in this process in order of arrival, and against other processes with
 * a lock of the operating system. The lock file is in `.darb`, a directory of the environment that exists only while an
 * operation runs.
 */
import type { PlatformError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { globalValue } from "effect/GlobalValue"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as Output from "../../Output.js"
import * as Telemetry from "../../Telemetry.js"
import * as FairLock from "./FairLock.js"
import { isNotFound } from "./FileErrors.js"
import { makeTryLock } from "./FileLock.js"

/** The name of a directory that exists only for the moment of a rename. */
const temporary = /^\.darb-\w{6}$/

/** How often to look whether another process has released the lock. */
const interval = "100 millis"

/** How often to try while no operation seems to run: its process may be about to release the lock. */
const idle = { schedule: Schedule.spaced("10 millis"), times: 4 }

interface Entry {
  readonly lock: FairLock.FairLock
  /** How many operations hold the lock or wait for it. */
  users: number
  holder: Output.Holder | null
}

/** The entries by canonical directory. Global, since a process may have several managers. */
const entries = globalValue("@darb/package-manager/driver/EnvironmentLock", () => new Map<string, Entry>())

export interface Held {
  readonly operation: string
  /** The canonical path of the environment. */
  readonly environment: string
}

/** Another operation held the environment for the whole time limit. */
export class Busy extends Data.TaggedError("Busy")<{ readonly holder: Output.Holder | null }> {}

const holderSchema = Schema.parseJson(Output.Holder)
const encodeHolder = Schema.encodeSync(holderSchema)
const decodeHolder = Schema.decodeUnknownEither(holderSchema)

/** `limit` is how long to wait for other operations of this process, and then for other processes. */
export const makeEnvironmentLock = Effect.fnUntraced(function*(limit: Duration.DurationInput) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const tryLock = yield* makeTryLock

  /** The directory for the lock file, the journal and the snapshots. */
  const stateDirectory = (environment: string) => path.join(environment, ".darb")
  const lockFile = (environment: string) => path.join(stateDirectory(environment), "lock")

  /** The locked file, until the scope closes; `undefined` if another process has the lock. */
  const acquire = Effect.fnUntraced(function*({ environment }: Held) {
    yield* Effect.catchIf(fs.makeDirectory(stateDirectory(environment)), alreadyExists, () => Effect.void)
    const file = yield* fs.open(lockFile(environment), { flag: "a+" })
    if (!(yield* tryLock(file))) return undefined
    // The last holder moves the directory away: this may be the lock file of that directory.
    const [mine, current] = yield* Effect.all([file.stat, fs.stat(lockFile(environment))])
    return Option.getEquivalence<number>((a, b) => a === b)(mine.ino, current.ino) ? file : undefined
    // The directory was moved away meanwhile.
  }, Effect.catchIf(isNotFound, () => Effect.succeed(undefined)))

  const readHolder = (environment: string) =>
    fs.readFileString(lockFile(environment)).pipe(
      Effect.map((text) => Either.getOrElse(decodeHolder(text), () => null)),
      Effect.orElseSucceed(() => null)
    )

  const reportWaiting = Effect.fnUntraced(function*(held: Held, holder: Output.Holder | null) {
    const observe = yield* Output.Observer
    yield* observe(new Output.Waiting({ ...held, holder }))
  })

  const holderOf = ({ operation }: Held) => Effect.map(Clock.currentTimeMillis, (since) => ({ operation, since }))

  /** The directory is renamed while locked, then removed: other processes create a new lock file from then on. */
  const release = Effect.fnUntraced(function*({ environment }: Held) {
    const directory = stateDirectory(environment)
    // The journal of a failed rollback stays for the next operation.
    if ((yield* fs.readDirectory(directory)).includes("journal")) return
    const away = path.join(environment, `.darb-${globalThis.crypto.randomUUID().slice(0, 6)}`)
    yield* fs.rename(directory, away)
    yield* fs.remove(away, { recursive: true, force: true })
  }, Effect.ignore)

  /** Removes the temporary directories of dead processes. No other process has any while the lock is held. */
  const sweep = Effect.fnUntraced(function*(environment: string) {
    const names = yield* fs.readDirectory(environment)
    yield* Effect.forEach(
      names.filter((name) => temporary.test(name)),
      (name) => fs.remove(path.join(environment, name), { recursive: true, force: true })
    )
  }, Effect.ignore)

  const writeHolder = Effect.fnUntraced(function*(held: Held, file: FileSystem.File) {
    yield* file.truncate()
    yield* file.writeAll(new TextEncoder().encode(encodeHolder(yield* holderOf(held))))
  }, Effect.ignore)

  /** Runs an effect with the lock; `None` if another process has it. */
  const attempt = <A, E, R>(held: Held, effect: Effect.Effect<A, E, R>) =>
    Effect.scoped(
      Effect.flatMap(acquire(held), (file) =>
        file === undefined ? Effect.succeedNone : writeHolder(held, file).pipe(
          Effect.andThen(fs.writeFileString(path.join(stateDirectory(held.environment), ".gitignore"), "*\n")),
          Effect.andThen(sweep(held.environment)),
          Effect.andThen(effect),
          Effect.ensuring(release(held)),
          Effect.asSome
        ))
    )

  /** Attempts until the lock is free. Only the waiting in between can be interrupted. */
  const withFileLock = <A, E, R>(held: Held, effect: Effect.Effect<A, E, R>) =>
    Effect.uninterruptibleMask(Effect.fnUntraced(function*(restore) {
      const until = (yield* Clock.currentTimeMillis) + Duration.toMillis(limit)
      for (let first = true;; first = false) {
        const result = yield* attempt(held, restore(effect))
        if (Option.isSome(result)) return result.value
        if (first) {
          yield* restore(Effect.flatMap(readHolder(held.environment), (holder) => reportWaiting(held, holder)))
        }
        if ((yield* Clock.currentTimeMillis) >= until) {
          return yield* new Busy({ holder: yield* readHolder(held.environment) })
        }
        yield* restore(Telemetry.waiting(Effect.sleep(interval)))
      }
    }))

  const inProcess = <A, E, R>(held: Held, effect: Effect.Effect<A, E, R>) =>
    Effect.acquireUseRelease(
      Effect.sync(() => {
        const entry = entries.get(held.environment) ?? { lock: FairLock.make(), users: 0, holder: null }
        entries.set(held.environment, entry)
        entry.users++
        return entry
      }),
      (entry) =>
        entry.lock.withLock(
          Effect.flatMap(holderOf(held), (holder) => {
            entry.holder = holder
            return effect
          }),
          (turn) =>
            Effect.andThen(
              reportWaiting(held, entry.holder),
              Telemetry.waiting(
                Effect.timeoutFail(turn, { duration: limit, onTimeout: () => new Busy({ holder: entry.holder }) })
              )
            )
        ),
      (entry) =>
        Effect.sync(() => {
          entry.users--
          if (entry.users === 0) entries.delete(held.environment)
        })
    )

  /**
   * Runs an effect with the lock of an environment. `prepare` runs first in this process's turn, and ensures that the
   * directory exists. Waiting emits an event and can be interrupted.
   */
  const exclusively = <A, E, R, E2, R2>(
    held: Held,
    prepare: Effect.Effect<void, E2, R2>,
    effect: Effect.Effect<A, E, R>
  ) => inProcess(held, Effect.andThen(prepare, withFileLock(held, effect)))

  /** Runs an effect with the lock if no other operation holds it; otherwise does nothing. */
  const ifIdle = <A, E, R>(held: Held, effect: Effect.Effect<A, E, R>) =>
    Effect.unless(
      Effect.uninterruptibleMask((restore) =>
        Effect.repeat(attempt(held, restore(effect)), { ...idle, until: Option.isSome })
      ),
      () => entries.has(held.environment)
    )

  /** Whether the state directory exists: an operation runs, or its process died. */
  const isThere = (environment: string) => fs.exists(stateDirectory(environment))

  return { exclusively, ifIdle, isThere, stateDirectory }
})

const alreadyExists = (error: PlatformError) => error._tag === "SystemError" && error.reason === "AlreadyExists"
