/** Directories with files for tests. */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"

/** Makes a temporary directory with the given files; it is removed when the scope closes. */
export const directoryWith = Effect.fnUntraced(function*(files: Readonly<Record<string, string>>) {
  const fs = yield* FileSystem.FileSystem
  const directory = yield* fs.realPath(yield* fs.makeTempDirectoryScoped({ prefix: "darb-test-" }))
  for (const [name, text] of Object.entries(files)) {
    const parent = `${directory}/${name}`.replace(/\/[^/]*$/, "")
    yield* fs.makeDirectory(parent, { recursive: true })
    yield* fs.writeFileString(`${directory}/${name}`, text)
  }
  return directory
})

/** The texts of all files below a directory, by path. */
export const filesOf = Effect.fnUntraced(function*(directory: string) {
  const fs = yield* FileSystem.FileSystem
  const found: Record<string, string> = {}
  for (const name of (yield* fs.readDirectory(directory, { recursive: true })).sort()) {
    const { type } = yield* fs.stat(`${directory}/${name}`)
    found[name] = type === "File" ? yield* fs.readFileString(`${directory}/${name}`) : `(${type})`
  }
  return found
})

/** Polls until a condition holds that depends on the file system, which the test clock does not drive. */
export const settled = <S, E, R>(
  found: Effect.Effect<S, E, R>,
  until: (found: S) => boolean
): Effect.Effect<void, E, R> =>
  Effect.flatMap(found, (value) =>
    until(value)
      ? Effect.void
      : Effect.andThen(Effect.withClock(Effect.sleep("2 millis"), Clock.make()), settled(found, until)))
