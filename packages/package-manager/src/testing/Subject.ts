/** The managers of this library as subjects of the laws. */
import type { PlatformError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Platform from "../internal/platform.js"
import type { PackageManagerError } from "../PackageManagerError.js"
import * as Pixi from "../Pixi.js"
import * as Uv from "../Uv.js"
import * as CondaChannel from "./CondaChannel.js"
import type { Subject } from "./Law.js"
import * as Memory from "./Memory.js"
import * as WheelDirectory from "./WheelDirectory.js"

/** A manager in memory, with the example packages. */
export const memory = Effect.fnUntraced(function*(options?: Omit<Memory.MemoryOptions, "packages" | "environments">) {
  const manager = yield* Memory.make(options)
  let count = 0
  const subject: Subject = {
    manager,
    init: {},
    directory: Effect.sync(() => `/memory/${++count}/environment`)
  }
  return subject
})

/** What a manager makes in an environment that is not put back. */
const derived: ReadonlySet<string> = new Set([".pixi", ".venv", ".darb"])

/** What a subject that is on disk has of the file system, for any manager. */
export const onDisk: Effect.Effect<
  Required<Pick<Subject, "directory" | "snapshot">>,
  never,
  FileSystem.FileSystem | Path.Path
> = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  return {
    directory: fs.makeTempDirectoryScoped({ prefix: "darb-law-" }).pipe(
      Effect.flatMap((directory) => fs.realPath(directory)),
      Effect.map((directory) => path.join(directory, "environment"))
    ),
    snapshot: Effect.fnUntraced(function*(environment: string) {
      if (!(yield* fs.exists(environment))) return {}
      const names = (yield* fs.readDirectory(environment)).filter((name) => !derived.has(name))
      const texts = yield* Effect.forEach(names, (name) => {
        const file = path.join(environment, name)
        return Effect.flatMap(
          fs.stat(file),
          ({ type }) => type === "File" ? fs.readFileString(file) : Effect.succeed(`(${type})`)
        )
      })
      return Object.fromEntries(names.map((name, at) => [name, texts[at] ?? ""]))
    })
  }
})

/**
 * Some old versions of pixi do not come to an end now and then, and some are ended by SIGBUS when another one writes to the
 * same cache. What is given up is undone, so that it can be tried again; an operation that fails for another reason is not.
 */
const patient = (manager: Subject["manager"]): Subject["manager"] => {
  const isOld = (error: PackageManagerError) =>
    error._tag === "CommandTimedOut" || (error._tag === "CommandKilled" && error.signal === "SIGBUS")
  const again = <O, A>(operation: (options: O) => Effect.Effect<A, PackageManagerError>) => (options: O) =>
    Effect.retry(operation(options), { times: 5, while: isOld })
  return {
    ...manager,
    init: again(manager.init),
    install: again(manager.install),
    remove: again(manager.remove),
    update: again(manager.update)
  }
}

export interface ExecutableOptions {
  /** A path, or a name that is looked for on PATH. */
  readonly executable: string
  /** How long a command may take; 20 seconds by default. A pixi that is known to hang is tried again. */
  readonly limit?: Duration.DurationInput | undefined
}

type Made = Effect.fn.Return<Subject, PackageManagerError | PlatformError, Pixi.Requirements | Scope.Scope>

/** A home that is nobody's, in which a manager also has its caches. */
const home = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const directory = yield* fs.makeTempDirectoryScoped({ prefix: "darb-law-home-" })
  return {
    directory,
    variables: { HOME: directory, XDG_CONFIG_HOME: `${directory}/config`, XDG_CACHE_HOME: `${directory}/cache` }
  }
})

/** A real pixi, with a channel on disk, and a home and caches of its own. */
export const pixi = Effect.fnUntraced(function*({ executable, limit = "20 seconds" }: ExecutableOptions): Made {
  const { directory, variables } = yield* home
  const channel = yield* CondaChannel.make(CondaChannel.examples)
  const manager = yield* Pixi.make({
    executable,
    limit,
    environment: { ...variables, PIXI_HOME: `${directory}/pixi`, PIXI_CACHE_DIR: `${directory}/cache/pixi` }
  })
  return {
    ...yield* onDisk,
    name: `pixi ${yield* manager.version}`,
    manager: patient(manager),
    init: { channels: [channel.url], platforms: [Platform.current()] }
  }
})

/** A real uv, with an index on disk, a home and caches of its own, and the Python of this machine. */
export const uv = Effect.fnUntraced(function*({ executable, limit = "20 seconds" }: ExecutableOptions): Made {
  const { directory, variables } = yield* home
  const index = yield* WheelDirectory.make(WheelDirectory.examples)
  const manager = yield* Uv.make({
    executable,
    limit,
    environment: {
      ...variables,
      XDG_DATA_HOME: `${directory}/data`,
      UV_CACHE_DIR: `${directory}/cache/uv`,
      // It leaves a lock there for each project.
      TMPDIR: directory,
      UV_PYTHON_INSTALL_DIR: `${directory}/python`,
      UV_PYTHON_DOWNLOADS: "never",
      UV_NO_SYSTEM_CONFIG: "1"
    }
  })
  return { ...yield* onDisk, name: `uv ${yield* manager.version}`, manager, init: { indexes: [index.url] } }
})
