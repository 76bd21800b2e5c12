/**
 * The arguments of pixi for an operation. Pure.
 *
 * The manifest's own file is always named, so that no other one is looked for, and what a caller gave comes after `--` or
 * after `=`, so that it is never taken for a flag.
 */
import type { Capabilities } from "./PixiVersion.js"

export const version: ReadonlyArray<string> = ["--version"]

export interface Init {
  /** Absolute, and there already: pixi makes it only from 0.40.2 on. */
  readonly directory: string
  readonly channels: ReadonlyArray<string>
  readonly platforms: ReadonlyArray<string>
}

export const init = ({ initFormat }: Capabilities, { channels, directory, platforms }: Init): ReadonlyArray<string> => [
  "init",
  ...(initFormat ? ["--format=pixi"] : []),
  ...channels.map((channel) => `--channel=${channel}`),
  ...platforms.map((platform) => `--platform=${platform}`),
  "--",
  directory
]

/** Where in the manifest packages are; by default what all environments have on all platforms. */
export interface Place {
  readonly pypi?: boolean | undefined
  /** Not `default`, which versions before 0.36 take for a feature of that name. */
  readonly feature?: string | undefined
  readonly platforms?: ReadonlyArray<string> | undefined
}

const placed = ({ feature, platforms = [], pypi = false }: Place): ReadonlyArray<string> => [
  ...(pypi ? ["--pypi"] : []),
  ...(feature === undefined ? [] : [`--feature=${feature}`]),
  ...platforms.map((platform) => `--platform=${platform}`)
]

export interface Add extends Place {
  readonly noInstall?: boolean | undefined
}

export const add = (manifest: string, specs: ReadonlyArray<string>, options: Add = {}): ReadonlyArray<string> => [
  "add",
  "--manifest-path",
  manifest,
  ...placed(options),
  ...(options.noInstall === true ? ["--no-install"] : []),
  "--",
  ...specs
]

export interface Install {
  readonly locked?: boolean | undefined
  readonly frozen?: boolean | undefined
  readonly environment?: string | undefined
}

export const install = (
  manifest: string,
  { environment, frozen = false, locked = false }: Install = {}
): ReadonlyArray<string> => [
  "install",
  "--manifest-path",
  manifest,
  ...(environment === undefined ? [] : [`--environment=${environment}`]),
  ...(locked ? ["--locked"] : []),
  ...(frozen ? ["--frozen"] : [])
]

/** Brings the lock file to match the manifest, and installs nothing: versions without `lock` do so to make a list. */
export const lock = ({ lock }: Capabilities, manifest: string): ReadonlyArray<string> => [
  lock ? "lock" : "list",
  "--manifest-path",
  manifest
]

export interface Remove extends Place {
  readonly names: ReadonlyArray<string>
  /** Only where `removeNoInstall` is one of the capabilities. */
  readonly noInstall?: boolean | undefined
}

/** More than one platform only where `removePlatforms` is one of the capabilities. */
export const remove = (manifest: string, options: Remove): ReadonlyArray<string> => [
  "remove",
  "--manifest-path",
  manifest,
  ...placed(options),
  ...(options.noInstall === true ? ["--no-install"] : []),
  "--",
  ...options.names
]

/** Only where `update` is one of the capabilities. It changes the lock file, and not what is installed. */
export const update = (manifest: string, names: ReadonlyArray<string>): ReadonlyArray<string> => [
  "update",
  "--manifest-path",
  manifest,
  ...(names.length === 0 ? [] : ["--", ...names])
]

export interface List {
  readonly environment?: string | undefined
  readonly platform?: string | undefined
}

export const list = (
  { listUnchanged }: Capabilities,
  manifest: string,
  { environment, platform }: List = {}
): ReadonlyArray<string> => [
  "list",
  "--manifest-path",
  manifest,
  "--json",
  listUnchanged,
  ...(environment === undefined ? [] : [`--environment=${environment}`]),
  ...(platform === undefined ? [] : [`--platform=${platform}`])
]

/** Whether the channels of the manifest have a package for a platform: exit code 0 if one does. */
export const search = (
  { searchPlatform }: Capabilities,
  manifest: string,
  options: { readonly name: string; readonly platform: string }
): ReadonlyArray<string> => [
  "search",
  "--manifest-path",
  manifest,
  ...(searchPlatform ? [`--platform=${options.platform}`] : []),
  "--",
  options.name
]
