/**
 * Refuses manifests that are links to elsewhere.
 *
 * @module
 * @since 0.1.0
 */
import type { Directories } from "@darb/package-manager/driver/Directories"
import type { Operation } from "@darb/package-manager/driver/Operation"
import { refuse } from "@darb/package-manager/driver/Options"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as PixiManifest from "../manifest/PixiManifest.js"

/**
 * Makes the checks of the links that manifests may be.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeLinks = Effect.fnUntraced(function*(directories: Directories) {
  const path = yield* Path.Path
  const fs = yield* FileSystem.FileSystem

  const refuseLink = Effect.fnUntraced(function*(operation: Operation, file: string, target: string, what: string) {
    yield* directories.checkInRoot(operation, file)
    const reason = `its ${path.basename(file)} is a link to ${target}${what}`
    return yield* refuse(operation, "path", operation.environment, reason)
  })

  /** Whether a manifest is a link to another one beside it, which pixi reads as that one. Fails for other links. */
  const isLinkToManifest = Effect.fnUntraced(function*(operation: Operation, file: string) {
    const real = yield* directories.realPath(file)
    if (real === file) return false
    const directory = path.dirname(real)
    if (directory !== operation.environment) {
      return yield* refuseLink(
        operation,
        file,
        real,
        `, and pixi would use the directory of that file; give ${directory}`
      )
    }
    if (PixiManifest.fileNames.some((name) => name === path.basename(real))) return true
    return yield* refuseLink(
      operation,
      file,
      real,
      ", and pixi refuses the name of that file; replace the link by the file"
    )
  })

  /** pixi would create the file that a dangling link names. */
  const refuseDangling = (operation: Operation, file: string) =>
    Effect.flatMap(
      Effect.option(fs.readLink(file)),
      Option.match({
        onNone: () => Effect.void,
        onSome: (target) => refuseLink(operation, file, target, ", which does not exist; remove the link")
      })
    )

  return { isLinkToManifest, refuseDangling }
})
