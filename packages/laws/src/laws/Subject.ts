/**
 * Subjects of the laws: the manager in memory, and what a driver needs to become one.
 *
 * @module
 * @since 0.1.0
 */
import type { PackageManagerError } from "@darb/package-manager/PackageManagerError"
import * as Memory from "@darb/testing/Memory"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { isRunning } from "../suite/Processes.js"
import type { Subject } from "./Law.js"

/**
 * The manager in memory, with the example packages.
 *
 * @since 0.1.0
 * @category constructors
 */
export const memory = Effect.fnUntraced(function*(options?: Omit<Memory.MemoryOptions, "packages" | "environments">) {
  const manager = yield* Memory.make(options)
  let count = 0
  const subject: Subject = {
    manager,
    init: {},
    directory: Effect.sync(() => `/memory/${++count}/environment`),
    rooted: (root) => Memory.make({ ...options, root })
  }
  return subject
})

/** What a rollback does not restore. */
const derived: ReadonlySet<string> = new Set([".pixi", ".venv", ".darb"])

/**
 * The parts of a subject whose environments are on disk.
 *
 * @since 0.1.0
 * @category operations
 */
export const onDisk: Effect.Effect<
  Required<Pick<Subject, "directory" | "isRunning" | "snapshot" | "tree">>,
  never,
  FileSystem.FileSystem | Path.Path
> = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path

  /** What must not change: the target of a link, or the type, the mode and the content. */
  const describe = (file: string) =>
    Effect.orElse(
      Effect.map(fs.readLink(file), (target) => `-> ${target}`),
      () =>
        Effect.flatMap(fs.stat(file), ({ mode, mtime, type }) => {
          const kind = `${type} ${(mode & 0o7777).toString(8)}`
          return type === "File"
            ? Effect.map(
              fs.readFile(file),
              (bytes) => `${kind} ${Option.getOrNull(mtime)?.getTime()} ${Buffer.from(bytes).toString("latin1")}`
            )
            : Effect.succeed(kind)
        })
    )

  return {
    isRunning,
    tree: Effect.fnUntraced(function*(directory: string) {
      if (!(yield* fs.exists(directory))) return {}
      const names = (yield* fs.readDirectory(directory, { recursive: true })).filter((name) =>
        !name.startsWith(".darb")
      )
      const texts = yield* Effect.forEach(names, (name) => describe(path.join(directory, name)))
      return Object.fromEntries(names.map((name, at) => [name, texts[at] ?? ""]))
    }),
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
 * Retries an operation that timed out or died of SIGBUS, both of which are rolled back: some old versions of pixi
 * occasionally hang, and some crash when another process writes to the same cache.
 *
 * @since 0.1.0
 * @category operations
 */
export const patient = (manager: Subject["manager"]): Subject["manager"] => {
  const isTransient = (error: PackageManagerError) =>
    error._tag === "CommandTimedOut" || (error._tag === "CommandKilled" && error.signal === "SIGBUS")
  const retrying =
    <O, A, E extends PackageManagerError>(operation: (options: O) => Effect.Effect<A, E>) => (options: O) =>
      Effect.retry(operation(options), { times: 5, while: isTransient })
  return {
    ...manager,
    init: retrying(manager.init),
    install: retrying(manager.install),
    remove: retrying(manager.remove),
    update: retrying(manager.update)
  }
}

/**
 * A temporary home directory, which also holds the caches of a manager.
 *
 * @since 0.1.0
 * @category operations
 */
export const home = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const directory = yield* fs.makeTempDirectoryScoped({ prefix: "darb-law-home-" })
  return {
    directory,
    variables: { HOME: directory, XDG_CONFIG_HOME: `${directory}/config`, XDG_CACHE_HOME: `${directory}/cache` }
  }
})

/** Where a manager keeps what it downloads, and what it must not do in tests. */
const own = {
  pixi: (home: string) => ({ PIXI_HOME: `${home}/pixi`, PIXI_CACHE_DIR: `${home}/cache/pixi` }),
  uv: (home: string) => ({
    XDG_DATA_HOME: `${home}/data`,
    UV_CACHE_DIR: `${home}/cache/uv`,
    // It leaves a lock there for each project.
    TMPDIR: home,
    UV_PYTHON_INSTALL_DIR: `${home}/python`,
    UV_PYTHON_DOWNLOADS: "never",
    UV_NO_SYSTEM_CONFIG: "1"
  })
}

/**
 * A temporary home directory for pixi or uv, and the variables that keep it there.
 *
 * @since 0.1.0
 * @category operations
 */
export const homeOf = (manager: keyof typeof own) =>
  Effect.map(home, ({ directory, variables }) => ({
    directory,
    environment: { ...variables, ...own[manager](directory) }
  }))
