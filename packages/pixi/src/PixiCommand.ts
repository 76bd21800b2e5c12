/**
 * Builds the command lines of pixi. Pure.
 *
 * Each names the manifest file, so that pixi searches for no other one. Names and specs follow `--`, so that pixi never
 * takes them for flags.
 *
 * @module
 * @since 0.1.0
 */
import { flags } from "@darb/package-manager/driver/executable/Flags"
import type { Capabilities } from "./PixiVersion.js"

type Arguments = ReadonlyArray<string>

const command = (name: string, manifest: string): Arguments => [name, "--manifest-path", manifest]

/**
 * The environment that `pixi init` creates. Without channels and platforms, pixi chooses.
 *
 * @since 0.1.0
 * @category options
 */
export interface Init {
  /** An absolute path that exists: pixi creates it only from 0.40.2 on. */
  readonly directory: string
  readonly channels: ReadonlyArray<string>
  readonly platforms: ReadonlyArray<string>
}

/**
 * Writes `pixi.toml` into an existing directory. With the capability `initFormat`, pixi never asks a question.
 *
 * @since 0.1.0
 * @category commands
 */
export const init = ({ initFormat }: Capabilities, { channels, directory, platforms }: Init): Arguments => [
  "init",
  ...flags({ format: initFormat ? "pixi" : undefined, channel: channels, platform: platforms }),
  "--",
  directory
]

/**
 * The table of the manifest that a command changes. By default it applies to all environments and platforms.
 *
 * @since 0.1.0
 * @category options
 */
export interface Place {
  readonly pypi?: boolean | undefined
  /** Not `default`: versions before 0.36 take it for the name of a feature. */
  readonly feature?: string | undefined
  readonly platforms?: ReadonlyArray<string> | undefined
  readonly noInstall?: boolean | undefined
}

const place = ({ feature, noInstall, platforms, pypi }: Place): Arguments =>
  flags({ pypi, feature, platform: platforms, "no-install": noInstall })

/**
 * Adds match specs, or requirements with `pypi`, then solves and installs unless `noInstall` is set.
 *
 * @since 0.1.0
 * @category commands
 */
export const add = (manifest: string, specs: ReadonlyArray<string>, options: Place = {}): Arguments => [
  ...command("add", manifest),
  ...place(options),
  "--",
  ...specs
]

/**
 * Which environment to install, and whether the lock file may change.
 *
 * @since 0.1.0
 * @category options
 */
export interface Install {
  readonly locked?: boolean | undefined
  readonly frozen?: boolean | undefined
  readonly environment?: string | undefined
}

/** Some versions refuse the name of the default environment. It is the one without the flag. */
const environmentOf = (name: string | undefined): string | undefined => name === "default" ? undefined : name

/**
 * Makes the lock file match the manifest, and the prefix match the lock file.
 *
 * @since 0.1.0
 * @category commands
 */
export const install = (manifest: string, { environment, frozen, locked }: Install = {}): Arguments => [
  ...command("install", manifest),
  ...flags({ environment: environmentOf(environment), locked, frozen })
]

/**
 * Makes the lock file match the manifest. Versions without `lock` do so before they list. Only with the capability
 * `lockNoInstall` nothing is installed to build PyPI packages from source.
 *
 * @since 0.1.0
 * @category commands
 */
export const lock = ({ lock, lockNoInstall }: Capabilities, manifest: string): Arguments => [
  ...command(lock ? "lock" : "list", manifest),
  ...flags({ "no-install": lockNoInstall })
]

/**
 * What to remove, and from which table. Names, not specs.
 *
 * @since 0.1.0
 * @category options
 */
export interface Remove extends Place {
  readonly names: ReadonlyArray<string>
}

/**
 * `noInstall` needs the capability `removeNoInstall`, and more than one platform `removePlatforms`.
 *
 * @since 0.1.0
 * @category commands
 */
export const remove = (manifest: string, { names, ...options }: Remove): Arguments => [
  ...command("remove", manifest),
  ...place(options),
  "--",
  ...names
]

/**
 * Changes the lock file. Without `noInstall`, pixi installs what it needs to build PyPI packages from source. Needs the
 * capability `update`.
 *
 * @since 0.1.0
 * @category commands
 */
export const update = (
  manifest: string,
  names: ReadonlyArray<string>,
  { noInstall }: Pick<Place, "noInstall"> = {}
): Arguments => [
  ...command("update", manifest),
  ...flags({ "no-install": noInstall }),
  ...(names.length === 0 ? [] : ["--", ...names])
]

/**
 * Which packages to list. By default those of the environment `default` on this machine.
 *
 * @since 0.1.0
 * @category options
 */
export interface List {
  readonly environment?: string | undefined
  readonly platform?: string | undefined
}

/**
 * Prints the locked packages as JSON, and leaves the lock file as it is.
 *
 * @since 0.1.0
 * @category commands
 */
export const list = ({ listUnchanged }: Capabilities, manifest: string, options: List = {}): Arguments => [
  ...command("list", manifest),
  "--json",
  listUnchanged,
  ...flags({ environment: environmentOf(options.environment), platform: options.platform })
]

/**
 * Searches the channels of the manifest. The exit code is 0 if one has the package for the platform.
 *
 * @since 0.1.0
 * @category commands
 */
export const search = (
  { searchPlatform }: Capabilities,
  manifest: string,
  { name, platform }: { readonly name: string; readonly platform: string }
): Arguments => [
  ...command("search", manifest),
  ...flags({ platform: searchPlatform ? platform : undefined }),
  "--",
  name
]

/**
 * Prints the variables of an activated environment as JSON. Needs the capability `activation`.
 *
 * @since 0.1.0
 * @category commands
 */
export const shellHook = (manifest: string, environment: string): Arguments => [
  ...command("shell-hook", manifest),
  ...flags({ json: true, frozen: true, "no-install": true, environment })
]

/**
 * A task of the manifest, and the environment that it runs in.
 *
 * @since 0.1.0
 * @category options
 */
export interface Run {
  readonly environment: string
  readonly task: string
  readonly args: ReadonlyArray<string>
}

/**
 * Runs a task without the line that names it. Needs the capability `activation`.
 *
 * @since 0.1.0
 * @category commands
 */
export const run = (manifest: string, { args, environment, task }: Run): Arguments => [
  ...command("run", manifest),
  ...flags({ quiet: true, frozen: true, "no-install": true, environment }),
  "--",
  task,
  ...args
]
