/**
 * Keeps the settings of a project further up out of an environment without settings: uv uses those of the nearest
 * `pyproject.toml` with `[tool.uv]`. A `uv.toml` further up is meant for the directories below it, and applies.
 *
 * @module
 * @since 0.1.0
 */
import { readRegular } from "@darb/package-manager/driver/RegularFile"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as UvManifest from "./UvManifest.js"

/**
 * Variables for uv in a directory. `hasOwn` is whether its manifest has a `[tool.uv]`.
 *
 * @since 0.1.0
 * @category models
 */
export type Variables = (directory: string, hasOwn: boolean) => Effect.Effect<Readonly<Record<string, string>>>

/**
 * `environment` holds the other variables of uv.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeConfiguration = Effect.fnUntraced(function*(environment: Readonly<Record<string, string>>) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path

  const exists = (file: string) => Effect.orElseSucceed(fs.exists(file), () => false)

  const isProjectAbove = Effect.fnUntraced(function*(directory: string) {
    for (let at = path.dirname(directory);; at = path.dirname(at)) {
      if (yield* exists(path.join(at, "uv.toml"))) return false
      const manifest = yield* Effect.option(readRegular(fs, path.join(at, "pyproject.toml")))
      if (Option.isSome(manifest) && (yield* UvManifest.mentionsUv(manifest.value.bytes))) return true
      if (at === path.dirname(at)) return false
    }
  })

  const home = environment["XDG_CONFIG_HOME"] ??
    (environment["HOME"] === undefined ? undefined : path.join(environment["HOME"], ".config"))

  /** The settings of the user, or else of the machine: uv takes only one file. */
  const candidates = [...home === undefined ? [] : [path.join(home, "uv", "uv.toml")], "/etc/uv/uv.toml"]

  const variables: Variables = Effect.fnUntraced(function*(directory, hasOwn) {
    if (hasOwn || (yield* exists(path.join(directory, "uv.toml"))) || !(yield* isProjectAbove(directory))) return {}
    const [file] = yield* Effect.filter(candidates, exists)
    return file === undefined ? { UV_NO_CONFIG: "1" } : { UV_CONFIG_FILE: file }
  })
  return variables
})
