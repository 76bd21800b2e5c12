/**
 * Reads the files of an environment of uv: its manifest, its lock file and its prefix.
 *
 * @module
 * @since 0.1.0
 */
import { makeDecodeOnce } from "@darb/package-manager/driver/DecodeOnce"
import type { Directories } from "@darb/package-manager/driver/Directories"
import type { Driver } from "@darb/package-manager/driver/Driver"
import { normalized } from "@darb/package-manager/driver/Location"
import { contextOf, type EnvironmentOperation, type Operation } from "@darb/package-manager/driver/Operation"
import * as Platform from "@darb/package-manager/driver/Platform"
import { isSame, readRegular } from "@darb/package-manager/driver/RegularFile"
import type { Committed } from "@darb/package-manager/driver/transaction/Contents"
import type { Selection } from "@darb/package-manager/PackageManager"
import * as Errors from "@darb/package-manager/PackageManagerError"
import * as Pep508 from "@darb/python/Pep508"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as UvLock from "../lock/UvLock.js"
import type { Variables } from "../manifest/UvConfiguration.js"
import * as UvManifest from "../manifest/UvManifest.js"
import { isMember, members } from "../manifest/UvWorkspace.js"
import { makeInstallation } from "../prefix/UvInstallation.js"
import type { UvVersion } from "../UvVersion.js"
import { makePrefix, type Prefix } from "./UvPrefixFiles.js"

/**
 * An environment whose manifest has been read.
 *
 * @since 0.1.0
 * @category models
 */
export interface Project extends EnvironmentOperation {
  readonly decoded: UvManifest.UvManifest
  readonly bytes: Uint8Array
  /** The absolute path of the prefix. */
  readonly prefix: string
}

/**
 * The manifest of every environment of uv.
 *
 * @since 0.1.0
 * @category values
 */
export const fileName = "pyproject.toml"

/**
 * uv writes the lock file to a temporary file that it then renames.
 *
 * @since 0.1.0
 * @category values
 */
export const temporaryFiles = /^\.tmp[A-Za-z0-9]{6}$/

/** The lowest version of Python that a project allows. */
const lowestPython = (requiresPython: string): string => {
  const [, major = "3", minor = "12", patch = "0"] = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(requiresPython) ?? []
  return `${major}.${minor}.${patch}`
}

type WithPython = Pick<Prefix, "python">

const pythonOf = (lock: UvLock.UvLock, prefix: WithPython | undefined): string =>
  prefix?.python ?? lowestPython(lock.requiresPython)

/** The packages of the lock file for this machine: of the default groups, and of those groups and extras that are selected. */
const applicable = (
  { decoded }: Project,
  lock: UvLock.UvLock,
  prefix: WithPython | undefined,
  { extras, groups = [] }: Selection = {}
) =>
  UvLock.applicable(lock, {
    environment: Pep508.environmentOf(Platform.current(), pythonOf(lock, prefix)),
    groups: [...decoded.defaultGroups, ...groups],
    extras
  })

