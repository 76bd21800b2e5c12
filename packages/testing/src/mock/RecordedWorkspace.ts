/**
 * The files of a recorded workspace: changes by commands, and preparations between them.
 *
 * @module
 * @since 0.1.0
 */
import type { PlatformError } from "@effect/platform/Error"
import type * as FileSystem from "@effect/platform/FileSystem"
import type * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

/**
 * Files and their new texts; `null` means removed. Two keys are not files: `prefix` is the sorted list of files below
 * `.pixi`, and `venv` says whether `.venv` exists.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Changed = Schema.Record({
  key: Schema.String,
  value: Schema.Union(Schema.String, Schema.Null, Schema.Boolean, Schema.Array(Schema.String))
})
export type Changed = typeof Changed.Type

const isPattern = (pattern: string): boolean => {
  try {
    new RegExp(pattern, "gm")
    return true
  } catch {
    return false
  }
}

/**
 * A preparation between two commands. A file `../x` lies beside the workspace.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Preparation = Schema.Union(
  Schema.Struct({ write: Schema.String, text: Schema.String }),
  Schema.Struct({
    substitute: Schema.String,
    /** A multiline regular expression; all matches are replaced. */
    pattern: Schema.String.pipe(Schema.filter(isPattern, { message: () => "this is not a regular expression" })),
    /** `\1` stands for the first group. */
    with: Schema.String
  }),
  Schema.Struct({ chmod: Schema.String, mode: Schema.NumberFromString }),
  Schema.Struct({ delete: Schema.String }),
  Schema.Struct({ mkdir: Schema.String }),
  Schema.Struct({ cwd: Schema.String }),
  Schema.Struct({ env: Schema.Record({ key: Schema.String, value: Schema.NullOr(Schema.String) }) })
)
export type Preparation = typeof Preparation.Type

interface Workspace {
  readonly change: (changed: Changed) => Effect.Effect<void, PlatformError>
  readonly prepare: (preparation: Preparation) => Effect.Effect<void, PlatformError>
}

interface WorkspaceOptions {
  readonly directory: string
  readonly fileSystem: FileSystem.FileSystem
  readonly path: Path.Path
  /** Replaces placeholders by values. */
  readonly fill: (text: string) => string
}

/**
 * A workspace below a directory. Below `.pixi` it removes only files that an earlier change created.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = ({ directory, fileSystem, fill, path }: WorkspaceOptions): Workspace => {
  const locate = (name: string): string => path.resolve(directory, fill(name))
  let listed: ReadonlyArray<string> = []

  const write = (file: string, text: string) =>
    Effect.andThen(
      fileSystem.makeDirectory(path.dirname(file), { recursive: true }),
      fileSystem.writeFileString(file, text)
    )
  const remove = (name: string) => fileSystem.remove(locate(name), { recursive: true, force: true })

  /** Makes the files below `.pixi` those of a list. Their texts were not recorded. */
  const list = Effect.fnUntraced(function*(names: ReadonlyArray<string>) {
    const [before, after] = [listed, names]
    listed = names
    yield* Effect.forEach(before.filter((name) => !after.includes(name)), remove)
    yield* Effect.forEach(after.filter((name) => !before.includes(name)), (name) => write(locate(name), ""))
  })

  const put = (name: string, value: Changed[string]): Effect.Effect<void, PlatformError> => {
    if (name === "prefix") return list(Array.isArray(value) ? value : [])
    if (name === "venv") return value === true ? write(locate(".venv/pyvenv.cfg"), "") : remove(".venv")
    return typeof value === "string" ? write(locate(name), fill(value)) : remove(name)
  }

  const prepare = (step: Preparation): Effect.Effect<void, PlatformError> => {
    if ("write" in step) return write(locate(step.write), fill(step.text))
    if ("delete" in step) return remove(step.delete)
    if ("mkdir" in step) return fileSystem.makeDirectory(locate(step.mkdir), { recursive: true })
    if ("chmod" in step) return fileSystem.chmod(locate(step.chmod), step.mode)
    if ("substitute" in step) {
      const file = locate(step.substitute)
      return Effect.flatMap(fileSystem.readFileString(file), (text) =>
        fileSystem.writeFileString(
          file,
          text.replace(new RegExp(step.pattern, "gm"), (...match: Array<unknown>) =>
            fill(step.with).replace(/\\(\d)/g, (_, group: string) =>
              String(match[Number(group)] ?? "")))
        ))
    }
    return Effect.void
  }

  return {
    change: (changed) =>
      Effect.forEach(Object.entries(changed), ([name, value]) => put(name, value), { discard: true }),
    prepare
  }
}
