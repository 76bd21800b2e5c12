/** Brings packages of an environment of pixi to newer versions. */
import type { Executable } from "@darb/package-manager/driver/Executable"
import { contextOf } from "@darb/package-manager/driver/Operation"
import type { Change } from "@darb/package-manager/driver/Operations"
import type { Transaction } from "@darb/package-manager/driver/transaction/Transaction"
import type { UpdateOptions } from "@darb/package-manager/PackageManager"
import * as Errors from "@darb/package-manager/PackageManagerError"
import type { PlatformError } from "@effect/platform/Error"
import * as Array from "effect/Array"
import * as Effect from "effect/Effect"
import { without } from "../lock/PixiRelock.js"
import * as PixiCommand from "../PixiCommand.js"
import type { Capabilities } from "../PixiVersion.js"
import { allTablesOf, namesIn, normalizedPypi, type Tables } from "./PixiChoice.js"
import type { Lock, Workspace } from "./PixiWorkspace.js"

export const makeUpdate = (executable: Executable<Capabilities>, transaction: Transaction) => {
  /** Brings the lock file up to date, or makes it such that what solves for what it lacks does. */
  const resolve = Effect.fnUntraced(function*(
    workspace: Workspace,
    lock: Lock | undefined,
    names: ReadonlyArray<string>
  ): Effect.fn.Return<unknown, Errors.PackageManagerError | PlatformError> {
    const { update } = yield* executable.capabilities(workspace)
    if (update) return yield* executable.run(workspace, PixiCommand.update(workspace.manifest, names))
    if (lock === undefined) return
    // Versions without `update` solve again for what the lock file lacks, and keep the rest if they can.
    return yield* names.length === 0
      ? transaction.remove(workspace.lock)
      : transaction.replace(workspace.lock, new TextEncoder().encode(without(lock.text, new Set(names))))
  })

  return (workspace: Workspace, options: UpdateOptions): Effect.Effect<Change<Lock>> => {
    const { noInstall = false, packages = [] } = options
    return Effect.succeed((lock) => {
      const locked = lock?.located ?? []
      const [pypi, conda] = Array.partition(locked, ({ kind }) => kind === "conda")
      const names = namesOf({ conda: conda.map(({ name }) => name), pypi: pypi.map(({ name }) => name) }, packages)
      // What the manifest has and the lock file has not yet, the install solves.
      const asked = namesOf(allTablesOf(workspace.document), packages)
      const unknown = packages.filter((name) => !names.has(name) && !asked.has(name))
      if (unknown.length > 0) return new Errors.DependencyNotFound({ ...contextOf(workspace), packages: unknown })
      const isUpdate = packages.length === 0 || names.size > 0
      return Effect.gen(function*() {
        const known = yield* executable.capabilities(workspace)
        if (isUpdate) yield* resolve(workspace, lock, [...new Set(names.values())])
        if (!noInstall) yield* executable.run(workspace, PixiCommand.install(workspace.manifest))
        // An update has solved whatever the lock file lacked.
        else if (!isUpdate || !known.update) {
          yield* executable.run(workspace, PixiCommand.lock(known, workspace.manifest))
        }
      })
    })
  }
}

const namesOf = ({ conda, pypi }: Tables, names: ReadonlyArray<string>): ReadonlyMap<string, string> =>
  new Map([...namesIn(pypi, names, normalizedPypi), ...namesIn(conda, names)])
