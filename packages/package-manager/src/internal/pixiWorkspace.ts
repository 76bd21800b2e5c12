/** The files of an environment of pixi. */
import { PlatformError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Manifest } from "../Manifest.js"
import * as Errors from "../PackageManagerError.js"
import * as PixiLock from "../PixiLock.js"
import * as PixiManifest from "../PixiManifest.js"
import * as PixiVersion from "../PixiVersion.js"
import { Busy } from "./environmentLock.js"
import { absolute, contextOf, type Task, type WorkspaceTask } from "./pixi.js"
import type { Committed } from "./transaction.js"

/** An environment that is there. */
export interface Workspace extends WorkspaceTask {
  readonly decoded: Manifest
  readonly fileName: PixiManifest.FileName
}

const isPlatformError = Schema.is(PlatformError)

const isNotFound = (error: PlatformError) => error._tag === "SystemError" && error.reason === "NotFound"

/** Makes errors of the file system and of the lock those of the manager. */
export const translated = (task: Task) =>
<E>(
  error: E | Busy | PlatformError
): Exclude<E, Busy | PlatformError> | Errors.EnvironmentBusy | Errors.StorageFailed => {
  if (error instanceof Busy) return new Errors.EnvironmentBusy({ ...contextOf(task), holder: error.holder })
  return isPlatformError(error) ? storageFailed(task)(error) : error as Exclude<E, Busy | PlatformError>
}

const storageFailed = (task: Task) => (error: PlatformError): Errors.StorageFailed =>
  new Errors.StorageFailed({
    ...contextOf(task),
    file: error._tag === "SystemError" && typeof error.pathOrDescriptor === "string" ? error.pathOrDescriptor : null,
    reason: error.message
  })

