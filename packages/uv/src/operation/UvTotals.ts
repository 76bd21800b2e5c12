/**
 * Says what is still to be installed in an environment of uv, as far as names of files tell. The cache is not read: it has
 * directories by the hash of an index, and another layout in each generation of uv.
 *
 * @module
 * @since 0.1.0
 */
import type { Chosen } from "@darb/package-manager/driver/Operations"
import * as Status from "@darb/package-manager/Status"
import * as DistInfo from "@darb/python/DistInfo"
import * as DistInfoName from "@darb/python/DistInfoName"
import * as Pep508 from "@darb/python/Pep508"
import type * as FileSystem from "@effect/platform/FileSystem"
import type * as Path from "@effect/platform/Path"
import * as Array from "effect/Array"
import * as Effect from "effect/Effect"
import * as UvLock from "../lock/UvLock.js"
import type { Files, Project } from "./UvFiles.js"
import { identityOf } from "./UvStatus.js"

/**
 * Adds the totals of the progress to the files.
 *
 * @since 0.1.0
 * @category operations
 */
export const withTotals = Effect.fnUntraced(function*<F extends Files>(files: F) {
  const context = yield* Effect.context<FileSystem.FileSystem | Path.Path>()

  const linked = Effect.fnUntraced(function*(project: Project) {
    if ((yield* files.workingPython(project)) === undefined) return []
    const places = yield* DistInfo.sitePackagesIn(project.prefix, ["lib", "lib64"])
    const found = places.flatMap(({ packages }) => packages.map(DistInfoName.parse))
    return found.filter((found) => found !== undefined).map(identityOf)
  }, Effect.provide(context))

  /** `add` installs the group or the extra that it adds to as well. */
  const toLink = Effect.fnUntraced(function*(project: Project, lock: UvLock.UvLock, options: Chosen) {
    const { extra, extras = [], group, groups = [] } = options
    const working = yield* files.workingPython(project)
    const python = files.pythonOf(lock, working && { python: working.version })
    const selection = {
      groups: [...groups, ...Array.fromNullable(group)],
      extras: [...extras, ...Array.fromNullable(extra)]
    }
    const found = files.applicable(project, lock, { python }, selection).map((found) => found.package)
    const byName = new Map(found.map((found) => [found.name, { size: UvLock.sizeOf(found, python), archive: null }]))
    return (installed: ReadonlyArray<Status.Identity>) => {
      const { different, missing } = Status.between({
        environment: project.environment,
        asked: [],
        locked: found.map(identityOf),
        installed,
        isSameVersion: ({ version }, installed) => version !== null && Pep508.isSameVersion(version, installed)
      })
      const names = [...missing, ...different.map(({ name }) => name)]
      return new Map(names.map((name) => [name, byName.get(name) ?? { size: null, archive: null }]))
    }
  })

  return { ...files, totals: { linked, toLink } }
})
