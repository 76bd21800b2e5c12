/**
 * The least that operations need of the platform, without the library: no operation that keeps the promises through `Command` and
 * `FileSystem` can cost less.
 */
import { makeTryLock } from "@darb/package-manager/driver/transaction/FileLock"
import * as Command from "@effect/platform/Command"
import * as CommandExecutor from "@effect/platform/CommandExecutor"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { join } from "node:path"

/** What an environment has. */
interface Layout {
  /** The names of the manifest and the lock file. */
  readonly files: readonly [string, string]
  /** The directory whose names tell what is installed. */
  readonly installed: string
}

export const ofPixi: Layout = { files: ["pixi.toml", "pixi.lock"], installed: ".pixi/envs/default/conda-meta" }

export const ofUv: Layout = { files: ["pyproject.toml", "uv.lock"], installed: ".venv" }

export interface LeastOptions extends Layout {
  readonly executable: string
  readonly args: ReadonlyArray<string>
  readonly environment?: NodeJS.ProcessEnv | undefined
  /** The directory of the environment. */
  readonly path: string
}

const tryLock = makeTryLock()

const bytes = (text: string) => new TextEncoder().encode(text)

export const make = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const executor = yield* CommandExecutor.CommandExecutor

  const run = ({ args, environment = {}, executable, path }: LeastOptions) =>
    Effect.scoped(Effect.gen(function*() {
      const command = Command.make(executable, ...args).pipe(Command.workingDirectory(path), Command.env(environment))
      const { exitCode, stderr, stdout } = yield* executor.start(command)
      yield* Effect.all([Stream.runDrain(stdout), Stream.runDrain(stderr)], { concurrency: "unbounded" })
      return yield* exitCode
    }))

  const read = ({ files, path }: LeastOptions) =>
    Effect.forEach(files, (name) => {
      const file = join(path, name)
      return Effect.zipRight(fs.stat(file), fs.readFile(file))
    }, { concurrency: "unbounded" })

  const write = (file: string, content: Uint8Array) =>
    Effect.scoped(Effect.gen(function*() {
      const opened = yield* fs.open(file, { flag: "wx" })
      yield* opened.writeAll(content)
      yield* opened.sync
    }))

  /** Reads the manifest and the lock file, runs a command, and finds out what is installed. */
  const list = (options: LeastOptions) =>
    Effect.andThen(
      read(options),
      Effect.all([run(options), fs.readDirectory(join(options.path, options.installed))], { concurrency: "unbounded" })
    )

  /**
   * Locks the environment, says who has the lock, copies two files, and makes a journal of them that outlasts the machine. Then
   * runs a command, looks at what it has changed, and removes all that.
   */
  const change = (options: LeastOptions) =>
    Effect.scoped(Effect.gen(function*() {
      const { files, installed, path } = options
      const state = join(path, ".least")
      const journal = join(state, "journal")
      yield* fs.makeDirectory(state)
      yield* tryLock(yield* fs.open(join(state, "lock"), { flag: "a+" }))
      yield* fs.writeFile(join(state, "owner"), bytes("{}"))
      const contents = yield* read(options)
      yield* Effect.all([
        write(`${journal}.new`, bytes("{}")),
        ...contents.map((content, at) => write(join(state, `copy-${at}`), content))
      ], { concurrency: "unbounded" })
      yield* fs.rename(`${journal}.new`, journal)
      yield* Effect.scoped(Effect.flatMap(fs.open(state), ({ sync }) => sync))
      yield* run(options)
      yield* Effect.forEach(files, (name) => fs.stat(join(path, name)), { concurrency: "unbounded" })
      yield* fs.readDirectory(join(path, installed))
      yield* fs.rename(journal, `${journal}.old`)
      yield* fs.remove(state, { recursive: true })
    }))

  return { change, list }
})
