/**
 * Finds the prefix of an environment: in `.pixi/envs`, or where the configuration of pixi detaches environments to.
 *
 * @module
 * @since 0.1.0
 */
import { oncePerOperation } from "@darb/package-manager/driver/OncePerOperation"
import * as FileHead from "@darb/python/FileHead"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { makeDetachedEnvironments } from "./DetachedEnvironments.js"
import type { PixiPrefix } from "./PixiPrefix.js"

/**
 * An environment of a workspace, and what pixi makes the name of a detached prefix from.
 *
 * @since 0.1.0
 * @category models
 */
export interface Place {
  /** The directory of the workspace. */
  readonly workspace: string
  readonly manifest: string
  /** The name of the workspace. */
  readonly name: string
  readonly environment: string
  /** The id of the operation, for which the configuration of pixi is read once. */
  readonly marker?: string | undefined
}

const decodeRecord = Schema.decodeUnknownOption(Schema.parseJson(Schema.Struct({ manifest_path: Schema.String })))

/** The file of `conda-meta` that names the directory in which a prefix was installed. */
const place = "pixi_env_prefix"

/** In bytes. */
const longest = 1_000_000

const readText = (file: string) =>
  FileHead.read(file).pipe(
    Effect.flatMap((head) => FileHead.wholeText(file, head, longest, FileHead.lenient)),
    Effect.option
  )

/** The file from which pixi knows for which manifest it installed a prefix, from 0.24 on. */
const recordIn = (path: Path.Path, prefix: string) => path.join(prefix, "conda-meta", "pixi")

/**
 * The path of the manifest that a prefix names as its own, as pixi wrote it.
 *
 * @since 0.1.0
 * @category operations
 */
export const recordedManifest = Effect.fnUntraced(function*(prefix: string) {
  const record = yield* readText(recordIn(yield* Path.Path, prefix))
  return Option.map(Option.flatMap(record, decodeRecord), ({ manifest_path }) => manifest_path)
})

/**
 * `variables` are those of the processes of pixi.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makePrefixDirectory = Effect.fnUntraced(function*(variables: Readonly<Record<string, string>>) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path

  const context = yield* Effect.context<FileSystem.FileSystem | Path.Path>()
  const read = (file: string) => Effect.provide(readText(file), context)

  const detachedTo = makeDetachedEnvironments({ path, read, variables })
  const realPath = (file: string) => Effect.orElseSucceed(fs.realPath(file), () => file)

  const isOf = Effect.fnUntraced(function*(prefix: string, manifest: string) {
    const recorded = yield* recordedManifest(prefix)
    return Option.isSome(recorded) && (yield* realPath(recorded.value)) === manifest
  }, Effect.provide(context))

  const rootsOf = oncePerOperation(({ workspace }: Place) => detachedTo(workspace))

  /** The prefix, which may not exist. `undefined` if pixi is going to detach it, but has not installed it yet. */
  const find = Effect.fnUntraced(function*(place: Place) {
    const { environment, manifest, name, workspace } = place
    const environments = path.join(workspace, ".pixi", "envs")
    const usual = path.join(environments, environment)
    const roots = yield* rootsOf(place)
    if (roots === undefined) return usual
    const real = yield* realPath(manifest)
    // pixi links `.pixi/envs` to a directory that it detaches environments to, but not always to the current one.
    const linked = path.dirname(yield* realPath(environments))
    for (const root of roots.length === 1 ? roots : [...roots, path.dirname(linked)]) {
      const stem = path.join(yield* realPath(root), `${name}-`)
      const directory = path.dirname(stem)
      const names = yield* Effect.orElseSucceed(fs.readDirectory(directory), () => [])
      const found = names.map((name) => path.join(directory, name)).filter((file) => file.startsWith(stem))
      for (const file of found.includes(linked) ? [linked, ...found] : found) {
        const prefix = path.join(file, "envs", environment)
        if (yield* isOf(prefix, real)) return prefix
      }
    }
    // Versions that detach no environments write no record.
    return Option.isSome(yield* read(recordIn(path, usual))) ? undefined : usual
  })

  /** The directory in which a prefix was installed, if it is another one. A prefix works only there. */
  const movedFrom = Effect.fnUntraced(function*({ directory: prefix, meta, names }: PixiPrefix) {
    const written = meta.includes(place) ? yield* read(path.join(prefix, "conda-meta", place)) : Option.none()
    const current = Option.map(written, (meta) => path.dirname(meta.trim()))
    // Versions before 0.17.
    const old = Option.isNone(current) && names.includes("prefix") ? yield* read(path.join(prefix, "prefix")) : current
    const from = Option.getOrElse(old, () => prefix).trim()
    if (!path.isAbsolute(from) || from === prefix) return undefined
    return (yield* realPath(from)) === (yield* realPath(prefix)) ? undefined : from
  })

  return { find, movedFrom }
})
