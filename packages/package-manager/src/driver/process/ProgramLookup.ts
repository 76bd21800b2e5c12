/**
 * Finds the file of a program as a shell does.
 *
 * @module
 * @since 0.1.0
 */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"

/**
 * There is no such program, or it cannot be executed. The reason is a sentence.
 *
 * @since 0.1.0
 * @category errors
 */
export class NoProgram extends Data.TaggedError("NoProgram")<{ readonly reason: string }> {}

/**
 * Where a program is looked up.
 *
 * @since 0.1.0
 * @category models
 */
export interface Place {
  /** The directory that relative paths start from. */
  readonly directory: string
  /** The variables of the program: PATH, and PATHEXT on Windows. */
  readonly variables: Readonly<Record<string, string>>
}

/**
 * Makes the function that finds the absolute path of a program. On Windows it also tries the extensions of PATHEXT.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeProgramLookup = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const isWindows = path.sep === "\\"

  /** Why a file is not a program; `undefined` if it is one, `null` if there is none. */
  const problemOf = Effect.fnUntraced(function*(file: string) {
    const info = yield* Effect.option(fs.stat(file))
    if (info._tag === "None") {
      const link = yield* Effect.option(fs.readLink(file))
      return link._tag === "None" ? null : `${file} is a link to ${link.value}, which does not exist`
    }
    if (info.value.type !== "File") return `${file} is not a file`
    return isWindows || (info.value.mode & 0o111) !== 0 ? undefined : `${file} is not executable`
  })

  /** The absolute path of a program. A name is looked up on PATH. */
  return Effect.fnUntraced(function*(program: string, { directory, variables }: Place) {
    const extensions = isWindows ? ["", ...(variables.PATHEXT ?? ".EXE;.COM").split(";")] : [""]
    const isPath = program.includes("/") || (isWindows && program.includes("\\"))
    const directories = isPath
      ? [""]
      : (variables.PATH ?? "").split(isWindows ? ";" : ":").filter((each) => each !== "")
    let reason: string | null = null
    for (const each of directories) {
      for (const extension of extensions) {
        const file = path.resolve(directory, each, `${program}${extension}`)
        const problem = yield* problemOf(file)
        if (problem === undefined) return file
        reason ??= problem
      }
    }
    const missing = isPath
      ? "there is no such file"
      : "the environment has no such program, and neither has PATH; install the package that has it"
    return yield* new NoProgram({ reason: reason ?? missing })
  })
})
