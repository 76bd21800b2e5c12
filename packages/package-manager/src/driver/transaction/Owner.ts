/**
 * Records the process that holds an environment. Programs exclude each other by these records where one of them has no lock of
 * the operating system: each writes its own record, and goes on only if all others are of dead processes.
 *
 * @module
 * @since 0.1.0
 */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { globalValue } from "effect/GlobalValue"
import * as Schema from "effect/Schema"
import * as Output from "../../Output.js"
import type { ExecutableOptions } from "../executable/ExecutableDescription.js"
import { makeRunner } from "../process/Process.js"
import { readRegularText } from "../RegularFile.js"
import { isNotFound, unusable } from "./FileErrors.js"
import { makeFileSnapshots } from "./FileSnapshot.js"

/**
 * Another operation holds the environment.
 *
 * @since 0.1.0
 * @category errors
 */
export class Busy extends Data.TaggedError("Busy")<{
  readonly holder: Output.Holder | null
  /** Why it is not certain that the holder is alive, and what to do if it is not; `undefined` if it is certain. */
  readonly hint: string | undefined
}> {}

/**
 * The content of a record.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Owner = Schema.Struct({
  ...Output.Holder.fields,
  /** The host name and the machine id. */
  host: Schema.String,
  /** The id of this boot of the kernel, or the host where there is none. */
  boot: Schema.String,
  /** The namespace of process numbers; empty on systems without namespaces. */
  namespace: Schema.String,
  pid: Schema.Number,
  /** The start time, which tells the process from a later one with the same number. */
  start: Schema.String,
  /** Whether the owner also has the lock of the operating system. */
  locked: Schema.Boolean
})
export type Owner = typeof Owner.Type

const json = Schema.parseJson(Owner)

/** The record of this realm. A worker thread has another one, since it has the same process number. */
const own = () =>
  globalValue("@darb/package-manager/driver/Owner", () => `owner-${globalThis.crypto.randomUUID().slice(0, 8)}`)

/**
 * Whether a file of the state directory is the record of another program.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isForeign = (name: string): boolean => /^owner-\w{8}$/.test(name) && name !== own()

/**
 * What to do about an owner that cannot be verified as dead, and where no lock is available at all.
 *
 * @since 0.1.0
 * @category options
 */
export type OwnerOptions = Pick<ExecutableOptions, "takeOver" | "unlocked">

