/** The files of an environment of uv: a project. */
import type { Directories } from "@darb/package-manager/driver/Directories"
import { normalized } from "@darb/package-manager/driver/Location"
import { contextOf, type EnvironmentOperation, type Operation } from "@darb/package-manager/driver/Operation"
import type { Files } from "@darb/package-manager/driver/Operations"
import * as Platform from "@darb/package-manager/driver/Platform"
import type { Committed } from "@darb/package-manager/driver/transaction/Transaction"
import * as Errors from "@darb/package-manager/PackageManagerError"
import * as Status from "@darb/package-manager/Status"
import * as Pep508 from "@darb/python/Pep508"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as UvLock from "../lock/UvLock.js"
import * as UvManifest from "../manifest/UvManifest.js"
import { isMember } from "../manifest/UvWorkspace.js"
import * as UvPrefix from "../prefix/UvPrefix.js"

/** A project that is there. */
export interface Project extends EnvironmentOperation {
  readonly decoded: UvManifest.UvManifest
  readonly bytes: Uint8Array
}

export const fileName = "pyproject.toml"

/** What becomes the lock file when it is whole. */
export const temporaryFiles = /^\.tmp[A-Za-z0-9]{6}$/

/** What is installed. */
export interface Prefix {
  readonly installed: ReadonlyArray<UvPrefix.InstalledPackage>
  /** The version of its Python. */
  readonly python: string
}

