/** The managers of this library as subjects of the laws. */
import type { PlatformError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { PackageManagerError } from "../PackageManagerError.js"
import * as Pixi from "../Pixi.js"
import * as CondaChannel from "./CondaChannel.js"
import type { Subject } from "./Law.js"
import * as Memory from "./Memory.js"

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
 * Some old versions of pixi do not come to an end now and then. What is given up is undone, so that it can be tried again;
 * an operation that fails for another reason is not.
 */
const patient = (manager: Subject["manager"]): Subject["manager"] => {
  const again = <O, A>(operation: (options: O) => Effect.Effect<A, PackageManagerError>) => (options: O) =>
    Effect.retry(operation(options), { times: 5, while: ({ _tag }) => _tag === "CommandTimedOut" })
  return {
    ...manager,
    init: again(manager.init),
    install: again(manager.install),
    remove: again(manager.remove),
    update: again(manager.update)
  }
}

export interface PixiSubjectOptions {
  /** A path, or a name that is looked for on PATH. */
  readonly executable: string
  /** The conda subdirectory of this machine, such as `linux-64`. */
  readonly platform: string
  /** How long an operation may take before it is tried again; 20 seconds by default. */
  readonly limit?: Duration.DurationInput | undefined
}

/** A real pixi, with a channel on disk, and a home and caches of its own. */
export const pixi = Effect.fnUntraced(function*(
  options: PixiSubjectOptions
): Effect.fn.Return<Subject, PackageManagerError | PlatformError, Pixi.Requirements | Scope.Scope> {
  const { executable, limit = "20 seconds", platform } = options
  const fs = yield* FileSystem.FileSystem
  const home = yield* fs.makeTempDirectoryScoped({ prefix: "darb-law-home-" })
  const channel = yield* CondaChannel.make(CondaChannel.examples)
  const manager = yield* Pixi.make({
    executable,
    limit,
    environment: {
      HOME: home,
      PIXI_HOME: `${home}/pixi`,
      PIXI_CACHE_DIR: `${home}/cache`,
      XDG_CONFIG_HOME: `${home}/config`,
      XDG_CACHE_HOME: `${home}/xdg-cache`
    }
  })
  return {
    ...yield* onDisk,
    name: `pixi ${yield* manager.version}`,
    manager: patient(manager),
    init: { channels: [channel.url], platforms: [platform] }
  }
})