/**
 * Makes the records. A process is the same one if host, boot, PID namespace, number and start time are the same.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeOwners = Effect.fnUntraced(function*({ takeOver = false, unlocked = false }: OwnerOptions) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const runner = yield* makeRunner
  const snapshots = yield* makeFileSnapshots

  const line = (file: string) => Effect.map(fs.readFileString(file), (text) => text.trim())

  /** The start time in clock ticks after the boot; `undefined` if the process has ended. */
  const startInProc = (pid: number) =>
    line(`/proc/${pid}/stat`).pipe(
      // A process that ends between the opening and the reading of the file fails with ESRCH.
      Effect.retry({ times: 1, while: (error) => !isNotFound(error) }),
      Effect.map((stat) => {
        // The name of the program, in parentheses, may contain anything.
        const [state = "", ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
        return /[ZX]/.test(state) ? undefined : fields[18]
      }),
      Effect.catchIf(isNotFound, () => Effect.succeed(undefined))
    )

  const inProc = Effect.gen(function*() {
    const machine = yield* Effect.orElseSucceed(line("/etc/machine-id"), () => "")
    const host = `${yield* line("/proc/sys/kernel/hostname")} ${machine}`.trim()
    const boot = yield* Effect.orElseSucceed(line("/proc/sys/kernel/random/boot_id"), () => host)
    const namespace = yield* Effect.orElseSucceed(fs.readLink("/proc/self/ns/pid"), () => "")
    const pid = Number(yield* fs.readLink("/proc/self"))
    return { host, boot, namespace, pid, start: yield* startInProc(pid), startOf: startInProc }
  })

  /** The parent of the shell is this process. */
  const inShell = Effect.gen(function*() {
    const script = "echo \"$PPID\"; uname -n; sysctl -n kern.bootsessionuuid 2>/dev/null"
    const [pid, host = "", boot = host] = (yield* runner.ask("sh", "-c", script))?.split("\n") ?? []
    const start = yield* runner.startOf(Number(pid))
    return { host, boot, namespace: "", pid: Number(pid), start, startOf: runner.startOf }
  })

  type Identity = Omit<Effect.Effect.Success<typeof inProc>, "start"> & { readonly start: string }
  let known: Identity | undefined

  /** This process, which stays the same; `undefined` if the platform does not show start times. */
  const identity: Effect.Effect<Identity | undefined> = Effect.suspend(() =>
    known === undefined
      ? Effect.map(
        Effect.orElse(inProc, () => inShell),
        ({ start, ...found }) => known = start === undefined ? undefined : { ...found, start }
      )
      : Effect.succeed(known)
  )

  /** Whether the process of a record is alive, as far as that can be told from here. */
  const stateOf = Effect.fnUntraced(function*(owner: Owner, locked: boolean) {
    const mine = yield* identity
    if (mine === undefined) return "unknown"
    // The kernel has released the lock of the owner.
    if (owner.boot === mine.boot && owner.locked && locked) return "dead"
    if (owner.namespace !== mine.namespace) return "unknown"
    // The host has been restarted, or is another one.
    if (owner.boot !== mine.boot) return owner.host === mine.host ? "dead" : "unknown"
    const start = yield* mine.startOf(owner.pid)
    if (start !== undefined) return start === owner.start ? "alive" : "dead"
    // The processes of other users may be hidden.
    return (yield* mine.startOf(1)) === undefined ? "unknown" : "dead"
  }, Effect.orElseSucceed(() => "unknown" as const))

  const records = (directory: string) =>
    Effect.map(fs.readDirectory(directory), (names) => ({
      names,
      files: names.filter(isForeign).map((name) => path.join(directory, name))
    }))

  const read = (file: string) =>
    Effect.map(readRegularText(fs, file), (text) => Either.getOrNull(Schema.decodeUnknownEither(json)(text)))

  const holderIn = (owner: Owner | null): Output.Holder | null =>
    owner && { operation: owner.operation, since: owner.since }

  /** The operation of another program that has a record; `null` if there is none yet. */
  const holder = (directory: string) =>
    records(directory).pipe(
      Effect.flatMap(({ files: [file] }) =>
        file === undefined ? Effect.succeed(null) : Effect.map(read(file), holderIn)
      ),
      Effect.orElseSucceed(() => null)
    )

  /** The records of dead processes. Fails if there are others. */
  const abandoned = Effect.fnUntraced(function*(directory: string, locked: boolean) {
    const found = yield* records(directory)
    const { files } = found
    for (const file of files) {
      const owner = yield* read(file)
      const holder = holderIn(owner)
      const state = owner === null ? "unknown" : yield* stateOf(owner, locked)
      if (state === "alive") return yield* new Busy({ holder, hint: undefined })
      if (state === "unknown" && !takeOver) {
        const who = owner === null ? "its owner" : `its owner, process ${owner.pid} on ${owner.host.split(" ", 1)[0]},`
        const hint = `${who} may be alive. If it is not, remove ${file} or set \`takeOver\`.`
        return yield* new Busy({ holder, hint })
      }
    }
    return found
  })

  /** Removes the record of this process. */
  const release = (directory: string) => Effect.ignore(fs.remove(path.join(directory, own()), { force: true }))

  /**
   * Records this process as the owner, and returns the names in the directory. Fails if another one may be alive. A new
   * directory has no records yet.
   */
  const claim = Effect.fnUntraced(function*(
    directory: string,
    holder: Output.Holder,
    { isNew, locked }: { readonly isNew: boolean; readonly locked: boolean }
  ) {
    if (!isNew) yield* abandoned(directory, locked)
    const mine = yield* identity
    if (mine === undefined && (locked || unlocked)) return yield* fs.readDirectory(directory)
    if (mine === undefined) {
      const reason = "there is no lock between programs, and the platform does not show the start times of processes"
      const remedy = "Install fs-native-extensions where the application runs; a bundle does not contain it. Or set " +
        "`unlocked` if no other program changes the environment."
      return yield* unusable(directory, `${reason}. ${remedy}`)
    }
    const { boot, host, namespace, pid, start } = mine
    const owner: Owner = { ...holder, host, boot, namespace, pid, start, locked }
    const record = new TextEncoder().encode(JSON.stringify(owner))
    return yield* Effect.gen(function*() {
      yield* snapshots.writeState(path.join(directory, own()), record)
      // Another program may have done the same at the same time.
      const { files, names } = yield* abandoned(directory, locked)
      // Fails if the directory was moved away meanwhile.
      if (!names.includes(own())) yield* fs.access(path.join(directory, own()))
      yield* Effect.forEach(files, (file) => fs.remove(file, { force: true }))
      return names
    }).pipe(Effect.onError(() => release(directory)))
  })

  return { claim, holder, identity, release, stateOf }
})
