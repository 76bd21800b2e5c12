/**
 * What uv installs for an environment, and what belongs to the environment besides.
 *
 * @module
 * @since 0.1.0
 */
import { notRemovable } from "@darb/package-manager/driver/Destruction"
import type { Operation } from "@darb/package-manager/driver/Operation"
import { storageFailed } from "@darb/package-manager/driver/OperationError"
import type { GetManifestError } from "@darb/package-manager/OperationErrors"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import type { UvManifest } from "../manifest/UvManifest.js"

/**
 * `prefixPath` is the path of the prefix, from the directory of the environment.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeInstallation = Effect.fnUntraced(function*(
  prefixPath: string,
  open: (operation: Operation) => Effect.Effect<{ readonly decoded: UvManifest }, GetManifestError>
) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path

  /** The prefix, if it is a virtual environment or a link. Fails if it is anything else, or not in the directory. */
  const removable = Effect.fnUntraced(
    function*(operation: Operation) {
      const place = path.resolve(operation.environment, prefixPath)
      const isLink = yield* Effect.isSuccess(fs.readLink(place))
      if (!isLink && !(yield* fs.exists(place))) return []
      const relative = path.relative(operation.environment, place)
      if (relative === "" || relative.split(path.sep)[0] === ".." || path.isAbsolute(relative)) {
        return yield* notRemovable(operation, place, "is not inside the environment: remove it yourself")
      }
      if (isLink) return [place]
      const { type } = yield* fs.stat(place)
      if (type === "File") {
        return yield* notRemovable(operation, place, "is a file that names another place: remove that place yourself")
      }
      if (yield* fs.exists(path.join(place, "pyvenv.cfg"))) return [place]
      if (type === "Directory" && (yield* fs.readDirectory(place)).length === 0) return []
      return yield* notRemovable(operation, place, "is not a virtual environment: move it elsewhere")
    },
    (effect, operation) =>
      Effect.mapError(effect, (error) => error._tag === "InvalidOption" ? error : storageFailed(operation, error))
  )

  /** The directories of path dependencies. The members of a workspace are no environments anyway. */
  const parts = (operation: Operation) =>
    Effect.match(open(operation), {
      onFailure: (): ReadonlyArray<string> => [],
      onSuccess: ({ decoded }) =>
        [...decoded.sources.values()].flat().flatMap((source) =>
          source.path === undefined ? [] : [path.resolve(operation.environment, source.path)]
        )
    })

  return { parts, removable }
})
