/**
 * Updates packages of an environment of pixi.
 *
 * @module
 * @since 0.1.0
 */
import { contextOf, type Operation } from "@darb/package-manager/driver/Operation"
import type { UpdateOptions } from "@darb/package-manager/PackageManager"
import * as Errors from "@darb/package-manager/PackageManagerError"
import * as Array from "effect/Array"
import * as Effect from "effect/Effect"
import { without } from "../lock/PixiRelock.js"
import * as PixiCommand from "../PixiCommand.js"
import { checkMachine } from "./PixiChecks.js"
import { allDependencies, type Dependencies, findKeys, pypiName } from "./PixiDependencies.js"
import { checkDryRun, namesDryRun } from "./PixiDryRun.js"
import type { Lock, PixiDriver, Workspace } from "./PixiFiles.js"

const find = ({ conda, pypi }: Dependencies, names: ReadonlyArray<string>): ReadonlyMap<string, string> =>
  new Map([...findKeys(pypi, names, pypiName), ...findKeys(conda, names)])

const lockedIn = (lock: Lock | undefined): Dependencies => {
  const [pypi, conda] = Array.partition(lock?.packages ?? [], ({ kind }) => kind === "conda")
  return { conda: conda.map(({ name }) => name), pypi: pypi.map(({ name }) => name) }
}

/**
 * Makes `update`: changes the lock file, then installs from it. Versions without `pixi update` solve again.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeUpdate = ({ change, executable, files, transaction }: PixiDriver) => {
  /** Updates packages in the lock file, or all without names. Versions without `update` solve for what it lacks. */
  const updateLock = Effect.fnUntraced(function*(
    workspace: Workspace,
    lock: Lock | undefined,
    names: ReadonlyArray<string>,
    noInstall: boolean
  ) {
    const { update } = yield* executable.capabilities(workspace)
    if (update) yield* executable.run(workspace, PixiCommand.update(workspace.manifest, names, { noInstall }))
    else if (lock !== undefined) {
      yield* names.length === 0
        ? transaction.remove(workspace.lock)
        : transaction.replace(workspace.lock, new TextEncoder().encode(without(lock.text, new Set(names))))
    }
  })

  return (operation: Operation, { dryRun = false, noInstall = false, packages = [] }: UpdateOptions) =>
    change(
      operation,
      Effect.fnUntraced(function*(workspace) {
        if (!noInstall) yield* Effect.andThen(checkMachine(workspace, undefined), files.checkPrefix(workspace))
        if (dryRun) yield* checkDryRun({ executable, files }, workspace, { locks: true })
        return Effect.fnUntraced(function*(lock) {
          const locked = find(lockedIn(lock), packages)
          // The install solves for dependencies that the lock file lacks.
          const requested = find(allDependencies(workspace.document), packages)
          const unknown = packages.filter((name) => !locked.has(name) && !requested.has(name))
          if (unknown.length > 0) {
            return yield* new Errors.DependencyNotFound({ ...contextOf(workspace), packages: unknown })
          }
          const known = yield* executable.capabilities(workspace)
          const updates = packages.length === 0 || locked.size > 0
          if (updates) yield* updateLock(workspace, lock, [...new Set(locked.values())], dryRun || noInstall)
          if (!noInstall && !dryRun) yield* executable.run(workspace, PixiCommand.install(workspace.manifest))
          // `update` has solved for those dependencies.
          else if (!updates || !known.update) {
            yield* executable.run(workspace, PixiCommand.lock(known, workspace.manifest))
          }
        })
      }),
      { dryRun }
    ).pipe(Effect.mapError(namesDryRun(dryRun)))
}