export const makeWorkspaces = Effect.fnUntraced(function*(root: string | undefined) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path

  /** What a path stands for when all links are followed, also where its last parts do not exist yet. */
  const canonical = (absolute: string): Effect.Effect<string, PlatformError> =>
    fs.realPath(absolute).pipe(
      Effect.catchIf(isNotFound, (error) => {
        const parent = path.dirname(absolute)
        return parent === absolute
          ? Effect.fail(error)
          : Effect.map(canonical(parent), (real) => path.join(real, path.basename(absolute)))
      })
    )

  /** Fails where a file or directory is not in the root, if there is one. */
  const checkInRoot = Effect.fnUntraced(function*(task: Task, file: string, given: string) {
    if (root === undefined) return
    const [real, realRoot] = yield* Effect.all([canonical(file), canonical(path.resolve(root))]).pipe(
      Effect.mapError(translated(task))
    )
    const relative = path.relative(realRoot, real)
    if (relative !== "" && relative.split(path.sep)[0] !== ".." && !path.isAbsolute(relative)) return
    const reason = `it leads out of the directory that all environments are in, ${realRoot}`
    return yield* new Errors.InvalidOption({ ...contextOf(task), option: "path", value: given, reason })
  })

  /** The operation in the directory that a path stands for, which need not exist. */
  const locate = Effect.fnUntraced(function*(operation: Errors.Operation, given: string) {
    const marker = globalThis.crypto.randomUUID()
    const refuse = (reason: string) =>
      new Errors.InvalidOption({ manager: "pixi", operation, environment: given, option: "path", value: given, reason })
    if (given === "") return yield* refuse("it is empty")
    if (given.includes("\0")) return yield* refuse("it has a NUL byte")
    const environment = yield* Effect.mapError(absolute(path, ...(root === undefined ? [] : [root]), given), refuse)
    const task: Task = { operation, environment, marker }
    yield* checkInRoot(task, environment, given)
    yield* Effect.annotateCurrentSpan({ environment, operation, manager: "pixi" })
    return yield* canonical(environment).pipe(
      Effect.map((environment): Task => ({ ...task, environment })),
      Effect.mapError(translated(task))
    )
  })

  /** The bytes of a file; `undefined` if there is none. */
  const read = (task: Task, file: string) =>
    Effect.gen(function*() {
      const { type } = yield* fs.stat(file)
      // Reading what is not a file may never end.
      if (type !== "File") {
        return yield* new Errors.StorageFailed({ ...contextOf(task), file, reason: `it is not a file (${type})` })
      }
      return yield* fs.readFile(file)
    }).pipe(
      Effect.catchTag("SystemError", (error) => isNotFound(error) ? Effect.succeed(undefined) : Effect.fail(error)),
      Effect.mapError(translated(task))
    )

  const lockOf = (task: Task) => path.join(task.environment, "pixi.lock")

  /** The manifest's file of a directory: never a parent's. What is committed counts, where a change is under way. */
  const findManifest = Effect.fnUntraced(function*(task: Task, committed: Committed = new Map()) {
    for (const fileName of PixiManifest.fileNames) {
      const file = path.join(task.environment, fileName)
      const real = yield* Effect.orElseSucceed(fs.realPath(file), () => file)
      const bytes = committed.has(real) ? committed.get(real) : yield* read(task, file)
      if (
        bytes !== undefined && bytes !== null && (fileName !== "pyproject.toml" || PixiManifest.mentionsPixi(bytes))
      ) {
        return { bytes, file, fileName }
      }
    }
    return undefined
  })

  const checkDirectory = (task: Task) =>
    fs.stat(task.environment).pipe(
      Effect.mapError((error) =>
        isNotFound(error)
          ? new Errors.EnvironmentNotFound({ ...contextOf(task), reason: "there is no such directory" })
          : storageFailed(task)(error)
      ),
      Effect.filterOrFail(
        ({ type }) => type === "Directory",
        () => new Errors.EnvironmentNotFound({ ...contextOf(task), reason: "it is a file, not a directory" })
      )
    )

  /** The manifest's file of an environment that is there. */
  const check = Effect.fnUntraced(function*(task: Task, committed?: Committed) {
    yield* checkDirectory(task)
    const found = yield* findManifest(task, committed)
    if (found !== undefined) {
      // pixi writes to what a link points at.
      yield* Effect.forEach([found.file, lockOf(task)], (file) => checkInRoot(task, file, task.environment))
      return found
    }
    return yield* new Errors.EnvironmentNotFound({
      ...contextOf(task),
      reason: "it has no pixi.toml, and no other manifest of pixi; init makes one"
    })
  })

  const open = Effect.fnUntraced(function*(task: Task, committed?: Committed) {
    const { bytes, file, fileName } = yield* check(task, committed)
    const decoded = yield* PixiManifest.decode({
      bytes,
      file,
      fileName,
      directoryName: path.basename(task.environment)
    }).pipe(
      Effect.mapError(({ path, ...problem }) =>
        new Errors.ManifestInvalid({
          ...contextOf(task),
          file,
          ...problem,
          ...(path.length === 0 ? {} : { key: path })
        })
      )
    )
    return {
      ...task,
      manifest: file,
      lock: lockOf(task),
      decoded,
      fileName
    } satisfies Workspace
  })

  /** Whether this pixi reads manifests of this kind. */
  const checkManifest = Effect.fnUntraced(function*(
    workspace: Workspace,
    executable: string,
    { manifests, version }: PixiVersion.Capabilities
  ) {
    const required = manifests[workspace.fileName]
    if (PixiVersion.atLeast(version, required)) return
    return yield* new Errors.UnsupportedVersion({
      ...contextOf(workspace),
      executable,
      found: PixiVersion.format(version),
      required,
      reason: `it does not read ${workspace.fileName}`
    })
  })

  /** What the lock file holds; `undefined` if there is none. */
  const readLock = Effect.fnUntraced(
    function*(workspace: WorkspaceTask, { lockFormat, version }: PixiVersion.Capabilities) {
      const bytes = yield* read(workspace, workspace.lock)
      if (bytes === undefined) return undefined
      const text = new TextDecoder().decode(bytes)
      const invalid = ({ column, line, reason }: PixiManifest.Problem) =>
        new Errors.LockInvalid({ ...contextOf(workspace), file: workspace.lock, reason, line, column })
      const format = Number(/^version: (\d+)/m.exec(text)?.[1] ?? 0)
      // Some versions of pixi would throw the lock file away and solve again.
      if (format > lockFormat) {
        return yield* invalid({
          reason: `its format is ${format}, and pixi ${PixiVersion.format(version)} reads formats up to ${lockFormat}`
        })
      }
      const located = yield* Effect.mapError(PixiLock.decode(text), invalid)
      return { text, located }
    }
  )

  return { locate, check, open, checkManifest, readLock, findManifest }
})
