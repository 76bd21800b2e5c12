/**
 * What pixi creates when it solves and installs.
 *
 * @module
 * @since 0.1.0
 */
import type { Directories } from "@darb/package-manager/driver/Directories"
import type { Operation } from "@darb/package-manager/driver/Operation"
import { storageFailed } from "@darb/package-manager/driver/OperationError"
import { isNotFound } from "@darb/package-manager/driver/transaction/FileErrors"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { PixiDocument } from "../manifest/PixiDocument.js"
import { recordedManifest } from "./PixiPrefixDirectory.js"

/** The directories of prefixes in `.pixi`. pixi uses the others to solve for environments of a solve group. */
const prefixes = ["envs", "solve-group-envs"]

/** The caches in `.pixi`: of tasks, of activations and of built packages. */
const caches = /^(?:task-cache-v\d+|activation-env-v\d+|bld|build(?:-v\d+)?|meta-v\d+|work)$/

/** What pixi writes into `.pixi` besides. The configuration of the workspace is not among them. */
const generated = [".gitignore", ".condapackageignore"]

/**
 * `detachedPrefixes` are those that name the manifest of an environment; none if it cannot be read.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeInstallation = Effect.fnUntraced(function*(
  directories: Directories,
  detachedPrefixes: (operation: Operation) => Effect.Effect<ReadonlyArray<string>>
) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const context = yield* Effect.context<FileSystem.FileSystem | Path.Path>()

  const namesIn = (directory: string) =>
    Effect.orElseSucceed(fs.readDirectory(directory), (): ReadonlyArray<string> => [])

  const isLink = (file: string) => Effect.isSuccess(fs.readLink(file))

  /** Whether a prefix names a manifest in this directory. */
  const isOf = Effect.fnUntraced(function*({ environment }: Operation, prefix: string) {
    const recorded = yield* recordedManifest(prefix)
    return Option.isSome(recorded) && (yield* directories.realPath(path.dirname(recorded.value))) === environment
  }, Effect.provide(context))

  /** What may be removed of a directory of prefixes that a link points to. */
  const detached = Effect.fnUntraced(function*(operation: Operation, link: string, aside: RegExp) {
    const target = yield* Effect.option(fs.readLink(link))
    if (Option.isNone(target)) return []
    const directory = path.resolve(path.dirname(link), target.value)
    const files = (yield* namesIn(directory)).map((name) => path.join(directory, name))
    return yield* Effect.filter(
      files,
      (file) => aside.test(path.basename(file)) ? Effect.succeed(true) : isOf(operation, file)
    )
  })

  const removable = Effect.fnUntraced(
    function*(operation: Operation, aside: RegExp) {
      const directory = path.join(operation.environment, ".pixi")
      const far = yield* detachedPrefixes(operation)
      const names = yield* Effect.catchIf(fs.readDirectory(directory), isNotFound, () => Effect.succeed([]))
      const found = names.filter((name) => prefixes.includes(name) || caches.test(name) || aside.test(name))
      const own = found.map((name) => path.join(directory, name))
      const elsewhere = yield* Effect.forEach(own, (file) => detached(operation, file, aside))
      if (yield* isLink(directory)) {
        // Someone else's directory: only the prefixes that are known to be of this environment.
        const inside = yield* Effect.forEach(
          own.filter((file) => prefixes.includes(path.basename(file))),
          (file) => Effect.map(namesIn(file), (names) => names.map((name) => path.join(file, name)))
        )
        return [
          ...far,
          ...elsewhere.flat(),
          ...yield* Effect.filter(inside.flat(), (file) => isOf(operation, file)),
          directory
        ]
      }
      const isAll = names.every((name) => found.includes(name) || generated.includes(name))
      return [...far, ...elsewhere.flat(), ...own, ...isAll ? [directory] : []]
    },
    (effect, operation) => Effect.mapError(effect, (error) => storageFailed(operation, error))
  )

  /** What solving creates: old versions install a prefix before they solve for PyPI packages. */
  const createdBySolving = (
    { document, environment }: Operation & { readonly document: Pick<PixiDocument, "environments"> }
  ): ReadonlyArray<string> =>
    [
      ...["", ...prefixes, ...generated],
      ...["default", ...Object.keys(document.environments)].map((name) => path.join("envs", name))
    ]
      .map((name) => path.join(environment, ".pixi", name))

  /** Only a directory with a manifest of pixi is an environment. */
  const parts = () => Effect.succeed<ReadonlyArray<string>>([])

  return { createdBySolving, parts, removable }
})
