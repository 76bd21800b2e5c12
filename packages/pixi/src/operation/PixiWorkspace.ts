/** The files of an environment of pixi. */
import type * as Changes from "@darb/package-manager/Changes"
import type { Directories } from "@darb/package-manager/driver/Directories"
import type { Executable } from "@darb/package-manager/driver/Executable"
import { contextOf, type EnvironmentOperation, type Operation } from "@darb/package-manager/driver/Operation"
import type { Files } from "@darb/package-manager/driver/Operations"
import * as Platform from "@darb/package-manager/driver/Platform"
import type { Committed } from "@darb/package-manager/driver/transaction/Transaction"
import type { Manifest } from "@darb/package-manager/Manifest"
import * as Errors from "@darb/package-manager/PackageManagerError"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as PixiLock from "../lock/PixiLock.js"
import type { PixiDocument } from "../manifest/PixiDocument.js"
import * as PixiManifest from "../manifest/PixiManifest.js"
import * as PixiVersion from "../PixiVersion.js"
import * as PixiPrefix from "../prefix/PixiPrefix.js"
import { statusOf } from "./PixiStatus.js"

/** An environment that is there. */
export interface Workspace extends EnvironmentOperation {
  readonly decoded: Manifest
  /** All that the manifest says. */
  readonly document: PixiDocument
  readonly fileName: PixiManifest.FileName
}

/** What a lock file holds. */
export interface Lock {
  readonly text: string
  readonly located: ReadonlyArray<Changes.Entry>
  /** The environments that it has, also those without packages. */
  readonly environments: ReadonlySet<string>
  readonly platforms: ReadonlyArray<PixiLock.Platform>
}

export const makeWorkspaces = Effect.fnUntraced(
  function*(directories: Directories, executable: Executable<PixiVersion.Capabilities>) {
    const path = yield* Path.Path
    const fs = yield* FileSystem.FileSystem
    const context = yield* Effect.context<FileSystem.FileSystem | Path.Path>()

    const lockOf = (operation: Operation) => path.join(operation.environment, "pixi.lock")

    /** The manifest's file of a directory: never a parent's. What is committed counts, where a change is under way. */
    const findManifest = Effect.fnUntraced(function*(operation: Operation, committed: Committed = new Map()) {
      for (const fileName of PixiManifest.fileNames) {
        const file = path.join(operation.environment, fileName)
        const real = yield* directories.realPath(file)
        const bytes = committed.has(real) ? committed.get(real) : yield* directories.read(operation, file)
        if (
          bytes !== undefined && bytes !== null && (fileName !== "pyproject.toml" || PixiManifest.mentionsPixi(bytes))
        ) {
          return { bytes, file, fileName }
        }
      }
      return undefined
    })

    /** The manifest's file of an environment that is there. */
    const check = Effect.fnUntraced(function*(operation: Operation, committed?: Committed) {
      yield* directories.checkExists(operation)
      const found = yield* findManifest(operation, committed)
      if (found !== undefined) {
        // pixi writes to what a link points at.
        yield* Effect.forEach(
          [found.file, lockOf(operation), path.join(operation.environment, ".pixi")],
          (file) => directories.checkInRoot(operation, file)
        )
        return found
      }
      return yield* new Errors.EnvironmentNotFound({
        ...contextOf(operation),
        reason: "it has no pixi.toml, and no other manifest of pixi; init makes one"
      })
    })

    const open = Effect.fnUntraced(function*(operation: Operation, committed?: Committed) {
      const { bytes, file, fileName } = yield* check(operation, committed)
      const { document, manifest: decoded } = yield* PixiManifest.read({
        bytes,
        file,
        fileName,
        directoryName: path.basename(operation.environment)
      }).pipe(
        Effect.mapError(({ path, ...problem }) =>
          new Errors.ManifestInvalid({
            ...contextOf(operation),
            file,
            ...problem,
            ...(path.length === 0 ? {} : { key: path })
          })
        )
      )
      const workspace: Workspace = {
        ...operation,
        manifest: file,
        lock: lockOf(operation),
        decoded,
        document,
        fileName
      }
      return workspace
    })

    /** What is known of this pixi, if it reads manifests of this kind. */
    const capabilities = Effect.fnUntraced(function*(workspace: Workspace) {
      const known = yield* executable.capabilities(workspace)
      const required = known.manifests[workspace.fileName]
      if (PixiVersion.atLeast(known.version, required)) return known
      return yield* new Errors.UnsupportedVersion({
        ...contextOf(workspace),
        executable: executable.executable,
        found: PixiVersion.format(known.version),
        required,
        reason: `it does not read ${workspace.fileName}`
      })
    })

    /** Reads the lock file, if its format is one of these. */
    const readLockUpTo = Effect.fnUntraced(function*(workspace: Workspace, newest: number, reader: string) {
      const bytes = yield* directories.read(workspace, workspace.lock)
      if (bytes === undefined) return undefined
      const text = new TextDecoder().decode(bytes)
      const invalid = (
        { column, line, reason }: {
          readonly reason: string
          readonly line?: number | undefined
          readonly column?: number | undefined
        }
      ) => new Errors.LockInvalid({ ...contextOf(workspace), file: workspace.lock, reason, line, column })
      const format = Number(/^version: (\d+)/m.exec(text)?.[1] ?? 0)
      // Some versions of pixi would throw the lock file away and solve again.
      if (format > newest) {
        return yield* invalid({ reason: `its format is ${format}, and ${reader} reads formats up to ${newest}` })
      }
      const read = yield* Effect.mapError(PixiLock.read(text), invalid)
      const lock: Lock = {
        text,
        located: PixiLock.locate(read),
        environments: new Set(read.environments.keys()),
        platforms: read.platforms
      }
      return lock
    })

    const readLock = Effect.fnUntraced(function*(workspace: Workspace) {
      const { lockFormat, version } = yield* capabilities(workspace)
      return yield* readLockUpTo(workspace, lockFormat, `pixi ${PixiVersion.format(version)}`)
    })

    /** What is installed of the environment that is meant; `undefined` if nothing ever was. */
    const installedIn = Effect.fnUntraced(function*(workspace: Workspace) {
      const prefix = path.join(workspace.environment, ".pixi", "envs", workspace.selected ?? "default")
      const isThere = yield* Effect.orElseSucceed(fs.exists(prefix), () => false)
      if (!isThere) return undefined
      return yield* PixiPrefix.read(prefix).pipe(
        Effect.provide(context),
        Effect.mapError(({ file, reason }) => new Errors.StorageFailed({ ...contextOf(workspace), file, reason }))
      )
    })

    const statusWith = Effect.fnUntraced(function*(workspace: Workspace, lock: Lock | undefined) {
      const { document, selected: environment = "default" } = workspace
      const installed = yield* installedIn(workspace)
      return statusOf({
        directory: workspace.environment,
        document,
        environment,
        subdir: Platform.current(),
        lock,
        installed
      })
    })

    const status = Effect.fnUntraced(function*(workspace: Workspace) {
      return yield* statusWith(
        workspace,
        yield* readLockUpTo(workspace, Number.POSITIVE_INFINITY, "this library")
      )
    })

    const files: Files<Workspace, Lock> = {
      check,
      open,
      readLock,
      entries: ({ located }) => located,
      status,
      statusWith,
      prefix: ({ environment }) => path.join(environment, ".pixi")
    }
    return { ...files, capabilities, findManifest, installedIn }
  }
)

export type Workspaces = Effect.Effect.Success<ReturnType<typeof makeWorkspaces>>
