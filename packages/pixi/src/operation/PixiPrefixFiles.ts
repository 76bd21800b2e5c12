/**
 * Checks the prefix of an environment, and reads what is installed in it.
 *
 * @module
 * @since 0.1.0
 */
import { contextOf, type EnvironmentOperation } from "@darb/package-manager/driver/Operation"
import { fileError } from "@darb/package-manager/driver/OperationError"
import type { Manifest } from "@darb/package-manager/Manifest"
import * as Errors from "@darb/package-manager/PackageManagerError"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type { PixiDocument } from "../manifest/PixiDocument.js"
import * as PixiPrefix from "../prefix/PixiPrefix.js"
import { makePrefixDirectory } from "../prefix/PixiPrefixDirectory.js"

/**
 * An environment whose manifest has been read.
 *
 * @since 0.1.0
 * @category models
 */
export interface NamedEnvironment extends EnvironmentOperation {
  readonly decoded: Pick<Manifest, "name">
}

/**
 * Something with a decoded manifest.
 *
 * @since 0.1.0
 * @category models
 */
export interface Documented {
  readonly document: Pick<PixiDocument, "environments">
}

const environmentsOf = ({ document }: Documented) => ["default", ...Object.keys(document.environments)]

interface Problem {
  readonly file: string
  readonly reason: string
}

/**
 * `variables` are those of the processes of pixi.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makePrefix = Effect.fnUntraced(function*(variables: Readonly<Record<string, string>>) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const context = yield* Effect.context<FileSystem.FileSystem | Path.Path>()
  const { find, movedFrom } = yield* makePrefixDirectory(variables)

  const fail = (workspace: NamedEnvironment) => ({ file, reason }: Problem) =>
    new Errors.StorageFailed({ ...contextOf(workspace), file, reason })

  const prefixOf = (
    { decoded: { name }, environment: workspace, manifest, marker, selected: environment = "default" }: NamedEnvironment
  ) => find({ workspace, manifest, marker, name, environment })

  /** The selected environment's prefix; `undefined` if it does not exist. */
  const existing = Effect.fnUntraced(function*(workspace: NamedEnvironment) {
    const file = yield* prefixOf(workspace)
    if (file === undefined) return undefined
    const prefix = yield* Effect.either(PixiPrefix.open(file))
    if (Either.isRight(prefix)) return prefix.right
    if (prefix.left.why === "absent") return undefined
    const { type } = yield* Effect.mapError(fs.stat(file), fileError(workspace))
    const reason = `it is not a directory (${type}); remove it and install again`
    return yield* fail(workspace)(type === "Directory" ? prefix.left : { file, reason })
  })

  /** Whether solving may change a prefix that is not in the environment or that is there already. */
  const mayChange = (workspace: NamedEnvironment & Documented) =>
    Effect.exists(
      environmentsOf(workspace),
      (selected) =>
        Effect.flatMap(prefixOf({ ...workspace, selected }), (prefix) =>
          prefix === undefined
            ? Effect.succeed(true)
            : Effect.orElseSucceed(fs.exists(prefix), () => true))
    )

  /** The prefixes outside the directory of the environment that name its manifest. */
  const detached = Effect.fnUntraced(function*(workspace: NamedEnvironment & Documented) {
    const found = yield* Effect.forEach(environmentsOf(workspace), (selected) => prefixOf({ ...workspace, selected }))
    const inside = path.join(workspace.environment, path.sep)
    return found.flatMap((prefix) => prefix === undefined || prefix.startsWith(inside) ? [] : [prefix])
  })

  /** pixi creates no directory that a link names. */
  const checkLinks = Effect.fnUntraced(function*(workspace: NamedEnvironment) {
    const prefix = yield* prefixOf(workspace)
    if (prefix === undefined) return
    const environments = path.dirname(prefix)
    for (const file of [path.dirname(environments), environments, prefix]) {
      const target = yield* Effect.orElseSucceed(fs.readLink(file), () => undefined)
      if (target === undefined || (yield* Effect.isSuccess(fs.stat(file)))) continue
      return yield* fail(workspace)({
        file,
        reason: `it is a link to ${target}, which does not exist; remove the link`
      })
    }
  })

  /** Fails if pixi cannot change the prefix of the selected environment, or would not notice that it was moved. */
  const checkPrefix = Effect.fnUntraced(function*(workspace: NamedEnvironment) {
    const prefix = yield* existing(workspace)
    if (prefix === undefined) return yield* checkLinks(workspace)
    const from = yield* movedFrom(prefix)
    if (from === undefined) return
    const reason = `it was installed in ${from}, and works only there; use clean and install again`
    return yield* fail(workspace)({ file: prefix.directory, reason })
  }, Effect.provide(context))

  /** The selected environment's prefix; `undefined` if it has none that works. */
  const working = Effect.fnUntraced(function*(workspace: NamedEnvironment) {
    const prefix = yield* existing(workspace)
    return prefix === undefined || (yield* movedFrom(prefix)) !== undefined ? undefined : prefix
  }, Effect.provide(context))

  const readWith = (read: typeof PixiPrefix.list) =>
    Effect.fnUntraced(function*(workspace: NamedEnvironment) {
      const prefix = yield* working(workspace)
      return prefix === undefined ? undefined : yield* Effect.mapError(read(prefix), fail(workspace))
    }, Effect.provide(context))

  /** The installed packages of the selected environment; `undefined` if it has no prefix that works. */
  const installed = readWith(PixiPrefix.check)

  /** The same without a look into their records. */
  const listed = readWith(PixiPrefix.list)

  return { checkPrefix, detached, installed, listed, mayChange, working }
})