export const makeProjects = Effect.fnUntraced(function*(directories: Directories) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const context = yield* Effect.context<FileSystem.FileSystem | Path.Path>()

  const manifestOf = (operation: Operation) => path.join(operation.environment, fileName)
  const lockOf = (operation: Operation) => path.join(operation.environment, "uv.lock")
  const prefixOf = (operation: Operation) => path.join(operation.environment, ".venv")

  const readManifest = Effect.fnUntraced(function*(operation: Operation, committed: Committed = new Map()) {
    const real = yield* directories.realPath(manifestOf(operation))
    return committed.has(real)
      ? committed.get(real) ?? undefined
      : yield* directories.read(operation, manifestOf(operation))
  })

  /** The directory whose workspace the directory of the operation belongs to, as uv finds it. */
  const workspaceOf = Effect.fnUntraced(function*(operation: Operation) {
    for (let at = path.dirname(operation.environment);; at = path.dirname(at)) {
      // What cannot be read here, uv cannot read either.
      const bytes = yield* Effect.option(fs.readFile(path.join(at, fileName)))
      if (Option.isSome(bytes)) {
        const relative = path.relative(at, operation.environment).split(path.sep).join("/")
        return (yield* isMember(bytes.value, relative)) ? at : undefined
      }
      if (at === path.dirname(at)) return undefined
    }
  })

  const missing = (operation: Operation, reason: string) =>
    new Errors.EnvironmentNotFound({ ...contextOf(operation), reason })

  const check = Effect.fnUntraced(function*(operation: Operation, committed?: Committed) {
    yield* directories.checkExists(operation)
    const bytes = yield* readManifest(operation, committed)
    if (bytes === undefined) return yield* missing(operation, `it has no ${fileName}; init makes one`)
    yield* Effect.forEach(
      [manifestOf(operation), lockOf(operation), prefixOf(operation)],
      (file) => directories.checkInRoot(operation, file)
    )
    return bytes
  })

  const invalid = (
    operation: Operation,
    problem:
      & Pick<Errors.ManifestInvalid, "reason">
      & Partial<Pick<Errors.ManifestInvalid, "key" | "hint" | "line" | "column">>
  ) => new Errors.ManifestInvalid({ ...contextOf(operation), file: manifestOf(operation), ...problem })

  const open = Effect.fnUntraced(function*(operation: Operation, committed?: Committed) {
    const bytes = yield* check(operation, committed)
    const { value: manifest } = yield* Effect.mapError(
      UvManifest.decode(bytes),
      ({ path, ...problem }) => invalid(operation, { ...problem, ...(path.length > 0 && { key: path.map(String) }) })
    )
    if (manifest.name === null && manifest.workspace === null) {
      // uv takes it for a project without dependencies, and removes all that is installed.
      return yield* new TextDecoder().decode(bytes).trim() === ""
        ? invalid(operation, { reason: "it is empty", hint: "Restore the file, or remove it and init." })
        : missing(operation, `its ${fileName} has no [project] with a name; add one`)
    }
    if (!manifest.isManaged) {
      return yield* invalid(operation, { key: ["tool", "uv", "managed"], reason: "the project is not managed by uv" })
    }
    const workspace = manifest.workspace === null ? yield* workspaceOf(operation) : undefined
    if (workspace !== undefined) {
      return yield* missing(
        operation,
        `it is a member of the workspace ${workspace}, which has the lock file; name that`
      )
    }
    const project: Project = {
      ...operation,
      manifest: manifestOf(operation),
      lock: lockOf(operation),
      decoded: manifest,
      bytes
    }
    return project
  })

  const readLock = Effect.fnUntraced(function*(project: Project) {
    const bytes = yield* directories.read(project, project.lock)
    if (bytes === undefined) return undefined
    return yield* Effect.mapError(UvLock.decode(bytes), (error) => {
      const place = error._tag === "UvLockInvalid" ? { line: error.line, column: error.column } : {}
      const reason = error._tag === "UvLockInvalid" ? error.reason : error.message
      return new Errors.LockInvalid({ ...contextOf(project), file: project.lock, reason, ...place })
    })
  })

  /** What is installed, and for which Python; `undefined` if nothing ever was. */
  const prefixIn = Effect.fnUntraced(
    function*(project: Project) {
      const directory = prefixOf(project)
      const python = yield* UvPrefix.python(directory)
      if (python === undefined) return undefined
      const prefix: Prefix = { installed: yield* UvPrefix.read(directory), python: python.version }
      return prefix
    },
    Effect.provide(context),
    (effect, project) =>
      Effect.mapError(
        effect,
        ({ file, reason }) => new Errors.StorageFailed({ ...contextOf(project), file, reason })
      )
  )

  const pythonOf = (lock: UvLock.UvLock, prefix: Prefix | undefined) =>
    prefix?.python ?? leastPython(lock.requiresPython)

  const applicableIn = (project: Project, lock: UvLock.UvLock, prefix: Prefix | undefined) =>
    UvLock.applicable(lock, {
      environment: Pep508.environmentOf(Platform.current(), pythonOf(lock, prefix)),
      groups: project.decoded.defaultGroups
    })

  const statusWith = Effect.fnUntraced(function*(project: Project, lock: UvLock.UvLock | undefined) {
    const present = yield* prefixIn(project)
    const identityOf = (name: string, version: string | null) => ({ kind: "pypi", name, version, build: null })
    const itself = project.decoded.name === null ? [] : [identityOf(project.decoded.name, null)]
    return Status.between({
      environment: project.environment,
      asked: UvManifest.requirements(project.decoded).map(({ name }) => identityOf(name, null)),
      locked: lock &&
        applicableIn(project, lock, present).map(({ package: { name, version } }) => identityOf(name, version)),
      optional: [...itself, ...lock?.packages.map(({ name, version }) => identityOf(name, version)) ?? []],
      installed: present?.installed.map(({ name, version }) => identityOf(name, version)),
      isSameVersion: ({ version }, installed) => version !== null && Pep508.isSameVersion(version, installed)
    })
  })

  const status = Effect.fnUntraced(function*(project: Project) {
    return yield* statusWith(project, yield* readLock(project))
  })

  /** Some versions write paths relative to the lock file. */
  const sourceIn = ({ environment }: Operation, source: string | null) =>
    source === null || /^[\w+.-]+:/.test(source) ? source : normalized(path.resolve(environment, source))

  const located = (lock: UvLock.UvLock, project: Project) =>
    UvLock.located(lock).map((found) => ({ ...found, source: sourceIn(project, found.source) }))

  const files: Files<Project, UvLock.UvLock> = {
    check,
    open,
    readLock,
    entries: located,
    status,
    statusWith,
    prefix: prefixOf,
    temporaryFiles
  }

  /** The packages of the lock file for this machine, without groups and extras that are not default, and what is installed. */
  const view = Effect.fnUntraced(function*(project: Project, lock: UvLock.UvLock) {
    // What cannot be read there is no reason not to list.
    const prefix = yield* Effect.orElseSucceed(prefixIn(project), () => undefined)
    return {
      applicable: applicableIn(project, lock, prefix),
      installed: prefix?.installed ?? [],
      python: pythonOf(lock, prefix)
    }
  })

  return { ...files, manifestOf, readManifest, sourceIn, view, workspaceOf }
})

/** The lowest version that a project may be for, as long as nothing is installed. */
const leastPython = (requiresPython: string): string => {
  const [, major = "3", minor = "12", patch = "0"] = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(requiresPython) ?? []
  return `${major}.${minor}.${patch}`
}
