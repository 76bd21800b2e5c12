/**
 * Serializes the operations that change an environment: in this process in order of arrival, and against other processes with
 * a lock of the operating system and with the record of the owner. Both are in `.darb`, a directory of the environment that
 * exists only while an operation runs.
 *
 * @module
 * @since 0.1.0
 */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Arr from "effect/Array"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { globalValue } from "effect/GlobalValue"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as Telemetry from "../../Telemetry.js"
import type { ExecutableOptions } from "../executable/ExecutableDescription.js"
import { checkPlace } from "../RegularFile.js"
import { alreadyExists, isNotFound } from "./FileErrors.js"
import { type Load, makeTryLock } from "./FileLock.js"
import { Busy, isForeign, makeOwners, type OwnerOptions } from "./Owner.js"
import { type Held, holderOf, inTurn, isInTurn, reportWaiting } from "./Turn.js"

/** The name of a directory that exists only for the moment of a rename. */
const temporary = /^\.darb-\w{6}$/

/** How often to look whether another process has released the lock. */
const interval = "100 millis"

/** How often to try while no operation seems to run: its process may be about to release the lock. */
const idle = { schedule: Schedule.spaced("10 millis"), times: 4 }

/** How often in a row a missing file is taken for one that another process has just moved away. */
const maxMoves = 10

/** The environments whose file lock this realm has: neither a lock nor a record excludes its own process. */
const locked = globalValue("@darb/package-manager/driver/EnvironmentLock/locked", () => new Set<string>())

/**
 * How long an operation waits for others, and what it does where the operating system has no locks.
 *
 * @since 0.1.0
 * @category options
 */
export interface Options extends OwnerOptions, Pick<ExecutableOptions, "waitLimit"> {
  /** Loads the addon with the locks of the operating system. */
  readonly load?: Load | undefined
}

/**
 * What an operation finds once it has the lock.
 *
 * @since 0.1.0
 * @category models
 */
export interface Found {
  /** The names in the directory of the environment, without temporary directories; empty if they cannot be listed. */
  readonly names: ReadonlyArray<string>
  /** The names in the state directory. */
  readonly state: ReadonlyArray<string>
}

