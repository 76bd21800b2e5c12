/**
 * Reads from the configuration of pixi where it detaches environments to.
 *
 * @module
 * @since 0.1.0
 */
import * as Platform from "@darb/package-manager/driver/Platform"
import type * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as TomlParser from "smol-toml"

type Variables = Readonly<Record<string, string>>

const text = Schema.optional(Schema.String)

const Configuration = Schema.Struct({
  "detached-environments": Schema.optional(Schema.Union(Schema.Boolean, Schema.String)),
  cache: Schema.optional(Schema.Struct({ root: text, "detached-environments": text }))
})

const parse = Option.liftThrowable(TomlParser.parse)
const decode = Schema.decodeUnknownOption(Configuration)

/** The first directory that is given, with the parts below it. pixi ignores relative directories. */
const makeBelow =
  (path: Path.Path) =>
  (directories: ReadonlyArray<string | undefined>, ...parts: ReadonlyArray<string>): ReadonlyArray<string> =>
    directories.filter((directory) => directory !== undefined && path.isAbsolute(directory)).slice(0, 1)
      .map((directory = "") => path.join(directory, ...parts))

/**
 * Where the configuration of pixi is looked for.
 *
 * @since 0.1.0
 * @category options
 */
export interface Options {
  readonly path: Path.Path
  /** The variables of the processes of pixi. */
  readonly variables: Variables
  /** The text of a file, if it can be read. */
  readonly read: (file: string) => Effect.Effect<Option.Option<string>>
}

/**
 * The directories of which one has the detached environments; `undefined` if pixi does not detach them. It is one unless they
 * are in the cache, whose place depends on the version.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeDetachedEnvironments = ({ path, read, variables }: Options) => {
  const below = makeBelow(path)
  const home = variables.HOME ?? variables.USERPROFILE

  const mac = Platform.current().startsWith("osx-") ? home : undefined

  /** The directories of this system, highest priority first. */
  const configurations = [
    ...below([variables.PIXI_HOME, home && path.join(home, ".pixi")]),
    ...below([variables.APPDATA], "pixi"),
    ...below([mac], "Library", "Application Support", "pixi"),
    ...below([variables.XDG_CONFIG_HOME, home && path.join(home, ".config")], "pixi"),
    ...below([variables.ProgramData], "pixi"),
    "/etc/pixi"
  ]

  const caches = [
    ...below([variables.XDG_CACHE_HOME, home && path.join(home, ".cache")]),
    ...below([mac], "Library", "Caches"),
    ...below([variables.LOCALAPPDATA])
  ].flatMap((cache) => [path.join(cache, "pixi", "envs"), path.join(cache, "rattler", "cache", "envs")])

  const isValid = ({ "detached-environments": value }: typeof Configuration.Type) =>
    typeof value !== "string" || value.startsWith("~") || path.isAbsolute(value)

  /** pixi ignores a file that it cannot decode, or in which the directory is relative. */
  const readConfiguration = (directory: string) =>
    Effect.map(
      read(path.join(directory, "config.toml")),
      (found) => Option.toArray(found.pipe(Option.flatMap(parse), Option.flatMap(decode), Option.filter(isValid)))
    )

  return Effect.fnUntraced(function*(workspace: string) {
    const directories = [path.join(workspace, ".pixi"), ...configurations]
    const found = (yield* Effect.forEach(directories, readConfiguration, { concurrency: "unbounded" })).flat()
    const value = found.map((one) => one["detached-environments"]).find((value) => value !== undefined)
    if (value === undefined || value === false) return undefined
    if (value !== true) return value.startsWith("~") ? below([home], value.slice(1)) : [value]
    const cache = found.map(({ cache }) => cache)
    return [
      ...below([variables.PIXI_CACHE_DETACHED_ENVIRONMENTS_DIR]),
      ...below(cache.map((one) => one?.["detached-environments"])),
      ...below([variables.PIXI_CACHE_DIR, variables.RATTLER_CACHE_DIR, ...cache.map((one) => one?.root)], "envs"),
      ...caches
    ]
  })
}
