/**
 * Reads the files of an environment of pixi: its manifest, its lock file and its prefix.
 *
 * @module
 * @since 0.1.0
 */
import { makeDecodeOnce } from "@darb/package-manager/driver/DecodeOnce"
import type { Directories } from "@darb/package-manager/driver/Directories"
import type { Driver } from "@darb/package-manager/driver/Driver"
import type { Executable } from "@darb/package-manager/driver/executable/Executable"
import { contextOf, type EnvironmentOperation, type Operation } from "@darb/package-manager/driver/Operation"
import { isSame } from "@darb/package-manager/driver/RegularFile"
import type { Committed } from "@darb/package-manager/driver/transaction/Contents"
import type { Manifest } from "@darb/package-manager/Manifest"
import * as Errors from "@darb/package-manager/PackageManagerError"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as PixiLock from "../lock/PixiLock.js"
import { pauseFor } from "../lock/PlainYaml.js"
import type { PixiDocument } from "../manifest/PixiDocument.js"
import * as PixiManifest from "../manifest/PixiManifest.js"
import * as PixiVersion from "../PixiVersion.js"
import { makeInstallation } from "../prefix/PixiInstallation.js"
import { makeLinks } from "./PixiLinks.js"
import { makePrefix } from "./PixiPrefixFiles.js"

/**
 * An environment whose manifest has been read.
 *
 * @since 0.1.0
 * @category models
 */
export interface Workspace extends EnvironmentOperation {
  readonly decoded: Manifest
  readonly document: PixiDocument
  readonly fileName: PixiManifest.FileName
}

/**
 * A decoded lock file.
 *
 * @since 0.1.0
 * @category models
 */
export interface Lock extends PixiLock.PixiLock {
  readonly text: string
}