/**
 * Makes the lock of environments. The lock of the operating system ends with the process that holds it; without one,
 * the record of the owner decides.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeEnvironmentLock = Effect.fnUntraced(function*(options: Options = {}) {
  /** How long to wait for other operations of this process, and then for other processes. */
  const limit = Duration.decode(options.waitLimit ?? Duration.infinity)
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const tryLock = makeTryLock(options.load)
  const owners = yield* makeOwners(options)

  /** The directory for the lock file, the journal and the snapshots. */
  const stateDirectory = (environment: string) => path.join(environment, ".darb")
  const lockFile = (environment: string) => path.join(stateDirectory(environment), "lock")

  /** The directory is renamed while locked, then removed: other processes create a new lock file from then on. */
  const release = Effect.fnUntraced(function*({ environment }: Held) {
    const directory = stateDirectory(environment)
    // The journal of a failed rollback stays for the next operation.
    if ((yield* fs.readDirectory(directory)).some((name) => name === "journal" || isForeign(name))) {
      return yield* owners.release(directory)
    }
    const away = path.join(environment, `.darb-${globalThis.crypto.randomUUID().slice(0, 6)}`)
    yield* fs.rename(directory, away)
    yield* fs.remove(away, { recursive: true, force: true })
  }, (effect, { environment }) => Effect.catchAll(effect, () => owners.release(stateDirectory(environment))))

  const contended = Effect.fnUntraced(function*(environment: string) {
    return yield* new Busy({ holder: yield* owners.holder(stateDirectory(environment)), hint: undefined })
  })

  /** Takes the lock until the scope closes. */
  const acquire = Effect.fnUntraced(function*(held: Held) {
    const { environment } = held
    if (locked.has(environment)) return yield* contended(environment)
    yield* Effect.acquireRelease(
      Effect.sync(() => locked.add(environment)),
      () => Effect.sync(() => locked.delete(environment))
    )
    const isNew = yield* fs.makeDirectory(stateDirectory(environment)).pipe(
      Effect.as(true),
      Effect.catchIf(alreadyExists, () => Effect.as(checkPlace(fs, stateDirectory(environment), "Directory"), false))
    )
    const isFirst = isNew || (yield* checkPlace(fs, lockFile(environment), "File").pipe(
      Effect.as(false),
      Effect.catchIf(isNotFound, () => Effect.succeed(true))
    ))
    const file = yield* fs.open(lockFile(environment), { flag: "a+" })
    const hasLock = yield* tryLock(file)
    if (hasLock === false) return yield* contended(environment)
    // The last holder moves the directory away: this may be the lock file of that directory.
    const [mine, current] = yield* Effect.all([file.stat, fs.stat(lockFile(environment))])
    if (Option.getOrNull(mine.ino) !== Option.getOrNull(current.ino)) return yield* contended(environment)
    return yield* owners.claim(stateDirectory(environment), yield* holderOf(held), { isNew, locked: hasLock === true })
      .pipe(
        Effect.tapError((error) => {
          if (error._tag !== "Busy") return isNotFound(error) ? Effect.void : release(held)
          return isFirst ? Effect.ignore(fs.remove(lockFile(environment))) : Effect.void
        })
      )
  })

  /**
   * Removes the temporary directories of dead processes, and returns the other names. No other process has any while the lock is
   * held.
   */
  const sweep = Effect.fnUntraced(function*(environment: string) {
    const names = yield* Effect.orElseSucceed(fs.readDirectory(environment), () => [])
    const [others, left] = Arr.partition(names, (name) => temporary.test(name))
    yield* Effect.ignore(
      Effect.forEach(left, (name) => fs.remove(path.join(environment, name), { recursive: true, force: true }))
    )
    return others
  })

  /** Makes git ignore the state directory. */
  const ignore = (directory: string) =>
    Effect.catchIf(
      fs.writeFileString(path.join(directory, ".gitignore"), "*\n", { flag: "wx" }),
      alreadyExists,
      () => Effect.void
    )

  /**
   * Runs an effect with the lock. `Busy` if another process has it, `NotFound` if it has moved the directory away meanwhile.
   */
  const attempt = <A, E, R>(held: Held, run: (found: Found) => Effect.Effect<A, E, R>) =>
    Effect.scoped(Effect.gen(function*() {
      const acquired = yield* Effect.either(acquire(held))
      if (Either.isLeft(acquired)) {
        const error = acquired.left
        return error._tag === "Busy" || isNotFound(error) ? Either.left(error) : yield* error
      }
      const state = acquired.right
      return yield* Effect.suspend(() =>
        state.includes(".gitignore") ? Effect.void : ignore(stateDirectory(held.environment))
      ).pipe(
        Effect.andThen(sweep(held.environment)),
        Effect.flatMap((names) => run({ names, state })),
        Effect.ensuring(release(held)),
        Effect.map(Either.right)
      )
    }))

  /**
   * Attempts until the lock is free. Only the waiting in between can be interrupted. Nothing would end the wait for an owner
   * that is dead on another host, or for a directory that does not come back. `prepare` runs before each attempt, since the
   * environment may have been removed.
   */
  const withFileLock = <A, E, R, E2, R2>(
    held: Held,
    prepare: Effect.Effect<void, E2, R2>,
    run: (found: Found) => Effect.Effect<A, E, R>
  ) =>
    Effect.uninterruptibleMask(Effect.fnUntraced(function*(restore) {
      const until = (yield* Clock.currentTimeMillis) + Duration.toMillis(limit)
      let moves = 0
      for (let first = true;;) {
        yield* restore(prepare)
        const result = yield* attempt(held, (found) => restore(run(found)))
        if (Either.isRight(result)) return result.right
        const busy = result.left
        if (busy._tag !== "Busy") {
          if (moves++ === maxMoves) return yield* busy
          yield* restore(Effect.sleep("10 millis"))
          continue
        }
        moves = 0
        if (first) yield* restore(reportWaiting(busy.holder))
        const isEndless = !first && busy.hint !== undefined && !Duration.isFinite(limit)
        if (isEndless || (yield* Clock.currentTimeMillis) >= until) return yield* busy
        yield* restore(Telemetry.waiting(Effect.sleep(interval)))
        first = false
      }
    }))

  /**
   * Runs what an operation does with the lock of an environment. `prepare` runs in this process's turn before each attempt, and
   * ensures that the directory exists. Waiting emits an event and can be interrupted.
   */
  const exclusively = <A, E, R, E2, R2>(
    held: Held,
    prepare: Effect.Effect<void, E2, R2>,
    run: (found: Found) => Effect.Effect<A, E, R>
  ) => inTurn(held, limit, withFileLock(held, prepare, run))

  /** Runs an effect with the lock if no other operation holds it; otherwise does nothing. */
  const ifIdle = <A, E, R>(held: Held, effect: Effect.Effect<A, E, R>) =>
    Effect.unless(
      Effect.uninterruptibleMask((restore) =>
        Effect.repeat(attempt(held, () => restore(effect)), { ...idle, until: Either.isRight })
      ),
      () => isInTurn(held.environment)
    )

  /** Whether the state directory exists: an operation runs, or its process died. */
  const isThere = (environment: string) =>
    fs.readDirectory(environment).pipe(
      Effect.map((names) => names.includes(".darb")),
      Effect.catchAll((error) => isNotFound(error) ? Effect.succeed(false) : fs.exists(stateDirectory(environment))),
      // There is none in a file.
      Effect.catchIf(
        (error) => error._tag === "SystemError" && error.reason === "BadResource",
        () => Effect.succeed(false)
      )
    )

  return { exclusively, ifIdle, isThere, stateDirectory }
})
