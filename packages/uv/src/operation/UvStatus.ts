/**
 * Compares the manifest, the lock file and the prefix of an environment of uv.
 *
 * @module
 * @since 0.1.0
 */
import type { Operation } from "@darb/package-manager/driver/Operation"
import * as Status from "@darb/package-manager/Status"
import * as Pep508 from "@darb/python/Pep508"
import * as Effect from "effect/Effect"
import { staleOf } from "../lock/UvFreshness.js"
import type { UvLock } from "../lock/UvLock.js"
import * as UvManifest from "../manifest/UvManifest.js"
import type { Files, Project, UvDriver } from "./UvFiles.js"

interface Versioned {
  readonly name: string
  readonly version?: string | null | undefined
}

/**
 * What identifies a Python package in a lock file and in a prefix.
 *
 * @since 0.1.0
 * @category getters
 */
export const identityOf = ({ name, version = null }: Versioned): Status.Identity => ({
  kind: "pypi",
  name,
  version,
  build: null
})

/**
 * Adds the status to the files of environments.
 *
 * @since 0.1.0
 * @category operations
 */
export const withStatus = (files: Files) => {
  const statusWith = Effect.fnUntraced(function*(project: Project, lock: UvLock | undefined) {
    const { decoded, environment } = project
    const manifests = yield* files.manifests(project)
    const found = yield* files.readPrefix(project)
    // uv replaces a prefix with another Python.
    const prefix = found !== undefined && (yield* files.admits(project, manifests, found.python)) ? found : undefined
    const stale = lock && staleOf(lock, manifests, files.noSources)
    const itself = decoded.name === null ? [] : [{ name: decoded.name }]
    return Status.between({
      environment,
      unlocked: stale?.changed,
      isOutdated: stale?.others,
      asked: UvManifest.requirements(decoded).map(({ name }) => identityOf({ name })),
      locked: lock && files.applicable(project, lock, prefix).map((found) => identityOf(found.package)),
      optional: [...itself, ...lock?.packages ?? []].map(identityOf),
      installed: prefix?.installed.map(identityOf),
      isSameVersion: ({ version }, installed) => version !== null && Pep508.isSameVersion(version, installed)
    })
  })
  return { ...files, statusWith }
}

/**
 * Makes `status`. Runs no process.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeStatus = ({ inspect, status }: UvDriver) => (operation: Operation) =>
  Effect.flatMap(inspect(operation), status)
