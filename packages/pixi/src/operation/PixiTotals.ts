/**
 * Says what is still to be installed in an environment of pixi, as far as names of files tell.
 *
 * @module
 * @since 0.1.0
 */
import type { Missing } from "@darb/package-manager/driver/executable/OperationProgress"
import * as Platform from "@darb/package-manager/driver/Platform"
import type * as Status from "@darb/package-manager/Status"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Array from "effect/Array"
import * as Effect from "effect/Effect"
import * as PixiPrefix from "../prefix/PixiPrefix.js"
import { condaName } from "./PixiDependencies.js"
import type { Files, Lock, Workspace } from "./PixiFiles.js"
import { statusOf } from "./PixiStatus.js"

type Named = Pick<Status.Identity, "name" | "version" | "build">

/** What a cache calls it, in all versions of pixi. */
const archiveOf = ({ build, name, version }: Named): string => `${name}-${version}-${build}`

/**
 * Selects the packages of the lock file for this machine that are not installed. Lock files have no sizes of PyPI packages.
 *
 * @since 0.1.0
 * @category operations
 */
export const toLink = (
  workspace: Pick<Workspace, "document" | "environment" | "selected">,
  lock: Lock
) => {
  const { document, environment: directory, selected: environment = "default" } = workspace
  const subdir = Platform.current()
  const own = new Set([...lock.environments.get(environment)?.packages.values() ?? []].flat().map(archiveOf))
  const archives = lock.packages
    .filter((found) => found.kind === "conda" && [null, "noarch", subdir].includes(found.subdir))
    .map(({ size, ...found }) => ({ name: condaName(found.name), archive: archiveOf(found), size }))
    .filter(({ archive }) => own.has(archive))
  const byName = Array.groupBy(archives, ({ name }) => name)
  const missingOf = (name: string): Missing => {
    const [{ archive, size } = { archive: null, size: null }, ...others] = byName[name] ?? []
    // Platforms of the manifest with the same subdirectory can have several.
    return others.some((other) => other.archive !== archive) ? { archive: null, size: null } : { archive, size }
  }
  return (installed: ReadonlyArray<Status.Identity>) => {
    const { different, missing } = statusOf({ directory, document, environment, subdir, lock, installed })
    return new Map([...missing, ...different.map(({ name }) => name)].map((name) => [name, missingOf(name)]))
  }
}

/**
 * Adds the totals of the progress to the files. `variables` are those of the processes of pixi.
 *
 * @since 0.1.0
 * @category operations
 */
export const withTotals = Effect.fnUntraced(
  function*<F extends Pick<Files, "working">>(files: F, variables: Readonly<Record<string, string>>) {
    const fs = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const context = yield* Effect.context<FileSystem.FileSystem | Path.Path>()

    const linked = Effect.fnUntraced(function*(workspace: Workspace) {
      const prefix = yield* files.working(workspace)
      return prefix === undefined ? [] : yield* PixiPrefix.list(prefix)
    }, Effect.provide(context))

    /**
     * The directory of archives, as far as variables say. Where none names it, pixi prefers, depending on its version, one of two
     * other directories that exist: then it is not known. A cache that the configuration of pixi 0.68 or newer moves is not found.
     */
    const archives = Effect.gen(function*() {
      const { HOME, PIXI_CACHE_CONDA_PACKAGES_DIR, PIXI_CACHE_DIR, RATTLER_CACHE_DIR, XDG_CACHE_HOME } = variables
      if (PIXI_CACHE_CONDA_PACKAGES_DIR !== undefined) return undefined
      const named = PIXI_CACHE_DIR ?? RATTLER_CACHE_DIR
      if (named !== undefined) return path.join(named, "pkgs")
      const caches = XDG_CACHE_HOME ?? (HOME && path.join(HOME, ".cache"))
      if (caches === undefined || !path.isAbsolute(caches)) return undefined
      const isOther = yield* Effect.exists(["pixi", ".pixi"], (name) => fs.exists(path.join(caches, name)))
      return isOther ? undefined : path.join(caches, "rattler", "cache", "pkgs")
    })

    /** An archive that was not extracted to its end counts too, and one that pixi finds to be another and downloads again. */
    const cached = ({ environment }: Workspace) =>
      archives.pipe(
        Effect.flatMap((directory) =>
          directory === undefined ? Effect.succeed([]) : fs.readDirectory(path.resolve(environment, directory))
        ),
        Effect.orElseSucceed(() => []),
        Effect.map((names): ReadonlySet<string> => new Set(names))
      )

    return {
      ...files,
      totals: { cached, linked, toLink: (...read: Parameters<typeof toLink>) => Effect.sync(() => toLink(...read)) }
    }
  }
)
