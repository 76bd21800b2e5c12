/**
 * Reads the prefix of an environment of uv, and checks that uv can use it.
 *
 * @module
 * @since 0.1.0
 */
import type { Directories } from "@darb/package-manager/driver/Directories"
import { contextOf, type EnvironmentOperation, type Operation } from "@darb/package-manager/driver/Operation"
import * as Errors from "@darb/package-manager/PackageManagerError"
import * as Pep508 from "@darb/python/Pep508"
import type * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import type * as UvManifest from "../manifest/UvManifest.js"
import * as UvHealth from "../prefix/UvHealth.js"
import * as UvPrefix from "../prefix/UvPrefix.js"

/**
 * What is installed in a `.venv` that uv can use.
 *
 * @since 0.1.0
 * @category models
 */
export interface Prefix {
  readonly installed: ReadonlyArray<UvPrefix.InstalledPackage>
  /** The version of Python. */
  readonly python: string
}

/**
 * An environment with the absolute path of its prefix.
 *
 * @since 0.1.0
 * @category models
 */
export interface Prefixed extends EnvironmentOperation {
  readonly prefix: string
}

/**
 * `variables` are those of uv: `UV_PYTHON` chooses the Python.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makePrefix = Effect.fnUntraced(
  function*(directories: Directories, variables: Readonly<Record<string, string>>) {
    const path = yield* Path.Path
    const context = yield* Effect.context<FileSystem.FileSystem | Path.Path>()

    const failed = (project: Prefixed) => ({ file, reason }: UvPrefix.UvPrefixError) =>
      new Errors.StorageFailed({ ...contextOf(project), file, reason })

    /** The Python of the prefix; `undefined` if there is no prefix that works. */
    const workingPython = Effect.fnUntraced(function*(project: Prefixed) {
      const python = yield* Effect.mapError(UvPrefix.python(project.prefix), failed(project))
      return python !== undefined && (yield* UvHealth.works(project.prefix, python)) ? python : undefined
    }, Effect.provide(context))

    /** What is installed; `undefined` if there is no prefix that works. */
    const readPrefix = Effect.fnUntraced(function*(project: Prefixed) {
      const python = yield* workingPython(project)
      if (python === undefined) return undefined
      const installed = yield* Effect.mapError(UvPrefix.read(project.prefix), failed(project))
      const found: Prefix = { installed, python: python.version }
      return found
    }, Effect.provide(context))

    /** Whether the project and its members are for a version of Python. Of `.python-version` only a plain version counts. */
    const admits = Effect.fnUntraced(
      function*(project: Prefixed, manifests: ReadonlyArray<UvManifest.UvManifest>, python: string) {
        const file = directories.read(project, path.join(project.environment, ".python-version"))
        const text = variables["UV_PYTHON"] ??
          new TextDecoder().decode(yield* Effect.orElseSucceed(file, () => undefined))
        const pinned = text.split("\n").map((line) => line.trim()).find((line) => line !== "" && !line.startsWith("#"))
        const version = /^\d+\.\d+(?:\.\d+)?$/.exec(pinned ?? "")?.[0]
        const release = /^\d+(?:\.\d+)*/.exec(python)?.[0] ?? python
        return [...manifests.map(({ requiresPython }) => requiresPython), version && `==${version}.*`]
          .every((specifiers) => !specifiers || Pep508.admits(specifiers, release))
      }
    )

    /** The Python of a prefix that was moved, which has to be created again; `undefined` otherwise. Fails if uv must not run. */
    const pythonToMove = Effect.fnUntraced(function*(operation: Operation, file: string) {
      const outsider = yield* UvHealth.outsider(file)
      if (outsider !== undefined) {
        const reason =
          `it has no pyvenv.cfg, so that uv would install to and uninstall from the Python of ${outsider}; ` +
          "remove the directory and install again"
        return yield* new Errors.StorageFailed({ ...contextOf(operation), file, reason })
      }
      return (yield* UvHealth.isMoved(file)) ? yield* UvHealth.interpreter(file) : undefined
    }, (effect) => Effect.provide(effect, context))

    return { admits, pythonToMove, readPrefix, workingPython }
  }
)