/**
 * Makes what reads the manifest, the lock file and the prefix of an environment, without pixi.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeFiles = Effect.fnUntraced(
  function*(directories: Directories, executable: Executable<PixiVersion.Capabilities>) {
    const path = yield* Path.Path
    const fs = yield* FileSystem.FileSystem
    const prefixes = yield* makePrefix(executable.environment)
    const { isLinkToManifest, refuseDangling } = yield* makeLinks(directories)

    const lockOf = ({ environment }: Operation) => path.join(environment, "pixi.lock")
    const prefix = ({ environment }: Operation) => path.join(environment, ".pixi")

    /** Whether a directory may have a name; a file system may ignore case. */
    const namesIn = (directory: string) =>
      fs.readDirectory(directory).pipe(
        Effect.map((names) => new Set(names.map((name) => name.toLowerCase()))),
        Effect.match({ onFailure: () => () => true, onSuccess: (names) => (name: string) => names.has(name) })
      )

    /**
     * The manifest of this directory, never of a parent. During a change it is the manifest from before the change. Fails
     * with `InvalidOption` if the manifest is a link to another directory.
     */
    const findManifest = Effect.fnUntraced(function*(operation: Operation, committed?: Committed) {
      const hasChange = committed !== undefined && committed.size > 0
      let isThere = (_: string) => true
      for (const fileName of PixiManifest.fileNames) {
        if (!isThere(fileName)) continue
        const file = path.join(operation.environment, fileName)
        const bytes = yield* directories.readCommitted({ ...operation, committed }, file)
        if (bytes !== undefined && (fileName !== "pyproject.toml" || PixiManifest.mentionsPixi(bytes))) {
          if (yield* isLinkToManifest(operation, file)) continue
          return { bytes, file, fileName }
        }
        if (bytes !== undefined) continue
        if (!hasChange) isThere = yield* namesIn(operation.environment)
        if (isThere(fileName)) yield* refuseDangling(operation, file)
      }
      return undefined
    })

    const check = Effect.fnUntraced(function*(operation: Operation, committed?: Committed) {
      const checkExists = directories.checkExists(operation)
      const found = yield* Effect.tapError(findManifest(operation, committed), () => checkExists)
      if (found === undefined) {
        yield* checkExists
        const reason = "it has no pixi.toml and no other manifest of pixi; create one with init"
        return yield* new Errors.EnvironmentNotFound({ ...contextOf(operation), reason })
      }
      // pixi follows links when it writes.
      const written = [found.file, lockOf(operation), prefix(operation)]
      yield* Effect.forEach(written, (file) => directories.checkInRoot(operation, file))
      return found
    })

    const open = Effect.fnUntraced(function*(operation: Operation, committed?: Committed, known?: Workspace) {
      const current = known && (yield* directories.readCommitted({ ...operation, committed }, known.manifest))
      if (known && current && isSame(known.decoded.bytes, current)) return known
      const { bytes, file, fileName } = yield* check(operation, committed)
      const directoryName = path.basename(operation.environment)
      const { document, manifest: decoded } = yield* Effect.mapError(
        PixiManifest.read({ bytes, file, fileName, directoryName }),
        ({ path, ...problem }) => {
          const key = path.length === 0 ? {} : { key: path }
          return new Errors.ManifestInvalid({ ...contextOf(operation), file, ...problem, ...key })
        }
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

    /** The capabilities of the executable. Fails where it does not read this kind of manifest. */
    const capabilities = Effect.fnUntraced(function*(workspace: Workspace) {
      const known = yield* executable.capabilities(workspace)
      const { document, fileName } = workspace
      const isNewTable = fileName !== "mojoproject.toml" &&
        !PixiVersion.atLeast(known.version, PixiVersion.workspaceTable) &&
        document.hasWorkspaceTable
      const required = isNewTable ? PixiVersion.workspaceTable : known.manifests[fileName]
      if (PixiVersion.atLeast(known.version, required)) return known
      return yield* new Errors.UnsupportedVersion({
        ...contextOf(workspace),
        executable: executable.executable,
        found: PixiVersion.format(known.version),
        required,
        reason: `it does not read ${isNewTable ? "[workspace]" : fileName}`
      })
    })

    const decodeOnce = makeDecodeOnce<Lock>()

    const readLockUpTo = Effect.fnUntraced(function*(workspace: Workspace, newest: number, reader: string) {
      const bytes = yield* directories.readCommitted(workspace, workspace.lock)
      if (bytes === undefined) return undefined
      const invalid = (
        problem: Pick<Errors.LockInvalid, "reason"> & Partial<Pick<Errors.LockInvalid, "line" | "column">>
      ) => new Errors.LockInvalid({ ...contextOf(workspace), file: workspace.lock, ...problem })

      /** Some versions of pixi discard the lock file and solve again. */
      const checkFormat = (format: number) =>
        format <= newest
          ? Effect.void
          : invalid({ reason: `its format is ${format}, but ${reader} only reads formats up to ${newest}` })

      const decode = Effect.gen(function*() {
        const text = new TextDecoder().decode(bytes)
        if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
          return yield* invalid({ reason: "it begins with a byte order mark, which pixi does not read; remove it" })
        }
        yield* checkFormat(Number(/^version: (\d+)/m.exec(text)?.[1] ?? 0))
        const read = yield* Effect.mapError(
          PixiLock.readInParts(text),
          ({ column, line, reason }) => invalid({ reason, line, column })
        )
        yield* pauseFor(text)
        const lock: Lock = { text, ...read }
        return lock
      })

      const lock = yield* decodeOnce(workspace.lock, bytes, decode)
      // It may have been decoded for another reader.
      yield* checkFormat(lock.format)
      return lock
    })

    /** Fails where the executable does not read the format of the lock file. */
    const readLock = Effect.fnUntraced(function*(workspace: Workspace) {
      const { lockFormat, version } = yield* capabilities(workspace)
      return yield* readLockUpTo(workspace, lockFormat, `pixi ${PixiVersion.format(version)}`)
    })

    const readAnyLock = (workspace: Workspace) => readLockUpTo(workspace, Number.POSITIVE_INFINITY, "this library")

    const entries = (lock: Lock) => PixiLock.entries(lock)

    const nameOf = ({ decoded }: Workspace) => decoded.name

    return {
      ...{
        ...prefixes,
        capabilities,
        check,
        entries,
        findManifest,
        nameOf,
        open,
        prefix,
        readAnyLock,
        readLock
      },
      ...yield* makeInstallation(
        directories,
        (operation) => Effect.orElseSucceed(Effect.flatMap(open(operation), prefixes.detached), () => [])
      )
    }
  }
)

/**
 * How the operations of pixi read the files of an environment.
 *
 * @since 0.1.0
 * @category models
 */
export type Files = Effect.Effect.Success<ReturnType<typeof makeFiles>>

/**
 * The services that the operations of pixi use.
 *
 * @since 0.1.0
 * @category models
 */
export type PixiDriver = Driver<PixiVersion.Capabilities, Workspace, Lock, Files>
