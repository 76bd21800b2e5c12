/**
 * Lists the packages of an environment of uv.
 *
 * @module
 * @since 0.1.0
 */
import type { Operation } from "@darb/package-manager/driver/Operation"
import { Package } from "@darb/package-manager/Package"
import * as Effect from "effect/Effect"
import * as UvLock from "../lock/UvLock.js"
import { allDependencies } from "./UvDependencies.js"
import type { UvDriver } from "./UvFiles.js"

/**
 * Makes `list`: the packages of `uv.lock` that apply to this machine, with the installed versions. Runs no process.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeList = ({ files, inspect }: UvDriver) =>
  Effect.fnUntraced(function*(operation: Operation) {
    const project = yield* inspect(operation)
    const lock = yield* files.readLock(project)
    if (lock === undefined) return []
    // A prefix that cannot be read must not stop the list.
    const prefix = yield* Effect.orElseSucceed(files.readPrefix(project), () => undefined)
    const python = files.pythonOf(lock, prefix)
    const versions = new Map(prefix?.installed.map(({ name, version }) => [name, version]))
    const applicable = new Set(files.applicable(project, lock, prefix).map((found) => found.package))
    const direct = allDependencies(project.decoded)
    return lock.packages
      // Packages of groups and extras are listed if they are installed.
      .filter((found) =>
        applicable.has(found) || (!UvLock.isProject(found) && versions.get(found.name) === found.version)
      )
      .map((found) =>
        new Package({
          name: found.name,
          version: found.version,
          kind: "pypi",
          build: null,
          source: files.sourceIn(project, UvLock.sourceOf(found)),
          direct: direct.has(found.name),
          size: UvLock.sizeOf(found, python),
          installed: versions.get(found.name) ?? null
        })
      )
      .sort((a, b) => a.name < b.name ? -1 : 1)
  })
