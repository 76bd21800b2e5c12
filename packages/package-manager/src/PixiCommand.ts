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

export const add = (manifest: string, specs: ReadonlyArray<string>): ReadonlyArray<string> => [
  "add",
  "--manifest-path",
  manifest,
  "--",
  ...specs
]

export const install = (manifest: string, options: { readonly locked: boolean }): ReadonlyArray<string> => [
  "install",
  "--manifest-path",
  manifest,
  ...(options.locked ? ["--locked"] : [])
]

export const remove = (
  manifest: string,
  options: { readonly pypi: boolean; readonly names: ReadonlyArray<string> }
): ReadonlyArray<string> => [
  "remove",
  "--manifest-path",
  manifest,
  ...(options.pypi ? ["--pypi"] : []),
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

export const list = ({ listUnchanged }: Capabilities, manifest: string): ReadonlyArray<string> => [
  "list",
  "--manifest-path",
  manifest,
  "--json",
  listUnchanged
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