/**
 * `variables` are those of uv: `UV_PROJECT_ENVIRONMENT` moves the prefix.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeFiles = Effect.fnUntraced(function*(
  directories: Directories,
  variables: Readonly<Record<string, string>>
) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const context = yield* Effect.context<FileSystem.FileSystem | Path.Path>()

  const prefixes = yield* makePrefix(directories, variables)

  const manifestOf = ({ environment }: Operation) => path.join(environment, fileName)
  const lockOf = ({ environment }: Operation) => path.join(environment, "uv.lock")

  /** The path of the prefix, from the project. */
  const prefixPath = variables["UV_PROJECT_ENVIRONMENT"] || ".venv"

  /** Newer versions of uv follow a file with the path of the prefix; others refuse it. */
  const prefixOf = ({ environment }: Operation) => {
    const place = path.resolve(environment, prefixPath)
    return fs.stat(place).pipe(
      Effect.filterOrFail(({ type }) => type === "File"),
      Effect.andThen(() => fs.readFileString(place)),
      Effect.map((text) => path.resolve(environment, text.replace(/[\r\n]+$/, "") || place)),
      Effect.orElseSucceed(() => place)
    )
  }

  /** The bytes of the manifest. During a change they are those from before the change. */
  const readManifest = (operation: Operation, committed?: Committed) =>
    directories.readCommitted({ ...operation, committed }, manifestOf(operation))

  /** The directory of the uv workspace that an environment is a member of, if it is one. */
  const workspaceOf = Effect.fnUntraced(function*({ environment }: Operation) {
    for (let parent = path.dirname(environment);; parent = path.dirname(parent)) {
      // uv fails to read the same files.
      const manifest = yield* Effect.option(readRegular(fs, path.join(parent, fileName)))
      if (Option.isSome(manifest)) {
        const relative = path.relative(parent, environment).split(path.sep).join("/")
        return (yield* isMember(manifest.value.bytes, relative)) ? parent : undefined
      }
      if (parent === path.dirname(parent)) return undefined
    }
  })

  const notFound = (operation: Operation, reason: string) =>
    new Errors.EnvironmentNotFound({ ...contextOf(operation), reason })

  const check = Effect.fnUntraced(function*(operation: Operation, committed?: Committed) {
    const checkExists = directories.checkExists(operation)
    const bytes = yield* Effect.tapError(readManifest(operation, committed), () => checkExists)
    if (bytes === undefined) yield* checkExists
    if (bytes === undefined) return yield* notFound(operation, `it has no ${fileName}; create one with init`)
    const prefix = yield* prefixOf(operation)
    const written = [manifestOf(operation), lockOf(operation), prefix]
    yield* Effect.forEach(written, (file) => directories.checkInRoot(operation, file))
    return { bytes, prefix }
  })

  const invalid = (
    operation: Operation,
    problem:
      & Pick<Errors.ManifestInvalid, "reason">
      & Partial<Pick<Errors.ManifestInvalid, "file" | "key" | "hint" | "line" | "column">>
  ) => new Errors.ManifestInvalid({ ...contextOf(operation), file: manifestOf(operation), ...problem })

  const decode = (operation: Operation, bytes: Uint8Array, file: string) =>
    UvManifest.decode(bytes).pipe(
      Effect.map(({ value }) => value),
      Effect.mapError(({ path, ...problem }) =>
        invalid(operation, { ...problem, file, ...(path.length > 0 && { key: path.map(String) }) })
      )
    )

  const open = Effect.fnUntraced(function*(operation: Operation, committed?: Committed, known?: Project) {
    // Before the change, the environment is as it was just now.
    const before = known && committed && (yield* readManifest(operation, committed))
    if (known && before && isSame(known.bytes, before)) return known
    const { bytes, prefix } = yield* check(operation, committed)
    if (known !== undefined && isSame(known.bytes, bytes)) return { ...known, prefix }
    const manifest = yield* decode(operation, bytes, manifestOf(operation))
    if (manifest.name === null && manifest.workspace === null) {
      // uv would take it for a project without dependencies and uninstall everything.
      return yield* new TextDecoder().decode(bytes).trim() === ""
        ? invalid(operation, { reason: "it is empty", hint: "Restore the file, or remove it and use init." })
        : notFound(operation, `its ${fileName} has no [project] with a name; add one`)
    }
    if (!manifest.isManaged) {
      return yield* invalid(operation, { key: ["tool", "uv", "managed"], reason: "the project is not managed by uv" })
    }
    const workspace = manifest.workspace === null ? yield* workspaceOf(operation) : undefined
    if (workspace !== undefined) {
      const reason = `it is a member of the workspace ${workspace}, which has the lock file; use that path`
      return yield* notFound(operation, reason)
    }
    const files = { manifest: manifestOf(operation), lock: lockOf(operation) }
    const project: Project = { ...operation, ...files, decoded: manifest, bytes, prefix }
    return project
  })

  /** The manifests of a workspace: that of the root, and those of its members. */
  const manifests = Effect.fnUntraced(function*(project: Project) {
    const { decoded: { workspace }, environment } = project
    const found = workspace === null ? [] : yield* members(environment, workspace)
    const decoded = yield* Effect.forEach(
      found,
      (file) =>
        Effect.flatMap(directories.read(project, file), (bytes = new Uint8Array()) => decode(project, bytes, file))
    )
    return [project.decoded, ...decoded.filter(({ isManaged }) => isManaged)]
  }, (effect) => Effect.provide(effect, context))

  const toManifest = ({ bytes, decoded, environment, manifest: file }: Project) =>
    UvManifest.toManifest(decoded, { bytes, file, directoryName: path.basename(environment) })

  const decodeOnce = makeDecodeOnce<UvLock.UvLock>()

  const readLock = Effect.fnUntraced(function*(project: Project) {
    const bytes = yield* directories.readCommitted(project, project.lock)
    if (bytes === undefined) return undefined
    return yield* Effect.mapError(decodeOnce(project.lock, bytes, UvLock.decode(bytes)), (error) => {
      const place = error._tag === "UvLockInvalid" ? { line: error.line, column: error.column } : {}
      const reason = error._tag === "UvLockInvalid" ? error.reason : error.message
      return new Errors.LockInvalid({ ...contextOf(project), file: project.lock, reason, ...place })
    })
  })

  /** Some versions write paths relative to the lock file. */
  const sourceIn = ({ environment }: Operation, source: string | null) =>
    source === null || /^[\w+.-]+:/.test(source) ? source : normalized(path.resolve(environment, source))

  const entries = (lock: UvLock.UvLock, project: Project) =>
    UvLock.located(lock).map((found) => ({ ...found, source: sourceIn(project, found.source) }))

  const prefix = (project: Project) => project.prefix

  const nameOf = ({ decoded }: Project) => decoded.name

  return {
    /** Whether uv ignores all `[tool.uv.sources]`. */
    noSources: variables["UV_NO_SOURCES"] !== undefined,
    ...{ ...prefixes, applicable, check, entries, manifestOf, manifests, nameOf, open, prefix, prefixPath, pythonOf },
    ...yield* makeInstallation(prefixPath, open),
    ...{ readAnyLock: readLock, readLock, readManifest, sourceIn, temporaryFiles, toManifest, workspaceOf }
  }
})

/**
 * How the operations of uv read the files of an environment.
 *
 * @since 0.1.0
 * @category models
 */
export type Files = Effect.Effect.Success<ReturnType<typeof makeFiles>>

/**
 * The services that the operations of uv use.
 *
 * @since 0.1.0
 * @category models
 */
export interface UvDriver extends Driver<UvVersion, Project, UvLock.UvLock, Files> {
  readonly configuration: Variables
}
