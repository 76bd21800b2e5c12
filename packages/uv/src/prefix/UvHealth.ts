/**
 * Whether a virtual environment works in its place. uv looks at less: it finds nothing to do in one that was moved.
 *
 * @module
 * @since 0.1.0
 */
import * as FileHead from "@darb/python/FileHead"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Python } from "./UvPrefix.js"

const interpreters = ["bin/python", "bin/python3", "Scripts/python.exe"]

const activations = ["bin/activate", "Scripts/activate"]

const activationLimit = 64 * 1024

/**
 * The executable of the Python in an environment, with all links resolved; `undefined` if there is none.
 *
 * @since 0.1.0
 * @category operations
 */
export const interpreter = Effect.fnUntraced(function*(directory: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  for (const name of interpreters) {
    const file = path.join(directory, name)
    const info = yield* Effect.option(fs.stat(file))
    if (Option.isNone(info) || info.value.type !== "File") continue
    // Windows has no such bits.
    if (name.startsWith("bin") && (info.value.mode & 0o111) === 0) continue
    return yield* Effect.orElseSucceed(fs.realPath(file), () => file)
  }
  return undefined
})

/**
 * Whether an environment was made for another place, which its scripts name. Those of a relocatable environment name none, and
 * neither do those that cannot be read.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isMoved = Effect.fnUntraced(function*(directory: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  for (const name of activations) {
    const file = path.join(directory, name)
    const text = yield* FileHead.read(file).pipe(
      Effect.flatMap((head) => FileHead.wholeText(file, head, activationLimit, FileHead.lenient)),
      Effect.orElseSucceed(() => "")
    )
    const place = /^\s*(?:export )?VIRTUAL_ENV=(['"]?)([^'"$`\r\n]+)\1\s*$/m.exec(text)?.[2]
    if (place === undefined || !path.isAbsolute(place)) continue
    if (place === directory) return false
    const [there, here] = yield* Effect.all([Effect.option(fs.realPath(place)), Effect.option(fs.realPath(directory))])
    return Option.getOrUndefined(there) !== Option.getOrUndefined(here)
  }
  return false
})

/**
 * Whether an environment works. Its Python may have been removed, or replaced by one of another minor version that finds no
 * packages in it.
 *
 * @since 0.1.0
 * @category operations
 */
export const works = Effect.fnUntraced(function*(directory: string, { home, version }: Python) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const executable = yield* interpreter(directory)
  if (executable === undefined || (yield* isMoved(directory))) return false
  const minor = /^python(\d+\.\d+)/.exec(path.basename(executable))?.[1]
  if (minor !== undefined && !`${version}.`.startsWith(`${minor}.`)) return false
  const real = yield* Effect.orElseSucceed(fs.realPath(directory), () => directory)
  // A copy of an executable finds the standard library by `home`.
  return !executable.startsWith(real + path.sep) || (yield* Effect.orElseSucceed(fs.exists(home), () => false))
})

/**
 * The Python that uv would change in place of an environment without a `pyvenv.cfg`: to Python, its `bin/python` is the
 * installation that it belongs to. `undefined` if there is none.
 *
 * @since 0.1.0
 * @category operations
 */
export const outsider = Effect.fnUntraced(function*(directory: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const config = yield* Effect.option(fs.stat(path.join(directory, "pyvenv.cfg")))
  if (Option.isSome(config) && config.value.type === "File") return undefined
  const executable = yield* interpreter(directory)
  if (executable === undefined) return undefined
  const real = yield* Effect.orElseSucceed(fs.realPath(directory), () => directory)
  const library = yield* Effect.orElseSucceed(FileHead.namesIn(path.join(real, "lib")), () => [])
  const own = [...library.map((name) => `lib/${name}/os.py`), "Lib/os.py"]
  const isInstallation = executable.startsWith(real + path.sep) &&
    (yield* Effect.exists(own, (name) => Effect.orElseSucceed(fs.exists(path.join(real, name)), () => false)))
  return isInstallation ? undefined : executable
})
