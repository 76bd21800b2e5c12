/**
 * Operations that change an environment run one after another: those of this program in the order in which they came, and
 * against other programs by a lock of the operating system.
 *
 * The lock is on a file in a directory of the environment, `.darb`, which is there only while an operation runs.
 */
import type { PlatformError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import { globalValue } from "effect/GlobalValue"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Scope from "effect/Scope"
import * as Output from "../../Output.js"
import * as Telemetry from "../../Telemetry.js"
import * as FairLock from "./FairLock.js"
import { isNotFound } from "./FileErrors.js"
import { makeTryLock } from "./FileLock.js"

/** A directory that is there for the moment of a rename. */
const temporary = /^\.darb-\w{6}$/

/** How often it is tried whether another program has ended. */
const interval = "100 millis"

/** How often it is tried when nobody seems to be at work, and how long after each other. */
const attemptsSoon = 5
const intervalSoon = "10 millis"

type Restore = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

interface Entry {
  readonly lock: FairLock.FairLock
  /** How many operations hold it or wait for it. */
  users: number
  holder: Output.Holder | null
}

/** By canonical directory. Of the process and not of a manager: several of them may be made. */
const entries = globalValue("@darb/package-manager/internal/environmentLock", () => new Map<string, Entry>())

export interface Held {
  readonly operation: string
  /** The canonical path of the directory. */
  readonly environment: string
}

/** Others were at work for as long as it was to be waited for. */
export class Busy extends Data.TaggedError("Busy")<{ readonly holder: Output.Holder | null }> {}

export interface EnvironmentLock {
  /**
   * Runs an effect alone in a directory, whose `prepare` has made sure that it is there. Waiting is observed, and can be
   * interrupted.
   */
  readonly exclusively: <A, E, R, E2, R2>(
    held: Held,
    prepare: Effect.Effect<void, E2, R2>,
    effect: Effect.Effect<A, E, R>
  ) => Effect.Effect<A, Busy | E | E2 | PlatformError, R | R2>

  /** The same if nobody is at work in the directory; otherwise nothing runs. */
  readonly ifIdle: <A, E, R>(
    held: Held,
    effect: Effect.Effect<A, E, R>
  ) => Effect.Effect<unknown, E | PlatformError, R>

  /** The directory for what an operation has to remember. */
  readonly stateDirectory: (environment: string) => string

  /** Whether that directory is there: somebody is at work, or was when the program died. */
  readonly isThere: (environment: string) => Effect.Effect<boolean, PlatformError>
}

const holderSchema = Schema.parseJson(Output.Holder)
const encodeHolder = Schema.encodeSync(holderSchema)
const decodeHolder = Schema.decodeUnknownEither(holderSchema)

/** `limit` is how long another program, and likewise another operation of this one, is waited for. */
export const makeEnvironmentLock = Effect.fnUntraced(function*(limit: Duration.DurationInput) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const tryLock = yield* makeTryLock

  const stateDirectory = (environment: string) => path.join(environment, ".darb")
  const lockFile = (environment: string) => path.join(stateDirectory(environment), "lock")

  /** The lock, until the scope closes; `undefined` if another program has it. */
  const attempt = Effect.fnUntraced(function*({ environment }: Held, scope: Scope.Scope) {
    const directory = stateDirectory(environment)
    yield* Effect.catchIf(fs.makeDirectory(directory), isPresent, () => Effect.void)
    const file = yield* Scope.extend(fs.open(lockFile(environment), { flag: "a+" }), scope)
    if (!(yield* tryLock(file))) return undefined
    // Its holder moves the directory away when it is done: this may be the lock of the one before.
    const [mine, present] = yield* Effect.all([file.stat, fs.stat(lockFile(environment))])
    return Option.getEquivalence<number>((a, b) => a === b)(mine.ino, present.ino) ? file : undefined
  })

  const take = Effect.fnUntraced(function*(held: Held) {
    const scope = yield* Scope.make()
    const file = yield* attempt(held, scope).pipe(
      // The directory was moved away in between.
      Effect.catchIf(isNotFound, () => Effect.succeed(undefined)),
      Effect.onExit((exit) =>
        Exit.isSuccess(exit) && exit.value !== undefined ? Effect.void : Scope.close(scope, Exit.void)
      )
    )
    return file === undefined ? undefined : { file, scope }
  })

  const holderOf = (environment: string) =>
    fs.readFileString(lockFile(environment)).pipe(
      Effect.map((text) => Either.getOrElse(decodeHolder(text), () => null)),
      Effect.orElseSucceed(() => null)
    )

  const waiting = Effect.fnUntraced(function*(held: Held, holder: Output.Holder | null) {
    const observe = yield* Output.Observer
    yield* observe(new Output.Waiting({ ...held, holder }))
  })

  /** What is waited for between the attempts can be interrupted, and nothing else. */
  const takeEventually = Effect.fnUntraced(function*(held: Held, restore: Restore) {
    const until = (yield* Clock.currentTimeMillis) + Duration.toMillis(limit)
    for (let first = true;; first = false) {
      const taken = yield* take(held)
      if (taken !== undefined) return taken
      if (first) yield* restore(Effect.flatMap(holderOf(held.environment), (holder) => waiting(held, holder)))
      if ((yield* Clock.currentTimeMillis) >= until) {
        return yield* new Busy({ holder: yield* holderOf(held.environment) })
      }
      yield* restore(Telemetry.waiting(Effect.sleep(interval)))
    }
  })

  /** Tried more than once: who is just ending may not have given it back yet. */
  const takeSoon = Effect.fnUntraced(function*(held: Held, restore: Restore) {
    for (let attempt = 1; attempt < attemptsSoon; attempt++) {
      const taken = yield* take(held)
      if (taken !== undefined) return taken
      yield* restore(Effect.sleep(intervalSoon))
    }
    return yield* take(held)
  })

  /** Moved in one step, still locked, and then removed: who opens the file from now on opens another one. */
  const moveAway = Effect.fnUntraced(function*(environment: string, directory: string) {
    const away = path.join(environment, `.darb-${globalThis.crypto.randomUUID().slice(0, 6)}`)
    yield* fs.rename(directory, away)
    yield* fs.remove(away, { recursive: true, force: true })
  })

  const giveBack = Effect.fnUntraced(function*({ environment }: Held, scope: Scope.CloseableScope) {
    const directory = stateDirectory(environment)
    const isDone = Effect.map(fs.readDirectory(directory), (names) => !names.includes("journal"))
    // What is still to be undone stays, for the next operation.
    yield* Effect.ignore(Effect.whenEffect(moveAway(environment, directory), isDone))
    yield* Scope.close(scope, Exit.void)
  })

  /** Whoever holds the lock is alone: what is moved or written here by others belonged to a program that died. */
  const sweep = Effect.fnUntraced(function*(environment: string) {
    const names = yield* fs.readDirectory(environment)
    yield* Effect.forEach(
      names.filter((name) => temporary.test(name)),
      (name) => fs.remove(path.join(environment, name), { recursive: true, force: true })
    )
  }, Effect.ignore)

  const describe = Effect.fnUntraced(function*({ operation }: Held) {
    const since = yield* Clock.currentTimeMillis
    return { operation, since }
  })

  const locked = <A, E, R>(
    held: Held,
    { file, scope }: { readonly file: FileSystem.File; readonly scope: Scope.CloseableScope },
    effect: Effect.Effect<A, E, R>
  ) =>
    describe(held).pipe(
      Effect.tap((holder) =>
        file.truncate().pipe(
          Effect.andThen(file.writeAll(new TextEncoder().encode(encodeHolder(holder)))),
          Effect.ignore
        )
      ),
      Effect.andThen(fs.writeFileString(path.join(stateDirectory(held.environment), ".gitignore"), "*\n")),
      Effect.andThen(sweep(held.environment)),
      Effect.andThen(effect),
      Effect.ensuring(giveBack(held, scope))
    )

  const inProcess = <A, E, R>(held: Held, effect: Effect.Effect<A, E, R>) =>
    Effect.acquireUseRelease(
      Effect.sync(() => {
        const entry = entries.get(held.environment) ?? { lock: FairLock.make(), users: 0, holder: null }
        entries.set(held.environment, entry)
        entry.users++
        return entry
      }),
      (entry) =>
        Effect.gen(function*() {
          if (entry.lock.isHeld()) yield* waiting(held, entry.holder)
          return yield* entry.lock.withLock(
            Effect.flatMap(describe(held), (holder) => {
              entry.holder = holder
              return effect
            }),
            (turn) =>
              Telemetry.waiting(
                Effect.timeoutFail(turn, { duration: limit, onTimeout: () => new Busy({ holder: entry.holder }) })
              )
          )
        }),
      (entry) =>
        Effect.sync(() => {
          entry.users--
          if (entry.users === 0) entries.delete(held.environment)
        })
    )

  const exclusively = <A, E, R, E2, R2>(
    held: Held,
    prepare: Effect.Effect<void, E2, R2>,
    effect: Effect.Effect<A, E, R>
  ) =>
    inProcess(
      held,
      Effect.andThen(
        prepare,
        Effect.uninterruptibleMask((restore) =>
          Effect.flatMap(takeEventually(held, restore), (taken) => locked(held, taken, restore(effect)))
        )
      )
    )

  const ifIdle = <A, E, R>(held: Held, effect: Effect.Effect<A, E, R>) =>
    Effect.unless(
      Effect.uninterruptibleMask((restore) =>
        Effect.flatMap(
          takeSoon(held, restore),
          (taken) => taken === undefined ? Effect.void : Effect.asVoid(locked(held, taken, restore(effect)))
        )
      ),
      () => entries.has(held.environment)
    )

  const isThere = (environment: string) => fs.exists(stateDirectory(environment))

  const lock: EnvironmentLock = { exclusively, ifIdle, isThere, stateDirectory }
  return lock
})

const isPresent = (error: PlatformError) => error._tag === "SystemError" && error.reason === "AlreadyExists"
