/**
 * Tells whether another file has taken the place of an executable.
 *
 * @module
 * @since 0.1.0
 */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import { oncePerOperation } from "../OncePerOperation.js"
import type { Operation } from "../Operation.js"
import { stampOf } from "../RegularFile.js"

/**
 * Whether an executable is a path, and not a name to look up on PATH.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isPath = (executable: string): boolean => /[/\\]/.test(executable)

/**
 * Makes the function that identifies the file of an executable; `undefined` if there is none. Each operation looks at the file
 * once.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeIdentity = Effect.fnUntraced(function*(
  executable: string,
  { PATH = "" }: Readonly<Record<string, string>>
) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path

  const candidates = isPath(executable)
    ? [executable]
    : PATH.split(path.sep === "/" ? ":" : ";").map((directory) => path.join(directory, executable))

  const identity = Effect.firstSuccessOf(
    candidates.map((file) => Effect.map(fs.stat(file), (info) => `${file} ${stampOf(info)}`))
  ).pipe(Effect.orElseSucceed(() => undefined))

  return oncePerOperation((_: Operation) => identity)
})
